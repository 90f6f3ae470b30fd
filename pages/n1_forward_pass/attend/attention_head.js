// @ts-check
// One head of causal attention, worked out from its queries, keys and values as
// transformer_core/attention.py does; the tests hold both equal.

import { dot, range, softmax } from "../../../ui/kit/arithmetic.js";
import { slice } from "../../../ui/kit/tensors.js";

/** @import { Vector } from "../../../ui/kit/arithmetic.js" */
/** @import { Tensor } from "../../../ui/kit/tensors.js" */

/**
 * All heads of the layers that Python sends, [layer, head, token, d_head]; several heads may share one k and v.
 * @typedef {{q: Tensor, k: Tensor, v: Tensor}} AttentionArrays
 */
/**
 * One vector per token, and the score of each query with each key, not divided.
 * @typedef {{q: Float32Array[], k: Float32Array[], v: Float32Array[], scores: number[][]}} Head
 */

/**
 * How many heads share one key and one value.
 * @param {AttentionArrays} arrays
 */
export const sharing = ({ q, k }) => q.shape[1] / k.shape[1];

/**
 * The layer at a place among those that were sent, by itself.
 * @param {AttentionArrays} arrays
 * @param {number} at
 * @returns {AttentionArrays}
 */
export function layerOf({ q, k, v }, at) {
  const one = (/** @type {Tensor} */ array) => ({ shape: [1, ...array.shape.slice(1)], values: slice(array, at) });
  return { q: one(q), k: one(k), v: one(v) };
}

/**
 * @param {AttentionArrays} layer one only
 * @param {number} head
 * @returns {Head}
 */
export function headOf(layer, head) {
  const vectors = (/** @type {Tensor} */ array, /** @type {number} */ at) =>
    range(array.shape[2]).map((i) => slice(array, 0, at, i));
  const shared = Math.floor(head / sharing(layer));
  const q = vectors(layer.q, head);
  const k = vectors(layer.k, shared);
  return { q, k, v: vectors(layer.v, shared), scores: q.map((query) => k.map((key) => dot(query, key))) };
}

/**
 * Row i of the weights, softmax(scores ÷ divisor): a word sees itself and what came before.
 * @param {readonly number[][]} scores
 * @param {number} i
 * @param {number} divisor
 */
export const weights = (scores, i, divisor) => softmax(scores[i].slice(0, i + 1), divisor);

/**
 * All rows of the weights.
 * @param {readonly number[][]} scores
 * @param {number} divisor
 */
export const table = (scores, divisor) => scores.map((_, i) => weights(scores, i, divisor));

/**
 * Σ wⱼ vⱼ over the words j: what a row hands on, or what some of its words add to it.
 * @param {Vector} row
 * @param {readonly Float32Array[]} v
 * @param {readonly number[]} [words] all that the row sees where none are named
 */
export const mixture = (row, v, words = range(row.length)) =>
  Array.from(v[0], (_, t) => words.reduce((total, j) => total + row[j] * v[j][t], 0));

/**
 * 1 − Σ w², the trace of the softmax's Jacobian: how much the shares move with their own scores.
 * @param {Vector} row
 */
export const slope = (row) => 1 - dot(row, row);

/**
 * @param {readonly number[]} row
 * @returns {number} the word with the largest share
 */
export const strongest = (row) => row.indexOf(Math.max(...row));

const STEPS = 60;

/**
 * Row i under every divisor from 1 to d, in equal factors.
 * @param {readonly number[][]} scores
 * @param {number} i
 * @param {number} d
 */
export const sharpness = (scores, i, d) =>
  range(STEPS + 1).map((step) => {
    const divisor = d ** (step / STEPS);
    return { divisor, row: weights(scores, i, divisor) };
  });
