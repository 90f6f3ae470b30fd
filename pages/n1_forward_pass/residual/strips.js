// @ts-check
// Vectors as the rows of a table: a name, all numbers as bars, the number that is read, the length.

import { clamp } from "../../../ui/kit/arithmetic.js";
import { make } from "../../../ui/kit/elements.js";
import { number } from "../../../ui/kit/format.js";
import { bars } from "../../../ui/kit/pictures.js";
import { rect } from "./shapes.js";

/** @typedef {import("../../../ui/kit/elements.js").Child} Child */
/**
 * `top` is the value of a whole bar, `read` the index of the number that is read, `end` the length.
 * @typedef {{kind: string, what: string, values: number[], top: number, role: string, read: number, end: string,
 *   station?: number, tall?: number}} Strip
 */

const BAR = 10; // of the picture's units, as kit/pictures.js draws them

/** @param {Strip} strip */
export function strip({ kind, what, values, top, role, read, end, station, tall = 20 }) {
  const drawn = bars(values, top, role, tall);
  values.forEach((value, i) => {
    if (Math.abs(value) > top)
      drawn.append(rect("cut", { x: BAR * i, y: value > 0 ? 0 : tall - 3, width: 0.74 * BAR, height: 3 }, 0));
  });
  const here = make("i", { style: `left:${(100 * (read + 0.37)) / values.length}%` });
  return make(
    "div",
    { class: `line ${kind}`, role: "row", "data-station": station },
    cell("what", what),
    cell("strip", drawn, here),
    cell("value", number(values[read], 2, 0.005)),
    cell("length", end),
  );
}

/**
 * @param {string} kind
 * @param {...Child} content
 */
const cell = (kind, ...content) => make("div", { class: kind, role: "cell" }, ...content);

/**
 * The names of the columns.
 * @param {string} first
 * @param {string} second
 * @param {number} read
 */
export const stripHeading = (first, second, read) =>
  make(
    "div",
    { class: "line head", role: "row" },
    [first, second, `no. ${read + 1}`, "length"].map((name) => make("div", { role: "columnheader" }, name)),
  );

/**
 * Which of `n` numbers of a strip is under the pointer; undefined beside all strips.
 * @param {MouseEvent} event
 * @param {number} n
 */
export function readAt(event, n) {
  const box = /** @type {Element} */ (event.target).closest(".strip")?.getBoundingClientRect();
  return box && clamp(Math.floor(((event.clientX - box.left) / box.width) * n), 0, n - 1);
}
