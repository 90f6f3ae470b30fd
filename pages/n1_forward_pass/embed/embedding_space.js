// @ts-check
// The geometry of the embedding matrix, as transformer_core/lens/embedding_map.py has it: who is near
// whom, arithmetic with words, and where a vector stands on a flat map.

import { dot, norm, range } from "../../../ui/kit/arithmetic.js";
import { slice } from "../../../ui/kit/tensors.js";

/** @import { Vector } from "../../../ui/kit/arithmetic.js" */
/** @import { Tensor } from "../../../ui/kit/tensors.js" */

/** @typedef {{rows: Tensor, mean: Tensor, axes: Tensor}} TableArrays rows [token, d], mean [d], axes [component, d] */
/**
 * `n` rows of `d` numbers; `lengths` of the rows, and `apart`: their lengths once the average row is
 * taken from each; a row of zeros counts as 1 long.
 * @typedef {{n: number, d: number, rows: Float32Array, mean: Float32Array, axes: Float32Array[],
 *   lengths: Float64Array, apart: Float64Array}} Space
 */

/**
 * @param {TableArrays} arrays
 * @returns {Space}
 */
export function spaceOf({ rows, mean, axes }) {
  const [n, d] = rows.shape;
  const lengthOf = (/** @type {Vector} */ vector) => norm(vector) || 1;
  const each = range(n).map((i) => slice(rows, i));
  return {
    n,
    d,
    rows: rows.values,
    mean: mean.values,
    axes: range(axes.shape[0]).map((k) => slice(axes, k)),
    lengths: Float64Array.from(each, lengthOf),
    apart: Float64Array.from(each, (row) => lengthOf(row.map((x, k) => x - mean.values[k]))),
  };
}

/**
 * @param {Space} space
 * @param {number} i
 */
export const rowOf = ({ rows, d }, i) => rows.subarray(i * d, (i + 1) * d);

/**
 * @param {Space} space
 * @param {number} i
 */
const unit = (space, i) => Float64Array.from(rowOf(space, i), (x) => x / space.lengths[i]);

/**
 * (e − mean) · axis, along each axis: where a vector stands on the map.
 * @param {Space} space
 * @param {Vector} vector
 */
export function placeOf({ mean, axes }, vector) {
  const centred = Float64Array.from(vector, (x, k) => x - mean[k]);
  return axes.map((axis) => dot(axis, centred));
}

/**
 * Of a vector with every row; `centred`: the average row is taken from all of them first.
 * @param {Space} space
 * @param {Vector} vector
 * @param {boolean} [centred]
 */
export function cosines(space, vector, centred = false) {
  const { n, mean } = space;
  const v = centred ? Float64Array.from(vector, (x, k) => x - mean[k]) : vector;
  const lengths = centred ? space.apart : space.lengths;
  const shift = centred ? dot(mean, v) : 0;
  const length = norm(v) || 1;
  const found = new Float64Array(n);
  for (let i = 0; i < n; i++) found[i] = (dot(rowOf(space, i), v) - shift) / (lengths[i] * length);
  return found;
}

/**
 * The indices of the highest similarities, best first, but for those left out.
 * @param {Vector} similarity
 * @param {number} count
 * @param {readonly number[]} [leaveOut]
 */
export function nearest(similarity, count, leaveOut = []) {
  /** @type {number[]} */
  const top = [];
  for (let i = 0; i < similarity.length; i++) {
    if (top.length === count && similarity[i] <= similarity[top[count - 1]]) continue;
    if (leaveOut.includes(i)) continue;
    const at = top.findIndex((each) => similarity[each] < similarity[i]);
    top.splice(at < 0 ? top.length : at, 0, i);
    top.length = Math.min(top.length, count);
  }
  return top;
}

/**
 * a − b + c, each of length 1 first.
 * @param {Space} space
 * @param {number} a
 * @param {number} b
 * @param {number} c
 */
export function analogy(space, a, b, c) {
  const [taken, added] = [unit(space, b), unit(space, c)];
  return unit(space, a).map((x, k) => x - taken[k] + added[k]);
}

/**
 * a + c, each of length 1 first.
 * @param {Space} space
 * @param {number} a
 * @param {number} c
 */
export function between(space, a, c) {
  const added = unit(space, c);
  return unit(space, a).map((x, k) => x + added[k]);
}

/**
 * The mean cosine of two different rows: the squared length of the sum of all unit rows, less each
 * with itself, over the number of pairs.
 * @param {Space} space
 */
export function meanCosine(space) {
  const { n, d } = space;
  const total = new Float64Array(d);
  for (let i = 0; i < n; i++) {
    const row = rowOf(space, i);
    for (let k = 0; k < d; k++) total[k] += row[k] / space.lengths[i];
  }
  return (dot(total, total) - n) / (n * (n - 1));
}
