// @ts-check
// Three maps side by side: who may look at whom, the weights as trained, the weights under the mask.

import { range } from "../../../ui/kit/arithmetic.js";
import { find, make, rich } from "../../../ui/kit/elements.js";
import { heatmap } from "../../../ui/kit/pictures.js";
import { visible } from "../../../ui/kit/words.js";
import { may } from "./mask_choice.js";
import { OTHER, sees, TRAINED, weightRow } from "./mask_pass.js";
import { describedMaps, openCells, patternNote, rowsNote } from "./mask_sentences.js";
import { isPadding, isPicture, tokenOf } from "./mask_view.js";
import { labelled, replaceLabels } from "./row_labels.js";

/** @typedef {import("../../../ui/kit/palette.js").Palette} Palette */
/** @typedef {import("./mask_view.js").MaskView} MaskView */
/** @typedef {"who" | "before" | "after"} MapName */
/**
 * A map and what stands around it.
 * @typedef {Record<"box" | "title" | "sub" | "side" | "columns" | "bands" | "row" | "ring" | "note", HTMLElement>
 *   & {canvas: HTMLCanvasElement}} Plane
 */
/** @typedef {Record<MapName, Plane>} Planes */

/**
 * @param {HTMLElement} root
 * @returns {Planes}
 */
export const makePlanes = (root) => ({
  who: makePlane(find(root, ".map.who")),
  before: makePlane(find(root, ".map.before")),
  after: makePlane(find(root, ".map.after")),
});

/**
 * @param {HTMLElement} box
 * @returns {Plane}
 */
function makePlane(box) {
  const plane = {
    box,
    title: find(box, ".title b"),
    sub: find(box, ".title span"),
    side: make("div", { class: "row-labels side", "aria-hidden": "true" }),
    columns: make("div", { class: "col-labels", "aria-hidden": "true" }),
    canvas: make("canvas", { role: "img" }),
    bands: make("div"),
    row: make("div", { class: "ring row" }),
    ring: make("div", { class: "ring" }),
    note: make("p", { class: "note" }),
  };
  const { side, columns, canvas, bands, row, ring, note } = plane;
  box.append(make("div", { class: "plane" }, side, columns, canvas, bands, row, ring), note);
  return plane;
}

/**
 * The edge of a cell in px, as large as the maps have room for.
 * @param {HTMLElement} root
 * @param {Planes} planes
 * @param {number} n
 */
export function cellSize(root, planes, n) {
  const room = planes.who.box.clientWidth - 4;
  const tallest = root.clientWidth > 1500 ? 360 : 288;
  return Math.min(Math.max(room, 60), tallest, 52 * n) / n;
}

/**
 * Titles above and notes below.
 * @param {Planes} planes
 * @param {MaskView} view
 */
export function captionMaps({ who, before, after }, view) {
  const name = `${view.layer + 1}.${view.head + 1}`;
  const { note, source } = patternNote(view);
  who.title.textContent = "Who may look at whom";
  who.sub.textContent = openCells(view);
  who.note.replaceChildren(
    `${note} `,
    source && make("span", { class: "tag published", title: "From this paper" }, source),
  );
  before.title.textContent = `Head ${name}, as trained`;
  before.sub.textContent = "attention weights, causal mask";
  before.note.textContent = "A dot is a hidden cell, whose weight is 0.";
  after.title.textContent = isPicture(view) ? "Not run" : `Head ${name}, this mask`;
  after.sub.textContent = isPicture(view) ? "this model reads no second text" : "all layers and heads run under it";
  after.note.replaceChildren(...rich(rowsNote(view)));
}

/**
 * @param {Planes} planes
 * @param {MaskView} view
 * @param {Palette} palette
 */
export function paintMaps(planes, view, palette) {
  const { pass, mask, cell } = view;
  const { n } = pass;
  const side = cell * n;
  const size = { rows: n, columns: n, width: side, height: side, hidden: palette.colour("muted", 0.45) };
  const open = palette.magnitude(0.75);
  const drawn = isPicture(view);
  const before = shades(view, TRAINED, palette);
  const after = shades(view, OTHER, palette);
  heatmap(planes.who.canvas, { ...size, colour: (i, j) => may(mask, i, j) && open });
  heatmap(planes.before.canvas, { ...size, colour: (i, j) => j <= i && before(i, j) });
  heatmap(planes.after.canvas, { ...size, colour: (i, j) => !drawn && sees(pass, i, j) && after(i, j) });
  const said = describedMaps(view);
  for (const [name, { canvas }] of Object.entries(planes)) {
    canvas.setAttribute("aria-label", said[/** @type {MapName} */ (name)]);
  }
  planes.who.bands.replaceChildren(...bands(view));
}

/**
 * The colour of a weight, in its row by the largest one if the rows are brightened.
 * @param {MaskView} view
 * @param {number} which of the two passes
 * @param {Palette} palette
 */
function shades(view, which, palette) {
  const rows = range(view.pass.n).map((i) => weightRow(view.pass, which, view, i));
  const tops = rows.map((row) => (view.isBright && Math.max(...row)) || 1);
  return (/** @type {number} */ i, /** @type {number} */ j) => palette.magnitude(rows[i][j] / tops[i]);
}

/** @type {Record<string, [first: string | null, second: string | null]>} the look of both parts of a text */
const PARTS = { document: ["", "b"], padding: ["", "pad"], prefix: ["", null], cross: ["", "pad"] };

/**
 * Stripes along both edges: the two documents, the prefix, or what is padding.
 * @param {MaskView} view
 */
function bands({ pass, mask, cell }) {
  const { kind, values } = mask.choice;
  const cut = (values[0] ?? 0) * cell;
  const ends = [0, cut, pass.n * cell];
  const edges = kind === "cross" ? ["top"] : ["top", "left"]; // only the source is padded
  return (PARTS[kind] ?? []).flatMap((look, i) => {
    if (look === null || ends[i + 1] <= ends[i]) return [];
    return edges.map((edge) => band(edge, look, ends[i], ends[i + 1]));
  });
}

/**
 * @param {string} edge
 * @param {string} look
 * @param {number} from
 * @param {number} to
 */
function band(edge, look, from, to) {
  const node = make("div", { class: `band ${look}` });
  const length = `${to - from - 2}px`;
  const place =
    edge === "top"
      ? { top: "-5px", left: `${from}px`, height: "3px", width: length }
      : { left: "-5px", top: `${from}px`, width: "3px", height: length };
  Object.assign(node.style, place);
  return node;
}

/**
 * What follows the pointer: rings and labels; a click on a row's name chooses its token.
 * @param {HTMLElement} names beside the first map
 * @param {Planes} planes
 * @param {MaskView} view
 * @param {(token: number) => void} choose
 */
export function pointAt(names, planes, view, choose) {
  const { pass, cell, hover } = view;
  const token = tokenOf(view);
  const row = hover?.row ?? token;
  for (const plane of Object.values(planes)) {
    place(plane.row, { left: -3, top: token * cell - 3, width: pass.n * cell + 5, height: cell + 4 });
    place(plane.ring, {
      left: (hover?.column ?? 0) * cell - 2,
      top: row * cell - 2,
      width: cell + 2.5,
      height: cell + 2.5,
    });
    plane.ring.hidden = !hover;
    plane.columns.replaceChildren(...columnLabels(view, plane === planes.who));
  }
  const labels = () => labelled(pass.n, cell, row).map((i) => rowLabel(view, i, choose));
  replaceLabels([names, ...Object.values(planes).map(({ side }) => side)], labels);
}

/**
 * @param {HTMLElement} node
 * @param {Record<"left" | "top" | "width" | "height", number>} at in px
 */
function place(node, at) {
  for (const [side, x] of Object.entries(at)) node.style.setProperty(side, `${x}px`);
}

/**
 * @param {MaskView} view
 * @param {boolean} padded whether padding is crossed out
 */
function columnLabels(view, padded) {
  const { pass, cell, hover } = view;
  return labelled(pass.n, cell, hover?.column).map((j) => {
    const looks = [j === hover?.column && "here", padded && isPadding(view, j) && "pad"];
    const label = make("span", { class: named(looks) }, visible(pass.header.pieces[j]));
    label.style.left = `${(j + 0.5) * cell}px`;
    return label;
  });
}

/**
 * @param {MaskView} view
 * @param {number} i
 * @param {(token: number) => void} choose
 */
function rowLabel(view, i, choose) {
  const { pass, mask, cell } = view;
  const padded = mask.choice.kind === "padding" && isPadding(view, i);
  const looks = [i === tokenOf(view) && "here", pass.blind.has(i) && "blind", padded && "pad"];
  const attributes = { type: "button", tabindex: -1, class: named(looks), onclick: () => choose(i) };
  const label = make("button", attributes, visible(pass.header.pieces[i]));
  label.style.top = `${(i + 0.5) * cell}px`;
  return label;
}

const named = (/** @type {(string | false)[]} */ looks) => looks.filter(Boolean).join(" ") || null;
