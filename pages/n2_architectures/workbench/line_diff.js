// @ts-check
// Which lines of two texts have no partner in the other: all but a longest common subsequence.

import { range } from "../../../ui/kit/arithmetic.js";

/**
 * For each line of both texts, whether it stands in one of them only.
 * @param {readonly string[]} a
 * @param {readonly string[]} b
 * @returns {[boolean[], boolean[]]}
 */
export function differences(a, b) {
  const longest = lengths(a, b);
  /** @type {[boolean[], boolean[]]} */
  const alone = [a.map(() => true), b.map(() => true)];
  let i = 0;
  let j = 0;
  while (i < a.length && j < b.length) {
    if (a[i] === b[j]) {
      alone[0][i++] = false;
      alone[1][j++] = false;
    } else if (longest[i + 1][j] >= longest[i][j + 1]) i++;
    else j++;
  }
  return alone;
}

/**
 * How many lines the ends of both texts, from i and from j on, have in common in the same order.
 * @param {readonly string[]} a
 * @param {readonly string[]} b
 */
function lengths(a, b) {
  const table = range(a.length + 1).map(() => new Array(b.length + 1).fill(0));
  for (let i = a.length - 1; i >= 0; i--)
    for (let j = b.length - 1; j >= 0; j--)
      table[i][j] = a[i] === b[j] ? table[i + 1][j + 1] + 1 : Math.max(table[i + 1][j], table[i][j + 1]);
  return table;
}
