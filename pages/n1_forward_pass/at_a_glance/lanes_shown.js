// @ts-check
// Which tokens have a lane: all of a short text; of a long one the chosen token's neighbours and those
// that it reads most, with gaps between them that open.

import { range } from "../../../ui/kit/arithmetic.js";

/** @import { State } from "./state.js" */
/** @import { Trace } from "./trace.js" */

/** Tokens without a lane, both ends included. */
/** @typedef {{from: number, to: number}} Gap */
/** `order`: tokens and gaps from top to bottom; `slots`: where each token stands, −1 for none. */
/** @typedef {{order: readonly (number | Gap)[], slots: readonly number[], long: boolean}} Lanes */

export const LONG = 40; // tokens
const AROUND = 6;
export const STRONGEST = 8;
const LEAST_GAP = 2;

/**
 * The tokens that a row reads most, the strongest first; what rests on the first may be set aside.
 * @param {ArrayLike<number>} weights
 * @param {boolean} aside
 */
export const strongest = (weights, aside) =>
  range(weights.length)
    .slice(aside && weights.length > 1 ? 1 : 0)
    .sort((a, b) => weights[b] - weights[a])
    .slice(0, STRONGEST);

/**
 * @param {Trace} trace
 * @param {Pick<State, "token" | "layer" | "head" | "aside" | "opened">} state
 * @returns {Lanes}
 */
export function lanesOf(trace, { token, layer, head, aside, opened }) {
  const { n } = trace;
  if (n < LONG) return listed(n, () => true, false);
  const read = trace.hasLayer(layer) ? strongest(trace.weights(token, layer, head), aside) : [];
  const kept = new Set([...read, ...range(n).slice(Math.max(0, token - AROUND), token + AROUND + 1)]);
  const isOpened = (/** @type {number} */ i) => opened.some(({ from, to }) => i >= from && i <= to);
  return listed(n, (i) => kept.has(i) || isOpened(i), true);
}

/**
 * @param {number} n
 * @param {(i: number) => boolean} has
 * @param {boolean} long
 * @returns {Lanes}
 */
function listed(n, has, long) {
  /** @type {(number | Gap)[]} */
  const order = [];
  for (let i = 0; i < n; ) {
    let end = i;
    while (end < n && !has(end)) end++;
    if (end - i >= LEAST_GAP) {
      order.push({ from: i, to: end - 1 });
      i = end;
    } else order.push(i++);
  }
  const slots = Array(n).fill(-1);
  order.forEach((each, slot) => {
    if (typeof each === "number") slots[each] = slot;
  });
  return { order, slots, long };
}
