// @ts-check
// The pictures of the reward board: three curves, the next token before and now, and what is written.

import { range } from "../../../ui/kit/arithmetic.js";
import { drawCurves } from "../../../ui/kit/curves.js";
import { find, make } from "../../../ui/kit/elements.js";
import { number, percent, signed } from "../../../ui/kit/format.js";
import { face } from "../../../ui/kit/words.js";

/** @import { Point } from "../../../ui/kit/axes.js" */
/** @import { RewardData, RewardLook } from "./reward_words.js" */

const HEIGHT = 170;
const MARKS = 6; // updates between two marks

/**
 * @param {HTMLElement} box
 * @param {RewardData} data
 * @param {RewardLook[]} run
 * @param {number} at
 */
export function drawTrends(box, data, run, at) {
  const width = Math.max(240, (box.clientWidth - 48) / (box.clientWidth > 700 ? 3 : 1));
  const most = Math.max(1, ...run.map(({ reward }) => reward));
  const furthest = Math.max(1, ...run.map(({ kl }) => kl));
  const marks = range(data.updates / MARKS + 1).map((i) => /** @type {const} */ ([i * MARKS, String(i * MARKS)]));
  const chart = (
    /** @type {string} */ yTitle,
    /** @type {string} */ role,
    /** @type {number} */ top,
    /** @type {(look: RewardLook) => number} */ of,
  ) => {
    const points = run.map((look, i) => /** @type {Point} */ ([i, of(look)]));
    const name = number(of(run[run.length - 1]));
    return drawCurves({
      ...{ curves: [{ name, role, points }], x: [0, data.updates], y: [0, top], marks, at, width, height: HEIGHT },
      ...{ label: `${yTitle}: ${number(of(run[0]))} at first, ${name} after ${run.length - 1} updates.` },
      ...{ yTitle, xTitle: "updates" },
    });
  };
  box.replaceChildren(
    chart("Points a text, mean", "attention", most, ({ reward }) => reward),
    chart("KL from the start, nats a text", "negative", furthest, ({ kl }) => Math.max(0, kl)),
    chart("Different tokens, share of all", "value", 0.6, ({ different }) => different),
  );
}

/**
 * @param {HTMLElement} root
 * @param {RewardData} data
 * @param {RewardLook} look
 */
export function drawNext(root, data, look) {
  find(root, ".next-name").textContent = `Next token after “${data.prompt}”`;
  const bar = (/** @type {string} */ name, /** @type {number} */ p) =>
    make("i", { class: name, style: `width: max(1px, ${(100 * p).toFixed(2)}%)` });
  find(root, ".next").replaceChildren(
    ...look.next.map(([piece, before, now], i) =>
      make(
        "div",
        { class: i ? "next-row" : "next-row rewarded" },
        face(piece),
        make("span", { class: "bars" }, bar("before", before), bar("now", now)),
        make("span", { class: "numbers" }, `${percent(before)} → `, make("b", {}, percent(now))),
      ),
    ),
    make("p", { class: "hint" }, "Grey: the probability at the start. Violet: now."),
  );
}

/**
 * @param {HTMLElement} root
 * @param {RewardData} data
 * @param {RewardLook} look
 */
export function drawTexts(root, data, look) {
  find(root, ".texts-name").textContent = `${look.texts.length} of the ${data.group} texts`;
  const given = make("span", { class: "given" }, `${data.prompt} …`);
  const head = make("div", { class: "text-row names" }, given, cell("points"), cell("advantage"));
  find(root, ".texts").replaceChildren(
    head,
    ...look.texts.map(({ text, earned, advantage }) =>
      make(
        "div",
        { class: "text-row", role: "listitem" },
        make("bdi", {}, ...marked(text, data.word)),
        cell(number(earned, 0)),
        cell(signed(advantage)),
      ),
    ),
  );
}

const cell = (/** @type {string} */ text) => make("span", {}, text);

/**
 * The text with each rewarded word marked.
 * @param {string} text
 * @param {string} word
 */
export const marked = (text, word) =>
  text.split(new RegExp(`\\b(${word})\\b`)).map((part) => (part === word ? make("mark", {}, part) : part));
