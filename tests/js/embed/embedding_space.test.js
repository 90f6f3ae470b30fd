// @ts-check
import assert from "node:assert/strict";
import { test } from "node:test";
import { distribution } from "../../../pages/n1_forward_pass/embed/cosine_histogram.js";
import { cosineText } from "../../../pages/n1_forward_pass/embed/cosine_text.js";
import {
  analogy,
  between,
  cosines,
  meanCosine,
  nearest,
  placeOf,
  spaceOf,
} from "../../../pages/n1_forward_pass/embed/embedding_space.js";

const near = (/** @type {ArrayLike<number>} */ found, /** @type {number[]} */ wanted) =>
  wanted.forEach((x, i) => {
    assert.ok(Math.abs(found[i] - x) < 1e-6, `${found[i]} is not ${x}`);
  });

// first axis: male or female, second: how royal; the queen is exactly where the sum points
const [KING, MAN, WOMAN, QUEEN] = [0, 1, 2, 3];
const rows = Float32Array.of(0.6, 0.8, 2, 0, -3, 0, -0.9285, 0.3714, 0, 0);
const space = spaceOf({
  rows: { shape: [5, 2], values: rows },
  mean: { shape: [2], values: Float32Array.of(0, 1) },
  axes: { shape: [2, 2], values: Float32Array.of(1, 0, 0, -1) },
});

test("a king less a man and more a woman is a queen; rows count with length 1", () => {
  const sum = analogy(space, KING, MAN, WOMAN);
  near(sum, [-1.4, 0.8]);
  const similar = cosines(space, sum);
  assert.deepEqual(nearest(similar, 1, [KING, MAN, WOMAN]), [QUEEN]);
  near(between(space, KING, WOMAN), [-0.4, 0.8]);
});

test("cosines by hand; a row of zeros has none with any", () => {
  near(cosines(space, Float32Array.of(5, 0)), [0.6, 1, -1, -0.9285 / Math.hypot(0.9285, 0.3714), 0]);
  // without the average row (0, 1): the vector (1, -1), the king (0.6, -0.2)
  near([cosines(space, Float32Array.of(1, 0), true)[KING]], [0.8 / (Math.sqrt(2) * Math.sqrt(0.4))]);
});

test("the place of a vector is what is left of it along each axis", () => near(placeOf(space, [3, 5]), [3, -4]));

test("the mean cosine of two rows, each pair by hand", () => {
  const two = spaceOf({
    rows: { shape: [3, 2], values: Float32Array.of(1, 0, 0, 2, -3, 0) },
    mean: { shape: [2], values: new Float32Array(2) },
    axes: { shape: [0, 2], values: new Float32Array() },
  });
  near([meanCosine(two)], [(0 + 0 - 1) / 3]);
});

test("nearest: best first, the first of equal ones, not those left out", () => {
  assert.deepEqual(nearest([0.2, 0.9, 0.9, -1, 0.5], 3), [1, 2, 4]);
  assert.deepEqual(nearest([0.2, 0.9, 0.9, -1, 0.5], 3, [1, 4]), [2, 0, 3]);
  assert.deepEqual(nearest([0.2], 3), [0]);
});

test("cosines in bins from −0.5 to 1, the outermost holding what lies beyond", () => {
  const found = distribution(Float64Array.of(0.91, -0.8, -0.5, 1, 0.01));
  assert.deepEqual([found.n, found.best, found.high], [5, 1, 1]);
  near([found.mean], [0.62 / 5]);
  assert.deepEqual([found.bins[0], found.bins[20], found.bins[56], found.bins[59]], [2, 1, 1, 1]);
});

test("a cosine is never written in powers of ten", () => {
  assert.deepEqual([cosineText(0.0004), cosineText(-0.0004), cosineText(-0.126, 3)], ["0.00", "0.00", "−0.126"]);
});
