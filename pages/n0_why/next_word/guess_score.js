// @ts-check
// What guesses cost: a word by its tokens, a reader who names one word, a session of guesses.

import { sum } from "../../../ui/kit/arithmetic.js";

/** @typedef {{text: string, pieces: string[], nats: number[]}} WordData */
/**
 * A guess that was made: the word that was named, the one that came, the model's first; `picked`: from four;
 * `seen`: the reader could see the word, so the guess does not count.
 * @typedef {{guess: WordData, truth: WordData, first: string, picked: boolean, seen: boolean}} Made
 */
/**
 * Of a session, in nats per word: the reader's bets and the model; how many were right, how many picked from four.
 * @typedef {{n: number, reader: number, model: number, right: number, modelRight: number, picked: number}} Tally
 */

export const STAKE = 0.5; // the probability that goes to the one word that is named, as in transformer_core

/**
 * −ln p of a word: by the chain rule the sum over its tokens.
 * @param {WordData} word
 */
export const cost = (word) => sum(word.nats);

/**
 * What a reader's bet costs: `STAKE` on the word named, the rest as the model spreads it.
 * @param {number} nats −ln p of the word that came, by the model
 * @param {boolean} right whether it is the one that was named
 * @param {number} [stake]
 */
export const stakedCost = (nats, right, stake = STAKE) =>
  right ? -Math.log(stake + (1 - stake) * Math.exp(-nats)) : nats - Math.log(1 - stake);

/**
 * Two words that a reader would call the same.
 * @param {string} a
 * @param {string} b
 */
export const same = (a, b) => a.trim().toLowerCase() === b.trim().toLowerCase();

/**
 * Of the guesses that count.
 * @param {readonly Made[]} made
 * @returns {Tally}
 */
export function tally(made) {
  const guesses = made.filter(({ seen }) => !seen);
  const n = guesses.length;
  const right = guesses.filter(({ guess, truth }) => same(guess.text, truth.text));
  const bets = guesses.map(({ guess, truth }) => stakedCost(cost(truth), same(guess.text, truth.text)));
  return {
    n,
    reader: sum(bets) / n,
    model: sum(guesses.map(({ truth }) => cost(truth))) / n,
    right: right.length,
    modelRight: guesses.filter(({ first, truth }) => same(first, truth.text)).length,
    picked: guesses.filter(({ picked }) => picked).length,
  };
}

/**
 * A stretch of tokens: their sum, mean and perplexity, and what uniform guesses among the vocabulary would cost.
 * @param {ArrayLike<number>} nats
 * @param {number} vocab
 */
export function summary(nats, vocab) {
  const total = sum(nats);
  const mean = total / nats.length;
  return { n: nats.length, total, mean, perplexity: Math.exp(mean), uniform: Math.log(vocab) };
}
