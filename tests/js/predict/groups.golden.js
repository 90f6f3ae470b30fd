// @ts-check
import assert from "node:assert/strict";
import { test } from "node:test";
import { filterSteps } from "../../../ui/kit/sampling.js";
import { golden, near } from "../golden.js";

const { logits, exact, group, left } = golden;

for (const { settings, kept, shares } of left) {
  test(`groups have the same sums, and are cut to within one: ${JSON.stringify(settings)}`, () => {
    const { e, n, total } = filterSteps(Float64Array.from(logits), { exact, group }, settings);
    const found = n <= exact ? n : exact + (n - exact) * group;
    assert.ok(Math.abs(found - Number(Object.values(kept).at(-1))) <= group);
    near([e[0] / total], shares.slice(0, 1), 2e-3);
  });
}
