// @ts-check
// The residual stream of one word: a running sum of vectors, their lengths and the angles between them.

import { clamp, cosine, norm } from "../../../ui/kit/arithmetic.js";

/** @typedef {import("../../../ui/kit/arithmetic.js").Vector} Vector */
/**
 * By station: what is added, the stream after it, the lengths of both, and the cosine between the
 * addition and the stream that it met (1 for the embedding, which met none).
 * @typedef {{added: number[][], stream: number[][], sizes: number[], lengths: number[], cosines: number[]}} WordStream
 */

/**
 * @param {readonly Vector[]} vectors the embedding, and then what each sublayer adds
 * @returns {WordStream}
 */
export function streamOf(vectors) {
  const added = vectors.map((vector) => Array.from(vector));
  const stream = [added[0]];
  for (const vector of added.slice(1)) stream.push(plus(stream[stream.length - 1], vector));
  const cosines = added.map((vector, k) => (k ? cosine(vector, stream[k - 1]) : 1));
  return { added, stream, sizes: added.map(norm), lengths: stream.map(norm), cosines };
}

/**
 * @param {Vector} a
 * @param {Vector} b
 */
const plus = (a, b) => Array.from(a, (x, i) => x + b[i]);

/**
 * The angle of a cosine, in degrees.
 * @param {number} cosine
 */
export const degrees = (cosine) => (Math.acos(clamp(cosine, -1, 1)) * 180) / Math.PI;
