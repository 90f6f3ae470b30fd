// @ts-check
// What follows from a configuration, as transformer_core/laws/ has it: parameters by part, arithmetic,
// memory. Nothing is allocated; all of it is multiplication.

import { sum } from "../../../ui/kit/arithmetic.js";
import {
  expertLayers,
  hasNormBias,
  headWidth,
  isDecoder,
  isLatent,
  matrices,
  queryWidth,
  valueWidth,
  windowedLayers,
} from "./blueprint.js";

/** @typedef {import("./blueprint.js").Blueprint} Blueprint */
/**
 * Parameters by part.
 * @typedef {{embedding: number, positions: number, attention: number, feed_forward: number, norms: number,
 *   unembedding: number}} Parameters
 */
/**
 * FLOP by part.
 * @typedef {{qkv: number, scores: number, mixing: number, out_proj: number, feed_forward: number,
 *   unembedding: number}} Flops
 */
/** @typedef {"float32" | "mixed"} Precision */

export const PARTS = /** @type {const} */ ([
  "embedding",
  "positions",
  "attention",
  "feed_forward",
  "norms",
  "unembedding",
]);

/**
 * Bytes of each parameter: weights, gradients, Adam.
 * @type {Record<Precision, [number, number, number]>}
 */
const TRAINING = { float32: [4, 4, 8], mixed: [2, 2, 12] };
/** @type {Record<Precision, number>} */
const ACTIVATION_BYTES = { float32: 4, mixed: 2 };

// ---------------------------------------------------------------------------------- parameters

/**
 * Numbers of one layer's matrices: to queries, to keys and values, and back.
 * @param {Blueprint} plan
 */
export function attentionMatrices(plan) {
  const { d_model: d, n_heads: heads, q_rank: through, kv_rank: rank } = plan;
  const query = heads * queryWidth(plan);
  if (!isLatent(plan))
    return { queries: d * query, keysValues: 2 * d * plan.n_kv_heads * headWidth(plan), output: query * d };
  const queries = through ? d * through + through * query : d * query;
  const fromRank = rank * heads * (headWidth(plan) + plan.value_width);
  return { queries, keysValues: d * (rank + plan.rope_width) + fromRank, output: heads * plan.value_width * d };
}

/** @param {Blueprint} plan */
function attentionParameters(plan) {
  const { queries, keysValues, output } = attentionMatrices(plan);
  const width = headWidth(plan);
  const biases = isLatent(plan)
    ? plan.q_rank + plan.kv_rank + plan.rope_width + plan.d_model
    : plan.d_model + (plan.n_heads + 2 * plan.n_kv_heads) * width;
  return queries + keysValues + output + (plan.attention_bias ? biases : 0);
}

/**
 * One MLP of a width.
 * @param {Blueprint} plan
 * @param {number} width
 */
function mlpParameters(plan, width) {
  const biases = (matrices(plan) - 1) * width + plan.d_model;
  return matrices(plan) * plan.d_model * width + (plan.feed_forward_bias ? biases : 0);
}

/** @param {Blueprint} plan */
function normParameters(plan) {
  const sides = plan.block === "both_norms" ? 2 : 1;
  const sublayers = isDecoder(plan) ? 2 : 5;
  const ends = plan.block === "post_norm" ? 0 : halves(plan);
  const wide = sides * sublayers * plan.n_layers + ends;
  const ranks = isLatent(plan) ? plan.q_rank + plan.kv_rank : 0;
  const narrow = plan.n_layers * (ranks + (plan.qk_norm ? 2 * queryWidth(plan) : 0));
  return wide * (hasNormBias(plan) ? 2 : 1) * plan.d_model + narrow;
}

/** @param {Blueprint} plan */
const halves = (plan) => (isDecoder(plan) ? 1 : 2);

/**
 * Attentions for each layer: a decoder's own, an encoder's, the one between.
 * @param {Blueprint} plan
 */
const attentions = (plan) => (isDecoder(plan) ? 1 : 3);

/**
 * Parameters by part, of all experts or of so many.
 * @param {Blueprint} plan
 * @param {number} [experts]
 * @returns {Parameters}
 */
export function countParameters(plan, experts = plan.n_experts) {
  const vocabulary = plan.vocab_size * plan.d_model;
  const routed = expertLayers(plan);
  const router = (plan.d_model + (plan.router_bias ? 1 : 0)) * plan.n_experts;
  const routedLayer = router + (experts + plan.n_shared) * mlpParameters(plan, plan.d_expert);
  const plain = halves(plan) * plan.n_layers - routed;
  return {
    embedding: vocabulary,
    positions: plan.position === "learned" ? halves(plan) * plan.context_length * plan.d_model : 0,
    attention: attentions(plan) * plan.n_layers * attentionParameters(plan),
    feed_forward: plain * mlpParameters(plan, plan.d_ff) + routed * routedLayer,
    norms: normParameters(plan),
    unembedding: plan.tied_embeddings ? 0 : vocabulary,
  };
}

/** @param {Blueprint} plan */
export const totalParameters = (plan) => sum(Object.values(countParameters(plan)));

/**
 * Those that one token meets: without the experts that the router leaves out.
 * @param {Blueprint} plan
 */
export const activeParameters = (plan) => sum(Object.values(countParameters(plan, plan.n_active)));

// ---------------------------------------------------------------------------------- arithmetic

/**
 * Keys that a token's query is compared with, all layers together.
 * @param {Blueprint} plan
 * @param {number} n
 */
function keysRead(plan, n) {
  const windowed = windowedLayers(plan);
  return windowed * Math.min(n, plan.sliding_window) + (plan.n_layers - windowed) * n;
}

/**
 * What each token's matrices cost, with so many attentions for each layer.
 * @param {Blueprint} plan
 * @param {number} tokens
 * @param {number} each
 */
function matrixFlops(plan, tokens, each) {
  const { queries, keysValues, output } = attentionMatrices(plan);
  const routed = expertLayers(plan);
  const active = (plan.n_active + plan.n_shared) * plan.d_expert;
  const wide = (halves(plan) * plan.n_layers - routed) * plan.d_ff + routed * active;
  const layers = each * plan.n_layers;
  return {
    qkv: 2 * tokens * layers * (queries + keysValues),
    out_proj: 2 * tokens * layers * output,
    feed_forward: 2 * tokens * plan.d_model * (matrices(plan) * wide + routed * plan.n_experts),
    unembedding: 2 * tokens * plan.d_model * plan.vocab_size,
  };
}

/**
 * A pass over a text of n tokens.
 * @param {Blueprint} plan
 * @param {number} n
 * @returns {Flops}
 */
export function passFlops(plan, n) {
  const pairs = 2 * n * keysRead(plan, n) * plan.n_heads * attentions(plan);
  const flops = matrixFlops(plan, n, attentions(plan));
  return { ...flops, scores: pairs * queryWidth(plan), mixing: pairs * valueWidth(plan) };
}

/**
 * One new token of a text that has n with it, what can be kept of the others being kept.
 * @param {Blueprint} plan
 * @param {number} n
 * @returns {Flops}
 */
export function tokenFlops(plan, n) {
  const flops = matrixFlops(plan, 1, 1);
  const crossed = isDecoder(plan) ? 0 : 1;
  const more = attentionMatrices(plan);
  const pairs = 2 * keysRead(plan, n) * plan.n_heads * (1 + crossed);
  const query = isLatent(plan) ? plan.kv_rank + plan.rope_width : queryWidth(plan);
  const value = isLatent(plan) ? plan.kv_rank : valueWidth(plan);
  return {
    qkv: flops.qkv + crossed * 2 * more.queries * plan.n_layers,
    scores: pairs * query,
    mixing: pairs * value,
    out_proj: flops.out_proj + crossed * 2 * more.output * plan.n_layers,
    feed_forward: flops.feed_forward / (1 + crossed),
    unembedding: flops.unembedding,
  };
}

/** @param {Flops} flops */
export const allFlops = (flops) => sum(Object.values(flops));

/**
 * Training on so many tokens, in texts of n: a backward pass takes two forward passes.
 * @param {Blueprint} plan
 * @param {number} n
 * @param {number} tokens
 */
export const trainingFlops = (plan, n, tokens) => ((3 * allFlops(passFlops(plan, n))) / n) * tokens;

// -------------------------------------------------------------------------------------- memory

/**
 * Numbers kept of a text of n tokens, all layers together.
 * @param {Blueprint} plan
 * @param {number} n
 */
export function cacheNumbers(plan, n) {
  const each = isLatent(plan) ? plan.kv_rank + plan.rope_width : 2 * plan.n_kv_heads * headWidth(plan);
  return each * keysRead(plan, n) * halves(plan);
}

/**
 * Bytes while a model answers.
 * @param {Blueprint} plan
 * @param {{n: number, batch: number, bits: number}} setting
 */
export function servingMemory(plan, { n, batch, bits }) {
  const size = bits === 32 ? 4 : 2;
  return { weights: (totalParameters(plan) * bits) / 8, cache: cacheNumbers(plan, n) * batch * size };
}

/**
 * Bytes while a model is trained with Adam.
 * @param {Blueprint} plan
 * @param {{n: number, batch: number, precision: Precision}} setting
 */
export function trainingMemory(plan, { n, batch, precision }) {
  const parameters = totalParameters(plan);
  const [weights, gradients, optimizer] = TRAINING[precision].map((each) => each * parameters);
  const activations = activationNumbers(plan) * batch * n * ACTIVATION_BYTES[precision];
  return { weights, gradients, optimizer, activations };
}

/**
 * Numbers kept of one token for the backward pass.
 * @param {Blueprint} plan
 */
export function activationNumbers(plan) {
  const routed = expertLayers(plan);
  const plain = halves(plan) * plan.n_layers - routed;
  const layers =
    attentions(plan) * plan.n_layers * attentionNumbers(plan) +
    plain * (normsNumbers(plan) + insideNumbers(plan, plan.d_ff)) +
    routed * expertsNumbers(plan);
  return layers + 2 * plan.d_model + plan.vocab_size;
}

/**
 * What the norms of one sublayer read.
 * @param {Blueprint} plan
 */
const normsNumbers = (plan) => plan.d_model * (plan.block === "both_norms" ? 2 : 1);

/** @param {Blueprint} plan */
function attentionNumbers(plan) {
  const { n_heads: heads } = plan;
  const kept = normsNumbers(plan) + plan.d_model + heads * valueWidth(plan);
  if (isLatent(plan)) {
    const ranks = 2 * (plan.q_rank + plan.kv_rank) + plan.rope_width;
    return kept + ranks + heads * (2 * queryWidth(plan) + plan.value_width);
  }
  const kv = plan.n_kv_heads * headWidth(plan);
  return kept + (heads * headWidth(plan) + kv) * (plan.qk_norm ? 2 : 1) + kv;
}

/**
 * An MLP's input, and of each neuron what the backward pass needs.
 * @param {Blueprint} plan
 * @param {number} width
 */
const insideNumbers = (plan, width) => plan.d_model + (matrices(plan) === 3 ? 4 : 2) * width;

/** @param {Blueprint} plan */
function expertsNumbers(plan) {
  const inside = (plan.n_active + plan.n_shared) * insideNumbers(plan, plan.d_expert);
  return normsNumbers(plan) + plan.d_model + plan.n_experts + inside;
}
