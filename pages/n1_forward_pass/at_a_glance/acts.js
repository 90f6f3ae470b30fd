// @ts-check
// When each part of what is acted out happens, and how much of it: a share of the step in, shares
// of its parts out.

import { clamp, softmax } from "../../../ui/kit/arithmetic.js";
import { ease } from "./stages.js";

/** @typedef {Float32Array | readonly number[]} Numbers */

/** The parts of one dot product, and how many milliseconds each takes. */
const DOT_PRODUCT = /** @type {const} */ ([
  ["lift", 300],
  ["glide", 400],
  ["open", 350],
  ["multiply", 750],
  ["stack", 700],
  ["drop", 400],
  ["row", 600],
  ["rows", 500],
]);
const CELL_MS = 60; // of the row's cells, at most
const ROW_MS = 600;
const STACKED_APART = 2;
export const DOT_PRODUCT_MS = DOT_PRODUCT.reduce((total, [, ms]) => total + ms, 0);

/** @typedef {Record<typeof DOT_PRODUCT[number][0], number>} DotProduct */

/**
 * The parts of a dot product, each from 0 to 1.
 * @param {number} share
 * @returns {DotProduct}
 */
export function dotProduct(share) {
  let before = 0;
  const parts = DOT_PRODUCT.map(([name, ms]) => {
    const part = clamp((share * DOT_PRODUCT_MS - before) / ms, 0, 1);
    before += ms;
    return [name, part];
  });
  return /** @type {DotProduct} */ (Object.fromEntries(parts));
}

/**
 * How much of each cell of QKᵀ has come: the chosen row one by one, then all rows. Where one dot product
 * is acted out, its cell comes first.
 * @param {{row: number, key: number, n: number}} chosen
 * @param {number} share of the step
 * @param {boolean} acts
 * @returns {(i: number, j: number) => number}
 */
export function arrivals({ row, key, n }, share, acts) {
  if (share <= 0 || share >= 1) return () => (share >= 1 ? 1 : 0);
  const at = dotProduct(share);
  const along = acts ? (at.row * ROW_MS) / Math.min(CELL_MS, ROW_MS / n) : share * 2 * n;
  const down = acts ? at.rows : clamp(share * 2 - 1, 0, 1);
  return (i, j) => {
    if (i !== row) return ease(down * 2 - i / n);
    return acts && j === key && at.drop >= 1 ? 1 : clamp(along - j, 0, 1);
  };
}

/**
 * The products of a dot product, and what they add up to before each of them and at the end.
 * @param {Numbers} q
 * @param {Numbers} k
 */
export function products(q, k) {
  const parts = Array.from(q, (x, d) => x * k[d]);
  const sums = [0];
  for (const part of parts) sums.push(sums[sums.length - 1] + part);
  return { parts, sums };
}

/**
 * The lowest and highest of some numbers and 0.
 * @param {readonly number[]} values
 */
export const extent = (values) => ({ low: Math.min(0, ...values), high: Math.max(0, ...values) });

/**
 * Softmax on its way: all shares equal at 0, the row's own at 1. At each moment they add up to 1.
 * @param {Numbers} scores
 * @param {number} way
 */
export const pushed = (scores, way) =>
  softmax(
    Array.from(scores, (score) => score * way),
    1,
  );

/**
 * The parts of one softmax row: its cells are collected in a bar, push one another, come back as shares;
 * then all rows do.
 * @param {number} share
 */
export const softmaxRow = (share) => ({
  collect: clamp(share / 0.2, 0, 1),
  push: clamp((share - 0.24) / 0.36, 0, 1),
  back: clamp((share - 0.68) / 0.16, 0, 1),
  rows: clamp((share - 0.84) / 0.16, 0, 1),
});

/**
 * How much of a row is scores still, and how much shares already.
 * @param {boolean} chosen
 * @param {number} share of the step
 * @param {boolean} acts a row is acted out, not merely faded over
 */
export function melted(chosen, share, acts) {
  if (!acts || share <= 0 || share >= 1) return { scores: 1 - ease(share), shares: ease(share) };
  const { collect, back, rows } = softmaxRow(share);
  if (chosen) return { scores: collect > 0 ? 0 : 1, shares: back >= 1 ? 1 : 0 };
  return { scores: 1 - ease(rows), shares: ease(rows) };
}

/**
 * The parts of one sum: two vectors come, slide together, and are added number by number.
 * @param {number} share
 */
export const residualSum = (share) => ({
  come: clamp(share / 0.2, 0, 1),
  slide: clamp((share - 0.28) / 0.2, 0, 1),
  add: clamp((share - 0.5) / 0.34, 0, 1),
  back: clamp((share - 0.92) / 0.08, 0, 1),
});

/**
 * How far each of several has come, when they come one after the other.
 * @param {number} share of all
 * @param {number} k which
 * @param {number} n
 * @param {number} apart how much later the last one begins, in times that each takes
 */
export const inTurn = (share, k, n, apart) => ease(clamp(share * (1 + apart) - (apart * k) / n, 0, 1));

/**
 * The products on their way to a stack: where each begins, and the sum of those that have arrived.
 * @param {ReturnType<typeof products>} of
 * @param {number} share
 */
export function stacked({ parts, sums }, share) {
  const turns = parts.map((_, k) => inTurn(share, k, parts.length, STACKED_APART));
  const arrived = turns.filter((turn) => turn >= 1).length;
  return { bases: turns.map((turn, k) => turn * sums[k]), sum: sums[arrived] };
}
