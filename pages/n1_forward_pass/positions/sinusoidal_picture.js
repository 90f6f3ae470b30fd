// @ts-check
// The sinusoidal table, and one of its numbers worked out.

import { largest, range } from "../../../ui/kit/arithmetic.js";
import { linearScale, linePath } from "../../../ui/kit/axes.js";
import { make } from "../../../ui/kit/elements.js";
import { count, number } from "../../../ui/kit/format.js";
import { quote } from "../../../ui/kit/words.js";
import { drawTable } from "./scheme_table.js";
import { sinusoid, sinusoidLines, swing } from "./sinusoid.js";

/** @typedef {import("./position_data.js").Positions} Positions */
/** @typedef {import("./stage.js").Stage} Stage */
/** @typedef {import("./stage.js").Cell} Cell */

/**
 * @param {Stage} stage
 * @param {Positions} positions
 * @param {Cell} at
 */
export function drawSinusoidal(stage, { header, arrays, labels }, at) {
  const d = header.d_model;
  const [rows] = arrays.sinusoidal.shape;
  const slowest = count(swing(d - 2, d));
  drawTable(stage, labels, at, {
    rows: arrays.sinusoidal,
    size: d,
    kind: "tabled",
    label: "Sinusoidal table: a row per position, a column per number.",
    note: "",
    shade: (share) => share,
    beside: (side) => (row, column) => {
      stage.say([
        ...standing(labels, row),
        ` gets values of ${d / 2} waves. The fastest repeats after 6.3 tokens, the slowest after ${slowest}`,
      ]);
      const told = oneNumber(row, column, d);
      const down = range(rows).map((position) => sinusoid(position, column, d));
      side.replaceChildren(...told, wave(down, row));
      return told.map((part) => part.textContent).join(" ");
    },
  });
}

/**
 * A row of a table: the word that stands there, if the text goes so far.
 * @param {readonly string[]} labels
 * @param {number} row
 * @returns {import("../../../ui/kit/elements.js").Segment[]}
 */
const standing = (labels, row) =>
  row < labels.length
    ? [["query", quote(labels[row])], ` at position ${row + 1}`]
    : [`Position ${row + 1}, beyond your text,`];

/**
 * @param {number} row
 * @param {number} column
 * @param {number} d
 */
function oneNumber(row, column, d) {
  const swings = `it repeats after ${number(swing(column, d), 1)} tokens`;
  return [
    make("h4", {}, `Number ${column + 1} at position ${row + 1}`),
    make("p", { class: "sub" }, `The formula counts from 0, so position ${row + 1} enters it as ${row}.`),
    ...sinusoidLines(row, column, d).map((each) => make("p", { class: "mono" }, each)),
    make("div", { class: "result" }, number(sinusoid(row, column, d), 3)),
    make("div", { class: "sub" }, `This number at all positions: ${swings}.`),
  ];
}

/**
 * @param {number[]} values
 * @param {number} at
 */
function wave(values, at) {
  const last = values.length - 1;
  const top = largest(values) || 1;
  const y = linearScale([-top, top], [76, 4]);
  return make(
    "svg",
    { class: "wave", viewBox: `0 0 ${last || 1} 80`, preserveAspectRatio: "none", "aria-hidden": "true" },
    make("line", { x1: 0, x2: last, y1: 40, y2: 40 }),
    make("path", {
      d: linePath(
        values.map((value, i) => [i, y(value)]),
        2,
      ),
    }),
    make("path", { class: "dot", d: `M${at} ${y(values[at]).toFixed(2)}h0.001` }),
  );
}
