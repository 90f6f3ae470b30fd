// @ts-check
// The sheet of neurons: each row a token, each column one of the strongest neurons.

import { clamp, largest, range } from "../../../ui/kit/arithmetic.js";
import { find, make } from "../../../ui/kit/elements.js";
import { number } from "../../../ui/kit/format.js";
import { heatmap } from "../../../ui/kit/pictures.js";
import { visible } from "../../../ui/kit/words.js";
import { neuronSteps, strongest } from "./mlp_pass.js";
import { quoted } from "./mlp_view.js";

/** @typedef {import("../../../ui/kit/palette.js").Palette} Palette */
/** @typedef {import("./mlp_view.js").MlpView} MlpView */

const NARROWEST = 14; // px of a column

/**
 * As many neurons as have room, the one looked at among them, and the size of their cells.
 * @param {MlpView} view
 * @param {number} room in px
 * @returns {Pick<MlpView, "columns" | "cell">}
 */
export function sheetLayout({ pass, layer, token, neuron, ofSentence }, room) {
  const sorted = strongest(pass, layer, ofSentence ? null : token);
  const columns = sorted.slice(0, clamp(Math.floor(room / NARROWEST), 1, sorted.length));
  if (!columns.includes(neuron)) columns[columns.length - 1] = neuron;
  return { columns, cell: { w: Math.min(40, room / columns.length), h: clamp(420 / pass.n, 7, 36) } };
}

/**
 * @param {HTMLElement} card
 * @param {MlpView} view
 * @param {Palette} palette
 */
export function paintSheet(card, view, palette) {
  const { pass, layer, columns, cell, isBright } = view;
  const { n } = pass;
  const value = (/** @type {number} */ i, /** @type {number} */ j) => neuronSteps(pass, layer, i, columns[j]).hidden;
  const tops = range(n).map((i) => largest(columns.map((_, j) => value(i, j))) || 1);
  const top = Math.max(...tops);
  const canvas = find(card, "canvas", HTMLCanvasElement);
  heatmap(canvas, {
    rows: n,
    columns: columns.length,
    width: cell.w * columns.length,
    height: cell.h * n,
    colour: (i, j) => {
      const share = Math.abs(value(i, j)) / (isBright ? tops[i] : top);
      return palette.magnitude(share, value(i, j) < 0 ? "negative" : "feed-forward");
    },
  });
  const label = `Activations of ${columns.length} neurons over ${n} tokens, the largest ${number(top)} in size.`;
  canvas.setAttribute("aria-label", label);
  find(card, "h4").textContent = view.ofSentence
    ? "The strongest neurons of the sentence"
    : `The strongest neurons of ${quoted(view, view.token)}`;
  find(card, ".sub").textContent = explained(view);
  const ends = isBright ? ["−", "the row’s largest"] : [number(-top, 1), number(top, 1)];
  find(card, ".range").replaceChildren(ends[0], make("i"), ends[1], " activation");
}

/** @param {MlpView} view */
function explained(view) {
  const { pass, layer, token, columns, ofSentence } = view;
  const each = `Each row is a token, each column a neuron of layer ${layer + 1}`;
  if (pass.n === 1) return "Your text has one token, so there is one row. Type more words to compare tokens.";
  if (ofSentence) return `${each}. The columns are sorted by their largest value in your sentence.`;
  const size = (/** @type {number} */ t, /** @type {number} */ u) => Math.abs(neuronSteps(pass, layer, t, u).hidden);
  const others = range(pass.n).filter((t) => t !== token);
  const shared = columns.filter((u) => others.some((t) => size(t, u) >= size(token, u))).length;
  return `${each}. Of these ${columns.length} neurons, ${shared} respond at least as strongly to another token.`;
}

/**
 * Rings and labels around the token and neuron pointed at, or looked at.
 * @param {HTMLElement} card
 * @param {MlpView} view
 */
export function markCell(card, view) {
  const { pass, columns, cell, hover } = view;
  const { token, neuron } = hover ?? view;
  const j = columns.indexOf(neuron);
  const row = { left: -3, top: token * cell.h - 3, width: columns.length * cell.w + 4, height: cell.h + 4 };
  const column = { left: j * cell.w - 3, top: -3, width: cell.w + 4, height: pass.n * cell.h + 4 };
  place(find(card, ".ring.row"), row);
  place(find(card, ".ring.column"), column);
  find(card, ".ring.column").hidden = j < 0;
  const rows = find(card, ".row-labels");
  const word = (/** @type {number} */ i) => visible(pass.header.pieces[i]);
  const tokens = labels({ n: pass.n, lit: token, step: cell.h, gap: 14, side: "top" }, word);
  rows.replaceChildren(...rows.querySelectorAll(".ghost"), ...tokens);
  const name = (/** @type {number} */ i) => String(columns[i] + 1);
  const names = labels({ n: columns.length, lit: j, step: cell.w, gap: 17, side: "left" }, name);
  find(card, ".col-labels").replaceChildren(...names);
}

/**
 * @param {HTMLElement} node
 * @param {Record<"left" | "top" | "width" | "height", number>} at in px
 */
function place(node, at) {
  for (const [side, x] of Object.entries(at)) node.style.setProperty(side, `${x}px`);
}

/**
 * Labels along one side: as many as have room, and always the one that is lit.
 * @param {{n: number, lit: number, step: number, gap: number, side: "top" | "left"}} line step: of a cell;
 *   gap: of a label, in px
 * @param {(i: number) => string} text
 */
function labels({ n, lit, step, gap, side }, text) {
  const every = Math.ceil(gap / step);
  const apart = Math.min(1, gap / step) * every;
  const stands = range(n).filter((i) => i === lit || (i % every === 0 && Math.abs(i - lit) >= apart));
  return stands.map((i) =>
    make("span", { class: i === lit && "here", style: `${side}:${(i + 0.5) * step}px` }, text(i)),
  );
}
