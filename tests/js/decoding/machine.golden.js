// @ts-check
import assert from "node:assert/strict";
import { test } from "node:test";
import { keptBytes } from "../../../pages/n4_scale/decoding/kept.js";
import { held, overwritten, slotOf } from "../../../pages/n4_scale/decoding/rolling.js";
import { decodeCost, least, prefillCost, ridge } from "../../../pages/n4_scale/decoding/roof.js";
import { golden, near } from "../golden.js";

test("bytes of each kind of cache", () => {
  for (const { shape, kind, tokens, bytes } of golden.kept) assert.equal(keptBytes(shape, kind, tokens), bytes);
});

test("FLOP and bytes of both kinds of pass", () => {
  for (const { shape, n, batch, size, prefill, decode } of golden.roof) {
    const found = [prefillCost(shape, n, size), decodeCost(shape, n, batch, size)];
    near(
      found.flatMap(({ flops, bytes }) => [flops, bytes]),
      [prefill.flops, prefill.bytes, decode.flops, decode.bytes],
      1e-12,
    );
  }
});

test("the slower of the two limits holds", () => {
  /** @type {import("../../../pages/n4_scale/decoding/roof.js").RoofMachine} */
  const machine = { title: "", source: "", flops: 100, bandwidth: [5, 10], size: 2 };
  assert.equal(ridge(machine), 10);
  assert.equal(least(machine, { flops: 50, bytes: 10, intensity: 5 }), 1);
  assert.equal(least(machine, { flops: 200, bytes: 10, intensity: 20 }), 2);
});

test("which slot is written, and what was there", () => {
  for (const { slots, sinks, position, slot, old } of golden.rolling) {
    assert.equal(slotOf(position, slots, sinks), slot);
    assert.equal(overwritten(position, slots, sinks), old);
    if (position) assert.equal(held(position - 1, slots, sinks)[slot], old);
  }
});
