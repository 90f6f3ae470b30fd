// @ts-check
import assert from "node:assert/strict";
import { test } from "node:test";
import { atMost, saidSince, yourGuess } from "../../../pages/n1_forward_pass/at_a_glance/hero_guess.js";
import {
  AT,
  counted,
  dropped,
  inLane,
  later,
  phase,
  swept,
} from "../../../pages/n1_forward_pass/at_a_glance/hero_time.js";

test("the phases follow one another within ten seconds", () => {
  const phases = [0, 1999, 2000, 3999, 4000, 7999, 8000, 9999, 10_000].map(phase);
  assert.deepEqual(phases, ["ask", "ask", "split", "split", "sweep", "sweep", "drop", "drop", "end"]);
});

test("every word is in its lane before the sweep and at home again when the answer has dropped", () => {
  for (const n of [1, 5, 24]) {
    for (let i = 0; i < n; i++) {
      assert.equal(inLane(AT.split, i, n), 0);
      assert.equal(inLane(AT.sweep, i, n), 1);
      assert.equal(inLane(AT.drop - 1, i, n), 1);
      assert.equal(inLane(AT.dropped, i, n), 0);
    }
  }
  assert.ok(inLane(2900, 0, 5) > inLane(2900, 4, 5), "one after the other");
});

test("the sweep passes every layer once, in order, and the count ends at the share", () => {
  const passed = Array.from({ length: 400 }, (_, k) => Math.floor(swept(AT.sweep + k * 10, 30)));
  assert.deepEqual(
    [...new Set(passed)],
    Array.from({ length: 30 }, (_, l) => l),
  );
  assert.equal(swept(AT.drop, 30), 30);
  assert.deepEqual([dropped(AT.drop), dropped(AT.dropped)], [0, 1]);
  assert.deepEqual([counted(AT.dropped, 0.77), counted(AT.end, 0.77)], [0, 0.77]);
});

test("whoever types a guess holds the time, and nobody is held later", () => {
  assert.equal(later(1990, 500, true), AT.split - 1);
  assert.equal(later(1990, 500, false), 2490);
  assert.equal(later(5000, 500, true), 5500);
  assert.equal(later(9990, 500, false), AT.end);
});

const WORDS = [" Paris", " the", " London", " L"];
const SHARES = [0.771, 0.065, 0.0123, 0.00712];
const TRACE = {
  n: 5,
  guesses: () => WORDS.map((_, id) => ({ id, logit: 0, share: SHARES[id] })),
  raw: (/** @type {number} */ id) => WORDS[id],
};

test("a guess that is known has its share, another one a bound that holds", () => {
  assert.equal(yourGuess(TRACE, "  "), "");
  assert.equal(yourGuess(TRACE, "london "), "you: London, 1.2 %");
  assert.equal(yourGuess(TRACE, "Rome"), "you: Rome, below 0.72 %");
  assert.equal(yourGuess(TRACE, "theatre"), "you: theatre, below 6.5 %", "it may begin with “the”");
});

test("a bound is never below the share", () => {
  for (const share of [0.00712, 0.0090499, 0.5, 0.999, 1, 0.01]) assert.ok(atMost(share) >= share - 1e-12);
  assert.ok(Math.abs(atMost(0.0090499) - 0.0091) < 1e-9);
});

test("since when the answer stands", () => {
  const lens = (/** @type {number[]} */ ...ids) => ids.map((id) => ({ id, share: 0.5 }));
  assert.equal(saidSince(lens(7, 7)), " probability. The logit lens shows it after every layer.");
  assert.equal(saidSince(lens(1, 2, 7)), " probability. The logit lens shows it only after the last of 3 layers.");
  assert.equal(saidSince(lens(1, 7, 7)), " probability. The logit lens shows it from layer 2 of 3 on.");
  assert.equal(saidSince(lens(7, 1, 7, 7)), " probability. The logit lens shows it from layer 3 of 4 on.");
});
