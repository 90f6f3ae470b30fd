// @ts-check
// The arithmetic of neurons, as transformer_core/feed_forward.py and transformer_core/lens/neurons.py have it.

import { ACTIVATIONS, largest } from "../../../ui/kit/arithmetic.js";

/** @typedef {import("../../../ui/kit/arithmetic.js").Vector} Vector */
/** @typedef {keyof typeof ACTIVATIONS} Activation */

export const QUIET = 0.1; // of the strongest neuron of the same token

/**
 * activation(pre), times `up` where there is a gate.
 * @param {Activation} activation
 * @param {Float32Array} pre
 * @param {Float32Array} [up]
 */
export function activated(activation, pre, up) {
  const f = ACTIVATIONS[activation];
  return pre.map((x, i) => f(x) * (up ? up[i] : 1));
}

/**
 * How many neurons reach a tenth of the strongest.
 * @param {Float32Array} hidden
 */
export function loud(hidden) {
  const least = QUIET * largest(hidden);
  return hidden.filter((x) => Math.abs(x) >= least).length;
}

/**
 * The cosine between a vector and a neuron's weights: value = |x| |w| cosine + bias.
 * @param {{value: number, bias: number, x: number, w: number}} product x and w as lengths
 */
export const match = ({ value, bias, x, w }) => (value - bias) / (x * w || 1);

/**
 * What a neuron adds to the logits of tokens on the direct path.
 * @param {Vector} effects of one unit of activation
 * @param {number} activation
 * @param {number} scale what the final norm divides by
 */
export const pushes = (effects, activation, scale) => Array.from(effects, (effect) => (effect * activation) / scale);

/**
 * f′(x), by a small step to both sides.
 * @param {(x: number) => number} f
 * @param {number} x
 */
export const slope = (f, x) => (f(x + 1e-4) - f(x - 1e-4)) / 2e-4;
