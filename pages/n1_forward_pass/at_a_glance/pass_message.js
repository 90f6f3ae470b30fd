// @ts-check
// The messages between the page and its picture; pass_message.py is Python's description.
// A test holds both equal in names and kinds.

/** @import { Tensor } from "../../../ui/kit/tensors.js" */

/**
 * What a pass is of: the parameters of its address.
 * @typedef {{
 *   model: string, text: string, more: string,
 * }} Sentence
 */

/**
 * Where the reader looks; layer, head and token from 1. Null: chosen from the pass.
 * @typedef {{
 *   layer: number | null, head: number | null, token: number, step: string, temperature: number,
 *   top_p: number,
 * }} View
 */

/**
 * What a run of the app tells the picture, which then asks `passes` for the pass. `noticed`: whether
 * the frame says something about the sentence; `longest`: how many characters of a text are read.
 * @typedef {{
 *   passes: string, sentence: Sentence, noticed: boolean, longest: number, view: View,
 * }} Told
 */

/**
 * What the picture asks the app for: one more token, clicked or drawn. `length`: of the tokens that
 * the reader saw when asking.
 * @typedef {{
 *   length: number, token?: number, temperature?: number, top_p?: number,
 * }} Append
 */

/**
 * The model as the notes speak of it.
 * @typedef {{
 *   name: string, parameters: number, vocab_size: number, context_length: number, n_layers: number,
 *   n_heads: number, n_kv_heads: number, d_model: number, d_head: number, d_ff: number,
 *   position: string, norm: string, activation: string, bias: boolean, tied_embeddings: boolean,
 * }} ModelShape
 */

/**
 * What travels beside the numbers of a pass. Of the tokens `computed` were run through the model just
 * now and the last `sampled` were not typed; `roles` [layer][head]; `pieces` by token id; `bytes`
 * [position].
 * @typedef {{
 *   model: ModelShape, roles: ((string | null)[])[], pieces: Record<string, string>,
 *   bytes: number[][], computed: number, sampled: number, noticed: boolean,
 * }} PassHeader
 */

/**
 * The numbers of a pass: [position, ...] all but the last two. Of vectors as wide as the model or the
 * MLP, the first numbers; 8-bit numbers are steps of the vector's scale.
 * @typedef {object} PassArrays
 * @property {Tensor<Int32Array>} token_ids
 * @property {Tensor<Int32Array>} next_ids the likeliest next tokens, [guess]
 * @property {Tensor<Float32Array>} next_logits
 * @property {Tensor<Float32Array>} log_sum logarithm of the sum of e^logit over the vocabulary
 * @property {Tensor<Int32Array>} lens_ids the likeliest after each layer, [layer]
 * @property {Tensor<Float32Array>} lens_shares
 * @property {Tensor<Float32Array>} token_embedded
 * @property {Tensor<Float32Array>} position_added
 * @property {Tensor<Float32Array>} embedded
 * @property {Tensor<Float32Array>} embedding_size lengths of these three
 * @property {Tensor<Float32Array>} q [layer, head, number]
 * @property {Tensor<Float32Array>} k
 * @property {Tensor<Float32Array>} v
 * @property {Tensor<Int8Array>} attention_norm [layer, number], as the six below
 * @property {Tensor<Float32Array>} attention_norm_scale
 * @property {Tensor<Int8Array>} attention_output
 * @property {Tensor<Float32Array>} attention_output_scale
 * @property {Tensor<Int8Array>} resid_mid
 * @property {Tensor<Float32Array>} resid_mid_scale
 * @property {Tensor<Int8Array>} feed_forward_norm
 * @property {Tensor<Float32Array>} feed_forward_norm_scale
 * @property {Tensor<Int8Array>} hidden
 * @property {Tensor<Float32Array>} hidden_scale
 * @property {Tensor<Int8Array>} feed_forward_output
 * @property {Tensor<Float32Array>} feed_forward_output_scale
 * @property {Tensor<Int8Array>} resid_post
 * @property {Tensor<Float32Array>} resid_post_scale
 * @property {Tensor<Int8Array>} final_norm [number]
 * @property {Tensor<Float32Array>} final_norm_scale
 * @property {Tensor<Float32Array>} size lengths of x, attention, x + that, MLP, x + that, [layer, 5]
 * @property {Tensor<Float32Array>} norm_input mean, deviation, root mean square, [layer, norm, 3]
 * @property {Tensor<Float32Array>} neurons index and value of the strongest, [layer, rank, 2]
 * @property {Tensor<Uint16Array>} shares of 65,535, [layer, head, n (n + 1) / 2]: row after row
 * @property {Tensor<Float32Array>} last_logits of the last position, [token]
 */

export {};
