// @ts-check
// After a guess: the model's words for the blank, and what each costs, token by token.

import { make } from "../../../ui/kit/elements.js";
import { count, number } from "../../../ui/kit/format.js";
import { quote, visible } from "../../../ui/kit/words.js";
import { cost, same } from "./guess_score.js";
import { bet, formula } from "./guess_words.js";
import { row } from "./strip.js";

/** @import { Made, WordData } from "./guess_score.js" */
/** @import { TextHeader } from "./strip.js" */
/**
 * A word left out: itself, four to choose from, the likeliest, the one that tempts who saw only the last tokens.
 * @typedef {{word: number, truth: WordData, options: WordData[], likely: WordData[], tempting: string,
 *   near: string}} BlankHeader
 */

const plain = (/** @type {WordData} */ word) => visible(word.text.trim());

/**
 * The likeliest words, the one that came and the reader's among them.
 * @param {BlankHeader} blank
 * @param {Made} made
 */
export function distribution(blank, { guess, truth }) {
  const listed = [...blank.likely];
  for (const word of [truth, guess]) if (!listed.some((each) => same(each.text, word.text))) listed.push(word);
  return listed
    .toSorted((a, b) => cost(a) - cost(b))
    .flatMap((word) => {
      const came = same(word.text, truth.text);
      return row(
        plain(word),
        Math.exp(-cost(word)),
        came,
        same(word.text, guess.text) ? "you" : came ? "the text" : "",
      );
    });
}

/**
 * What was paid, line by line.
 * @param {BlankHeader} blank
 * @param {Made} made
 * @param {number} vocab
 */
export function costs(blank, made, vocab) {
  const { guess, truth } = made;
  const wrong = !same(guess.text, truth.text);
  const n = truth.nats.length;
  const uniform = n * Math.log(vocab);
  return [
    line(`The text’s word, ${quote(plain(truth))}`, tokens(truth), formula(truth)),
    wrong && line(`Your word, ${quote(plain(guess))}`, tokens(guess), formula(guess)),
    line("Your bet on it", "half on your word, half spread as the model does", bet(made)),
    line("A uniform guess", `of ${n} token${n > 1 ? "s" : ""} among ${count(vocab)}`, `${number(uniform)} nats`),
    blank.tempting && line("The tempting word", tempting(blank), quote(visible(blank.tempting.trim()))),
  ];
}

/** @param {BlankHeader} blank */
const tempting = ({ near }) => `most probable after ${quote(visible(near.trim()))} alone`;

/** @param {WordData} word */
const tokens = ({ pieces }) =>
  pieces.length > 1 ? `${pieces.length} tokens: ${pieces.map((piece) => visible(piece)).join(" + ")}` : "1 token";

/**
 * @param {string} name
 * @param {string} about
 * @param {string} sum
 */
const line = (name, about, sum) =>
  make("div", {}, make("dt", {}, name, make("small", {}, about)), make("dd", { class: "mono" }, sum));

/**
 * What the blank asks for, as a person has written; nothing for words that nobody has.
 * @param {TextHeader} text
 * @param {number} word
 */
export function asks(text, word) {
  const start = text.words[word][0];
  const kind = text.kinds[start];
  return kind ? make("p", { class: "asks" }, make("b", {}, kind), ` ${text.takes[start]}`) : null;
}
