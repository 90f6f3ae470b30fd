// @ts-check
// Two words of one head, where RoPE has them stand, and what they score there.

import { clamp, range } from "../../../ui/kit/arithmetic.js";
import { slice } from "../../../ui/kit/tensors.js";
import { score, turned } from "./rotation.js";

/** @typedef {import("./position_data.js").Rotated} Rotated */
/** @typedef {import("./rotation.js").Pair} Pair */
/** @typedef {"query" | "key"} Side */
/**
 * The words' own positions, and those at which they are made to stand; the layer is one
 * that is here. Tied, they move together.
 * @typedef {{layer: number, head: number, query: number, key: number, stand: Record<Side, number>,
 *   tied: boolean}} Choice
 */

/**
 * A query with the key before it that it scores highest.
 * @param {Rotated} rope
 * @param {Choice} choice
 * @param {number} query
 * @returns {Choice}
 */
export function withQuery(rope, choice, query) {
  const keys = range(Math.max(query, 1));
  const scores = keys.map((key) => scoreAt(rope, { ...choice, query, key }, query, key));
  const key = scores.indexOf(Math.max(...scores));
  return { ...choice, query, key, stand: { query, key } };
}

/**
 * The pairs of the query or the key, as they are if it stands at a position.
 * @param {Rotated} rope
 * @param {Choice} choice
 * @param {Side} side
 * @param {number} position
 * @returns {Pair[]}
 */
export function pairsAt({ vectors, n_heads, frequencies }, choice, side, position) {
  const layer = vectors.get(choice.layer);
  if (!layer) throw new Error(`layer ${choice.layer + 1} has not come`);
  const array = side === "query" ? layer.q : layer.k;
  const group = n_heads / array.shape[0];
  const vector = slice(array, Math.floor(choice.head / group), choice[side]);
  return turned(vector, position - choice[side], frequencies);
}

/**
 * @param {Rotated} rope
 * @param {Choice} choice
 * @param {number} query the position at which the query stands
 * @param {number} key
 */
export const scoreAt = (rope, choice, query, key) =>
  score(pairsAt(rope, choice, "query", query), pairsAt(rope, choice, "key", key));

/**
 * Where both stand once one of them was moved, within the model's length.
 * @param {Rotated} rope
 * @param {Choice} choice
 * @param {Side} side
 * @param {number} to
 * @returns {Choice["stand"]}
 */
export function moved({ length }, { stand, tied }, side, to) {
  const last = length - 1;
  if (!tied) return { ...stand, [side]: clamp(to, 0, last) };
  const other = side === "query" ? "key" : "query";
  const gap = stand[other] - stand[side];
  const place = clamp(to, Math.max(0, -gap), Math.min(last, last - gap));
  return { ...stand, [side]: place, [other]: place + gap };
}

/**
 * The name of the chosen head, both counted from 1.
 * @param {Choice} choice
 */
export const headName = ({ layer, head }) => `${layer + 1}.${head + 1}`;
