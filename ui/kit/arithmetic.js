// @ts-check
// The arithmetic of vectors, and the activation functions, as transformer_core has them.

/** @typedef {ArrayLike<number>} Vector */

/**
 * @param {number} x
 * @param {number} low
 * @param {number} high
 */
export const clamp = (x, low, high) => Math.min(Math.max(x, low), high);

/**
 * 0, 1, … n - 1.
 * @param {number} n
 */
export const range = (n) => Array.from({ length: n }, (_, i) => i);

/** @param {Vector} values */
export function sum(values) {
  let total = 0;
  for (let i = 0; i < values.length; i++) total += values[i];
  return total;
}

/**
 * The largest absolute value; 0 of none.
 * @param {Vector} values
 */
export function largest(values) {
  let top = 0;
  for (let i = 0; i < values.length; i++) top = Math.max(top, Math.abs(values[i]));
  return top;
}

/** @param {Vector} values */
export const mean = (values) => sum(values) / values.length;

/**
 * @param {Vector} a
 * @param {Vector} b
 */
export function dot(a, b) {
  let total = 0;
  for (let i = 0; i < a.length; i++) total += a[i] * b[i];
  return total;
}

/**
 * The length of a vector.
 * @param {Vector} x
 */
export const norm = (x) => Math.sqrt(dot(x, x));

/**
 * 0 where one of the two has no length.
 * @param {Vector} a
 * @param {Vector} b
 */
export const cosine = (a, b) => dot(a, b) / (norm(a) * norm(b) || 1);

/**
 * e^(score / divisor) over the row's sum of it.
 * @param {Vector} scores
 * @param {number} [divisor]
 */
export function softmax(scores, divisor = 1) {
  let top = -Infinity;
  for (let i = 0; i < scores.length; i++) top = Math.max(top, scores[i]);
  const powers = Array.from(scores, (score) => Math.exp((score - top) / divisor));
  const total = sum(powers);
  return powers.map((x) => x / total);
}

/**
 * −Σ p ln p, in nats.
 * @param {Vector} shares
 */
export function entropy(shares) {
  let total = 0;
  for (let i = 0; i < shares.length; i++) if (shares[i] > 0) total -= shares[i] * Math.log(shares[i]);
  return total;
}

/**
 * Abramowitz and Stegun 7.1.26: within 1.5e-7.
 * @param {number} x
 */
export function erf(x) {
  const t = 1 / (1 + 0.3275911 * Math.abs(x));
  const series = 0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429)));
  const tail = t * series * Math.exp(-x * x);
  return x < 0 ? tail - 1 : 1 - tail;
}

/**
 * The functions of transformer_core/feed_forward.py, by the same names; SwiGLU's is that of its gate.
 * @satisfies {Record<string, (x: number) => number>}
 */
export const ACTIVATIONS = {
  relu: (/** @type {number} */ x) => Math.max(x, 0),
  gelu: (/** @type {number} */ x) => (x / 2) * (1 + erf(x / Math.SQRT2)),
  gelu_tanh: (/** @type {number} */ x) => (x / 2) * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x ** 3))),
  swiglu: (/** @type {number} */ x) => x / (1 + Math.exp(-x)),
};
