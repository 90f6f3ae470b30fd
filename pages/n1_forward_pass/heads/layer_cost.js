// @ts-check
// What a layer of heads costs, as transformer_core/lens/head_arithmetic.py counts it.

/**
 * @typedef {{n_layers: number, n_heads: number, n_kv_heads: number, d_head: number, d_model: number}} Shape
 */

/**
 * Numbers in W_Q; multiplications of one query with one key, all heads together; numbers kept per
 * token by one layer, keys and values.
 * @param {Shape} shape
 */
export function layerCost({ n_heads, n_kv_heads, d_head, d_model }) {
  const width = n_heads * d_head;
  return { q_weights: d_model * width, per_pair: width, cached: 2 * n_kv_heads * d_head };
}
