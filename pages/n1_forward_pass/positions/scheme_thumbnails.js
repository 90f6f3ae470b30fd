// @ts-check
// A small picture of each scheme, to know it by.

import { heatmap } from "../../../ui/kit/pictures.js";
import { slice } from "../../../ui/kit/tensors.js";

/** @typedef {import("../../../ui/kit/palette.js").Palette} Palette */
/** @typedef {import("../../../ui/kit/palette.js").Colour} Colour */
/** @typedef {import("./position_data.js").Positions} Positions */
/** @typedef {(row: number, column: number) => Colour} Dots */

const N = 23; // dots a side
const MIDDLE = 11;
const APART = 5; // rows of the learned table between two dots

/**
 * @param {Iterable<HTMLCanvasElement>} canvases in the order of the schemes
 * @param {Positions} positions
 * @param {Palette} palette
 */
export function drawThumbnails(canvases, { arrays, learned }, palette) {
  const pictures = [
    waves(arrays.sinusoidal, palette),
    learned ? likeness(learned.alike, palette) : () => palette.rgb("panel"),
    spiral(palette),
    slope(palette),
    cross(palette),
  ];
  for (const [i, canvas] of Array.from(canvases).entries())
    heatmap(canvas, { rows: N, columns: N, width: 46, height: 46, tiles: false, colour: pictures[i] });
}

/**
 * @param {import("./position_data.js").Tensor} table
 * @param {Palette} palette
 * @returns {Dots}
 */
const waves = (table, palette) => (row, column) => palette.sign(slice(table, row)[column]);

/**
 * @param {import("./position_data.js").Tensor} alike
 * @param {Palette} palette
 * @returns {Dots}
 */
const likeness = (alike, palette) => (row, column) =>
  Math.max(row, column) * APART < alike.shape[0]
    ? palette.sign(slice(alike, row * APART)[column * APART])
    : palette.rgb("panel");

/**
 * @param {Palette} palette
 * @returns {Dots}
 */
const spiral = (palette) => (row, column) => {
  const x = column - MIDDLE;
  const y = row - MIDDLE;
  const r = Math.hypot(x, y);
  const ring = r >= 3 && r <= MIDDLE;
  return palette.magnitude(ring ? 0.2 + 0.8 * Math.abs(Math.cos(Math.atan2(y, x) / 2 - r / 4)) : 0, "query");
};

/**
 * @param {Palette} palette
 * @returns {Dots}
 */
const slope = (palette) => (row, column) =>
  column > row ? palette.rgb("panel") : palette.magnitude((row - column) / N, "negative");

/**
 * @param {Palette} palette
 * @returns {Dots}
 */
const cross = (palette) => (row, column) => {
  const arm = Math.abs(row - column) <= 1 || Math.abs(2 * MIDDLE - row - column) <= 1;
  const shown = arm && row !== MIDDLE && Math.abs(row - MIDDLE) <= 9;
  return shown ? palette.magnitude(0.45, "residual") : palette.rgb("panel");
};
