// @ts-check
// The loss of each token of a text, in words and printed formulas.

import { sum } from "../../../ui/kit/arithmetic.js";
import { count, number, printed, relation } from "../../../ui/kit/format.js";
import { quote } from "../../../ui/kit/words.js";

/**
 * Of each token but the first: its loss in `nats`, its rank from 0, and the tokens that were
 * `expected` instead with their probabilities; `entropy`: the mean loss that the model expects there. Of all:
 * the mean, the loss of one who knows nothing, bits per byte.
 * @typedef {{pass_key: string, pieces: string[], nats: number[], entropy: number[], ranks: number[],
 *   expected: [string, number][][],
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
 * A token's rank and the loss that its probability comes to.
 * @param {string} word
 * @param {number} rank from 0
 * @param {number} nats
 */
export function surpriseLine(word, rank, nats) {
  const p = Math.exp(-nats);
  const sign = relation(-Math.log(printed(p, 4)), nats);
  return `${quote(word)} had rank ${count(rank + 1)}: −ln ${number(p, 4)} ${sign} ${number(nats)} nats`;
}

/**
 * How unsure the model was in a word's place, beside the loss that came.
 * @param {number} entropy
 * @param {number} nats
 */
export function entropyLine(entropy, nats) {
  const read = printed(entropy);
  const sign = relation(Math.exp(read), Math.exp(entropy), 1);
  const than = nats > entropy ? "higher" : "not higher";
  return (
    `The entropy is ${number(entropy)} nats. e^${number(entropy)} ${sign} ${number(Math.exp(entropy), 1)}: the model ` +
    `was as unsure as between so many equally probable tokens. The loss of the token that came is ${than}.`
  );
}

/**
 * The text as a whole: loss, perplexity, and what to compare them with.
 * @param {SurpriseData} data
 * @returns {Stat[]}
 */
export function stats({ nats, entropy, mean, uniform, vocab, n_bytes, bits_per_byte }) {
  if (mean === null || bits_per_byte === null) return [];
  const read = printed(mean, DIGITS);
  const inBits = relation(bits(read), bits(mean));
  const power = relation(Math.exp(read), Math.exp(mean), 1);
  const tokens = `${count(nats.length)} token${nats.length === 1 ? "" : "s"}`;
  return [
    {
      name: "loss, the mean over the tokens",
      value: number(mean, DIGITS),
      unit: "nats",
      said: `${inBits} ${number(bits(mean))} bits a token, over ${tokens}. One nat is 1.44 bits.`,
    },
    {
      name: `perplexity ${power} e to the loss`,
      value: number(Math.exp(mean), 1),
      unit: "tokens",
      said:
        mean > uniform
          ? "More than there are tokens: the model was sure of wrong tokens."
          : "A uniform guess among so many tokens would have the same loss.",
    },
    {
      name: "mean entropy",
      value: number(sum(entropy) / entropy.length, DIGITS),
      unit: "nats",
      said: "The loss that the model itself expected. Where its probabilities fit the text, both agree on average.",
    },
    {
      name: "loss of a uniform guess",
      value: number(uniform, DIGITS),
      unit: "nats",
      said: `ln ${count(vocab)}: all tokens equally probable, so the perplexity is ${count(vocab)}.`,
    },
    {
      name: "bits per byte",
      value: number(bits_per_byte),
      unit: "bits",
      said: `Over ${count(n_bytes)} bytes. This can be compared between models that cut the text differently.`,
    },
  ];
}
