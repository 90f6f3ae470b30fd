// @ts-check
// How little the model expected each word of a text, in words and printed formulas.

import { count, number, printed, relation } from "../../../ui/kit/format.js";
import { quote } from "../../../ui/kit/words.js";

/**
 * Of each token but the first: `nats` of surprise, its rank from 0, and the tokens that were
 * `expected` instead with their shares. Of all: the mean, what knowing nothing would have, bits per byte.
 * @typedef {{pass_key: string, pieces: string[], nats: number[], ranks: number[], expected: [string, number][][],
 *   mean: number | null, uniform: number, vocab: number, n_bytes: number, bits_per_byte: number | null}} SurpriseData
 */
/** @typedef {{name: string, value: string, unit: string, said: string}} Stat */

const DIGITS = 3; // of a loss

/** @param {number} nats */
export const bits = (nats) => nats / Math.LN2;

/**
 * "1 chance in 8.2"
 * @param {number} nats
 */
export const odds = (nats) => `1 chance in ${nats < Math.log(20) ? number(Math.exp(nats), 1) : count(Math.exp(nats))}`;

/**
 * What fits below a bar.
 * @param {number} nats
 */
export const few = (nats) => (nats > 0 && nats < 0.005 ? "< 0.01" : number(nats, nats < 10 ? 2 : 1));

/**
 * A word's rank and the surprise that its share comes to.
 * @param {string} word
 * @param {number} rank from 0
 * @param {number} nats
 */
export function surpriseLine(word, rank, nats) {
  const p = Math.exp(-nats);
  const sign = relation(-Math.log(printed(p, 4)), nats);
  return `${quote(word)} was rank ${count(rank + 1)}: −ln ${number(p, 4)} ${sign} ${number(nats)} nats`;
}

/**
 * The text as a whole: loss, perplexity, and what to compare them with.
 * @param {SurpriseData} data
 * @returns {Stat[]}
 */
export function stats({ nats, mean, uniform, vocab, n_bytes, bits_per_byte }) {
  if (mean === null || bits_per_byte === null) return [];
  const read = printed(mean, DIGITS);
  const inBits = relation(bits(read), bits(mean));
  const power = relation(Math.exp(read), Math.exp(mean), 1);
  const tokens = `${count(nats.length)} token${nats.length === 1 ? "" : "s"}`;
  return [
    {
      name: "loss: mean surprise",
      value: number(mean, DIGITS),
      unit: "nats",
      said: `${inBits} ${number(bits(mean))} bits a token, over ${tokens}; a nat is 1.44 bits`,
    },
    {
      name: `perplexity ${power} e to the loss`,
      value: number(Math.exp(mean), 1),
      unit: "tokens",
      said:
        mean > uniform
          ? "more than there are: worse than knowing nothing, sure of wrong tokens"
          : "as unsure as between so many equally likely ones",
    },
    {
      name: "knowing nothing",
      value: number(uniform, DIGITS),
      unit: "nats",
      said: `ln ${count(vocab)}: every token alike, perplexity ${count(vocab)}`,
    },
    {
      name: "bits per byte",
      value: number(bits_per_byte),
      unit: "bits",
      said: `over ${count(n_bytes)} bytes: comparable between tokenizers, which cut a text differently`,
    },
  ];
}
