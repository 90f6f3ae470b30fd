// @ts-check
// The text as a strip of bars: what each token cost, and what it takes to guess it.

import { clamp } from "../../../ui/kit/arithmetic.js";
import { make } from "../../../ui/kit/elements.js";
import { count, number, percent } from "../../../ui/kit/format.js";
import { labels, quote, visible } from "../../../ui/kit/words.js";
import { summary } from "./guess_score.js";

/**
 * A text in tokens and words (first token, the one after the last); blanks are words. Of each token but the first:
 * nats, rank from 0, the likeliest. Of each: what it asks for and why. `open`: nothing of it is hidden.
 * @typedef {{key: string, open: boolean, pieces: string[], words: [number, number][], said: string[],
 *   blanks: number[], nats: number[], ranks: number[], expected: [string, number][][], kinds: string[],
 *   takes: string[]}} TextHeader
 */

const few = (/** @type {number} */ nats) => number(nats, nats < 10 ? 2 : 1, 0);

/**
 * Bars over the first tokens of a text, and one for what is hidden.
 * @param {TextHeader} text
 * @param {number} shown tokens
 */
export function bars(text, shown) {
  const top = Math.max(...text.nats.slice(0, Math.max(0, shown - 1)), 1);
  const words = labels(text.pieces.slice(0, shown));
  return words.map((word, i) => bar(word, i, text.nats[i - 1], top));
}

/**
 * @param {string} word
 * @param {number} i
 * @param {number | undefined} nats none for the first
 * @param {number} top of a whole bar
 */
function bar(word, i, nats, top) {
  return make(
    "div",
    { id: `token-${i}`, class: "token", role: "option" },
    make("span", { class: "bar" }, make("i", { style: `height:${(100 * (nats ?? 0)) / top}%` })),
    make("span", { class: "piece" }, word, " "),
    make("span", { class: "nats" }, nats === undefined ? "first" : few(nats)),
  );
}

/**
 * What was expected in a token's place, and what it takes to guess it.
 * @param {TextHeader} text
 * @param {number} i its place, not the first
 */
export function detail(text, i) {
  const nats = text.nats[i - 1];
  const p = Math.exp(-nats);
  const word = quote(visible(text.pieces[i]));
  return [
    make("h4", {}, word, ` cost ${few(nats)} nats`),
    make("p", {}, `Its probability was ${percent(p)}, rank ${count(text.ranks[i - 1] + 1)}.`),
    text.kinds[i] && make("p", { class: "asks" }, make("b", {}, text.kinds[i]), ` ${text.takes[i]}`),
    make("p", { class: "name" }, "Most probable there"),
    make(
      "div",
      { class: "list" },
      text.expected[i - 1].flatMap(([piece, share]) => row(visible(piece), share, piece === text.pieces[i])),
    ),
  ];
}

/**
 * A word with its probability as a bar.
 * @param {string} word
 * @param {number} p
 * @param {boolean} came whether the text goes on with it
 * @param {string} [note] whose word it is
 */
export const row = (word, p, came, note = "") => [
  make("span", { class: came ? "w came" : "w" }, word, note && make("small", {}, ` ${note}`)),
  make("span", { class: came ? "b came" : "b" }, make("i", { style: `width:${(100 * p).toFixed(2)}%` })),
  make("span", { class: came ? "p came" : "p" }, percent(p)),
];

/**
 * Sum, mean and perplexity beside a uniform guess.
 * @param {TextHeader} text
 * @param {number} shown tokens
 * @param {number} vocab
 */
export function sums(text, shown, vocab) {
  const nats = text.nats.slice(0, Math.max(0, shown - 1));
  if (!nats.length) return [];
  const { n, total, mean, perplexity, uniform } = summary(nats, vocab);
  return [
    ["sum", `${number(total, 1)} nats`, `of ${n} token${n === 1 ? "" : "s"}: −ln of their joint probability`],
    ["mean: the loss", `${number(mean)} nats`, "a token; training lowers this number"],
    ["perplexity = e^loss", number(perplexity, 1), "as unsure as between so many equally probable tokens"],
    ["uniform guess", `${number(uniform)} nats`, `a token: ln ${count(vocab)}`],
  ].map(([name, value, said]) => make("div", {}, make("dt", {}, name), make("dd", {}, make("b", {}, value), said)));
}

/**
 * The token that was dearest, of those shown.
 * @param {TextHeader} text
 * @param {number} shown tokens
 */
export function dearest(text, shown) {
  const nats = text.nats.slice(0, Math.max(0, shown - 1));
  return clamp(nats.indexOf(Math.max(...nats)) + 1, 1, Math.max(1, shown - 1));
}
