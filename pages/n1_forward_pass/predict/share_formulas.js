// @ts-check
// One token from the final norm to its probability, as it is printed: each formula gives, worked out with its
// printed numbers, the printed result, or says "≈".

import { sum } from "../../../ui/kit/arithmetic.js";
import { bracketed, number, percent, printed, relation } from "../../../ui/kit/format.js";
import { slice } from "../../../ui/kit/tensors.js";
import { share } from "./prediction.js";
import { written } from "./sampling_settings.js";

/** @typedef {import("./prediction.js").View} View */
/** @typedef {import("./prediction.js").Cut} Cut */
/** @typedef {{formula: string, result: string}} Line */

const SMALLEST = 0.1; // powers of e below it in powers of ten
const power = (/** @type {number} */ x) => number(x, 2, SMALLEST);
const asPrinted = (/** @type {number} */ x) => printed(x, 2, SMALLEST);
/**
 * A result behind its formula, as it is written.
 * @param {string} shown
 * @param {string} made by the formula's printed numbers
 */
const behind = (shown, made) => (shown === made ? shown : `≈ ${shown}`);

/**
 * The first number of the last layer's vector through the final norm.
 * @param {View} view
 * @returns {Line}
 */
export function normLine({ sent: { header, arrays }, at }) {
  const [x, mean, spread, gain, bias] = slice(arrays.norm, at);
  const layer = header.norm === "layer_norm";
  const centred = layer ? `(${number(x)} − ${bracketed(mean)})` : number(x);
  const shift = bias ? ` + ${bracketed(bias)}` : "";
  const formula = `${centred} ÷ ${number(spread)} · ${bracketed(gain)}${shift}`;
  const made = ((printed(x) - printed(mean)) / printed(spread)) * printed(gain) + printed(bias);
  const shown = number(((x - mean) / spread) * gain + bias);
  return { formula, result: behind(shown, number(made)) };
}

/**
 * How far below the first, in units of the temperature.
 * @param {View} view
 * @param {number} rank
 * @returns {Line}
 */
export function distanceLine({ z, settings: { temperature: t } }, rank) {
  if (t === 0) {
    const formula = "temperature 0: the largest logit is chosen, all others are left out";
    return { formula, result: rank ? "−∞" : "0" };
  }
  const distance = (z[rank] - z[0]) / t;
  const made = (printed(z[rank], 3) - printed(z[0], 3)) / printed(t);
  const formula = `(${number(z[rank], 3)} − ${bracketed(z[0], 3)}) ÷ ${number(t)}`;
  return { formula, result: behind(number(distance, 3), number(made, 3)) };
}

/**
 * The same formula over a column of all listed tokens.
 * @param {View} view
 */
export function distanceTitle(view) {
  const { temperature: t } = view.settings;
  if (t === 0) return "";
  const sign = view.listed.some(({ rank }) => distanceLine(view, rank).result.startsWith("≈")) ? "≈ " : "";
  return `${sign}(z − ${bracketed(view.z[0], 3)}) ÷ ${number(t)}`;
}

/**
 * e to the power of that.
 * @param {View} view
 * @param {number} rank
 */
export function powerLine({ z, left, settings: { temperature: t } }, rank) {
  const e = left.e[rank];
  if (t === 0) return { exponent: rank ? "−∞" : "0", equals: `= ${power(e)}`, result: rank ? "0" : "1" };
  const distance = (z[rank] - z[0]) / t;
  const sign = relation(Math.exp(printed(distance, 3)), e, 2, SMALLEST);
  return { exponent: number(distance, 3), equals: `${sign} ${power(e)}`, result: power(e) };
}

/**
 * Divided by the sum of all that is left.
 * @param {View} view
 * @param {number} rank
 * @returns {Line}
 */
export function shareLine(view, rank) {
  const { e, total, n } = view.left;
  if (rank >= n) return { formula: "cut: it cannot be drawn", result: percent(0) };
  const formula = `${power(e[rank])} ÷ Σ = ${power(e[rank])} ÷ ${power(total)}`;
  const made = asPrinted(e[rank]) / asPrinted(total);
  return { formula, result: behind(percent(share(view, rank)), percent(made)) };
}

/**
 * What a filter looked at before it kept or cut a token.
 * @param {View} view
 * @param {Cut} cut
 * @param {{total: number}} before the step before it
 * @param {number} rank
 */
export function reason(view, cut, before, rank) {
  const why = {
    top_k: `rank ${rank + 1}`,
    top_p: `the tokens before it have ${percent(sum(view.left.mass.subarray(0, rank)) / before.total)}`,
    min_p: `${number(view.left.e[rank])} times as probable as the first`,
  };
  return `${written(view.settings, cut.name)}: ${why[cut.name]}`;
}
