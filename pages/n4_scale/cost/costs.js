// @ts-check
// What a text costs in a known shape: transformer_core/laws/costs.py sends each part's cost for one
// token or one pair of tokens, which is multiplied here.

import { count, flops, threeDigits } from "../../../ui/kit/format.js";

/**
 * FLOP of one pass over one token, by part.
 * @typedef {{qkv: number, scores: number, mixing: number, out_proj: number, feed_forward: number,
 *   unembedding: number}} PartFlops
 */
/**
 * A shape: `note`: in what our count differs from the published model; `crossover`: tokens from which on
 * attention costs more than the matrices; `score_bytes`: of one pair of tokens, in one layer;
 * `cache_numbers_per_head`: of one token, in all layers.
 * @typedef {{title: string, source: string, note: string, flops: PartFlops, crossover: number, score_bytes: number,
 *   cache_numbers_per_head: number, n_layers: number, d_model: number, n_heads: number, n_kv_heads: number,
 *   context_length: number, parameters: number}} ShapeCosts
 */
/** @typedef {"linear" | "attention" | "unembedding"} Part */
/** @typedef {{formula: string, result: string}} Line */

export const PARTS = /** @type {const} */ (["linear", "attention", "unembedding"]);

/**
 * FLOP of a pass over n tokens: of each token's matrices, of comparing tokens, of the unembedding.
 * @param {ShapeCosts} shape
 * @param {number} n
 * @returns {Record<Part, number>}
 */
export function passCosts({ flops: one }, n) {
  return {
    linear: (one.qkv + one.out_proj + one.feed_forward) * n,
    attention: (one.scores + one.mixing) * n * n,
    unembedding: one.unembedding * n,
  };
}

/**
 * How each part's cost comes about, as it is printed; "≈" where the printed numbers give another.
 * @param {ShapeCosts} shape
 * @param {number} n
 * @returns {Record<Part, Line>}
 */
export function costLines(shape, n) {
  const one = passCosts(shape, 1);
  const all = passCosts(shape, n);
  const perToken = (/** @type {"linear" | "unembedding"} */ part) => {
    const result = flops(all[part]);
    const exact = flops(threeDigits(one[part]) * n) === result;
    return { formula: `${flops(one[part])} × ${count(n)}`, result: exact ? result : `≈ ${result}` };
  };
  const { n_layers: layers, d_model: d } = shape;
  const pairs = `${layers} layers × 2 × 2·d·n² = ${layers} × 4·${count(d)}·${count(n)}²`;
  return {
    linear: perToken("linear"),
    attention: { formula: pairs, result: flops(all.attention) },
    unembedding: perToken("unembedding"),
  };
}

/**
 * Pairs of a query and a key up to its own: those that a causal mask allows.
 * @param {number} n
 */
export const allowedPairs = (n) => (n * (n + 1)) / 2;

/**
 * Bytes of one layer's score matrices, where they are written out.
 * @param {ShapeCosts} shape
 * @param {number} n
 */
export const scoreBytes = ({ score_bytes }, n) => score_bytes * n * n;

/**
 * Bytes that the keys and values of so many tokens take.
 * @param {ShapeCosts} shape
 * @param {number} heads for keys and values
 * @param {number} size bytes of a number
 * @param {number} tokens
 */
export const cacheBytes = ({ cache_numbers_per_head }, heads, size, tokens) =>
  cache_numbers_per_head * heads * size * tokens;

/**
 * Key-value heads of a shape, had it one for each head, for a group of heads, for all; the group as
 * published, or a quarter of the heads.
 * @param {ShapeCosts} shape
 */
export function headCounts({ n_heads, n_kv_heads }) {
  const grouped = n_kv_heads < n_heads && n_kv_heads > 1;
  return { MHA: n_heads, GQA: grouped ? n_kv_heads : Math.max(1, Math.round(n_heads / 4)), MQA: 1 };
}

/**
 * How many conversations a GPU has room for beside 16-bit weights; null where those do not fit.
 * @param {ShapeCosts} shape
 * @param {number} bytes of the GPU
 * @param {number} each bytes of a conversation's cache
 */
export function conversations({ parameters }, bytes, each) {
  const room = bytes - 2 * parameters;
  return room < 0 ? null : Math.floor(room / each);
}
