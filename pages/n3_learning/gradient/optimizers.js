// @ts-check
// SGD with momentum, AdamW and Muon, as transformer_core/optimizers.py has them; the tests hold both equal.
// A weight is a matrix, its rows one after another.

import { norm, range } from "../../../ui/kit/arithmetic.js";

/** @typedef {{rows: number, columns: number, values: number[]}} Matrix */
/** `step` changes nothing in place; the state begins as `null`.
 * @typedef {{w: Matrix, state: any}} Stepped
 * @typedef {{name: string, step: (w: Matrix, g: Matrix, state: any, rate: number) => Stepped}} Optimizer
 */

const NEWTON_SCHULZ = [3.4445, -4.775, 2.0315];
const ITERATIONS = 5;
const TINY = 1e-7;
const BETAS = [0.9, 0.95];
const EPSILON = 1e-8;

/**
 * @param {Matrix} matrix
 * @param {number[]} values
 * @returns {Matrix}
 */
const like = ({ rows, columns }, values) => ({ rows, columns, values });

/**
 * a x + b y, entry by entry.
 * @param {number} a
 * @param {Matrix} x
 * @param {number} b
 * @param {Matrix} y
 */
export const combine = (a, x, b, y) =>
  like(
    x,
    x.values.map((each, i) => a * each + b * y.values[i]),
  );

/** @param {Matrix} w */
const zeros = (w) =>
  like(
    w,
    w.values.map(() => 0),
  );

/**
 * @param {Matrix} a
 * @param {Matrix} b
 * @returns {Matrix}
 */
export function times(a, b) {
  const values = new Array(a.rows * b.columns).fill(0);
  for (let i = 0; i < a.rows; i++)
    for (let k = 0; k < a.columns; k++)
      for (let j = 0; j < b.columns; j++)
        values[i * b.columns + j] += a.values[i * a.columns + k] * b.values[k * b.columns + j];
  return { rows: a.rows, columns: b.columns, values };
}

/**
 * @param {Matrix} a
 * @returns {Matrix}
 */
export const turned = ({ rows, columns, values }) => ({
  ...{ rows: columns, columns: rows },
  values: range(rows * columns).map((i) => values[(i % rows) * columns + Math.floor(i / rows)]),
});

/**
 * v ← μ v + g, w ← w − η v.
 * @param {number} momentum
 * @returns {Optimizer}
 */
export const sgd = (momentum) => ({
  name: momentum ? "SGD with momentum" : "SGD",
  step(w, g, state, rate) {
    const v = combine(momentum, state ?? zeros(w), 1, g);
    return { w: combine(1, w, -rate, v), state: v };
  },
});

/**
 * m and v are running means of g and g², each divided by 1 − βᵗ.
 * @param {number} [decay] of the weights
 * @returns {Optimizer}
 */
export const adamw = (decay = 0) => ({
  name: "AdamW",
  step(w, g, state, rate) {
    const [one, two] = BETAS;
    const before = state ?? { m: zeros(w), v: zeros(w), t: 0 };
    const t = before.t + 1;
    const m = combine(one, before.m, 1 - one, g);
    const v = combine(
      two,
      before.v,
      1 - two,
      like(
        g,
        g.values.map((x) => x * x),
      ),
    );
    const moved = w.values.map((x, i) => {
      const size = Math.sqrt(v.values[i] / (1 - two ** t)) + EPSILON;
      return x - rate * decay * x - (rate * m.values[i]) / (1 - one ** t) / size;
    });
    return { w: like(w, moved), state: { m, v, t } };
  },
});

/**
 * The momentum, orthogonalised; matrices only.
 * @param {number} [momentum]
 * @param {number} [decay]
 * @returns {Optimizer}
 */
export const muon = (momentum = 0.95, decay = 0) => ({
  name: "Muon",
  step(w, g, state, rate) {
    const m = combine(momentum, state ?? zeros(w), 1 - momentum, g);
    const ahead = combine(1 - momentum, g, momentum, m);
    const size = Math.sqrt(Math.max(1, w.rows / w.columns));
    return { w: combine(1 - rate * decay, w, -rate * size, orthogonalise(ahead)), state: m };
  },
});

/**
 * All singular values near 1: X ← a X + b (X Xᵀ) X + c (X Xᵀ)² X, five times.
 * @param {Matrix} g
 * @returns {Matrix}
 */
export function orthogonalise(g) {
  const [a, b, c] = NEWTON_SCHULZ;
  const tall = g.rows > g.columns;
  const start = tall ? turned(g) : g;
  const length = Math.max(norm(start.values), TINY);
  let x = like(
    start,
    start.values.map((each) => each / length),
  );
  for (let i = 0; i < ITERATIONS; i++) {
    const gram = times(x, turned(x));
    x = combine(a, x, 1, times(combine(b, gram, c, times(gram, gram)), x));
  }
  return tall ? turned(x) : x;
}

/**
 * The singular values of a matrix, the largest first: roots of the eigenvalues of A Aᵀ, by Jacobi's rotations.
 * @param {Matrix} a
 */
export function singularValues(a) {
  const wide = a.rows > a.columns ? turned(a) : a;
  const n = wide.rows;
  const gram = times(wide, turned(wide)).values;
  for (let sweep = 0; sweep < 30; sweep++)
    for (let p = 0; p < n; p++) for (let q = p + 1; q < n; q++) rotate(gram, n, p, q);
  return range(n)
    .map((i) => Math.sqrt(Math.max(0, gram[i * n + i])))
    .sort((x, y) => y - x);
}

/**
 * Jacobi: turn rows and columns p and q of a symmetric matrix so that what stands between them is 0.
 * @param {number[]} s
 * @param {number} n
 * @param {number} p
 * @param {number} q
 */
function rotate(s, n, p, q) {
  const between = s[p * n + q];
  if (Math.abs(between) < 1e-300) return;
  const theta = (s[q * n + q] - s[p * n + p]) / (2 * between);
  const t = (theta < 0 ? -1 : 1) / (Math.abs(theta) + Math.hypot(theta, 1));
  const cos = 1 / Math.hypot(t, 1);
  const sin = t * cos;
  for (let k = 0; k < n; k++) {
    const [x, y] = [s[k * n + p], s[k * n + q]];
    s[k * n + p] = cos * x - sin * y;
    s[k * n + q] = sin * x + cos * y;
  }
  for (let k = 0; k < n; k++) {
    const [x, y] = [s[p * n + k], s[q * n + k]];
    s[p * n + k] = cos * x - sin * y;
    s[q * n + k] = sin * x + cos * y;
  }
}
