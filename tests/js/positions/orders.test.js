// @ts-check
import assert from "node:assert/strict";
import { test } from "node:test";
import * as orders from "../../../pages/n1_forward_pass/positions/orders.js";
import { range } from "../../../ui/kit/arithmetic.js";
import { lots } from "../../../ui/kit/sampling.js";

const { asTyped, backwards, equal, movedTo, neighboursSwapped, shuffled, swapped } = orders;

test("orders by hand, each a new list", () => {
  const order = [2, 0, 1];
  assert.deepEqual(asTyped(order), [0, 1, 2]);
  assert.deepEqual(backwards(order), [2, 1, 0]);
  assert.deepEqual(swapped(order, 0, 2), [1, 0, 2]);
  assert.deepEqual(movedTo(order, 0, 2), [0, 1, 2]);
  assert.deepEqual(movedTo(order, 2, 0), [1, 2, 0]);
  assert.deepEqual(order, [2, 0, 1]);
  assert.ok(equal(order, [2, 0, 1]));
  assert.ok(!equal(order, [2, 0]) && !equal(order, [2, 1, 0]));
});

test("each pair of neighbours can change places", () => {
  const draw = lots(1);
  const seen = new Set(range(60).map(() => neighboursSwapped([0, 1, 2, 3], draw).join("")));
  assert.deepEqual([...seen].sort(), ["0132", "0213", "1023"]);
});

test("every order of three words is about as likely as any other", () => {
  const draw = lots(1);
  /** @type {Map<string, number>} */
  const times = new Map();
  for (const order of range(6000).map(() => shuffled([0, 1, 2], draw).join("")))
    times.set(order, (times.get(order) ?? 0) + 1);
  assert.equal(times.size, 6);
  for (const n of times.values()) assert.ok(n > 850 && n < 1150, String(n));
});
