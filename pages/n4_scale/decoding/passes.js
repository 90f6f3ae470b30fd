// @ts-check
// Which pass computes which positions, with a cache and without; transformer_core/laws/costs.py counts the same.

import { range, sum } from "../../../ui/kit/arithmetic.js";

/**
 * One pass: the queries from `from` up to `to` are computed, each against the keys up to its own.
 * @typedef {{from: number, to: number}} Pass
 */

/**
 * The prompt at once, then a pass for each new token but the last, which only has to be chosen.
 * @param {number} prompt tokens
 * @param {number} written tokens
 * @param {boolean} cached
 * @returns {Pass[]}
 */
export const passesOf = (prompt, written, cached) =>
  range(Math.max(1, written)).map((i) => ({ from: cached && i ? prompt + i - 1 : 0, to: prompt + i }));

/**
 * Positions that passes compute.
 * @param {readonly Pass[]} passes
 */
export const positionsIn = (passes) => sum(passes.map(({ from, to }) => to - from));

/**
 * Pairs of a query and a key in one head, those that a causal mask allows.
 * @param {readonly Pass[]} passes
 */
export const pairsIn = (passes) => sum(passes.map(({ from, to }) => (to * (to + 1) - from * (from + 1)) / 2));

/**
 * What a cell of the picture is during a pass.
 * @param {Pass} pass
 * @param {number} row of the query
 * @param {number} column of the key
 * @returns {"now" | "before" | "ahead" | ""}
 */
export function cellKind({ from, to }, row, column) {
  if (column > row) return "";
  if (row >= to) return "ahead";
  return row >= from ? "now" : "before";
}
