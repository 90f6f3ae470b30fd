// @ts-check
import assert from "node:assert/strict";
import { test } from "node:test";
import { heardAfter, layerMask, stackPairs } from "../../../pages/n4_scale/long_context/patterns.js";
import { golden } from "../golden.js";

test("masks, and who can have heard from whom", () => {
  for (const { name, n, width, layers, look, heard } of golden.masks) {
    const says = `${name} ${n} ${width} ${layers}`;
    assert.deepEqual([...layerMask(name, n, width, layers - 1)], look, says);
    assert.deepEqual([...heardAfter(name, n, width, layers)], heard, says);
  }
});

test("pairs of short and very long texts", () => {
  for (const { name, n, width, layers, pairs } of golden.pairs)
    assert.equal(stackPairs(name, n, width, layers), pairs, `${name} ${n} ${width} ${layers}`);
});
