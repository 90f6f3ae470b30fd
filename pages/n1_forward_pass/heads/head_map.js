// @ts-check
// One head's map: rows read, columns are read; with the words at its edges.

import { range } from "../../../ui/kit/arithmetic.js";
import { make } from "../../../ui/kit/elements.js";
import { heatmap } from "../../../ui/kit/pictures.js";

/** @import { Palette } from "../../../ui/kit/palette.js" */

/**
 * `brighten`: each row in shades of its own largest share; `small`: a plain picture without tiles.
 * @typedef {{size: number, brighten: boolean, small?: boolean}} Look
 */

/**
 * @param {HTMLCanvasElement} canvas
 * @param {readonly Float32Array[]} rows
 * @param {Look} look
 * @param {Palette} palette
 */
export function paintHead(canvas, rows, { size, brighten, small = false }, palette) {
  const n = rows.length;
  const tops = rows.map((row) => (brighten ? Math.max(...row) : 1));
  heatmap(canvas, {
    ...{ rows: n, columns: n, width: size, height: size, tiles: !small },
    hidden: small ? undefined : palette.colour("line", 0.6),
    colour: (i, j) => (j > i ? null : palette.magnitude(rows[i][j] / tops[i])),
  });
}

/**
 * Which of n labels fit: all, or every few; always the one that is lit.
 * @param {number} n
 * @param {number} lit
 * @param {number} size of a label, in cells
 */
export function fitting(n, lit, size) {
  const every = Math.ceil(size);
  return range(n).filter((i) => i === lit || (i % every === 0 && (every === 1 || Math.abs(i - lit) >= every)));
}

/**
 * The words above a map's columns.
 * @param {readonly string[]} words
 * @param {number} lit
 * @param {number} cell its side in pixels
 */
export const columnLabels = (words, lit, cell) =>
  fitting(words.length, lit, 17 / cell).map((j) =>
    make("span", { class: j === lit && "here", style: `left:${(j + 0.4) * cell}px` }, words[j]),
  );

/**
 * The words beside a map's rows.
 * @param {readonly string[]} words
 * @param {number} lit
 * @param {number} cell its side in pixels
 * @param {{gap: number, kind: (i: number) => string}} labels the least distance between two, and each one's class
 */
export const rowLabels = (words, lit, cell, { gap, kind }) =>
  fitting(words.length, lit, gap / cell).map((i) =>
    make("span", { class: kind(i), style: `top:${(i + 0.5) * cell}px` }, words[i]),
  );
