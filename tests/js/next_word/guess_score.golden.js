// @ts-check
import assert from "node:assert/strict";
import { test } from "node:test";
import { cost, stakedCost, summary } from "../../../pages/n0_why/next_word/guess_score.js";
import { golden, near } from "../golden.js";

test("a bet is paid as by the core", () => {
  for (const { nats, right, stake, paid } of golden.bets) near([stakedCost(nats, right, stake)], [paid]);
});

test("the stake is the core's", () => {
  for (const { nats, right, paid } of golden.usual) near([stakedCost(nats, right)], [paid]);
});

test("a word and a text cost the sum of their tokens", () => {
  for (const { nats, vocab, total, mean, perplexity, uniform } of golden.texts) {
    const found = summary(nats, vocab);
    near(
      [cost({ text: "", pieces: [], nats }), found.total, found.mean, found.perplexity, found.uniform],
      [total, total, mean, perplexity, uniform],
    );
    assert.equal(found.n, nats.length);
  }
});
