// @ts-check
// What the hidden token's two lists of guesses say, in words.

import { mean } from "../../../ui/kit/arithmetic.js";
import { number, percent } from "../../../ui/kit/format.js";
import { quote, visible } from "../../../ui/kit/words.js";

/**
 * What a model says of a hidden token: -ln p of the token that stands there, its place among all guesses from 0, and
 * the first guesses.
 * @typedef {{nats: number, rank: number, first: [string, number][]}} GuessData
 */
/**
 * A sentence in tokens, or why there is none (`problem`); `place` tells most.
 * @typedef {{typed: string, problem: string, pieces: string[], place: number, both_ways: GuessData[],
 *   before_only: GuessData[], examples: string[], told: Record<string, string>, numbers: string}} HiddenHeader
 */

const said = (/** @type {string} */ piece) => quote(visible(piece).trim());

/**
 * Both first guesses, and what the token itself gets.
 * @param {HiddenHeader} text
 * @param {number} at
 */
export function finding({ pieces, both_ways, before_only }, at) {
  const guess = (/** @type {GuessData} */ { first }) => `${said(first[0][0])} (${percent(first[0][1])})`;
  const share = (/** @type {GuessData} */ { nats }) => percent(Math.exp(-nats));
  const [both, before] = [both_ways[at], before_only[at]];
  const right = said(pieces[at]);
  return (
    `${right} is hidden. The first guess from both sides is ${guess(both)}, from what came before ${guess(before)}. ` +
    `${right} itself gets ${share(both)} from both sides and ${share(before)} from what came before.`
  );
}

/**
 * What the whole sentence costs.
 * @param {HiddenHeader} text
 */
export function whole({ both_ways, before_only }) {
  const [both, before] = [both_ways, before_only].map((all) => mean(all.map(({ nats }) => nats)));
  const fewer = both_ways.filter(({ nats }, i) => nats < before_only[i].nats).length;
  return (
    `In this sentence a token costs ${number(both)} nats on average from both sides and ${number(before)} from ` +
    `what came before. ${fewer} of ${both_ways.length} tokens cost less from both sides.`
  );
}
