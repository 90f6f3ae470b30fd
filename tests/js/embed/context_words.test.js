// @ts-check
import assert from "node:assert/strict";
import { test } from "node:test";
import { contextFinding, contextTold, missing } from "../../../pages/n1_forward_pass/embed/context_words.js";

const tensor = (/** @type {number[]} */ values, /** @type {number[]} */ shape) => ({
  ...{ shape, values: Float32Array.from(values) },
});
const arrays = {
  alike: tensor([1, 0.9, 0.5, 1, 0.98, 0.94], [2, 3]),
  others: tensor([0.1, 0.2, 0.31], [3]),
  vectors: tensor([], [0]),
};

test("what is missing is told, and nothing where all is there", () => {
  assert.equal(missing("bank", { split: false, absent: [] }), "");
  assert.match(missing("", { split: true, absent: [1, 2, 3] }), /^Write a word/);
  assert.match(missing("banks", { split: true, absent: [1, 2, 3] }), /^“banks” is not a single token/);
  assert.match(missing("bank", { split: false, absent: [2] }), /^Sentence 2 does not hold the token “bank”/);
  assert.match(missing("bank", { split: false, absent: [1, 3] }), /^Sentences 1 and 3 do not hold/);
});

test("the cosines after the last layer are those that are told", () => {
  assert.deepEqual(contextFinding("bank", arrays, 2).at(-1), ["attention", "0.50"]);
  const told = contextTold(arrays, 2).flat().join("");
  assert.match(told, /after layer 2 is same0\.94/);
  assert.match(told, /have 0\.31 on average/);
});
