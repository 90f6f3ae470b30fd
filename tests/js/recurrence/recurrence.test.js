// @ts-check
import assert from "node:assert/strict";
import { test } from "node:test";
import { counted, finding as way } from "../../../pages/n0_why/recurrence/paths_words.js";
import { finding as arrives, byHand, shareAt } from "../../../pages/n0_why/recurrence/reach_words.js";
import { longest, finding as timed, told } from "../../../pages/n0_why/recurrence/steps_words.js";

const WORDS = ["The", "cat", "sat", "down"];
const said = (/** @type {any[]} */ segments) =>
  segments.map((part) => (typeof part === "string" ? part : part[1])).join("");

test("a way is said with the reader's words", () => {
  const far = { words: WORDS, source: 0, target: 3, taken: 3 };
  assert.match(said(way(far)), /From “The” to “down”, information passes 3 steps in an RNN/);
  assert.match(counted({ ...far, source: 2 }), /both need 1 step, as they are neighbours/);
  assert.match(said(way({ words: ["a"], source: 0, target: 0, taken: 0 })), /is one token/);
});

test("a share is that of the nearest distance", () => {
  const curve = { name: "LSTM", x: [1, 2, 4.5], y: [0.5, 0.2, 0.03] };
  assert.equal(shareAt(curve, 2), 0.2);
  assert.equal(shareAt(curve, 100), 0.03);
  assert.match(
    said(arrives([curve, { name: "RNN", x: [0], y: [40] }], 1)),
    /in an LSTM 50 %, and in an RNN 40.0 times/,
  );
});

test("a half to the power of ten is a tenth of a percent", () => {
  assert.match(byHand(0, 10), /lets 0\.50 of the cell through.*about 0\.098 %/);
});

test("only lengths at which both were timed are compared", () => {
  const lstm = new Map([64, 128].map((n) => [n, n / 64]));
  const times = { LSTM: lstm, "Transformer layer": new Map([[64, 3]]) };
  assert.equal(longest(times), 64);
  assert.equal(longest({}), 0);
  assert.match(said(timed(times)), /64 tokens take an LSTM 1\.0 ms in 128 steps in a row/);
  assert.match(told(times, 64), /took 3\.0 times as long as the LSTM/);
  assert.match(said(timed({})), /2,048 tokens, forward and backward, an LSTM takes 4,096 steps/);
});
