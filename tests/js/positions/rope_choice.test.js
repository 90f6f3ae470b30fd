// @ts-check
import assert from "node:assert/strict";
import { test } from "node:test";
import { headName, moved, scoreAt, withQuery } from "../../../pages/n1_forward_pass/positions/rope_choice.js";
import { scoreParts, turned } from "../../../pages/n1_forward_pass/positions/rotation.js";

const tensor = (/** @type {number[]} */ values, /** @type {number[]} */ shape) => ({
  ...{ shape, values: Float32Array.from(values) },
});
const rope = {
  ...{ model: "", pieces: ["a", "b", "c"], labels: ["a", "b", "c"], same: true, layers: [4], n_layers: 6, n_heads: 2 },
  ...{
    d_head: 2,
    length: 20,
    numbers: "",
    sentence: { model: "", text: "", more: "" },
    frequencies: Float32Array.of(1),
  },
  vectors: new Map([
    [
      4,
      {
        q: tensor([1, 0, 0, 1, 0, -1, 2, 0, 0, 2, 0, -2], [2, 3, 2]),
        k: tensor([0, 1, 0, -1, 1, 0], [1, 3, 2]), // both heads share it
      },
    ],
  ]),
};
const choice = { layer: 4, head: 1, query: 2, key: 1, stand: { query: 2, key: 1 }, tied: true };

test("a quarter turn of one pair", () => {
  const [[x, y]] = turned([3, 0], Math.PI / 2, [1]);
  assert.ok(Math.hypot(x, y - 3) < 1e-12);
  const quarters = turned([1, 1, 0, 0], Math.PI, [0.5, 0.25]); // the second pair turns half as fast
  assert.ok(Math.hypot(quarters[0][0], quarters[0][1] - 1, quarters[1][0] - Math.SQRT1_2) < 1e-12);
  assert.deepEqual(
    scoreParts(
      [
        [1, 2],
        [0, 1],
      ],
      [
        [3, 1],
        [5, 4],
      ],
    ),
    [5 / 2, 4 / 2],
  );
});

test("the key before the query that it scores highest, in a shared head", () => {
  const found = withQuery(rope, choice, 2);
  assert.deepEqual([found.query, found.key, found.stand], [2, 1, { query: 2, key: 1 }]);
  assert.equal(scoreAt(rope, found, 2, 1), 2 / Math.sqrt(2));
  assert.equal(withQuery(rope, choice, 0).key, 0);
  assert.equal(headName(found), "5.2");
});

test("tied words keep their distance and stay within the model's length", () => {
  assert.deepEqual(moved(rope, choice, "query", 10), { query: 10, key: 9 });
  assert.deepEqual(moved(rope, choice, "query", 0), { query: 1, key: 0 });
  assert.deepEqual(moved(rope, choice, "key", 30), { query: 19, key: 18 });
  const turnedRound = { ...choice, stand: { query: 1, key: 5 } };
  assert.deepEqual(moved(rope, turnedRound, "query", 19), { query: 15, key: 19 });
});

test("loose words move alone", () => {
  const loose = { ...choice, tied: false };
  assert.deepEqual(moved(rope, loose, "key", 15), { query: 2, key: 15 });
  assert.deepEqual(moved(rope, loose, "query", 25), { query: 19, key: 1 });
});
