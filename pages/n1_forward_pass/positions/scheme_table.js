// @ts-check
// A table of rows that are added to the embedding, and what is beside it for the cell looked at.

import { clamp, largest, range } from "../../../ui/kit/arithmetic.js";
import { make } from "../../../ui/kit/elements.js";
import { slice } from "../../../ui/kit/tensors.js";
import { axis, pointedCanvas, rowNames } from "./stage.js";

/** @typedef {import("./stage.js").Stage} Stage */
/** @typedef {import("./stage.js").Cell} Cell */
/**
 * `size` is how many numbers a whole row has; `shade` goes from a share of the largest number to the
 * depth of its colour; `beside` makes what stands beside the table, and returns how it shows a cell.
 * @typedef {{rows: import("./position_data.js").Tensor, size: number, kind: string, label: string, note: string,
 *   shade: (share: number) => number, beside: (side: HTMLElement) => (row: number, column: number) => string}} Table
 */

/**
 * @param {Stage} stage
 * @param {readonly string[]} labels
 * @param {Cell} at
 * @param {Table} table
 */
export function drawTable(stage, labels, at, table) {
  const [rows, columns] = table.rows.shape;
  const cell = Math.min(16, 340 / rows);
  const words = make("div");
  const plane = make("div", { class: "plane" });
  const side = make("div", { class: "side" });
  const names = (/** @type {number} */ lit) =>
    words.replaceChildren(rowNames(labels, range(rows), { cell, lit, wide: stage.wide }));
  stage.box.append(make("div", { class: table.kind }, words, plane, side));
  at.row = clamp(at.row, 0, rows - 1);
  at.column = clamp(at.column, 0, columns - 1);
  names(at.row); // they take their room before the canvas is measured
  const width = Math.max(plane.clientWidth, 120);
  const mark = rowMark(width, cell);
  const beside = table.beside(side);
  const show = (/** @type {number} */ row, /** @type {number} */ column) => {
    Object.assign(at, { row, column });
    names(row);
    mark.style.top = `${row * cell - 1}px`;
    return beside(row, column);
  };
  const canvas = tableCanvas(stage, table, { width, height: rows * cell, at, show });
  const colours = `Orange is negative, blue positive${table.note}`;
  plane.append(
    ...[canvas, mark, axis("number 1", `${columns} of the ${table.size} numbers added`, columns)],
    make("p", { class: "hint" }, `${colours}.`),
  );
  show(at.row, at.column);
}

/**
 * @param {number} width
 * @param {number} cell
 */
const rowMark = (width, cell) =>
  make("div", { class: "mark", style: `left:-2px;width:${width + 4}px;height:${cell + 2}px` });

/**
 * @param {Stage} stage
 * @param {Table} table
 * @param {{width: number, height: number, at: Cell, show: (row: number, column: number) => string}} place
 */
function tableCanvas(stage, { rows, label, shade }, place) {
  const top = largest(rows.values);
  const colour = (/** @type {number} */ row, /** @type {number} */ column) =>
    stage.palette.sign(shade(slice(rows, row)[column] / top));
  const [n, columns] = rows.shape;
  return pointedCanvas(stage, { ...place, rows: n, columns, label, colour, tiles: false });
}
