// @ts-check
// A vector as bars and a matrix as cells.

import { clamp } from "./arithmetic.js";
import { make } from "./elements.js";

/** @typedef {import("./palette.js").Colour} Colour */

/**
 * Bars up and down from zero, one number each, in a role's colour: a vector as a strip.
 * @param {ArrayLike<number>} values
 * @param {number} top the value of a whole bar
 * @param {string} role
 * @param {number} [height]
 */
export function bars(values, top, role, height = 18) {
  const step = 10;
  const width = step * values.length;
  const middle = height / 2;
  const bar = (/** @type {number} */ value, /** @type {number} */ i) => {
    const rise = clamp(value / (top || 1), -1, 1) * (middle - 0.5);
    return `M${i * step} ${middle}v${(-rise).toFixed(2)}h${step * 0.74}V${middle}z`;
  };
  return make(
    "svg",
    { class: "bars", height, viewBox: `0 0 ${width} ${height}`, preserveAspectRatio: "none", "aria-hidden": "true" },
    make("line", { class: "zero", x1: 0, x2: width, y1: middle, y2: middle }),
    make("path", { class: role, d: Array.from(values, bar).join("") }),
  );
}

/**
 * `colour` of a cell, or null for one that is hidden, which `hidden` draws as a dot of that colour;
 * width and height in CSS pixels; without `tiles` a plain picture at any size.
 * @typedef {{rows: number, columns: number, width: number, height: number, hidden?: string, tiles?: boolean,
 *   colour: (row: number, column: number) => ArrayLike<number> | null | undefined | false}} Cells
 */

const TILE = 9; // px from which on a cell is a tile of its own
const GAP = 1.6;

/**
 * A matrix on a canvas of its own size.
 * @param {HTMLCanvasElement} canvas
 * @param {Cells} cells
 */
export function heatmap(canvas, cells) {
  const { rows, columns, width, height, tiles = true } = cells;
  const ratio = window.devicePixelRatio || 1;
  canvas.width = Math.round(width * ratio);
  canvas.height = Math.round(height * ratio);
  Object.assign(canvas.style, { width: `${width}px`, height: `${height}px` });
  const pen = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  pen.setTransform(ratio, 0, 0, ratio, 0, 0);
  if (!tiles || Math.min(width / columns, height / rows) < TILE) plain(pen, cells);
  else tiled(pen, cells);
}

/**
 * @param {CanvasRenderingContext2D} pen
 * @param {Cells} cells
 */
function plain(pen, { rows, columns, width, height, colour }) {
  const image = new ImageData(columns, rows);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      const rgb = colour(row, column);
      if (rgb) image.data.set([rgb[0], rgb[1], rgb[2], 255], 4 * (row * columns + column));
    }
  }
  const dots = make("canvas", { width: columns, height: rows });
  dots.getContext("2d")?.putImageData(image, 0, 0);
  pen.imageSmoothingEnabled = false;
  pen.drawImage(dots, 0, 0, width, height);
}

/**
 * @param {CanvasRenderingContext2D} pen
 * @param {Cells} cells
 */
function tiled(pen, { rows, columns, width, height, colour, hidden }) {
  const w = width / columns;
  const h = height / rows;
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      const rgb = colour(row, column);
      if (!rgb && !hidden) continue;
      pen.fillStyle = rgb ? `rgb(${Array.from(rgb).join()})` : /** @type {string} */ (hidden);
      pen.beginPath();
      if (rgb) pen.roundRect(column * w, row * h, w - GAP, h - GAP, 3);
      else pen.arc((column + 0.5) * w, (row + 0.5) * h, GAP, 0, 7);
      pen.fill();
    }
  }
}

/**
 * Row and column under the pointer.
 * @param {MouseEvent} event
 * @param {Element} canvas
 * @param {number} rows
 * @param {number} columns
 */
export function cellAt(event, canvas, rows, columns) {
  const box = canvas.getBoundingClientRect();
  const at = (/** @type {number} */ x, /** @type {number} */ size, /** @type {number} */ n) =>
    clamp(Math.floor((x / size) * n), 0, n - 1);
  return {
    row: at(event.clientY - box.top, box.height, rows),
    column: at(event.clientX - box.left, box.width, columns),
  };
}
