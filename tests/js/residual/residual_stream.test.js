// @ts-check
import assert from "node:assert/strict";
import { test } from "node:test";
import { degrees, streamOf } from "../../../pages/n1_forward_pass/residual/residual_stream.js";

test("sums, lengths and angles by hand", () => {
  const word = streamOf([Float32Array.of(3, 0), [0, 4], [-3, 0]]);
  assert.deepEqual(word.stream, [
    [3, 0],
    [3, 4],
    [0, 4],
  ]);
  assert.deepEqual(word.lengths, [3, 5, 4]);
  assert.deepEqual(word.sizes, [3, 4, 3]);
  assert.deepEqual(word.cosines, [1, 0, -0.6]);
});

test("degrees of a cosine, also of one that rounding has pushed past 1", () => {
  assert.deepEqual([1, 0, -1, 1 + 1e-9].map(degrees), [0, 90, 180, 0]);
});
