// @ts-check
// What the server sends of five positional schemes, sorted by the scheme that reads it.

import { slice } from "../../../ui/kit/tensors.js";
import { labels } from "../../../ui/kit/words.js";

/** @typedef {import("../../../ui/kit/tensors.js").Tensor} Tensor */
/** @typedef {import("../../../ui/kit/tensors.js").Numbers} Numbers */
/** @typedef {import("../../../ui/kit/elements.js").Segment} Segment */

/** @typedef {{model: string, d_model: number}} LearnedTable */
/**
 * `layers`: those that come with it.
 * @typedef {{model: string, pieces: string[], same: boolean, layers: number[], n_layers: number, n_heads: number,
 *   d_head: number, length: number, numbers: string, sentence: Record<string, string>}} Rotation
 */
/** @typedef {{layers: number[]}} LayerHeader */
/** @typedef {{q: Tensor, k: Tensor}} LayerArrays */
/**
 * @typedef {{run: string, pieces: string[], token: number, layer: number, head: number, scheme: string, own: string,
 *   model: string, d_model: number, apart: number[], reach: number[], table?: LearnedTable,
 *   rope?: Rotation}} PositionHeader
 */
/**
 * @typedef {{sinusoidal: Tensor, sinusoidal_curve: Tensor, slopes: Tensor, typed: Tensor, reversed: Tensor,
 *   learned?: Tensor, alike?: Tensor, learned_curve?: Tensor, q?: Tensor, k?: Tensor,
 *   frequencies?: Tensor}} PositionArrays
 */
/** @typedef {import("../../../ui/kit/tensors.js").Packed<PositionHeader, PositionArrays>} Sent */

/**
 * A trained table's first rows, the cosine of any two, their mean product by distance.
 * @typedef {LearnedTable & {rows: Tensor, alike: Tensor, curve: Tensor}} Learned
 */
/**
 * Queries and keys of a layer as they were rotated, [head, position, d_head], by the layer's number, and
 * their words; by how many radians each pair turns per position.
 * @typedef {Rotation & {vectors: Map<number, LayerArrays>, frequencies: Numbers, labels: string[]}} Rotated
 */
/**
 * What a model is not here for is null.
 * @typedef {{header: PositionHeader, arrays: PositionArrays, labels: string[], learned: Learned | null,
 *   rope: Rotated | null}} Positions
 */

/**
 * @param {Sent} sent
 * @returns {Positions}
 */
export function positionsOf({ header, arrays }) {
  return {
    header,
    arrays,
    labels: labels(header.pieces),
    learned: learnedOf(header, arrays),
    rope: ropeOf(header, arrays),
  };
}

/**
 * @param {PositionHeader} header
 * @param {PositionArrays} arrays
 * @returns {Learned | null}
 */
function learnedOf({ table }, { learned, alike, learned_curve }) {
  return table && learned && alike && learned_curve ? { ...table, rows: learned, alike, curve: learned_curve } : null;
}

/**
 * @param {PositionHeader} header
 * @param {PositionArrays} arrays
 * @returns {Rotated | null}
 */
function ropeOf({ rope }, { q, k, frequencies }) {
  if (!rope || !q || !k || !frequencies) return null;
  const vectors = new Map(rope.layers.map((layer, at) => [layer, layerAt({ q, k }, at)]));
  return { ...rope, vectors, frequencies: frequencies.values, labels: labels(rope.pieces) };
}

/**
 * @param {LayerArrays} arrays
 * @param {number} at its place among the layers that came
 * @returns {LayerArrays}
 */
export function layerAt({ q, k }, at) {
  const one = (/** @type {Tensor} */ array) => ({ shape: array.shape.slice(1), values: slice(array, at) });
  return { q: one(q), k: one(k) };
}
