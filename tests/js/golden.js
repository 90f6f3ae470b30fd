// @ts-check
// What tests/js/golden.py wrote, and how close to it a script must come.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";

/** @type {Record<string, any>} */
export const golden = JSON.parse(readFileSync(process.env.GOLDEN ?? "", "utf-8"));

/**
 * Each number within `bound`, absolute or of its own size.
 * @param {ArrayLike<number>} found
 * @param {ArrayLike<number>} wanted
 * @param {number} [bound]
 */
export function near(found, wanted, bound = 1e-5) {
  assert.equal(found.length, wanted.length);
  const far = Array.from(found, (x, i) => [i, x, wanted[i]]).filter(
    ([, x, y]) => !(Math.abs(x - y) <= bound * Math.max(1, Math.abs(y))),
  );
  assert.deepEqual(far, []);
}
