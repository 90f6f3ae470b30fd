// @ts-check
import assert from "node:assert/strict";
import { test } from "node:test";
import { filterSteps } from "../../../ui/kit/sampling.js";
import { golden, near } from "../golden.js";

for (const { logits, left } of golden.cases) {
  for (const { settings, kept, shares } of left) {
    test(`${logits.length} logits, ${JSON.stringify(settings)}`, () => {
      const layout = { exact: logits.length, group: 1 };
      const { e, steps, n, total } = filterSteps(Float64Array.from(logits), layout, settings);
      // A filter that is off in the lesson may be a step in the core, which then cuts nothing.
      const now = Object.fromEntries(steps.map((step) => [step.name, step.n]));
      let before = logits.length;
      for (const [name, wanted] of Object.entries(kept)) {
        before = now[name] ?? before;
        assert.equal(before, wanted, name);
      }
      near(
        e.slice(0, shares.length).map((x, i) => (i < n ? x / total : 0)),
        shares,
      );
    });
  }
}
