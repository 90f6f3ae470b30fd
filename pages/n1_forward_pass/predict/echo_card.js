// @ts-check
// The same text several times in a row: with each round the model expects it more.

import { find, make } from "../../../ui/kit/elements.js";
import { count, percent } from "../../../ui/kit/format.js";

/**
 * One round of a repeated text: the mean probability of its tokens, and for which part of them the token that
 * stands there is also the most probable one.
 * @typedef {{probability: number, first: number}} EchoRound
 */

/**
 * @param {HTMLElement} section
 * @param {readonly EchoRound[]} rounds
 * @param {number} n tokens of a round
 */
export function drawEcho(section, rounds, n) {
  section.hidden = rounds.length < 2;
  if (section.hidden) return;
  find(section, "h4").textContent = finding(rounds);
  find(section, ".rounds").replaceChildren(...rounds.map(row));
  find(section, ".caption").textContent = explanation(rounds, n);
}

/** @param {readonly EchoRound[]} rounds */
export function finding(rounds) {
  const [first, last] = [rounds[0], rounds[rounds.length - 1]];
  const grows = last.probability > first.probability;
  const from = percent(first.probability);
  const to = percent(last.probability);
  return grows
    ? `Why it repeats itself: each round makes the next one more probable, from ${from} to ${to}`
    : `Here a repetition does not become more probable: ${from} in the first round, ${to} in the last`;
}

/**
 * @param {readonly EchoRound[]} rounds
 * @param {number} n
 */
function explanation(rounds, n) {
  const last = rounds[rounds.length - 1];
  return (
    `In round ${count(rounds.length)}, ${percent(last.first)} of the ${count(n)} tokens are also the most probable. ` +
    "Greedy decoding takes the most probable token each time, so where this reaches 100 % it cannot leave the loop. " +
    "A draw can leave it. "
  );
}

/**
 * @param {EchoRound} round
 * @param {number} i
 */
const row = ({ probability, first }, i) =>
  make(
    "div",
    { class: "round", role: "row" },
    make("span", { role: "cell" }, `round ${i + 1}`),
    make("span", { class: "b", role: "cell" }, make("i", { style: `width:${100 * probability}%` })),
    make("b", { role: "cell" }, percent(probability)),
    make("span", { class: "first", role: "cell" }, `most probable: ${percent(first)} of the tokens`),
  );
