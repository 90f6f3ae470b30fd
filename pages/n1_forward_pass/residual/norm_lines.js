// @ts-check
// A norm's arithmetic, line by line, with the numbers of one place in the vector.

import { bracketed, number, printed, relation } from "../../../ui/kit/format.js";

/** @typedef {import("./norm_steps.js").Norm} Norm */
/** @typedef {import("./norm_steps.js").NormSteps} NormSteps */

/**
 * ε to read.
 * @param {number} eps
 */
export const epsilon = (eps) => number(eps, 5, 1e-5);

/**
 * @param {Norm} norm
 * @param {NormSteps} steps
 * @param {number} i
 */
export function normLines(norm, steps, i) {
  const { centres, eps } = norm;
  const { x, mean, variance, spread } = steps;
  const squares = centres ? "variance = Σ (x − mean)²" : "mean x² = Σ x²";
  const divided = `${squares} ÷ ${x.length} = ${number(variance)}`;
  const equals = relation(Math.sqrt(printed(variance) + printed(eps, 5, 1e-5)), spread, 3);
  return [
    ...(centres ? [`mean = Σ x ÷ ${x.length} = ${number(mean, 3)}`] : []),
    `${divided};  √(${number(variance)} + ${epsilon(eps)}) ${equals} ${number(spread, 3)}`,
    `no. ${i + 1}: ${place(norm, steps, i)}`,
  ];
}

/**
 * @param {Norm} norm
 * @param {NormSteps} steps
 * @param {number} i
 */
function place({ centres, gain, bias }, { x, mean, spread, output }, i) {
  const taken = centres ? `(${number(x[i])} − ${bracketed(mean, 3)})` : number(x[i]);
  const made = ((printed(x[i]) - printed(mean, 3)) / printed(spread, 3)) * printed(gain[i], 3);
  const moved = bias ? ` + ${bracketed(bias[i], 3)}` : "";
  const equals = relation(made + (bias ? printed(bias[i], 3) : 0), output[i]);
  return `${taken} ÷ ${number(spread, 3)} × ${bracketed(gain[i], 3)}${moved} ${equals} ${number(output[i])}`;
}
