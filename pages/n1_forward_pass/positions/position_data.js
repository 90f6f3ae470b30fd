// @ts-check
// What the server sends of five positional schemes, sorted by the scheme that reads it.

import { labels } from "../../../ui/kit/words.js";

/** @typedef {import("../../../ui/kit/tensors.js").Tensor} Tensor */
/** @typedef {import("../../../ui/kit/elements.js").Segment} Segment */

/** @typedef {{model: string, d_model: number}} LearnedTable */
/**
 * @typedef {{model: string, pieces: string[], same: boolean, layers: number[], n_heads: number, d_head: number,
 *   base: number, length: number}} Rotation
 */
/**
 * @typedef {{run: string, pieces: string[], token: number, layer: number, head: number, scheme: string, own: string,
 *   model: string, d_model: number, apart: number[], reach: number[], table?: LearnedTable,
 *   rope?: Rotation}} PositionHeader
 */
/**
 * @typedef {{sinusoidal: Tensor, sinusoidal_curve: Tensor, slopes: Tensor, typed: Tensor, reversed: Tensor,
 *   learned?: Tensor, alike?: Tensor, learned_curve?: Tensor, q?: Tensor, k?: Tensor}} PositionArrays
 */
/** @typedef {import("../../../ui/kit/tensors.js").Packed<PositionHeader, PositionArrays>} Sent */

/**
 * A trained table's first rows, the cosine of any two, their mean product by distance.
 * @typedef {LearnedTable & {rows: Tensor, alike: Tensor, curve: Tensor}} Learned
 */
/**
 * Queries and keys as they were rotated, [layer, head, position, d_head], and their words.
 * @typedef {Rotation & {q: Tensor, k: Tensor, labels: string[]}} Rotated
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
function ropeOf({ rope }, { q, k }) {
  return rope && q && k ? { ...rope, q, k, labels: labels(rope.pieces) } : null;
}
