// @ts-check
// RoPE: pairs of numbers turn like hands of a clock, as transformer_core/positions.py turns them.

import { range, sum } from "../../../ui/kit/arithmetic.js";

/** @typedef {import("../../../ui/kit/arithmetic.js").Vector} Vector */
/** @typedef {[x: number, y: number]} Pair */

/**
 * The pairs of a query or key, turned on by so many positions: number i goes with number i + d_head / 2.
 * @param {Vector} vector [d_head]
 * @param {number} positions
 * @param {Vector} frequencies [pair], radians per position
 * @returns {Pair[]}
 */
export function turned(vector, positions, frequencies) {
  const half = vector.length / 2;
  return range(half).map((i) => {
    const angle = positions * frequencies[i];
    const c = Math.cos(angle);
    const s = Math.sin(angle);
    return [vector[i] * c - vector[i + half] * s, vector[i] * s + vector[i + half] * c];
  });
}

/**
 * What each pair adds to the score q·k / √d.
 * @param {Pair[]} q
 * @param {Pair[]} k
 */
export const scoreParts = (q, k) => q.map(([a, b], i) => (a * k[i][0] + b * k[i][1]) / Math.sqrt(2 * q.length));

/**
 * @param {Pair[]} q
 * @param {Pair[]} k
 */
export const score = (q, k) => sum(scoreParts(q, k));
