// @ts-check
// The one-hot vector times the table: every row is taken 0 times but for one.

import { largest } from "../../../ui/kit/arithmetic.js";
import { find, make } from "../../../ui/kit/elements.js";
import { bracketed, count, number } from "../../../ui/kit/format.js";
import { bars, heatmap } from "../../../ui/kit/pictures.js";
import { quote } from "../../../ui/kit/words.js";
import { ask } from "./asking.js";
import { twinOf } from "./lookup.js";
import { spaced } from "./token_name.js";
import { rowsOf } from "./vocabulary.js";

/** @import { Palette } from "../../../ui/kit/palette.js" */
/** @import { Lookup } from "./lookup.js" */
/** @import { Packed, Tensor } from "../../../ui/kit/tensors.js" */

/** @typedef {{ids: number[], pieces: string[]}} AroundHeader rows above and below one of the table, by id */
/** @typedef {{id: number, word: string, row: Float32Array}} Row of the table */

/**
 * A row of the table between its neighbours.
 * @param {string} table its address
 * @param {number} id
 * @returns {Promise<Row[]>}
 */
export async function rowsAround(table, id) {
  const answer = await ask(table, "around", { id: String(id) });
  const { header, arrays } = /** @type {Packed<AroundHeader, {rows: Tensor}>} */ (answer);
  return rowsOf(arrays.rows).map((row, i) => ({ id: header.ids[i], word: spaced(header.pieces[i]), row }));
}

/**
 * @param {HTMLElement} section
 * @param {Lookup} lookup
 * @param {readonly Row[] | null} around null while they are on their way
 * @param {number} token
 * @param {Palette} palette
 */
export function drawProduct(section, lookup, around, token, palette) {
  const { header, d, labels } = lookup;
  const [id, total, e] = [header.ids[token], header.vocab_size, lookup.row[token]];
  find(section, ".sub").textContent =
    `Write ${quote(labels[token])} as ${count(total)} numbers: a 1 at its id, ${count(id)}, and 0 everywhere else. ` +
    "Multiplied by the table, it gives that row alone.";
  const rows = (around ?? []).map((each) => ({ each, canvas: make("canvas", { "aria-hidden": "true" }) }));
  const box = find(section, ".product");
  box.setAttribute("aria-label", `A vector with a 1 at place ${id} times the table is row ${id}.`);
  box.replaceChildren(
    side("one-hot", `${count(total)} numbers`),
    oneHot(id, total),
    make("div"),
    ...rows.flatMap(({ each, canvas }) => factor(each, canvas, each.id === id)),
    side("= sum", `${count(d)} numbers`, "total"),
    make("div", { class: "total" }, bars(e, largest(e), "row", 46)),
    make("div", { class: "total" }),
  );
  for (const { each, canvas } of rows) paintRow(canvas, each.row, lookup.top, palette);
  find(section, ".told").replaceChildren(...told(lookup, token));
}

/**
 * @param {string} name
 * @param {string} [below]
 * @param {string} [kind]
 */
const side = (name, below = "", kind = "") =>
  make("div", { class: `side ${kind}` }, make("b", {}, name), below && make("span", {}, below));

/**
 * @param {number} id
 * @param {number} total
 */
function oneHot(id, total) {
  const at = (100 * (id + 0.5)) / total;
  return make(
    "div",
    { class: "onehot" },
    make("i", { style: `left:${at}%` }),
    make("span", { style: at < 70 ? `left:${at}%` : `right:${100 - at}%` }, `1 at ${count(id)}`),
    make("em", { style: at < 40 ? "right:10px" : "left:10px" }, "0 everywhere else"),
  );
}

/**
 * A row of the table, taken once or 0 times.
 * @param {Row} row
 * @param {HTMLCanvasElement} canvas
 * @param {boolean} taken
 */
function factor({ id, word }, canvas, taken) {
  const kind = taken ? "chosen" : "off";
  return [
    side(`${taken ? 1 : 0} × row ${count(id)}`, "", kind),
    make("div", { class: kind }, canvas),
    make("div", { class: `word ${kind}` }, quote(word)),
  ];
}

/**
 * @param {HTMLCanvasElement} canvas
 * @param {Float32Array} row
 * @param {number} top
 * @param {Palette} palette
 */
function paintRow(canvas, row, top, palette) {
  const width = /** @type {HTMLElement} */ (canvas.parentElement).clientWidth;
  const colour = (/** @type {number} */ _, /** @type {number} */ k) => palette.sign(row[k] / top);
  heatmap(canvas, { rows: 1, columns: row.length, width, height: 20, tiles: false, colour });
}

/**
 * @param {Lookup} lookup
 * @param {number} token
 */
function told(lookup, token) {
  const { header, d, labels } = lookup;
  const [[first], twin] = [lookup.row[token], twinOf(lookup, token)];
  const text =
    `Its first number: ${bracketed(first)} · 1 + 0 + 0 + … = ${number(first)}. The whole product takes ` +
    `${count(header.vocab_size * d)} multiplications. Copying the row gives the same numbers without any. `;
  if (twin < 0) return [text];
  const both = make("b", {}, `${quote(labels[token])} and ${quote(labels[twin])}`);
  return [text, both, " have the same one-hot vector, so nothing tells them apart yet."];
}
