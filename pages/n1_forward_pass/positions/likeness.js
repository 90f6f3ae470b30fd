// @ts-check
// How alike the rows of a table are, from the cosine of every two.

import { range, sum } from "../../../ui/kit/arithmetic.js";
import { slice } from "../../../ui/kit/tensors.js";

/** @typedef {import("../../../ui/kit/tensors.js").Tensor} Tensor */

/**
 * The mean cosine of two rows that are so far apart.
 * @param {Tensor} alike
 * @param {number} distance
 */
export function meanLikeness(alike, distance) {
  const n = alike.shape[0] - distance;
  return sum(range(n).map((i) => slice(alike, i)[i + distance])) / n;
}

/**
 * The other rows, the one that is most like this one first.
 * @param {Tensor} alike
 * @param {number} row
 */
export function othersByLikeness(alike, row) {
  const cosines = slice(alike, row);
  return range(alike.shape[0])
    .filter((i) => i !== row)
    .sort((i, j) => cosines[j] - cosines[i]);
}
