// @ts-check
// One tile in the life of a row, as it is written on paper: each formula gives, worked out with its
// printed numbers, the printed result, or says "≈".

import { sum } from "../../../ui/kit/arithmetic.js";
import { bracketed, number, printed, relation } from "../../../ui/kit/format.js";

/** @import { RowStep } from "./online_softmax.js" */

/** @typedef {{formula: string, sign: "=" | "≈" | "", result: string}} Written */

const SPELT = 4; // numbers of a sum that are written one by one
const SMALLEST = 0.005; // below it in powers of ten

/** @param {number} x a power or a correction, from 0 to 1 */
export const small = (x) => number(x, 2, SMALLEST);

/** @param {number} x */
const read = (x) => printed(x, 2, SMALLEST);

/**
 * The highest score.
 * @param {RowStep} step
 * @returns {Written}
 */
export function highest({ before, scores, after }) {
  const top = Math.max(...scores);
  if (before.m === -Infinity) return { formula: "the highest score of this tile:", sign: "", result: number(after.m) };
  return { formula: `max(${number(before.m)}, ${number(top)})`, sign: "=", result: number(after.m) };
}

/**
 * The correction of what was collected before.
 * @param {RowStep} step
 * @returns {Written}
 */
export function correction({ before, after, correction }) {
  if (before.m === -Infinity) return { formula: "nothing is collected yet", sign: "", result: "" };
  const made = Math.exp(printed(before.m) - printed(after.m));
  const formula = `e^(${number(before.m)} − ${bracketed(after.m)})`;
  return { formula, sign: relation(made, correction, 2, SMALLEST), result: small(correction) };
}

/**
 * The sum of the powers.
 * @param {RowStep} step
 * @returns {Written}
 */
export function summed({ before, powers, correction, after }) {
  const added = powers.length <= SPELT ? powers : [sum(powers)];
  const terms = added.map(small);
  const now = sum(added.map(read));
  if (before.m === -Infinity) {
    const formula = terms.length > 1 ? terms.join(" + ") : "the sum of these powers:";
    return { formula, sign: terms.length > 1 ? relation(now, after.l) : "", result: number(after.l) };
  }
  const made = read(correction) * printed(before.l) + now;
  const formula = `${small(correction)} × ${number(before.l)} + ${terms.join(" + ")}`;
  return { formula, sign: relation(made, after.l), result: number(after.l) };
}
