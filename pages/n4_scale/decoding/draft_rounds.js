// @ts-check
// A run with drafts, round by round: guesses, their check, the text that grows, the time.

import { find, make } from "../../../ui/kit/elements.js";
import { count, duration, percent } from "../../../ui/kit/format.js";
import { visible } from "../../../ui/kit/words.js";
import { shown } from "./speculation.js";

/** @import { Segment } from "../../../ui/kit/elements.js" */
/** @import { RoundData } from "./speculation.js" */

/** @typedef {{busy: boolean, same: boolean, rounds: RoundData[], plain: RoundData[]}} RunData */

const WIDEST = 100; // percent

/**
 * @param {HTMLElement} root
 * @param {RunData} run
 * @param {number} at the round looked at, from 0
 * @param {(at: number) => void} choose
 */
export function drawRounds(root, { rounds }, at, choose) {
  find(root, ".rounds").replaceChildren(
    ...rounds.map((round, i) => {
      const kind = i === at ? "here" : i > at && "ahead";
      const guesses = round.guesses.map((guess, j) =>
        make("span", { class: `guess ${verdict(round, j)}` }, visible(guess)),
      );
      const own = make("span", { class: "own" }, visible(round.added[round.added.length - 1]));
      const took = `${duration(round.draft_seconds)} + ${duration(round.check_seconds)}`;
      return make(
        "div",
        { class: `round ${kind || ""}`, role: "listitem", onclick: () => choose(i) },
        make("span", { class: "name" }, `Round ${i + 1}`),
        make("div", { class: "chain" }, guesses.length ? guesses : make("span", { class: "sub" }, "no guess"), own),
        make("span", { class: "took", title: "Drafting and checking, processor time" }, took),
      );
    }),
  );
}

/**
 * @param {RoundData} round
 * @param {number} i
 */
const verdict = ({ accepted }, i) => (i < accepted ? "right" : i === accepted ? "wrong" : "unread");

/**
 * The text up to a round.
 * @param {HTMLElement} root
 * @param {RunData} run
 * @param {number} at
 * @param {string} text of the reader
 */
export function drawText(root, { rounds }, at, text) {
  const parts = rounds
    .slice(0, at + 1)
    .flatMap(({ added, accepted }) =>
      added.map((piece, i) => make("span", { class: i < accepted ? "guessed" : "chosen" }, piece)),
    );
  find(root, ".text-so-far").replaceChildren(make("span", { class: "given" }, text), ...parts);
}

/**
 * Time of both ways, and what was counted.
 * @param {HTMLElement} root
 * @param {RunData} run
 */
export function drawSums(root, { rounds, plain }) {
  const [own, other] = [shown(rounds), shown(plain)];
  const longest = Math.max(own.drafting + own.checking, other.checking);
  const part = (/** @type {string} */ kind, /** @type {number} */ seconds) =>
    make("i", { class: kind, style: `width:${(WIDEST * seconds) / longest}%`, title: `${kind}: ${duration(seconds)}` });
  const row = (/** @type {string} */ name, /** @type {HTMLElement[]} */ parts, /** @type {number} */ seconds) =>
    make(
      "div",
      { class: "time-row" },
      make("span", {}, name),
      make("div", { class: "track" }, parts),
      make("b", {}, duration(seconds)),
    );
  find(root, ".bars-of-time").replaceChildren(
    row("with drafts", [part("drafts", own.drafting), part("checks", own.checking)], own.drafting + own.checking),
    row("one by one", [part("steps", other.checking)], other.checking),
    make(
      "p",
      { class: "sub" },
      "Processor time. Green: drafts. Blue: the model’s checks. Red: its passes without drafts. " +
        "On a processor core, a check of several tokens takes longer than a step. On an accelerator it hardly does.",
    ),
  );
  const line = (/** @type {string} */ name, /** @type {string} */ value) =>
    make("tr", {}, make("th", { scope: "row" }, name), make("td", {}, value));
  const share = own.tried ? `${own.accepted} of ${own.tried}: ${percent(own.accepted / own.tried)}` : "no guess";
  find(root, ".counted").replaceChildren(
    line("Passes of the model", `${own.rounds} instead of ${other.rounds}`),
    line("Tokens for each pass", (own.tokens / own.rounds).toFixed(2)),
    line("Guesses accepted, of those compared (α)", share),
    line("Guesses thrown away unread", count(own.guesses - own.tried)),
  );
}

/**
 * @param {RunData} run
 * @returns {Segment[]}
 */
export function runFinding({ same, rounds, plain }) {
  const [own, other] = [shown(rounds), shown(plain)];
  const [fast, slow] = [own.drafting + own.checking, other.checking];
  const times = Math.max(fast, slow) / Math.min(fast, slow);
  const factor = times < 1.05 ? "about as fast as" : `${times.toFixed(1)} times as ${fast < slow ? "fast" : "slow"} as`;
  return [
    `${own.tokens} tokens in `,
    ["query", `${own.rounds} passes`],
    ` of the model: ${factor} one by one. `,
    same ? "Both ways wrote the same tokens" : "The texts differ where two tokens were almost equally likely",
  ];
}
