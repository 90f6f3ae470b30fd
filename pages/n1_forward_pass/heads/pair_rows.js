// @ts-check
// One head on two sentences: which rows must be the same, and which word is whose twin.

import { range } from "../../../ui/kit/arithmetic.js";

/** @import { Tensor } from "../../../ui/kit/tensors.js" */

/**
 * A sentence and a layer's weights on it.
 * @typedef {{pieces: readonly string[], weights: Tensor}} Sentence
 */
/** @typedef {readonly [first: Sentence, second: Sentence]} Pair */

/**
 * How many words both sentences share at their start.
 * @param {Pair} pair
 */
export function sameBeginning([{ pieces: a }, { pieces: b }]) {
  const shorter = Math.min(a.length, b.length);
  const differs = range(shorter).findIndex((i) => a[i] !== b[i]);
  return differs < 0 ? shorter : differs;
}

/**
 * Where in the second sentence token i of the first stands: at the end, if it is the last.
 * @param {Pair} pair
 * @param {number} i
 */
export const twin = ([{ pieces: a }, { pieces: b }], i) =>
  i === a.length - 1 ? b.length - 1 : Math.min(i, b.length - 1);
