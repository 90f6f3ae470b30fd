// @ts-check
import assert from "node:assert/strict";
import { test } from "node:test";
import { cacheBytes, conversations, PARTS, passCosts, scoreBytes } from "../../../pages/n4_scale/cost/costs.js";
import { golden, near } from "../golden.js";

for (const { shape, lengths, caches, rooms } of golden.shapes) {
  test(shape.title, () => {
    for (const { n, costs, score_bytes: bytes } of lengths) {
      const found = passCosts(shape, n);
      near(
        PARTS.map((part) => found[part]),
        costs,
      );
      near([scoreBytes(shape, n)], [bytes]);
    }
    for (const { heads, size, tokens, bytes } of caches) near([cacheBytes(shape, heads, size, tokens)], [bytes]);
    for (const { gpu, each, conversations: wanted } of rooms) assert.equal(conversations(shape, gpu, each), wanted);
  });
}
