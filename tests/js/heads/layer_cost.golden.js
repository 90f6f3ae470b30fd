// @ts-check
import assert from "node:assert/strict";
import { test } from "node:test";
import { layerCost } from "../../../pages/n1_forward_pass/heads/layer_cost.js";
import { golden } from "../golden.js";

for (const { shape, cost } of golden.cases) {
  test(JSON.stringify(shape), () => assert.deepEqual(layerCost(shape), cost));
}
