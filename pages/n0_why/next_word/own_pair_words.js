// @ts-check
// What a reader's own pair shows, in words.

import { number } from "../../../ui/kit/format.js";
import { quote, visible } from "../../../ui/kit/words.js";
import { cost } from "./guess_score.js";
import { timesAsProbable } from "./pair_words.js";

/** @import { WordData } from "./guess_score.js" */
/**
 * The beginning as the model reads it, and both continuations; or a sentence that says why there are none.
 * @typedef {{beginning: string, words: WordData[], problem: string}} OwnPairHeader
 */

const ALIKE = 0.005; // nats that two costs may differ and still be printed as the same
const END = 32; // characters of a beginning that are repeated

/**
 * Its last words.
 * @param {string} beginning
 */
const ending = (beginning) =>
  beginning.length > END ? `… ${beginning.slice(-END).replace(/^\S*\s+/, "")}` : beginning;

/**
 * Until the costs are there.
 * @param {string} beginning
 */
export const waiting = (beginning) => `What does each of two continuations cost after ${quote(ending(beginning))}?`;

/**
 * @param {OwnPairHeader} pair
 * @param {string} model its name
 */
export function ownFinding({ beginning, words, problem }, model) {
  if (problem) return problem;
  const [a, b] = words.map((word) => ({ said: quote(word.text.trim()), nats: cost(word) }));
  const costs = `${a.said} costs ${number(a.nats)} nats and ${b.said} ${number(b.nats)} nats`;
  const both = `After ${quote(ending(beginning))}, ${costs}.`;
  const [less, more] = a.nats <= b.nats ? [a, b] : [b, a];
  if (more.nats - less.nats < ALIKE) return `${both} For ${model} they are equally probable.`;
  const times = timesAsProbable(more.nats - less.nats);
  return `${both} For ${model}, ${less.said} is ${times} times as probable.`;
}

/**
 * How a word is cut, where it is several tokens.
 * @param {WordData} word
 */
export const cut = ({ pieces }) =>
  pieces.length > 1 ? `${pieces.length} tokens: ${pieces.map((piece) => quote(visible(piece))).join(" ")}` : "";
