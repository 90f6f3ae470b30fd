// @ts-check
// Where a scheme's picture is drawn, and what every one of them is drawn with.

import { clamp } from "../../../ui/kit/arithmetic.js";
import { make } from "../../../ui/kit/elements.js";
import { across, onKeys } from "../../../ui/kit/keys.js";
import { cellAt, heatmap } from "../../../ui/kit/pictures.js";

/** @typedef {import("../../../ui/kit/elements.js").Segment} Segment */
/**
 * `say` writes the finding above the picture, `speak` tells those who cannot see it.
 * @typedef {{box: HTMLElement, palette: import("../../../ui/kit/palette.js").Palette, wide: boolean,
 *   say: (finding: Segment[]) => void, speak: (text: string) => void}} Stage
 */
/**
 * The cell of a table that is looked at; it stays from one scheme to the next.
 * @typedef {{row: number, column: number}} Cell
 */
/**
 * `show` answers for a cell that is pointed at, and says in words what is there.
 * @typedef {import("../../../ui/kit/pictures.js").Cells
 *   & {label: string, at?: Cell, show: (row: number, column: number) => string}} Pointed
 */

/**
 * A matrix that answers the pointer and the arrow keys.
 * @param {Stage} stage
 * @param {Pointed} pointed
 */
export function pointedCanvas({ speak }, { label, at = { row: 0, column: 0 }, show, ...cells }) {
  const { rows, columns } = cells;
  const canvas = make("canvas", { role: "img", tabindex: 0, "aria-label": label });
  heatmap(canvas, cells);
  let { row, column } = at;
  const go = (/** @type {number} */ down, /** @type {number} */ right) => {
    row = clamp(row + down, 0, rows - 1);
    column = clamp(column + right, 0, columns - 1);
    speak(show(row, column));
  };
  canvas.addEventListener("pointermove", (event) => {
    ({ row, column } = cellAt(event, canvas, rows, columns));
    show(row, column);
  });
  onKeys(canvas, across(go));
  return canvas;
}

/**
 * The names of a table's rows, those that there is room for: the reader's words, then numbers.
 * @param {readonly string[]} labels
 * @param {readonly number[]} positions one for each row
 * @param {{cell: number, lit: number, wide: boolean, right?: boolean}} look `cell` is a row's height in pixels, `lit`
 *   the row that is looked at
 */
export function rowNames(labels, positions, { cell, lit, wide, right = false }) {
  const every = Math.ceil(14 / cell);
  const free = (/** @type {number} */ row) => row % every === 0 && (every === 1 || Math.abs(row - lit) >= every);
  const typed = (/** @type {number} */ position) => position < labels.length;
  const name = (/** @type {number} */ position) => {
    if (typed(position)) return labels[position];
    return wide ? `position ${position + 1}` : position + 1;
  };
  return make(
    "div",
    { class: right ? "words right" : "words", "aria-hidden": "true", style: `height:${positions.length * cell}px` },
    positions.map((position, row) => {
      if (row !== lit && !free(row)) return null;
      const kind = row === lit ? "here" : typed(position) && "typed";
      return make("span", { class: kind, style: `top:${(row + 0.5) * cell}px` }, name(position));
    }),
  );
}

/**
 * What is written below a canvas, from its left end to its right.
 * @param {...string | number} ends
 */
export const axis = (...ends) =>
  make(
    "div",
    { class: "axis" },
    ends.map((end) => make("span", {}, end)),
  );
