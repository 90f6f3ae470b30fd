// @ts-check
// What one head moves between slow and fast memory, as transformer_core/laws/memory_traffic.py counts
// it; the tests hold both equal.

import { range, sum } from "../../../ui/kit/arithmetic.js";
import { tilesOf } from "./online_softmax.js";

/** @typedef {"q" | "k" | "v" | "scores" | "weights" | "output"} Part */
/** @typedef {{part: Part, numbers: number, writes: boolean}} Move */
/** @typedef {Record<Part, number>} Traffic numbers read or written */
/**
 * A published machine: FLOP per second, bytes per second of slow memory (from, to), bytes of fast memory.
 * @typedef {{title: string, flops: number, bandwidth: [number, number], fast_bytes: number}} AcceleratorData
 */

export const BYTES = 2; // of a 16-bit number
export const PARTS = /** @type {const} */ (["q", "k", "v", "scores", "weights", "output"]);

/**
 * The standard way: three operations, each of which reads and writes slow memory.
 * @param {number} n
 * @param {number} d
 * @returns {Move[]}
 */
export function standardMoves(n, d) {
  const move = (/** @type {Part} */ part, /** @type {number} */ numbers, writes = false) => ({ part, numbers, writes });
  const [vectors, matrix] = [n * d, n * n];
  return [
    ...[move("q", vectors), move("k", vectors), move("scores", matrix, true)],
    ...[move("scores", matrix), move("weights", matrix, true)],
    ...[move("weights", matrix), move("v", vectors), move("output", vectors, true)],
  ];
}

/**
 * The tiled way under a causal mask: for each tile of scores, what moves for it.
 * @param {number} n
 * @param {number} d
 * @param {number} tile
 * @returns {Move[][]}
 */
export const tiledMoves = (n, d, tile) =>
  tilesOf(n, tile).map(({ rows, keys }) => {
    const [height, width] = [rows.to - rows.from, keys.to - keys.from];
    /** @type {(Move | false)[]} */
    const moves = [
      keys.from === 0 && { part: "q", numbers: height * d, writes: false },
      { part: "k", numbers: width * d, writes: false },
      { part: "v", numbers: width * d, writes: false },
      keys.to === rows.to && { part: "output", numbers: height * d, writes: true },
    ];
    return moves.filter((each) => each !== false);
  });

/**
 * @param {readonly Move[]} moves
 * @returns {Traffic}
 */
export const added = (moves) =>
  /** @type {Traffic} */ (
    Object.fromEntries(
      PARTS.map((part) => [part, sum(moves.filter((each) => each.part === part).map(({ numbers }) => numbers))]),
    )
  );

/** @param {readonly Move[]} moves */
export const bytesOf = (moves) => BYTES * sum(moves.map(({ numbers }) => numbers));

/**
 * Bytes of the standard way; mask or no mask, it writes all scores.
 * @param {number} n
 * @param {number} d
 */
export const standardBytes = (n, d) => BYTES * (4 * n * d + 4 * n * n);

/**
 * Bytes of the tiled way without a mask.
 * @param {number} n
 * @param {number} d
 * @param {number} tile
 */
export const tiledBytes = (n, d, tile) => BYTES * (2 * n * d + 2 * n * d * Math.ceil(n / tile));

/**
 * FLOP of both ways, without a mask.
 * @param {number} n
 * @param {number} d
 */
export const attentionFlops = (n, d) => 4 * n * n * d;

/**
 * The largest tile b of which Q, K, V, O and the scores fit: 4 b d + b² numbers.
 * @param {number} bytes of fast memory
 * @param {number} d
 */
export const largestTile = (bytes, d) =>
  Math.max(1, Math.floor(Math.sqrt(4 * d * d + Math.floor(bytes / BYTES))) - 2 * d);

/**
 * How many times each tile of keys is read, over all tiles of queries that see it: at most.
 * @param {number} n
 * @param {number} tile
 */
export const mostReads = (n, tile) => Math.ceil(n / tile);

/**
 * Tile sizes worth choosing for a text: powers of two up to the first that holds all of it.
 * @param {number} n
 */
export const sizesFor = (n) =>
  range(6)
    .map((i) => 2 ** (i + 1))
    .filter((size) => size < 2 * n || size === 2);

/**
 * The size to begin with: the smallest that cuts the text into four at most.
 * @param {number} n
 */
export const firstSize = (n) => sizesFor(n).find((size) => n <= 4 * size) ?? 2;
