// @ts-check
// The embedding matrix as a picture, and the lines from its rows to the sentence's tokens.

import { clamp } from "../../../ui/kit/arithmetic.js";
import { find, make } from "../../../ui/kit/elements.js";
import { count, number } from "../../../ui/kit/format.js";
import { heatmap } from "../../../ui/kit/pictures.js";

/** @import { Palette } from "../../../ui/kit/palette.js" */
/** @import { Lookup } from "./lookup.js" */
/** @import { Vocabulary } from "./vocabulary.js" */

/**
 * The height at which a row stands in the picture.
 * @param {Lookup} lookup
 * @param {number} id
 * @param {number} height
 */
export const heightOf = ({ header }, id, height) => clamp((id + 0.5) / header.vocab_size, 0, 1) * height;

/**
 * @param {HTMLElement} root
 * @param {Lookup} lookup
 * @param {Vocabulary | null} table null while it is on its way
 * @param {number} height
 * @param {Palette} palette
 */
export function paintTable(root, { header, top }, table, height, palette) {
  const canvas = find(root, ".matrix canvas", HTMLCanvasElement);
  const width = find(root, ".matrix").clientWidth;
  const size = { width, height, tiles: false };
  if (!table) return heatmap(canvas, { ...size, rows: 1, columns: 1, colour: () => palette.rgb("panel") });
  const [lines, columns] = table.picture.shape;
  const colour = (/** @type {number} */ y, /** @type {number} */ k) =>
    palette.sign(table.picture.values[y * columns + k] / top);
  heatmap(canvas, { ...size, rows: lines, columns, colour });
  const part = `${count(header.vocab_size)} rows × ${count(header.d_model)} numbers`;
  find(root, ".extent").textContent = part;
  find(root, ".whole").title =
    `Drawn: the first ${columns} numbers of one row in ${number(header.vocab_size / lines, 0)}`;
  canvas.setAttribute(
    "aria-label",
    `The embedding matrix: ${part}. Lines lead from the rows that were looked up to the tokens of the sentence.`,
  );
}

/**
 * @param {SVGElement} svg
 * @param {readonly {from: number, to: number}[]} links heights of a row and of a token
 * @param {number} height
 */
export function drawLinks(svg, links, height) {
  const width = svg.clientWidth || 74;
  const half = width * 0.5;
  svg.setAttribute("viewBox", `0 0 ${width} ${height}`);
  svg.setAttribute("height", String(height));
  svg.replaceChildren(
    ...links.map(({ from, to }) => make("path", { d: `M2 ${from}C${half} ${from} ${half} ${to} ${width - 2} ${to}` })),
  );
}
