// @ts-check
// One head on two sentences: which rows must be the same, and how far apart the others are.

import { range } from "../../../ui/kit/arithmetic.js";
import { causalRow } from "../../../ui/kit/tensors.js";
import { everyHead } from "./head_rows.js";

/** @import { HeadAt } from "./head_rows.js" */
/** @import { Tensor } from "../../../ui/kit/tensors.js" */

/**
 * A sentence and the weights of all heads on it.
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

/**
 * The share of row i that lies elsewhere in the other sentence: half the sum of the differences.
 * @param {Pair} pair
 * @param {HeadAt} at
 * @param {number} i
 */
export function distance([{ weights: a }, { weights: b }], { layer, head }, i) {
  const other = causalRow(b, layer, head, i);
  return causalRow(a, layer, head, i).reduce((total, x, j) => total + Math.abs(x - other[j]), 0) / 2;
}

/**
 * The head that differs most at the end; null where the sentences are of different lengths, or the same.
 * @param {Pair} pair
 * @returns {HeadAt | null}
 */
export function mostMoved(pair) {
  const [{ pieces: a, weights }, { pieces: b }] = pair;
  if (a.length !== b.length || sameBeginning(pair) === a.length) return null;
  const [n_layers, n_heads] = weights.shape;
  const apart = (/** @type {HeadAt} */ at) => distance(pair, at, a.length - 1);
  return everyHead({ n_layers, n_heads }).reduce((x, y) => (apart(y) > apart(x) ? y : x));
}
