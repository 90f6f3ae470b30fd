// @ts-check
// Merges learnt on a logarithmic scale that begins at none, which the slider and its curve share.

import { logScale } from "../../../ui/kit/axes.js";

/** @import { Interval, Scale } from "../../../ui/kit/axes.js" */

/**
 * From a number of merges to its place; `invert` leads to the nearest number.
 * @param {number} total
 * @param {Interval} [range]
 * @returns {Scale}
 */
export function mergeScale(total, range = [0, 1]) {
  const scale = logScale([1, total + 1], range);
  const invert = (/** @type {number} */ place) => Math.round(scale.invert(place) - 1);
  return Object.assign((/** @type {number} */ merges) => scale(merges + 1), { invert });
}

/**
 * How deep a token is coloured: the paler, the earlier its merge was learnt; 0 % for a single byte.
 * @param {number} merge
 * @param {number} total
 */
export const depth = (merge, total) => `${merge ? Math.round(6 + 44 * mergeScale(total)(merge) ** 2) : 0}%`;
