// @ts-check
import assert from "node:assert/strict";
import { test } from "node:test";
import * as traffic from "../../../pages/n4_scale/flash_attention/traffic.js";
import { bothWays, limit } from "../../../pages/n4_scale/flash_attention/traffic_words.js";
import { reached } from "../../../ui/kit/roofline.js";
import { golden, near } from "../golden.js";

const { added, attentionFlops, largestTile, standardBytes, standardMoves, tiledBytes, tiledMoves } = traffic;

test("what moves for each tile adds up to the core's count", () => {
  for (const { n, d, tile, tiled, standard } of golden.causal) {
    assert.deepEqual(added(tiledMoves(n, d, tile).flat()), tiled);
    assert.deepEqual(added(standardMoves(n, d)), standard);
    assert.equal(tiledMoves(n, d, tile).length, (traffic.mostReads(n, tile) * (traffic.mostReads(n, tile) + 1)) / 2);
  }
});

test("the largest tile, bytes and arithmetic at any length", () => {
  for (const { fast, d, n, tile, tiled, standard, flops } of golden.fast) {
    assert.equal(largestTile(fast, d), tile);
    assert.equal(tiledBytes(n, d, tile), tiled);
    assert.equal(standardBytes(n, d), standard);
    assert.equal(attentionFlops(n, d), flops);
    const [own, other] = bothWays({ n, d, fast }, golden.machine);
    near([own.intensity, other.intensity], [flops / tiled, flops / standard]);
  }
});

test("what a published machine reaches", () => {
  for (const { at, reached: wanted } of golden.roof) near(reached(golden.machine, at), wanted);
});

test("a long text waits for memory the standard way; in tiles, for memory and arithmetic alike", () => {
  const [tiled, standard] = bothWays({ n: 8192, d: 64, fast: golden.machine.fast_bytes }, golden.machine);
  assert.equal(limit(standard), "slow memory");
  assert.equal(limit(tiled), "both alike");
  assert.equal(limit({ ...tiled, computing: 1 }), "arithmetic");
});
