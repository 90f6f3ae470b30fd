// @ts-check
import assert from "node:assert/strict";
import { test } from "node:test";
import { tally } from "../../../pages/n1_forward_pass/predict/draws.js";
import { OFF } from "../../../pages/n1_forward_pass/predict/sampling_settings.js";
import { filterSteps, lots } from "../../../ui/kit/sampling.js";
import { golden } from "../golden.js";

const z = Float64Array.from(golden.logits);
const left = filterSteps(z, { exact: z.length, group: 1 }, { temperature: 1, ...OFF });

for (const { seed, lots: wanted, times } of golden.runs) {
  test(`seed ${seed}`, () => {
    const next = lots(seed);
    assert.deepEqual(Array.from(wanted, next), wanted);
    assert.deepEqual(Array.from(tally(left, 1000, seed).times), times);
  });
}
