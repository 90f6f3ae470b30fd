// @ts-check
// The sentences of the game: what is asked, what a guess came to, how a session is scored.

import { count, number, percent, printed, relation } from "../../../ui/kit/format.js";
import { quote, visible } from "../../../ui/kit/words.js";
import { cost, STAKE, same, stakedCost } from "./guess_score.js";

/** @import { Made, Tally, WordData } from "./guess_score.js" */
/** @import { Segment } from "../../../ui/kit/elements.js" */

const SHOWN = 5; // words of the beginning that a heading repeats
const most = -Math.log(STAKE);

/**
 * The last words before a blank.
 * @param {readonly string[]} said
 * @param {number} word that is left out
 */
export function lastWords(said, word) {
  const text = said
    .slice(Math.max(0, word - SHOWN), word)
    .join("")
    .replace(/\s+/g, " ")
    .trim();
  return word > SHOWN ? `… ${text}` : text;
}

/**
 * @param {readonly string[]} said
 * @param {number} word
 * @param {number} vocab
 * @returns {Segment[]}
 */
export const question = (said, word, vocab) => [
  "After ",
  ["attention", quote(lastWords(said, word))],
  ` any of ${count(vocab)} tokens could follow. Which word do you expect?`,
];

/**
 * @param {Made} made
 * @param {string} model its name
 * @returns {Segment[]}
 */
export function verdict({ guess, truth }, model) {
  const nats = cost(truth);
  const word = /** @type {Segment} */ (["prediction", quote(visible(truth.text.trim()))]);
  const paid = `${number(nats)} nats: a probability of ${percent(Math.exp(-nats))}.`;
  if (same(guess.text, truth.text)) return ["You are right: ", word, `. It cost ${model} ${paid}`];
  return [
    "The text goes on with ",
    word,
    `. It cost ${model} ${paid} Your `,
    ["negative", quote(visible(guess.text.trim()))],
    ` would have cost ${number(cost(guess))}.`,
  ];
}

/**
 * −ln 0.41 − ln 0.98 = 0.91 nats, token by token.
 * @param {WordData} word
 */
export function formula(word) {
  const total = cost(word);
  const chances = word.nats.map((nats) => Math.exp(-nats));
  const shown = chances.map((p) => number(p, 3));
  const made = chances.reduce((so, p) => so - Math.log(printed(p, 3)), 0);
  return `−ln ${shown.join(" − ln ")} ${relation(made, total)} ${number(total)} nats`;
}

/**
 * How a bet on one word is paid.
 * @param {Made} made
 */
export function bet({ guess, truth }) {
  const nats = cost(truth);
  const p = Math.exp(-nats);
  const right = same(guess.text, truth.text);
  const paid = stakedCost(nats, right);
  const chance = right ? STAKE + (1 - STAKE) * printed(p, 3) : (1 - STAKE) * printed(p, 3);
  const sum = right ? `(½ + ½ · ${number(p, 3)})` : `(½ · ${number(p, 3)})`;
  return `−ln ${sum} ${relation(-Math.log(chance), paid)} ${number(paid)} nats`;
}

export const HOW =
  "You name one word. It gets a probability of ½; the other half is spread as the model spreads it. " +
  `A right word costs at most ${number(most)} nats.`;
export const HOW_WRONG =
  `A wrong word costs ${number(most)} nats more than the model pays. ` +
  "A full bet would not do: one wrong word would cost infinitely much.";

export const UNCOUNTED = "You could see this word, so your guess does not count.";

/**
 * Of a session.
 * @param {Tally} tally
 * @param {string} [name] of the model
 */
export function score({ n, reader, model, right, modelRight, picked }, name = "the model") {
  const guesses = n === 1 ? "1 guess" : `${n} guesses`;
  const lead = reader < model ? "you are ahead" : "the model is ahead";
  const [mine, its] = [number(reader), number(model)];
  const even = mine === its ? "you are even" : lead;
  const help = picked ? ` ${picked} of your words came from the four offered. ${capital(name)} had no such help.` : "";
  return (
    `After ${guesses} ${even}: your bets cost ${mine} nats a word, ${name} paid ${its}. ` +
    `You named the right word in ${right} of ${n}, its most probable word was right in ${modelRight}.${help}`
  );
}

const capital = (/** @type {string} */ text) => text[0].toUpperCase() + text.slice(1);

/**
 * Of the tokens shown so far.
 * @param {ReturnType<typeof import("./guess_score.js").summary>} so
 * @param {string} model
 * @param {boolean} whole whether the whole text is shown
 */
export function stretch({ n, total, mean, uniform }, model, whole) {
  const tokens = n === 1 ? "1 token" : `${n} tokens`;
  const lead = whole ? `The ${tokens} after the first cost` : `So far, ${tokens} after the first cost`;
  const paid = `${lead} ${model} ${number(total, 1)} nats: ${number(mean)} each.`;
  return `${paid} Uniform guesses would cost ${number(uniform)} each.`;
}
