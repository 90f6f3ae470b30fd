// @ts-check
import assert from "node:assert/strict";
import { test } from "node:test";
import { labels, lowered, quote, visible } from "../../ui/kit/words.js";

test("what cannot be seen gets a sign", () => {
  assert.deepEqual([" the", "\n", "\t", " ", "  ", "\u0007", "a\u200bb", "é"].map(visible), [
    "the",
    "↵",
    "⇥",
    "␣",
    "␣␣",
    "▯",
    "a▯b",
    "é",
  ]);
});

test("words that stand twice carry their position", () => {
  assert.deepEqual(labels(["the", " cat", " the"]), ["the₁", "cat", "the₃"]);
  assert.equal(lowered(120), "₁₂₀");
  assert.equal(quote("a"), "“a”");
});
