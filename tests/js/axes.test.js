// @ts-check
import assert from "node:assert/strict";
import { test } from "node:test";
import { areaPath, linearScale, linePath, logScale, logTicks, stepPath, ticks } from "../../ui/kit/axes.js";

test("scales go there and back", () => {
  const across = linearScale([0, 10], [100, 0]);
  assert.deepEqual([across(0), across(5), across(10), across.invert(25)], [100, 50, 0, 7.5]);
  const tens = logScale([1, 1000], [0, 300]);
  assert.ok(Math.abs(tens(10) - 100) < 1e-9);
  assert.ok(Math.abs(tens.invert(200) - 100) < 1e-9);
  assert.equal(linearScale([2, 2], [5, 9])(2), 5);
});

test("ticks are round numbers inside the domain", () => {
  assert.deepEqual(ticks([0, 10]), [0, 2, 4, 6, 8, 10]);
  assert.deepEqual(ticks([0, 1], 10), [0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1]);
  assert.deepEqual(ticks([-0.7, 0.9], 4), [-0.5, 0, 0.5]);
  assert.deepEqual(ticks([3, 3]), [3]);
  assert.deepEqual(ticks([0, 4000], 4), [0, 1000, 2000, 3000, 4000]);
  assert.deepEqual(logTicks([1, 5000]), [1, 10, 100, 1000]);
  assert.deepEqual(logTicks([2, 9], 2), [2, 4, 8]);
});

test("paths: a gap where a number is missing, an area down to its base, a staircase", () => {
  assert.equal(
    linePath([
      [0, 1],
      [2, 3.14],
      [4, NaN],
      [6, 7],
    ]),
    "M0.0 1.0L2.0 3.1M6.0 7.0",
  );
  assert.equal(
    areaPath(
      [
        [0, 1],
        [2, 3],
      ],
      9,
      0,
    ),
    "M0 1L2 3L2 9L0 9z",
  );
  assert.equal(areaPath([], 9), "");
  assert.equal(
    stepPath(
      [
        [0, 1],
        [2, 3],
      ],
      0,
    ),
    "M0 1H2V3",
  );
});
