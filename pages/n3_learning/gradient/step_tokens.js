// @ts-check
// The text's tokens with what they cost before and after the step, and what is expected in one place.

import { make, rich } from "../../../ui/kit/elements.js";
import { number, percent, printed, relation } from "../../../ui/kit/format.js";
import { slice } from "../../../ui/kit/tensors.js";
import { labels, visible } from "../../../ui/kit/words.js";
import { asked, nats } from "./step_words.js";

/** @import { Choice, Place } from "./step_scene.js" */

const TALLEST = 58; // px

/**
 * @param {HTMLElement} box
 * @param {Place} place
 * @param {Choice} choice
 */
export function drawStrip(box, place, { rate, token }) {
  const { losses } = place.arrays;
  const [before, after] = [slice(losses, 0), slice(losses, rate + 1)];
  const top = Math.max(1, ...before) * 1.25;
  const height = (/** @type {number} */ loss) =>
    Number.isFinite(loss) ? Math.min(TALLEST, (TALLEST * loss) / top) : TALLEST;
  const bars = (/** @type {number} */ i) => [
    make("i", { style: `height:${height(before[i])}px` }),
    make("i", { class: "after", style: `height:${height(after[i])}px` }),
  ];
  box.replaceChildren(
    ...labels(place.header.place.pieces).map((word, i) =>
      make(
        "div",
        {
          id: `step-token-${i}`,
          class: i === token ? "token here" : "token",
          role: "option",
          "aria-selected": String(i === token),
          "data-token": i,
        },
        make("span", { class: "two" }, i > 0 && bars(i - 1)),
        make("span", { class: "piece" }, word),
        make("span", { class: "nats" }, i ? `${nats(before[i - 1])} → ${nats(after[i - 1])}` : "first"),
      ),
    ),
  );
  box.setAttribute("aria-activedescendant", `step-token-${token}`);
}

/**
 * @param {HTMLElement} box
 * @param {Place} place
 * @param {Choice} choice
 */
export function drawGuesses(box, place, choice) {
  const at = choice.token - 1;
  const { candidates } = place.header.place;
  const { probabilities, right } = place.arrays;
  const [before, after] = [slice(probabilities, 0, at), slice(probabilities, choice.rate + 1, at)];
  const order = Array.from(before, (_, i) => i).sort((a, b) => before[b] - before[a]);
  const sum = (/** @type {ArrayLike<number>} */ p) => Math.max(0, 1 - Array.from(p).reduce((a, b) => a + b, 0));
  const rows = [
    ...order.map((i) => row(visible(candidates[at][i]), before[i], after[i], i === right.values[at])),
    ...row("all others", sum(before), sum(after), false),
  ];
  box.replaceChildren(
    make("h4", {}, ...rich(asked(place, { ...choice, token: at }))),
    make("div", { class: "list" }, rows),
    make("p", { class: "cost" }, cost(before[right.values[at]], after[right.values[at]])),
  );
}

/**
 * @param {number} before probability of the token that comes
 * @param {number} after
 */
function cost(before, after) {
  const written = (/** @type {number} */ p) => {
    const shown = number(p, 3);
    return `−ln ${shown} ${relation(-Math.log(printed(p, 3)), -Math.log(p))} ${number(-Math.log(p))}`;
  };
  const then = after > 0 ? `, after it ${written(after)}` : "";
  return `The cost is −ln of the probability: before the step ${written(before)}${then}.`;
}

/**
 * @param {string} word
 * @param {number} before
 * @param {number} after
 * @param {boolean} came
 */
function row(word, before, after, came) {
  const bar = (/** @type {number} */ p, /** @type {string} */ kind) =>
    make("i", { class: kind, style: `width:${(100 * (p || 0)).toFixed(2)}%` });
  const then = Number.isFinite(after) ? percent(after) : "no number";
  return [
    make("span", { class: came ? "w came" : "w" }, word),
    make("span", { class: "b" }, bar(before, ""), bar(after, "after")),
    make("span", { class: came ? "p came" : "p" }, `${percent(before)} → ${then}`),
  ];
}
