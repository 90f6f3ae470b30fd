// @ts-check
import assert from "node:assert/strict";
import { test } from "node:test";
import {
  arrivals,
  DOT_PRODUCT_MS,
  dotProduct,
  extent,
  inTurn,
  melted,
  products,
  pushed,
  residualSum,
  softmaxRow,
  stacked,
} from "../../../pages/n1_forward_pass/at_a_glance/acts.js";

const Q = [1, -2, 0.5, 3];
const K = [2, 1, 4, -1];
const CHOSEN = { row: 2, key: 1, n: 4 };

/** @param {number} ms */
const at = (ms) => ms / DOT_PRODUCT_MS;

test("the products add up to the dot product, one after the other", () => {
  assert.deepEqual(products(Q, K), { parts: [2, -2, 2, -3], sums: [0, 2, 0, 2, -1] });
  assert.deepEqual(products(Float32Array.from(Q), Float32Array.from(K)), products(Q, K));
});

test("stacked, each product begins where the one before it ends, and what has arrived is the sum so far", () => {
  const of = products(Q, K);
  assert.deepEqual(stacked(of, 0), { bases: [0, 0, 0, -0].map((_, k) => 0 * of.sums[k]), sum: 0 });
  assert.deepEqual(stacked(of, 1), { bases: [0, 2, 0, 2], sum: -1 });
  const half = stacked(of, 0.5);
  assert.ok(half.bases[1] > 0 && half.bases[1] <= 2);
  assert.ok(of.sums.includes(half.sum));
});

test("a bar chart reaches from the lowest to the highest number and holds 0", () => {
  assert.deepEqual(extent([2, -2, 3]), { low: -2, high: 3 });
  assert.deepEqual(extent([2, 5]), { low: 0, high: 5 });
  assert.deepEqual(extent([]), { low: 0, high: 0 });
});

test("a dot product takes four seconds: lift, glide, open, multiply, stack, drop, the row, all rows", () => {
  assert.equal(DOT_PRODUCT_MS, 4000);
  assert.ok(Object.values(dotProduct(0)).every((part) => part === 0));
  assert.ok(Object.values(dotProduct(1)).every((part) => part === 1));
  const lifted = dotProduct(at(300));
  assert.deepEqual([lifted.lift, lifted.glide], [1, 0]);
  for (let ms = 0; ms <= DOT_PRODUCT_MS; ms += 50) {
    const moving = Object.values(dotProduct(at(ms))).filter((part) => part > 1e-9 && part < 1 - 1e-9);
    assert.ok(moving.length <= 1, `${ms} ms`);
  }
});

test("the acted cell comes first, then its row at 60 ms a cell, then all rows", () => {
  const come = (/** @type {number} */ ms) => arrivals(CHOSEN, at(ms), true);
  assert.equal(come(2890)(2, 1), 0);
  assert.deepEqual([come(2900)(2, 1), come(2900)(2, 0)], [1, 0]);
  const row = [0, 1, 2, 3].map((j) => come(2900 + 90)(2, j));
  assert.deepEqual(
    row.map((x) => Number(x.toFixed(2))),
    [1, 1, 0, 0],
  );
  assert.equal(come(2900 + 240)(2, 3), 1);
  assert.equal(come(3500)(0, 0), 0);
  assert.ok(come(3800)(0, 0) > come(3800)(3, 3));
  const long = arrivals({ ...CHOSEN, n: 100 }, at(3500), true);
  assert.equal(long(2, 99), 1); // however long the row
});

test("without acting, the row comes in the first half and all rows in the second", () => {
  const half = arrivals(CHOSEN, 0.5, false);
  assert.deepEqual([half(2, 3), half(0, 0)], [1, 0]);
  for (const acts of [true, false]) {
    assert.ok([0, 1, 2, 3].every((i) => arrivals(CHOSEN, 1, acts)(i, 3) === 1));
    assert.ok([0, 1, 2, 3].every((i) => arrivals(CHOSEN, 0, acts)(i, 3) === 0));
  }
});

test("pushed shares begin alike, end as the softmax, and always fill the whole width", () => {
  const scores = [1, 3, -2];
  assert.deepEqual(pushed(scores, 0), [1 / 3, 1 / 3, 1 / 3]);
  const total = scores.reduce((sum, score) => sum + Math.exp(score), 0);
  pushed(scores, 1).forEach((share, j) => {
    assert.ok(Math.abs(share - Math.exp(scores[j]) / total) < 1e-12);
  });
  for (const way of [0, 0.3, 0.7, 1]) {
    assert.ok(Math.abs(pushed(scores, way).reduce((sum, share) => sum + share, 0) - 1) < 1e-12);
  }
});

test("a row that is acted out has left its cells while it is a bar; it comes back before all others turn", () => {
  assert.deepEqual(melted(true, 0, true), { scores: 1, shares: 0 });
  assert.deepEqual(melted(true, 0.5, true), { scores: 0, shares: 0 });
  assert.deepEqual(melted(true, 0.9, true), { scores: 0, shares: 1 });
  assert.deepEqual(melted(false, 0.8, true), { scores: 1, shares: 0 });
  for (const [chosen, acts] of [
    [true, true],
    [false, true],
    [false, false],
  ]) {
    assert.deepEqual(melted(chosen, 1, acts), { scores: 0, shares: 1 });
    assert.deepEqual(melted(chosen, 0, acts), { scores: 1, shares: 0 });
  }
  const { collect, push, back } = softmaxRow(0.62);
  assert.deepEqual([collect, push, back], [1, 1, 0]);
});

test("of a sum, the vectors have met before a number is added, and all are added before it ends", () => {
  assert.deepEqual(residualSum(0.49), { come: 1, slide: 1, add: 0, back: 0 });
  const { add, back } = residualSum(0.9);
  assert.deepEqual([add, back], [1, 0]);
});

test("in turn, the first begins at once and the last ends with all", () => {
  assert.ok(inTurn(0.1, 0, 10, 2) > 0);
  assert.equal(inTurn(0.1, 9, 10, 2), 0);
  assert.deepEqual([inTurn(1, 0, 10, 2), inTurn(1, 9, 10, 2)], [1, 1]);
});
