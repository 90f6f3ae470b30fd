// @ts-check
// Tokens of the text against merges learnt, on the logarithmic axis that the slider below it shares.

import { linearScale, stepPath } from "../../../ui/kit/axes.js";
import { find, make } from "../../../ui/kit/elements.js";
import { count, plural } from "../../../ui/kit/format.js";
import { mergeScale } from "./merge_scale.js";
import { tokensAfter } from "./text_reading.js";

/** @import { Point } from "../../../ui/kit/axes.js" */
/** @import { Reading } from "./text_reading.js" */

const HEIGHT = 166;
const TOP = 20;
const BASE = HEIGHT - 4;
const INSET = 8; // half a slider's thumb, so that it stands below its dot
const MARK = 120; // px that the last mark needs for itself
const CLEAR = 90; // px of curve that the count must stand above

/**
 * @param {HTMLElement} section
 * @param {Reading} reading
 * @param {number} k
 * @param {number} now tokens under k merges
 */
export function drawCurve(section, reading, k, now) {
  const { header, length } = reading;
  const total = header.n_merges;
  const end = tokensAfter(reading, total);
  const box = find(section, ".picture");
  const width = box.clientWidth;
  const x = mergeScale(total, [INSET, width - INSET]);
  box.replaceChildren(picture(reading, k, now, x, width));
  find(section, "h4").textContent =
    end < length
      ? `With more merges learnt, your text shrinks from ${count(length)} to ${plural(end, "token")}`
      : "No merge changes this text";
  find(section, ".scales").textContent =
    `Height: tokens of your text, up to ${count(length)}. Across: merges (logarithmic).`;
  const marks = [0, ...[10, 100, 1000, 10000].filter((each) => x(total) - x(each) > MARK), total];
  find(section, ".ticks").replaceChildren(...marks.map((each) => mark(each, total, x(each))));
}

/**
 * @param {number} k
 * @param {number} total
 * @param {number} x
 */
function mark(k, total, x) {
  const left = k === 0 ? "0" : k === total ? "100%" : `${x}px`;
  return make("span", { style: `left:${left}` }, k === 0 ? "none" : count(k) + (k === total ? " merges" : ""));
}

/**
 * @param {Reading} reading
 * @param {number} k
 * @param {number} now
 * @param {ReturnType<typeof mergeScale>} x
 * @param {number} width
 */
function picture(reading, k, now, x, width) {
  const { header, length, events } = reading;
  const total = header.n_merges;
  const end = tokensAfter(reading, total);
  const y = linearScale([0, length], [BASE, TOP]);
  /** @type {Point[]} */
  const points = [[x(0), y(length)], ...events.map((event) => corner(x(event.k), y(event.tokens))), [x(total), y(end)]];
  const d = stepPath(points);
  const right = x(k) > width / 2;
  const before = tokensAfter(reading, x.invert(Math.max(INSET, x(k) - CLEAR)));
  const above = y(right ? before : now) - 10; // clear of the curve, which is higher on the left
  const floor = header.order.length;
  return make(
    "svg",
    {
      viewBox: `0 0 ${width} ${HEIGHT}`,
      height: HEIGHT,
      role: "img",
      "aria-label":
        `The text is ${plural(length, "byte")} before any merge, ${plural(end, "token")} after ` +
        `${plural(total, "merge")}, ${plural(now, "token")} after ${plural(k, "merge")}.`,
    },
    make("path", { class: "area", d: `${d}V${BASE}H${x(0)}z` }),
    line("base", x(0), BASE, x(total), BASE),
    line("floor", x(0), y(floor), x(total), y(floor)),
    text("", x(0) + 6, y(floor) - 5, "start", leastSaid(floor, width)),
    make("path", { class: "fall", d }),
    line("now", x(k), TOP - 12, x(k), BASE),
    make("circle", { cx: x(k), cy: y(now), r: 6 }),
    text("count", x(k) + (right ? -10 : 10), Math.max(above, 12), right ? "end" : "start", plural(now, "token")),
  );
}

/** @type {(x: number, y: number) => Point} */
const corner = (x, y) => [x, y];

/**
 * What stands at the line that no vocabulary reaches below.
 * @param {number} words
 * @param {number} width
 */
function leastSaid(words, width) {
  if (words === 1) return "a single word";
  return `${count(words)} words and marks${width > 500 ? ": merges never join two of them" : ""}`;
}

/**
 * @param {string} kind
 * @param {number} x1
 * @param {number} y1
 * @param {number} x2
 * @param {number} y2
 */
const line = (kind, x1, y1, x2, y2) => make("line", { class: kind, x1, y1, x2, y2 });

/**
 * @param {string} kind
 * @param {number} x
 * @param {number} y
 * @param {string} anchor
 * @param {string} content
 */
const text = (kind, x, y, anchor, content) => make("text", { class: kind, x, y, "text-anchor": anchor }, content);
