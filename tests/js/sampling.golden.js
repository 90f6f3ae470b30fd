// @ts-check
import assert from "node:assert/strict";
import { test } from "node:test";
import { filterSteps } from "../../ui/kit/sampling.js";
import { golden, near } from "./golden.js";

for (const { logits, kept, shares, ...sampling } of golden.cases) {
  test(`${JSON.stringify(sampling)}`, () => {
    const { temperature, top_k, top_p, min_p } = sampling;
    const settings = { temperature, top_k: top_k ?? 0, top_p: top_p ?? 1, min_p: min_p ?? 0 };
    const layout = { exact: logits.length, group: 1 };
    const { e, steps, n, total } = filterSteps(Float64Array.from(logits), layout, settings);
    assert.deepEqual(
      steps.map((step) => [step.name, step.n]),
      kept,
    );
    near(
      e.map((x, i) => (i < n ? x / total : 0)),
      shares,
    );
  });
}
