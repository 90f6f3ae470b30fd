// @ts-check
import assert from "node:assert/strict";
import { test } from "node:test";
import {
  ACTIVATIONS,
  clamp,
  cosine,
  dot,
  entropy,
  erf,
  largest,
  mean,
  norm,
  range,
  softmax,
  sum,
} from "../../ui/kit/arithmetic.js";

const near = (/** @type {number} */ a, /** @type {number} */ b, within = 1e-12) =>
  assert.ok(Math.abs(a - b) <= within, `${a} is not ${b}`);

test("vectors by hand", () => {
  const x = Float32Array.of(3, -4);
  assert.deepEqual(range(3), [0, 1, 2]);
  assert.equal(clamp(5, 0, 2), 2);
  assert.deepEqual([sum(x), mean(x), largest(x), dot(x, x), norm(x)], [-1, -0.5, 4, 25, 5]);
  assert.equal(largest([]), 0);
  assert.equal(cosine(x, [-3, 4]), -1);
  assert.equal(cosine(x, [0, 0]), 0);
});

test("softmax: shares by hand, of large and of hidden scores", () => {
  const [a, b] = softmax([Math.log(3), 0]);
  near(a, 0.75);
  near(b, 0.25);
  assert.deepEqual(softmax([1000, 1000, -Infinity]), [0.5, 0.5, 0]);
  near(softmax([2 * Math.log(3), 0], 2)[0], 0.75);
});

test("entropy of even shares is ln n, of one 0", () => {
  near(entropy([0.25, 0.25, 0.25, 0.25]), Math.log(4));
  assert.equal(entropy([1, 0]), 0);
});

test("activations at 0 and far from it; erf is odd", () => {
  for (const f of Object.values(ACTIVATIONS)) {
    near(f(0), 0, 1e-8);
    near(f(30), 30, 1e-6);
    near(f(-30), 0, 1e-6);
  }
  near(erf(0.5), 0.5204998778, 1.5e-7);
  near(erf(-0.5), -erf(0.5));
});
