// @ts-check
// A norm step by step, as transformer_core/lens/norm_arithmetic.py takes it apart.

import { dot, mean } from "../../../ui/kit/arithmetic.js";

/** @typedef {import("../../../ui/kit/arithmetic.js").Vector} Vector */
/**
 * RMSNorm does not centre, and has no bias.
 * @typedef {{centres: boolean, eps: number, gain: Vector, bias?: Vector}} Norm
 */
/**
 * spread = √(variance + ε); standard = centred ÷ spread; scaled = standard × gain.
 * @typedef {{x: number[], mean: number, centred: number[], variance: number, spread: number,
 *   standard: number[], scaled: number[], output: number[]}} NormSteps
 */

/**
 * What a norm makes of a vector.
 * @param {Norm} norm
 * @param {number[]} x
 * @returns {NormSteps}
 */
export function normSteps({ centres, eps, gain, bias }, x) {
  const middle = centres ? mean(x) : 0;
  const centred = x.map((value) => value - middle);
  const variance = dot(centred, centred) / x.length;
  const spread = Math.sqrt(variance + eps);
  const standard = centred.map((value) => value / spread);
  const scaled = standard.map((value, i) => value * gain[i]);
  const output = bias ? scaled.map((value, i) => value + bias[i]) : scaled;
  return { x, mean: middle, centred, variance, spread, standard, scaled, output };
}
