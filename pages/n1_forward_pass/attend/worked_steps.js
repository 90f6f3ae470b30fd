// @ts-check
// Attention on three tokens as it is written on paper: each formula gives, worked out with its printed
// numbers, the printed result, or says "≈".

import { range, sum } from "../../../ui/kit/arithmetic.js";
import { bracketed, number, printed, relation } from "../../../ui/kit/format.js";
import { slice } from "../../../ui/kit/tensors.js";

/** @import { Packed, Tensor } from "../../../ui/kit/tensors.js" */

/** @typedef {{tokens: string[]}} WorkedHeader */
/**
 * [token, 2]: vectors; [query, key]: scores, not divided, and weights; maps: W_Q, W_K, W_V, W_O.
 * @typedef {{
 *   x: Tensor, q: Tensor, k: Tensor, v: Tensor, scores: Tensor, weights: Tensor, mixed: Tensor,
 *   output: Tensor, x_after: Tensor, maps: Tensor,
 * }} WorkedArrays
 */
/** @typedef {Packed<WorkedHeader, WorkedArrays>} Worked */
/** @typedef {{formula: string, sign: "=" | "≈", result: string}} Step */

const whole = (/** @type {number} */ x) => Math.abs(x - Math.round(x)) < 1e-6;

/**
 * A whole number as it is, any other with so many digits.
 * @param {number} x
 * @param {number} [digits]
 */
export const short = (x, digits = 2) => number(x, whole(x) ? 0 : digits);

/**
 * (2, −1)
 * @param {ArrayLike<number>} vector
 * @param {number} [digits]
 */
export const pair = (vector, digits = 2) =>
  `(${Array.from(vector, (x) => (digits === 1 ? number(x, 1) : short(x, digits))).join(", ")})`;

/**
 * The query times a key.
 * @param {Worked} worked
 * @param {number} i
 * @param {number} j
 * @returns {Step}
 */
export function productStep({ arrays }, i, j) {
  const [q, k] = [slice(arrays.q, i), slice(arrays.k, j)];
  const terms = range(q.length).map((t) => `${t ? bracketed(q[t], 0) : short(q[t])} × ${bracketed(k[t], 0)}`);
  return { formula: terms.join(" + "), sign: "=", result: short(slice(arrays.scores, i)[j]) };
}

/**
 * Of each key that may be seen: the score over √2, e to it, and the weight; and the sum of the powers.
 * @param {Worked} worked
 * @param {number} i
 */
export function softmaxSteps({ arrays }, i) {
  const root = Math.SQRT2;
  const scores = Array.from(slice(arrays.scores, i)).slice(0, i + 1);
  const powers = scores.map((score) => Math.exp(score / root));
  const total = sum(powers);
  const rows = scores.map((score, j) => {
    const weight = slice(arrays.weights, i)[j];
    const share = printed(powers[j]) / printed(total);
    return {
      divided: step(`${short(score)} ÷ 1.41`, score / 1.41, score / root),
      power: step(`e^${short(score / root)}`, Math.exp(printed(score / root)), powers[j]),
      weight: step(`${short(powers[j])} ÷ ${short(total)}`, share, weight),
    };
  });
  return { rows, total: short(total) };
}

/**
 * @param {string} formula
 * @param {number} made with its printed numbers
 * @param {number} shown
 * @returns {Step}
 */
const step = (formula, made, shown) => ({ formula, sign: relation(made, shown), result: short(shown) });

/**
 * The weighted values, added.
 * @param {Worked} worked
 * @param {number} i
 * @returns {Step}
 */
export function mixStep({ arrays }, i) {
  const seen = range(i + 1);
  const weights = slice(arrays.weights, i);
  const made = range(2).map((t) => sum(seen.map((j) => printed(weights[j]) * slice(arrays.v, j)[t])));
  const mixed = slice(arrays.mixed, i);
  const exact = range(2).every((t) => relation(made[t], mixed[t], 1) === "=");
  return {
    formula: seen.map((j) => `${short(weights[j])} × ${pair(slice(arrays.v, j))}`).join(" + "),
    sign: exact ? "=" : "≈",
    result: pair(mixed, 1),
  };
}
