// @ts-check
// What follows from a text's words alone: which merges change it, and by how many tokens.

import { range, sum } from "../../../ui/kit/arithmetic.js";
import { slice } from "../../../ui/kit/tensors.js";
import { piece } from "./byte_text.js";
import { replay } from "./merge_replay.js";

/** @import { Packed, Tensor } from "../../../ui/kit/tensors.js" */
/** @import { TokenizeHeader } from "./merge_replay.js" */

/**
 * `pairs` [merge, 3]: the ids of the left and the right part, and how often they stood side by side;
 * of the shipped vocabulary, whose first 256 ids are the bytes, and empty for any other.
 * @typedef {{pairs: Tensor<Int32Array>}} TokenizeArrays
 */
/** @typedef {readonly [left: string, right: string]} Pair */
/** @typedef {{parts: Pair, times: number}} Merge `times`: how often the pair was seen; 0 where nobody says */
/**
 * `length`: in bytes; `merges`: those of which something is known, by number, and `here`: which of
 * them join something in this text; `events`: after merge `k` the text has `tokens` tokens.
 * @typedef {{header: TokenizeHeader, text: string, length: number, counted: boolean, merges: Map<number, Merge>,
 *   here: Set<number>, events: {k: number, tokens: number}[]}} Reading
 */

/**
 * @param {Packed<TokenizeHeader, TokenizeArrays>} message
 * @returns {Reading}
 */
export function read({ header, arrays }) {
  const { words, order } = header;
  const merges = learnt(arrays.pairs);
  const counted = merges.size > 0;
  /** @type {Set<number>} */
  const here = new Set();
  /** @type {Map<number, number>} */
  const falls = new Map();
  for (const word of order) {
    let latest = 0; // a join waits for all joins before it
    replay(words[word], header.byte_ids, Infinity, (left, right, merge) => {
      latest = Math.max(latest, merge);
      falls.set(latest, (falls.get(latest) ?? 0) + 1);
      here.add(merge);
      if (!counted) merges.set(merge, { parts: [left, right], times: 0 });
    });
  }
  const length = sum(order.map((word) => words[word].bytes.length));
  const text = piece(order.map((word) => words[word].bytes).join(""));
  return { header, text, length, counted, merges, here, events: shrinking(length, falls) };
}

/** @param {Tensor<Int32Array>} pairs */
function learnt(pairs) {
  const tokens = range(256).map((byte) => String.fromCharCode(byte));
  /** @type {Map<number, Merge>} */
  const merges = new Map();
  for (const i of range(pairs.shape[0])) {
    const [left, right, times] = slice(pairs, i);
    merges.set(i + 1, { parts: [tokens[left], tokens[right]], times });
    tokens.push(tokens[left] + tokens[right]);
  }
  return merges;
}

/**
 * @param {number} length
 * @param {ReadonlyMap<number, number>} falls by which merge, by how many tokens
 */
function shrinking(length, falls) {
  let left = length;
  return [...falls]
    .sort((a, b) => a[0] - b[0])
    .map(([k, fewer]) => {
      left -= fewer;
      return { k, tokens: left };
    });
}

/**
 * The latest merge of the first k that changed the text.
 * @param {Reading} reading
 * @param {number} k
 */
export const latest = ({ events }, k) => events.findLast((event) => event.k <= k);

/**
 * How many tokens the text has under k merges.
 * @param {Reading} reading
 * @param {number} k
 */
export const tokensAfter = (reading, k) => latest(reading, k)?.tokens ?? reading.length;

/**
 * What is known of a merge that made a token of this text.
 * @param {Reading} reading
 * @param {number} n
 */
export const mergeOf = ({ merges }, n) => /** @type {Merge} */ (merges.get(n));
