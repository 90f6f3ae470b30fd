// @ts-check
import assert from "node:assert/strict";
import { test } from "node:test";
import { LAYER_KINDS, scanRounds } from "../../../pages/n0_why/recurrence/path_length.js";
import { keptBytes, overtakes } from "../../../pages/n0_why/recurrence/state_size.js";
import { golden, near } from "../golden.js";

test("every way, every wait, every multiplication", () => {
  for (const { name, path, sequential, multiplications } of golden.kinds) {
    const kind = LAYER_KINDS.find((each) => each.name === name);
    assert.ok(kind);
    golden.distances.forEach((/** @type {number} */ k, /** @type {number} */ i) => {
      assert.equal(kind.path(k), path[i]);
      assert.equal(kind.sequential(k), sequential[i]);
      assert.equal(kind.multiplications(k, golden.d), multiplications[i]);
    });
  }
  assert.equal(LAYER_KINDS.length, golden.kinds.length);
});

test("rounds of a scan", () => {
  assert.deepEqual(golden.distances.map(scanRounds), golden.rounds);
});

test("what is kept of a text", () => {
  for (const { data, n, kept, first } of golden.states) {
    const found = keptBytes(data, n);
    near([found.cache, found.hybrid, found.mamba, found.lstm], kept);
    assert.equal(overtakes(data.per_token, data.lstm), first);
  }
});
