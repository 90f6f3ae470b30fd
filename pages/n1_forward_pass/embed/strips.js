// @ts-check
// The sentence's vectors as strips: one line of pixels a token, one column a number, with their lengths.

import { norm } from "../../../ui/kit/arithmetic.js";
import { make } from "../../../ui/kit/elements.js";
import { number } from "../../../ui/kit/format.js";
import { cellAt, heatmap } from "../../../ui/kit/pictures.js";

/** @import { Palette } from "../../../ui/kit/palette.js" */
/** @import { Kind, Lookup } from "./lookup.js" */

/**
 * @typedef {{kind: Kind, node: HTMLElement, canvas: HTMLCanvasElement, cursor: HTMLElement, frame: HTMLElement,
 *   sizes: HTMLElement}} Strip
 */

const TITLES = { row: "Rows of the table", place: "Rows of the positions", sum: "What enters layer 1" };

/**
 * @param {Kind} kind
 * @returns {Strip}
 */
export function buildStrip(kind) {
  const canvas = make("canvas", { role: "img" });
  const cursor = make("i", { class: "cursor", hidden: true });
  const frame = make("i", { class: "frame" });
  const node = make("div", { class: `strip ${kind}` }, canvas, cursor, frame);
  return { kind, node, canvas, cursor, frame, sizes: make("div", { class: kind === "row" ? "sizes" : "sizes added" }) };
}

/**
 * The token and the number under the pointer.
 * @param {Strip} strip
 * @param {MouseEvent} event
 * @param {Lookup} lookup
 */
export function pointedAt({ canvas }, event, { n, d }) {
  const { row, column } = cellAt(event, canvas, n, d);
  return { token: row, k: column };
}

/**
 * @param {Strip} strip
 * @param {Lookup} lookup
 * @param {number} high pixels of a token
 * @param {Palette} palette
 */
export function paintStrip({ kind, node, canvas, sizes }, lookup, high, palette) {
  const { n, d, top } = lookup;
  const vectors = lookup[kind];
  const width = node.clientWidth;
  const gap = high > 15 ? 3 : 1;
  sizes.replaceChildren(...vectors.map((v) => make("div", { style: `height:${high}px` }, number(norm(v)))));
  canvas.setAttribute("aria-label", `${TITLES[kind]}: ${n} by ${d} numbers, blue above zero, red below.`);
  if (!width) return;
  // Each token is drawn as `high` lines of pixels, the last ones of which stay empty.
  const colour = (/** @type {number} */ y, /** @type {number} */ k) =>
    y % high < high - gap && palette.sign(vectors[Math.floor(y / high)][k] / top);
  heatmap(canvas, { rows: n * high, columns: d, width, height: n * high, tiles: false, colour });
}

/**
 * A frame around a token.
 * @param {Strip} strip
 * @param {number} token
 * @param {number} high
 */
export function frameToken({ frame, sizes }, token, high) {
  Object.assign(frame.style, { top: `${token * high - 2}px`, height: `${high + 1}px` });
  for (const [i, node] of [...sizes.children].entries()) node.classList.toggle("here", i === token);
}

/**
 * A line through a number of all tokens; none for null.
 * @param {Strip} strip
 * @param {number | null} k
 * @param {Lookup} lookup
 * @param {number} high
 */
export function setCursor({ node, cursor }, k, { n, d }, high) {
  cursor.hidden = k === null;
  if (k === null) return;
  Object.assign(cursor.style, { left: `${((k + 0.5) / d) * node.clientWidth}px`, height: `${n * high}px` });
}
