// @ts-check
// One row's cosines with all others: how unusual its nearest is.

import { linearScale } from "../../../ui/kit/axes.js";
import { make } from "../../../ui/kit/elements.js";
import { number } from "../../../ui/kit/format.js";
import { cosineText } from "./cosine_text.js";

/** @import { NearHeader } from "./map_look.js" */

const LOW = -0.5; // where the bins of embedding_answers.py begin
const HIGH = 1;
const HEIGHT = 132;
const BASE = 110;
const ROOM = 90; // px for the highest bar

/**
 * @param {HTMLElement} box
 * @param {NearHeader} others
 */
export function drawHistogram(box, { mean: average, high, best, bins }) {
  const width = box.clientWidth || 360;
  const x = linearScale([LOW, HIGH], [0, width]);
  const top = Math.max(...bins);
  const bar = (/** @type {number} */ n, /** @type {number} */ i) =>
    `M${(i * width) / bins.length} ${BASE}v${(-n / top) * ROOM}h${width / bins.length - 1}V${BASE}z`;
  const told =
    `Cosines with all other tokens: average ${cosineText(average)}, one in a hundred above ${cosineText(high)}, ` +
    `highest ${cosineText(best)}.`;
  box.replaceChildren(
    make(
      "svg",
      { viewBox: `0 0 ${width} ${HEIGHT}`, role: "img", "aria-label": told },
      make("path", { class: "bar", d: bins.map(bar).join("") }),
      make("line", { class: "mean", x1: x(average), x2: x(average), y1: 14, y2: BASE }),
      make("line", { class: "here", x1: x(best), x2: x(best), y1: 44, y2: BASE }),
      text("t-mean", x(average), 10, "middle", `average ${cosineText(average)}`),
      text("t-here", Math.min(x(best), width - 40), 38, "middle", `nearest ${cosineText(best)}`),
      [LOW, 0, 0.5, HIGH].map((tick) => text("", x(tick), BASE + 16, anchor(tick), number(tick, 1))),
    ),
  );
}

/** @param {number} tick */
const anchor = (tick) => (tick === LOW ? "start" : tick === HIGH ? "end" : "middle");

/**
 * @param {string} kind
 * @param {number} x
 * @param {number} y
 * @param {string} anchor
 * @param {string} content
 */
const text = (kind, x, y, anchor, content) => make("text", { class: kind, x, y, "text-anchor": anchor }, content);
