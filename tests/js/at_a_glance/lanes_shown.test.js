// @ts-check
// A long text: which tokens have lanes, and what the square map keeps.

import assert from "node:assert/strict";
import { test } from "node:test";
import { fieldsOf, pooled } from "../../../pages/n1_forward_pass/at_a_glance/heat_map.js";
import { LONG, lanesOf, STRONGEST, strongest } from "../../../pages/n1_forward_pass/at_a_glance/lanes_shown.js";
import { range } from "../../../ui/kit/arithmetic.js";

/**
 * A text in which each token reads the tokens 3 and 10 most.
 * @param {number} n
 */
const trace = (n) =>
  /** @type {any} */ ({
    n,
    hasLayer: () => true,
    weights: (/** @type {number} */ i) => range(i + 1).map((j) => (j === 3 ? 0.5 : j === 10 ? 0.3 : 0.001 + j * 1e-6)),
  });
const state = { token: 199, layer: 0, head: 0, aside: false, opened: [] };

test("of a short text every token has its lane", () => {
  const { order, slots, long } = lanesOf(trace(LONG - 1), { ...state, token: 5 });
  assert.deepEqual([order, slots, long], [range(LONG - 1), range(LONG - 1), false]);
});

test("of a long one those that are read most and the neighbours; gaps hold all others, once each", () => {
  for (const n of [LONG, 64, 200, 256]) {
    for (const token of [0, 1, 20, n - 1]) {
      const { order, slots, long } = lanesOf(trace(n), { ...state, token });
      assert.ok(long);
      const all = order.flatMap((each) =>
        typeof each === "number" ? [each] : range(each.to - each.from + 1).map((k) => each.from + k),
      );
      assert.deepEqual(all, range(n));
      const lanes = order.filter((each) => typeof each === "number");
      for (const i of [token, ...strongest(trace(n).weights(token), false)]) assert.ok(lanes.includes(i));
      assert.ok(lanes.length <= STRONGEST + 13 + order.length - lanes.length + 1);
      slots.forEach((slot, i) => {
        assert.ok(slot < 0 ? !lanes.includes(i) : order[slot] === i);
      });
    }
  }
});

test("an opened gap gives its tokens their lanes", () => {
  const before = lanesOf(trace(200), state);
  const gap = before.order.find((each) => typeof each !== "number" && each.to - each.from > 20);
  assert.ok(gap && typeof gap !== "number");
  const { slots } = lanesOf(trace(200), { ...state, opened: [gap] });
  for (let i = gap.from; i <= gap.to; i++) assert.ok(slots[i] >= 0);
});

test("what rests on the first token need not be among the strongest", () => {
  const weights = [0.9, 0.01, 0.05, 0.04];
  assert.deepEqual(strongest(weights, false), [0, 2, 3, 1]);
  assert.deepEqual(strongest(weights, true), [2, 3, 1]);
  assert.deepEqual(strongest([1], true), [0]);
});

test("a field keeps its largest value, whatever its sign", () => {
  const n = 10;
  const rows = range(n).map((i) => range(i + 1).map((j) => (i === 7 && j === 2 ? -9 : (i + j) / 100)));
  const fields = 4;
  const of = fieldsOf(n, fields);
  const out = pooled(n, fields, (i) => rows[i]);
  for (let a = 0; a < fields; a++) {
    for (let b = 0; b < fields; b++) {
      const inside = rows.flatMap((row, i) => row.filter((_, j) => of[i] === a && of[j] === b));
      const largest = inside.reduce((best, x) => (Math.abs(x) > Math.abs(best) ? x : best), 0);
      assert.ok(Math.abs(out[a * fields + b] - largest) < 1e-6);
    }
  }
});
