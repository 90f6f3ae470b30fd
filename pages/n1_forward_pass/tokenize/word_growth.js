// @ts-check
// How a word grows from its bytes, join by join: a tree whose leaves are bytes and whose tops are tokens.

import { largest } from "../../../ui/kit/arithmetic.js";

/** @import { TokenizeWord } from "./merge_replay.js" */

/**
 * `x`: its middle, in bytes; `depth`: joins below it; `merge`: that made it, 0 for a byte; `later`:
 * the first k merges do not make it; `under`: its two parts.
 * @typedef {{bytes: string, x: number, depth: number, merge: number, later: boolean, under: Grown[]}} Grown
 */
/** @typedef {{nodes: Grown[], tops: Grown[], levels: number}} Growth nodes: bytes first, then in order of joining */

/**
 * @param {TokenizeWord} word
 * @param {number} k
 * @returns {Growth}
 */
export function grow({ bytes, joins }, k) {
  /** @type {Grown[]} */
  const tops = Array.from(bytes, (c, i) => ({ bytes: c, x: i + 0.5, depth: 0, merge: 0, later: false, under: [] }));
  const nodes = [...tops];
  let later = false; // a join waits for all joins before it
  for (const [at, merge] of joins) {
    const [left, right] = tops.slice(at, at + 2);
    later ||= merge > k;
    const node = {
      bytes: left.bytes + right.bytes,
      x: (left.x + right.x) / 2,
      depth: Math.max(left.depth, right.depth) + 1,
      merge,
      later,
      under: [left, right],
    };
    nodes.push(node);
    tops.splice(at, 2, node);
  }
  return { nodes, tops, levels: largest(nodes.map((node) => node.depth)) };
}
