// @ts-check
import assert from "node:assert/strict";
import { test } from "node:test";
import { cellKind, pairsIn, passesOf, positionsIn } from "../../../pages/n4_scale/decoding/passes.js";
import { expectedSpeedup, expectedTokens } from "../../../pages/n4_scale/decoding/speculation.js";
import { range } from "../../../ui/kit/arithmetic.js";
import { golden, near } from "../golden.js";

test("positions and pairs of both ways", () => {
  for (const { prompt, written, cached, uncached, pairs } of golden.passes) {
    const both = [true, false].map((way) => passesOf(prompt, written, way));
    assert.deepEqual(both.map(positionsIn), [cached, uncached]);
    assert.equal(pairsIn(both[0]), pairs);
  }
});

test("each cell below the diagonal is computed once with the cache", () => {
  for (const row of range(7)) {
    for (const column of range(7)) {
      const kinds = passesOf(4, 4, true).map((pass) => cellKind(pass, row, column));
      assert.equal(kinds.filter((kind) => kind === "now").length, column > row ? 0 : 1);
    }
  }
});

test("expected tokens and speed", () => {
  for (const { alpha, drafted, cost, tokens, speed } of golden.expected) {
    near([expectedTokens(alpha, drafted), expectedSpeedup(alpha, drafted, cost)], [tokens, speed], 1e-12);
  }
});
