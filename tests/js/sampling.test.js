// @ts-check
import assert from "node:assert/strict";
import { test } from "node:test";
import { filterSteps, lots } from "../../ui/kit/sampling.js";

const OFF = { temperature: 1, top_k: 0, top_p: 1, min_p: 0 };
const ALONE = { exact: 4, group: 1 };
const Z = Float64Array.from([4, 2, 1, 1], Math.log); // shares 1/2, 1/4, 1/8, 1/8

const left = (/** @type {Partial<typeof OFF>} */ settings) => filterSteps(Z, ALONE, { ...OFF, ...settings }).n;

test("each filter keeps what it should", () => {
  assert.equal(left({}), 4);
  assert.equal(left({ temperature: 0 }), 1);
  assert.equal(left({ top_k: 2 }), 2);
  assert.equal(left({ top_k: 3 }), 4, "as likely as the third");
  assert.equal(left({ top_p: 0.7 }), 2);
  assert.equal(left({ top_p: 0.8 }), 3);
  assert.equal(left({ min_p: 0.3 }), 2);
});

test("filters follow each other, and a filter never leaves nobody", () => {
  const { steps, total } = filterSteps(Z, ALONE, { ...OFF, top_k: 2, top_p: 0.6, min_p: 1 });
  assert.deepEqual(
    steps.map(({ name, n }) => [name, n]),
    [
      ["temperature", 4],
      ["top_k", 2],
      ["top_p", 1],
      ["min_p", 1],
    ],
  );
  assert.equal(total, 1);
});

test("a logit that stands for a group weighs as many tokens", () => {
  const grouped = filterSteps(Z.subarray(0, 3), { exact: 2, group: 2 }, OFF);
  assert.ok(Math.abs(grouped.mass[2] - 0.5) < 1e-12);
  assert.ok(Math.abs(grouped.total - 2) < 1e-12);
});

test("draws repeat with their seed and fill the interval", () => {
  const first = lots(7);
  const again = lots(7);
  const drawn = Array.from({ length: 1000 }, first);
  assert.deepEqual(drawn, Array.from({ length: 1000 }, again));
  assert.ok(drawn.every((x) => x >= 0 && x < 1));
  assert.ok(Math.abs(drawn.reduce((a, b) => a + b, 0) / 1000 - 0.5) < 0.05);
});
