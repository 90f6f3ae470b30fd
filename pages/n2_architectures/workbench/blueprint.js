// @ts-check
// A Transformer on paper, as transformer_core/laws/blueprint.py has it: its sizes, what follows from them
// directly, and why some cannot be built.

import { range } from "../../../ui/kit/arithmetic.js";
import { count } from "../../../ui/kit/format.js";

/**
 * By the names of `Blueprint` in transformer_core/laws/blueprint.py, which explains each.
 * @typedef {{vocab_size: number, context_length: number, d_model: number, n_layers: number, n_heads: number,
 *   n_kv_heads: number, d_ff: number, head_width: number, stack: string, attention: string, position: string,
 *   norm: string, block: string, activation: string, attention_bias: boolean, feed_forward_bias: boolean,
 *   tied_embeddings: boolean, qk_norm: boolean, sliding_window: number, global_every: number, q_rank: number,
 *   kv_rank: number, rope_width: number, value_width: number, n_experts: number, n_active: number,
 *   n_shared: number, d_expert: number, n_dense_layers: number, router_bias: boolean}} Blueprint
 */
/** @typedef {keyof Blueprint} Field */
/** @typedef {Record<string, [number, number]>} Limits */

const DIVISORS_SHOWN = 12;

/** @param {Blueprint} plan */
export const isDecoder = (plan) => plan.stack === "decoder";

/** @param {Blueprint} plan */
export const isLatent = (plan) => plan.attention === "latent";

/** @param {Blueprint} plan */
export const headWidth = (plan) => plan.head_width || Math.floor(plan.d_model / plan.n_heads);

/**
 * Numbers of one head's query, and of its key.
 * @param {Blueprint} plan
 */
export const queryWidth = (plan) => headWidth(plan) + (isLatent(plan) ? plan.rope_width : 0);

/**
 * Numbers of one head's value.
 * @param {Blueprint} plan
 */
export const valueWidth = (plan) => (isLatent(plan) ? plan.value_width : headWidth(plan));

/**
 * Matrices of one MLP.
 * @param {Blueprint} plan
 */
export const matrices = (plan) => (plan.activation === "swiglu" || plan.activation === "geglu" ? 3 : 2);

/**
 * Layers with a router.
 * @param {Blueprint} plan
 */
export const expertLayers = (plan) => (plan.n_experts ? plan.n_layers - plan.n_dense_layers : 0);

/**
 * Layers that look back at `sliding_window` tokens only.
 * @param {Blueprint} plan
 */
export function windowedLayers({ sliding_window: sight, global_every: every, n_layers }) {
  const whole = every ? Math.floor(n_layers / every) : 0;
  return sight ? n_layers - whole : 0;
}

/** @param {Blueprint} plan */
export const hasNormBias = (plan) => plan.norm === "layer_norm" && plan.attention_bias && plan.feed_forward_bias;

/**
 * Why this cannot be built, in a sentence; empty where it can.
 * @param {Blueprint} plan
 * @param {Limits} limits
 */
export function problem(plan, limits) {
  for (const [name, [least, most]] of Object.entries(limits)) {
    const value = Number(plan[/** @type {Field} */ (name)]);
    if (!(value >= least && value <= most)) return outOfRange(name, count(value), limits[name]);
  }
  return headsProblem(plan) || expertsProblem(plan) || stackProblem(plan);
}

/**
 * @param {string} name
 * @param {string} value
 * @param {[number, number]} limits
 */
export const outOfRange = (name, value, [least, most]) =>
  `${name} is ${value}. It must be a whole number from ${count(least)} to ${count(most)}.`;

/** @param {Blueprint} plan */
function headsProblem(plan) {
  const { n_heads: heads, n_kv_heads: kv, d_model: d } = plan;
  if (!plan.head_width && d % heads) {
    const said = `n_heads = ${count(heads)} does not divide d_model = ${count(d)}.`;
    return `${said} Choose ${divisors(d)} heads, or set head_width.`;
  }
  if (!isLatent(plan) && heads % kv) {
    const said = `n_kv_heads = ${count(kv)} does not divide n_heads = ${count(heads)}.`;
    return `${said} It may be ${divisors(heads)}.`;
  }
  const turned = isLatent(plan) ? plan.rope_width : headWidth(plan);
  if (plan.position === "rope" && turned % 2)
    return `Rotary positions turn pairs of numbers, and a head has ${count(turned)}. Choose an even width.`;
  if (plan.position === "sinusoidal" && d % 2)
    return `Sines and cosines come in pairs, and d_model = ${count(d)} is odd. Choose an even width.`;
  return "";
}

/** @param {Blueprint} plan */
function expertsProblem({ n_experts: experts, n_active: active, n_dense_layers: dense, n_layers: layers }) {
  if (!experts) return "";
  if (active > experts) return `n_active = ${count(active)} is more than the ${count(experts)} experts that there are.`;
  if (dense > layers)
    return `n_dense_layers = ${count(dense)} is more than the ${count(layers)} layers that there are.`;
  return "";
}

/** @param {Blueprint} plan */
function stackProblem(plan) {
  const special =
    isLatent(plan) || plan.n_experts || plan.sliding_window || plan.qk_norm || plan.block === "both_norms";
  if (isDecoder(plan) || !special) return "";
  const without = "without latent attention, experts, windows, query norms and norms on both sides";
  return `An encoder and decoder is counted here with plain heads only: ${without}.`;
}

/**
 * The divisors of n as a sentence names them: all, or the smallest and n itself.
 * @param {number} n
 */
function divisors(n) {
  const found = range(n)
    .map((i) => i + 1)
    .filter((each) => n % each === 0);
  const shown = found.length <= DIVISORS_SHOWN ? found : [...found.slice(0, DIVISORS_SHOWN - 1), n];
  const said = shown.map(count);
  const last = said.pop();
  return said.length ? `${said.join(", ")} or ${last}` : last;
}
