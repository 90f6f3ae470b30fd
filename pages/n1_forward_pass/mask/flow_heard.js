// @ts-check
// From whom each token can have heard, layer by layer, and the gradients: as the server sent them, and counted.

import { range, sum } from "../../../ui/kit/arithmetic.js";
import { slice, unpack } from "../../../ui/kit/tensors.js";
import { labels } from "../../../ui/kit/words.js";

/**
 * @template {import("../../../ui/kit/tensors.js").Numbers} [V=Float32Array]
 * @typedef {import("../../../ui/kit/tensors.js").Tensor<V>} Tensor
 */
/**
 * @typedef {{pieces: string[], token: number, last: number, n_layers: number, cut: boolean,
 *   window_size: number}} FlowHeader
 */
/**
 * @typedef {{reach: Tensor<Uint8Array>, itself: Tensor<Uint8Array>, trained: Tensor,
 *   other: Tensor}} FlowArrays
 */
/** @typedef {{header: FlowHeader, arrays: FlowArrays, n: number, words: string[]}} Flow */
/** @typedef {"trained" | "other"} Gradients */

/**
 * @param {Uint8Array} bytes
 * @returns {Flow}
 */
export function readFlow(bytes) {
  const { header, arrays } = /** @type {import("../../../ui/kit/tensors.js").Packed<FlowHeader, FlowArrays>} */ (
    unpack(bytes)
  );
  return { header, arrays, n: header.pieces.length, words: labels(header.pieces) };
}

/**
 * From whom a token can have heard after a layer, counted from 0: 1 or 0 for each.
 * @param {Flow} flow
 * @param {number} layer
 * @param {number} query
 */
export const heard = ({ arrays }, layer, query) => slice(arrays.reach, layer, query);

/**
 * @param {Flow} flow
 * @param {Gradients} name
 * @param {number} query
 */
export const gradients = ({ arrays }, name, query) => slice(arrays[name], query);

/**
 * From how many tokens one has heard after a layer.
 * @param {Flow} flow
 * @param {number} layer
 * @param {number} query
 */
export const nHeard = (flow, layer, query) => sum(heard(flow, layer, query));

/**
 * Of the cells above the diagonal, those whose gradient is not 0.
 * @param {Flow} flow
 * @param {Gradients} name
 */
export function future(flow, name) {
  const cells = range(flow.n).flatMap((query) => Array.from(gradients(flow, name, query).subarray(query + 1)));
  return { cells: cells.length, felt: cells.filter((gradient) => gradient !== 0).length };
}
