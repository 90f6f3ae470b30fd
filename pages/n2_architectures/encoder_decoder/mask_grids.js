// @ts-check
// The masks of the three kinds of attention, for one text of the batch: one square a pair.

import { range } from "../../../ui/kit/arithmetic.js";
import { radio } from "../../../ui/kit/controls.js";
import { find, make } from "../../../ui/kit/elements.js";
import { onKeys } from "../../../ui/kit/keys.js";
import { cellAt, heatmap } from "../../../ui/kit/pictures.js";
import { maskCell } from "./date_answer.js";
import { pairSays, shown } from "./date_words.js";

/** @import { Answer, Cell, MaskName } from "./date_answer.js" */
/** @import { Palette } from "../../../ui/kit/palette.js" */

const PADDING = "∅";
const [SMALLEST, LARGEST, AXIS, LABELLED] = [8, 16, 16, 14]; // px
/** @type {Record<MaskName, [title: string, said: string]>} */
const TITLES = {
  encoder: ["Encoder", "each token of the text sees the whole text"],
  decoder: ["Decoder", "each position sees what is written before it"],
  cross: ["Cross-attention", "what is written sees the whole text"],
};
/** @type {MaskName[]} */
const NAMES = ["encoder", "decoder", "cross"];

/**
 * The characters of both texts, filled up to one length.
 * @param {Answer} answer
 */
export function padded({ header }) {
  const texts = [header.source, header.neighbour];
  const n = Math.max(...texts.map((text) => text.length));
  return texts.map((text) => range(n).map((i) => text[i] ?? PADDING));
}

/**
 * The batch, a radio each.
 * @param {HTMLElement} root
 * @param {Answer} answer
 * @param {(text: number) => void} choose
 */
export function layBatch(root, answer, choose) {
  find(root, ".batch").replaceChildren(
    ...padded(answer).map((text, i) => {
      const who = i ? "another text" : "your text";
      const chars = text.map((char) => make("span", { class: `char ${char === PADDING ? "pad" : ""}` }, shown(char)));
      const option = { group: "batch-text", label: who, choose: () => choose(i) };
      return radio(option, make("span", { class: "who" }, who), ...chars);
    }),
  );
}

/**
 * What a decoder reads at each position: the start, then all it has written but the last.
 * @param {readonly string[]} target
 */
const read = (target) => ["▸", ...target.slice(0, -1)];

/**
 * All three masks.
 * @param {HTMLElement} root
 * @param {Palette} palette
 * @param {Answer} answer
 * @param {number} text of the batch
 */
export function drawMasks(root, palette, answer, text) {
  const source = padded(answer)[text];
  const target = read(text ? answer.header.neighbour_target : answer.header.target);
  const room = find(root, ".three").clientWidth;
  const wide =
    room > 1000 ? (room - 80 - 3 * AXIS) / (2 * source.length + target.length) : (room - AXIS) / source.length;
  const side = Math.min(LARGEST, Math.max(SMALLEST, Math.floor(wide)));
  /** @type {Record<MaskName, [readonly string[], readonly string[]]>} */
  const axes = { encoder: [source, source], decoder: [target, target], cross: [target, source] };
  const figures = NAMES.map((name) => figure(root, palette, name, axes[name], maskCell(answer, name, text), side));
  find(root, ".three").replaceChildren(...figures);
}

/**
 * @param {HTMLElement} root
 * @param {Palette} palette
 * @param {MaskName} name
 * @param {[queries: readonly string[], keys: readonly string[]]} axes
 * @param {(query: number, key: number) => Cell} cell
 * @param {number} side
 */
function figure(root, palette, name, [queries, keys], cell, side) {
  const [title, said] = TITLES[name];
  const canvas = make("canvas", { tabindex: 0, role: "img", "aria-label": `${title} mask: ${said}` });
  const at = { row: queries.length - 1, column: 0 };
  const top = axis(keys, side, "columns");
  const left = axis(queries, side, "rows");
  const look = (/** @type {number} */ row, /** @type {number} */ column) => {
    Object.assign(at, { row: within(row, queries.length), column: within(column, keys.length) });
    mark(left, at.row);
    mark(top, at.column);
    const says = pairSays(name, queries[at.row], keys[at.column], cell(at.row, at.column));
    find(root, ".pair-says").textContent = says;
  };
  paint(canvas, palette, queries.length, keys.length, cell, side);
  canvas.addEventListener("pointermove", (event) => {
    const found = cellAt(event, canvas, queries.length, keys.length);
    look(found.row, found.column);
  });
  canvas.addEventListener("click", (event) => {
    const found = cellAt(event, canvas, queries.length, keys.length);
    look(found.row, found.column);
  });
  const by = (/** @type {number} */ rows, /** @type {number} */ columns) => () =>
    look(at.row + rows, at.column + columns);
  onKeys(canvas, { ArrowUp: by(-1, 0), ArrowDown: by(1, 0), ArrowLeft: by(0, -1), ArrowRight: by(0, 1) });
  const heading = make("h4", {}, title, make("small", {}, said));
  return make("figure", {}, heading, make("div", { class: "grid" }, make("span"), top, left, canvas));
}

/** @param {number} i @param {number} n */
const within = (i, n) => Math.max(0, Math.min(n - 1, i));

/** @param {HTMLElement} labels @param {number} on */
function mark(labels, on) {
  for (const [i, label] of [...labels.children].entries()) label.classList.toggle("on", i === on);
}

/**
 * @param {readonly string[]} names
 * @param {number} side
 * @param {"rows" | "columns"} which
 */
function axis(names, side, which) {
  const size = which === "rows" ? `width: ${AXIS}px; height: ${side}px` : `width: ${side}px; height: ${AXIS}px`;
  const label = (/** @type {string} */ char) =>
    make("span", { style: size, class: char === PADDING ? "pad" : "" }, side < LABELLED ? "" : shown(char));
  return make("div", { class: `axis ${which}`, "aria-hidden": "true" }, ...names.map(label));
}

/**
 * @param {HTMLCanvasElement} canvas
 * @param {Palette} palette
 * @param {number} rows
 * @param {number} columns
 * @param {(query: number, key: number) => Cell} cell
 * @param {number} side
 */
function paint(canvas, palette, rows, columns, cell, side) {
  const mix = (/** @type {string} */ role, /** @type {number} */ share) =>
    palette.rgb("page").map((part, i) => Math.round(part + (palette.rgb(role)[i] - part) * share));
  /** @type {Record<Cell, number[]>} */
  const colours = {
    "may look": mix("attention", 1),
    "not written yet": mix("muted", 0.28),
    padding: mix("negative", 0.45),
  };
  const colour = (/** @type {number} */ row, /** @type {number} */ column) => colours[cell(row, column)];
  heatmap(canvas, { rows, columns, width: columns * side, height: rows * side, colour });
}
