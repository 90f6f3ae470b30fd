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
 * What a run of the app tells the picture, which then asks `passes` for the pass. Below that address,
 * `/layer` has another layer's numbers and `/lens` another token's guesses. `noticed`: whether the frame
 * says something about the sentence; `longest`: how many characters of a text are read.
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
 *   name: string, parameters: number, vocab_size: number, most_tokens: number, n_layers: number,
 *   n_heads: number, n_kv_heads: number, d_model: number, d_head: number, d_ff: number,
 *   position: string, norm: string, activation: string, bias: boolean, tied_embeddings: boolean,
 * }} ModelShape
 */

/**
 * A head's role: the mean attention weight measured for it, and the same on this text. `here`: null where the
 * text gives such a head nothing to attend to; `shown`: whether it is at least half of what was measured.
 * @typedef {{name: string, measured: number, here: number | null, shown: boolean}} RoleHere
 */

/**
 * What travels beside the numbers of a pass. `roles` [layer][head]; `telling`: the layer and head that
 * tell most of this text; `layer`: whose numbers came along; `tokens`: after which the layers' guesses did;
 * `every_lens`: whether those after all tokens may be asked for at once; `resting`: the mean share that
 * rests on the first token; `bins`: where each row of a small map begins, and the end; `pieces` by token
 * id; `bytes` [position]; one of `last_logits` stands for `group` tokens from `exact` on; of the tokens
 * `computed` were run through the model just now and the last `sampled` were not typed.
 * @typedef {{
 *   model: ModelShape, roles: ((RoleHere | null)[])[], telling: [number, number], layer: number,
 *   tokens: number[], every_lens: boolean, resting: number, bins: number[], pieces: Record<string, string>,
 *   bytes: number[][], exact: number, group: number, computed: number, sampled: number,
 *   noticed: boolean,
 * }} PassHeader
 */

/**
 * What is known of a whole pass, [position, ...] all but the last two. Of vectors as wide as the model,
 * the first numbers; 8-bit numbers are steps of the vector's scale.
 * @typedef {{
 *   token_ids: Tensor<Int32Array>, next_ids: Tensor<Int32Array>, next_logits: Tensor, log_sum: Tensor,
 *   token_embedded: Tensor, position_added: Tensor, embedded: Tensor, embedding_size: Tensor,
 *   final_norm: Tensor<Int8Array>, final_norm_scale: Tensor, maps: Tensor<Uint8Array>,
 *   last_logits: Tensor,
 * }} PassArrays
 */

/**
 * One layer's numbers, [position, ...] all but the last. `size`: lengths of x, attention, x + that, MLP,
 * x + that; `norm_input`: mean, deviation, root mean square of what both norms read, [norm, 3];
 * `neurons`: index and value of the strongest, [rank, 2]; `shares` of 65,535, [head, n (n + 1) / 2]: row
 * after row.
 * @typedef {{
 *   q: Tensor, k: Tensor, v: Tensor,
 *   attention_norm: Tensor<Int8Array>, attention_norm_scale: Tensor,
 *   attention_output: Tensor<Int8Array>, attention_output_scale: Tensor,
 *   resid_mid: Tensor<Int8Array>, resid_mid_scale: Tensor,
 *   feed_forward_norm: Tensor<Int8Array>, feed_forward_norm_scale: Tensor,
 *   hidden: Tensor<Int8Array>, hidden_scale: Tensor,
 *   feed_forward_output: Tensor<Int8Array>, feed_forward_output_scale: Tensor,
 *   resid_pre: Tensor<Int8Array>, resid_pre_scale: Tensor,
 *   resid_post: Tensor<Int8Array>, resid_post_scale: Tensor,
 *   size: Tensor, norm_input: Tensor, neurons: Tensor, shares: Tensor<Uint16Array>,
 * }} LayerArrays
 */

/**
 * After which tokens the layers' guesses are, and what they say.
 * @typedef {{tokens: number[], pieces: Record<string, string>}} LensHeader
 */

/**
 * The likeliest next token after each layer and its share, [token, layer].
 * @typedef {{lens_ids: Tensor<Int32Array>, lens_shares: Tensor}} LensArrays
 */

/**
 * Whose numbers they are.
 * @typedef {{layer: number}} LayerHeader
 */

export {};
