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
 * The rows of a head's map in a layer's weights, each as long as the mask lets it see.
 * @template {Numbers} V
 * @param {Tensor<V>} weights
 * @param {number} head
 * @param {number} n words
 * @returns {V[]}
 */
export const rowsOf = (weights, head, n) => range(n).map((i) => causalRow(weights, 0, head, i));

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
 * How many heads read each word most, the most agreed on first.
 * @param {readonly number[]} words the one that each head reads most
 */
export function agreed(words) {
  /** @type {Map<number, number>} */
  const times = new Map();
  for (const word of words) times.set(word, (times.get(word) ?? 0) + 1);
  return [...times].map(([word, count]) => ({ word, count })).sort((a, b) => b.count - a.count);
}
