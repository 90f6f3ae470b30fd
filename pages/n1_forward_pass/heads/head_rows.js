// @ts-check
// The weights of all heads: what a head reads most, what a word is given, what all heads agree on.

import { range, sum } from "../../../ui/kit/arithmetic.js";
import { causalRow } from "../../../ui/kit/tensors.js";

/** @import { Numbers, Tensor } from "../../../ui/kit/tensors.js" */

/** @typedef {{layer: number, head: number}} HeadAt */

/** @param {HeadAt} at */
export const headName = ({ layer, head }) => `${layer + 1}.${head + 1}`;

/**
 * Layer by layer.
 * @param {{n_layers: number, n_heads: number}} shape
 * @returns {HeadAt[]}
 */
export const everyHead = ({ n_layers, n_heads }) =>
  range(n_layers * n_heads).map((at) => ({ layer: Math.floor(at / n_heads), head: at % n_heads }));

/**
 * The rows of a head's map, each as long as the mask lets it see.
 * @template {Numbers} V
 * @param {Tensor<V>} weights
 * @param {HeadAt} at
 * @param {number} n words
 * @returns {V[]}
 */
export const rowsOf = (weights, { layer, head }, n) => range(n).map((i) => causalRow(weights, layer, head, i));

/**
 * The word that a row reads most.
 * @param {Numbers} row
 */
export const favourite = (row) => row.indexOf(Math.max(...row));

/**
 * What all words that can read word j give to it; each has 1 to give.
 * @param {readonly Float32Array[]} rows
 * @param {number} j
 */
export const received = (rows, j) => sum(rows.slice(j).map((row) => row[j]));

/**
 * Which word each head reads most from this one, and how many heads agree; the most agreed on first.
 * @param {Tensor} weights
 * @param {readonly HeadAt[]} heads
 * @param {number} token
 */
export function favourites(weights, heads, token) {
  /** @type {Map<number, number>} */
  const times = new Map();
  for (const { layer, head } of heads) {
    const word = favourite(causalRow(weights, layer, head, token));
    times.set(word, (times.get(word) ?? 0) + 1);
  }
  return [...times].map(([word, count]) => ({ word, count })).sort((a, b) => b.count - a.count);
}
