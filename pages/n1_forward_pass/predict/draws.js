// @ts-check
// Draws by the shares: how often each token came.

import { lots } from "../../../ui/kit/sampling.js";

/** @typedef {import("../../../ui/kit/sampling.js").Filtered} Filtered */
/**
 * `times` each token came in so many draws; after each number of STOPS the largest gap between how
 * often and how likely.
 * @typedef {{times: Int32Array, gaps: number[]}} Tally
 */

/** Numbers of draws that a reader can ask for. */
export const STOPS = [10, 30, 100, 300, 1000, 3000, 10_000];

/**
 * @param {Filtered} left
 * @param {number} draws one of STOPS
 * @param {number} seed
 * @returns {Tally}
 */
export function tally({ mass, n, total }, draws, seed) {
  const next = lots(seed);
  const ends = new Float64Array(n);
  for (let i = 0, at = 0; i < n; i++) {
    at += mass[i];
    ends[i] = at;
  }
  const came = new Int32Array(n);
  const gap = (/** @type {number} */ k) =>
    came.reduce((most, times, i) => Math.max(most, Math.abs(times / k - mass[i] / total)), 0);
  let times = came;
  let drawn = 0;
  const gaps = STOPS.map((stop) => {
    for (; drawn < stop; drawn++) came[first(ends, next() * total)]++;
    if (stop === draws) times = came.slice();
    return gap(stop);
  });
  return { times, gaps };
}

/**
 * Where the first number above a limit stands in a rising list; the last place if there is none.
 * @param {Float64Array} rising
 * @param {number} limit
 */
function first(rising, limit) {
  let low = 0;
  let high = rising.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (rising[middle] > limit) high = middle;
    else low = middle + 1;
  }
  return low;
}
