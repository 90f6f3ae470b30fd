// @ts-check
// What a cache keeps with each kind of attention, as transformer_core/laws/decoding.py counts it.

/** @typedef {{numbers: number, kv_heads: number}} KindData */
/**
 * @typedef {{title: string, source: string, own: string, kinds: Record<string, KindData>, n_heads: number,
 *   n_layers: number, latent: number, rope: number}} KeptData
 */

export const KINDS = ["MHA", "GQA", "MQA", "MLA"];
export const BYTES = 2; // of a 16-bit number

/**
 * Bytes of so many tokens in all layers.
 * @param {KeptData} shape
 * @param {string} kind
 * @param {number} tokens
 */
export const keptBytes = ({ kinds, n_layers }, kind, tokens) => BYTES * kinds[kind].numbers * n_layers * tokens;
