// @ts-check
import assert from "node:assert/strict";
import { test } from "node:test";
import { verdict } from "../../../pages/n1_forward_pass/heads/induction_steps.js";

test("what the ablation shows is said as strongly as the comparison allows", () => {
  assert.equal(verdict([0.83, 0.4, 0.29, 0.8]), "So step 3 needs these heads.");
  assert.match(verdict([0.9, 0.88, 0.56, 0.81]), /only one route/);
  assert.match(verdict([0.9, 0.88, 0.56, 0.7]), /too small/);
  assert.match(verdict([0.5, 0.5, 0.5, 0.6]), /too small/);
});
