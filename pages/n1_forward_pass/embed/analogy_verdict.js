// @ts-check
// Whether an example of arithmetic with words comes out: a − b + c should be d.

import { analogy, between, cosines, nearest } from "./embedding_space.js";

/** @import { Space } from "./embedding_space.js" */

/**
 * By the usual rule, which bars a, b and c from answering; with them allowed; and with a + c alone.
 * @typedef {{barred: boolean, free: boolean, none: boolean}} Verdict
 */

/**
 * @param {Space} space
 * @param {readonly [a: number, b: number, c: number, d: number]} ids
 * @returns {Verdict}
 */
export function verdictOf(space, [a, b, c, d]) {
  const inputs = [a, b, c];
  const similar = cosines(space, analogy(space, a, b, c));
  const alone = cosines(space, between(space, a, c));
  return {
    barred: nearest(similar, 1, inputs)[0] === d,
    free: nearest(similar, 1)[0] === d,
    none: nearest(alone, 1, inputs)[0] === d,
  };
}
