// @ts-check
// One cell's way through the four steps, as it is printed: each formula gives, worked out with its
// printed numbers, the printed result, or says "≈".

import { sum } from "../../../ui/kit/arithmetic.js";
import { bracketed, number, printed, relation } from "../../../ui/kit/format.js";

/** @import { Cell, Scene } from "./attention_scene.js" */

const SMALL = 0.1; // powers of e below it must not read 0.00
const SHARE = 3; // digits of a share

/** @typedef {{formula: string, result: string}} Step */
/**
 * e to the exponent is printed as the quotient's first number, or nearly (`equals`).
 * @typedef {{exponent: string, equals: "=" | "≈", quotient: string, result: string}} ShareStep
 */

/**
 * A result behind its formula.
 * @param {number} made by the formula's printed numbers
 * @param {number} shown
 * @param {number} [digits]
 */
const result = (made, shown, digits = 2) => {
  const text = number(shown, digits);
  return relation(made, shown, digits) === "=" ? text : `≈ ${text}`;
};

/**
 * The query times the key: the first two products stand for all.
 * @param {Scene} scene
 * @param {Cell} cell
 * @returns {Step}
 */
export function productStep({ head, header }, { i, j }) {
  const [q, k] = [head.q[i], head.k[j]];
  const first = `${number(q[0])} · ${bracketed(k[0])} + ${bracketed(q[1])} · ${bracketed(k[1])}`;
  return { formula: `${first} + … ${header.d_head} terms`, result: number(head.scores[i][j]) };
}

/**
 * The score over √d.
 * @param {Scene} scene
 * @param {Cell} cell
 * @returns {Step}
 */
export function divisionStep({ head, header, choice, divisor }, { i, j }) {
  const score = head.scores[i][j];
  const text = number(score);
  if (!choice.divide) return { formula: `${text}, not divided`, result: text };
  const formula = `${text} ÷ √${header.d_head} = ${text} ÷ ${number(divisor)}`;
  return { formula, result: result(printed(score) / printed(divisor), score / divisor) };
}

/**
 * e to the score over the row's sum of it, for a key that may be seen.
 * @param {Scene} scene
 * @param {Cell} cell
 * @returns {ShareStep}
 */
export function shareStep({ head, divisor, weights }, { i, j }) {
  const score = head.scores[i][j] / divisor;
  const powers = head.scores[i].slice(0, i + 1).map((each) => Math.exp(each / divisor));
  const total = sum(powers);
  const quotient = printed(powers[j], 2, SMALL) / printed(total, 2, SMALL);
  return {
    exponent: number(score),
    equals: relation(Math.exp(printed(score)), powers[j], 2, SMALL),
    quotient: `${number(powers[j], 2, SMALL)} ÷ ${number(total, 2, SMALL)}`,
    result: result(quotient, weights[i][j], SHARE),
  };
}
