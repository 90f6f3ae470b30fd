// @ts-check
// What is said of a hidden token and of its sentence.

import assert from "node:assert/strict";
import { test } from "node:test";
import { finding, whole } from "../../../pages/n2_architectures/encoder_decoder/hidden_words.js";

/** @import { GuessData } from "../../../pages/n2_architectures/encoder_decoder/hidden_words.js" */

/**
 * @param {number} p
 * @param {string} first
 * @param {number} share
 * @returns {GuessData}
 */
const guess = (p, first, share) => ({ nats: -Math.log(p), rank: p < share ? 1 : 0, first: [[first, share]] });

const text = {
  ...{ typed: "A cat", problem: "", pieces: ["A", " cat"], place: 1, examples: [], told: {}, numbers: "" },
  both_ways: [guess(0.5, "A", 0.5), guess(0.25, " dog", 0.5)],
  before_only: [guess(0.25, "One", 0.5), guess(0.5, " cat", 0.5)],
};

test("both first guesses, and what the token itself gets", () => {
  assert.equal(
    finding(text, 1),
    "“cat” is hidden. The first guess from both sides is “dog” (50 %), from what came before “cat” (50 %). " +
      "“cat” itself gets 25 % from both sides and 50 % from what came before.",
  );
});

test("the whole sentence", () => {
  assert.equal(
    whole(text),
    "In this sentence a token costs 1.04 nats on average from both sides and 1.04 from what came before. " +
      "1 of 2 tokens cost less from both sides.",
  );
});
