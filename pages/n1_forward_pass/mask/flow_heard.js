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
 *   window_size: number, gradients: string, at_once: number, sentence: Record<string, string>,
 *   mask: string}} FlowHeader
 */
/**
 * @typedef {{reach: Tensor<Uint8Array>, itself: Tensor<Uint8Array>, trained?: Tensor,
 *   other?: Tensor}} FlowArrays
 */
/** @typedef {{first: number}} GradientHeader */
/** @typedef {{trained: Tensor, other: Tensor}} Gradients */
/** @typedef {keyof Gradients} PassName */
/**
 * `rows`: the gradients of each query that are here, by pass.
 * @typedef {{header: FlowHeader, arrays: FlowArrays, n: number, words: string[],
 *   rows: Record<PassName, Map<number, Float32Array>>}} Flow
 */

/**
 * @param {Uint8Array} bytes
 * @returns {Flow}
 */
export function readFlow(bytes) {
  const { header, arrays } = /** @type {import("../../../ui/kit/tensors.js").Packed<FlowHeader, FlowArrays>} */ (
    unpack(bytes)
  );
  /** @type {Flow} */
  const flow = {
    header,
    arrays,
    n: header.pieces.length,
    words: labels(header.pieces),
    rows: { trained: new Map(), other: new Map() },
  };
  const { trained, other } = arrays;
  if (trained && other) take(flow, 0, { trained, other });
  return flow;
}

/**
 * @param {Flow} flow
 * @param {number} first query
 * @param {Gradients} gradients
 */
function take({ rows }, first, gradients) {
  for (const name of PASSES) {
    for (const i of range(gradients[name].shape[0])) rows[name].set(first + i, slice(gradients[name], i));
  }
}

/** @type {readonly PassName[]} */
const PASSES = ["trained", "other"];

/**
 * More rows of gradients, as they come.
 * @param {Flow} flow
 * @param {Uint8Array} bytes
 */
export function addRows(flow, bytes) {
  const { header, arrays } = /** @type {import("../../../ui/kit/tensors.js").Packed<GradientHeader, Gradients>} */ (
    unpack(bytes)
  );
  take(flow, header.first, arrays);
}

/**
 * The text and the mask that the gradients belong to.
 * @param {Flow} flow
 */
export const subject = ({ header }) => JSON.stringify([header.sentence, header.mask]);

/**
 * What is to be asked for the rows that are missing, that of the token looked at first.
 * @param {Flow} flow
 * @param {number} token
 */
export function questions({ header, n, rows }, token) {
  const { at_once: step, sentence, mask } = header;
  const starts = range(Math.ceil(n / step)).map((i) => i * step);
  const missing = starts.filter((first) => range(step).some((i) => first + i < n && !rows.other.has(first + i)));
  const own = (/** @type {number} */ first) => Number(token >= first && token < first + step);
  return missing.sort((a, b) => own(b) - own(a)).map((first) => ({ ...sentence, mask, first: String(first) }));
}

/**
 * From whom a token can have heard after a layer, counted from 0: 1 or 0 for each.
 * @param {Flow} flow
 * @param {number} layer
 * @param {number} query
 */
export const heard = ({ arrays }, layer, query) => slice(arrays.reach, layer, query);

/**
 * The gradients of a query; undefined where they have not been computed.
 * @param {Flow} flow
 * @param {PassName} name
 * @param {number} query
 */
export const gradients = ({ rows }, name, query) => rows[name].get(query);

/**
 * From how many tokens one has heard after a layer.
 * @param {Flow} flow
 * @param {number} layer
 * @param {number} query
 */
export const nHeard = (flow, layer, query) => sum(heard(flow, layer, query));

/**
 * Of the cells above the diagonal in the rows that are here, those whose gradient is not 0.
 * @param {Flow} flow
 * @param {PassName} name
 */
export function future(flow, name) {
  const cells = range(flow.n).flatMap((query) => Array.from(gradients(flow, name, query)?.subarray(query + 1) ?? []));
  return { cells: cells.length, felt: cells.filter((gradient) => gradient !== 0).length };
}
