// @ts-check
import assert from "node:assert/strict";
import { test } from "node:test";
import { hex, partial, piece } from "../../../pages/n1_forward_pass/tokenize/byte_text.js";
import { depth, mergeScale } from "../../../pages/n1_forward_pass/tokenize/merge_scale.js";

test("bytes as text, or as numbers where they are only part of a character", () => {
  assert.equal(piece("a"), "a");
  assert.equal(piece("\xe2\x80\x99"), "’");
  assert.equal(piece("\xe2\x80"), "⟨e2 80⟩");
  assert.equal(piece("\xef\xbb\xbf"), "\ufeff");
  assert.equal(hex("\x0a\xff"), "0a ff");
  assert.deepEqual(["a", "\xe2\x80", "\xe2\x9f\xa8"].map(partial), [false, true, false]);
});

test("merges on a logarithmic scale from none to all, and back", () => {
  const scale = mergeScale(999, [0, 300]);
  assert.deepEqual(
    [0, 9, 99, 999].map((k) => Math.round(scale(k))),
    [0, 100, 200, 300],
  );
  for (let k = 0; k <= 999; k++) assert.equal(scale.invert(scale(k)), k);
  assert.equal(depth(0, 999), "0%");
  assert.deepEqual(
    [9, 999].map((k) => depth(k, 999)),
    ["11%", "50%"],
  );
});
