// @ts-check
import assert from "node:assert/strict";
import { test } from "node:test";
import { activated, loud, match, pushes, slope } from "../../../pages/n1_forward_pass/mlp/neurons.js";

test("a neuron by hand", () => {
  const pre = Float32Array.of(-2, 0, 3);
  assert.deepEqual(Array.from(activated("relu", pre)), [0, 0, 3]);
  assert.deepEqual(Array.from(activated("relu", pre, Float32Array.of(5, 5, -2))), [0, 0, -6]);
  // 3 = 2 · 1 · cosine + 1
  assert.equal(match({ value: 3, bias: 1, x: 2, w: 1 }), 1);
  assert.equal(match({ value: 0, bias: 0, x: 0, w: 1 }), 0);
  assert.deepEqual(pushes([1, -4], 0.5, 2), [0.25, -1]);
});

test("loud is a tenth of the strongest, whatever the sign", () => {
  assert.equal(loud(Float32Array.of(-8, 1, 0.5, -1, 0)), 3);
  assert.equal(loud(Float32Array.of(0, 0)), 2);
});

test("the slope of a square is twice its place", () => {
  assert.ok(Math.abs(slope((x) => x * x, 1.5) - 3) < 1e-8);
});
