// @ts-check
import assert from "node:assert/strict";
import { test } from "node:test";
import { inUse, nextSeed, OFF, written } from "../../../pages/n1_forward_pass/predict/sampling_settings.js";

test("settings in words", () => {
  const settings = { temperature: 0.7, ...OFF, top_k: 40 };
  assert.equal(written(settings, "top_k"), "top-k 40");
  assert.equal(inUse(settings), "temperature 0.70, top-k 40");
  assert.equal(inUse({ ...settings, top_k: 0, min_p: 0.05 }), "temperature 0.70, min-p 0.05");
});

test("seeds go round", () => {
  assert.deepEqual([0, 41, 9_999].map(nextSeed), [1, 42, 0]);
});
