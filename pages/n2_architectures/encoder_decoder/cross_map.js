// @ts-check
// Cross-attention of one head, large, with the bars of one written character; all heads, small.

import { range } from "../../../ui/kit/arithmetic.js";
import { radio } from "../../../ui/kit/controls.js";
import { find, make } from "../../../ui/kit/elements.js";
import { percent } from "../../../ui/kit/format.js";
import { heatmap } from "../../../ui/kit/pictures.js";
import { slice } from "../../../ui/kit/tensors.js";
import { likeliest, most, weightsOf } from "./date_answer.js";
import { shown } from "./date_words.js";

/** @import { Answer, Choice } from "./date_answer.js" */
/** @import { Palette } from "../../../ui/kit/palette.js" */

const BAR = 40; // px of a weight of 1
const SHOWN = 3; // tokens of the next position

/**
 * @param {HTMLElement} root
 * @param {Answer} answer
 * @param {Choice} choice
 * @param {(at: number) => void} choose
 */
export function drawMap(root, answer, choice, choose) {
  const { source, target } = answer.header;
  find(root, ".map-title").textContent = `Cross-attention of layer ${choice.layer + 1}, head ${choice.head + 1}`;
  const map = find(root, ".map");
  map.style.setProperty("--n", String(source.length));
  map.ariaLabel = "Up and down change the character, left and right the head";
  const weights = weightsOf(answer, choice);
  map.replaceChildren(
    make("span", { class: "corner" }, "weights of the marked row"),
    ...Array.from(weights, (w, i) => bar(w, i === most(weights))),
    make("span", { class: "corner" }, "your text"),
    ...source.map((char, i) => make("span", { class: `from ${i === most(weights) ? "most" : ""}` }, shown(char))),
    ...target.flatMap((char, at) => row(answer, { ...choice, at }, char, stateOf(at, choice.at), () => choose(at))),
  );
}

/** @param {number} at @param {number} now */
const stateOf = (at, now) => (at === now ? "now" : at > now ? "later" : "");

/** @param {number} weight @param {boolean} isMost */
const bar = (weight, isMost) =>
  make(
    "span",
    { class: "bar" },
    isMost && percent(weight),
    make("i", { style: `height: ${Math.max(1, weight * BAR).toFixed(1)}px` }),
  );

/**
 * @param {Answer} answer
 * @param {Choice} choice of this row
 * @param {string} char
 * @param {string} state
 * @param {() => void} choose
 */
function row(answer, choice, char, state, choose) {
  const name = make("span", { class: `to ${state}`, onclick: choose }, make("small", {}, choice.at + 1), shown(char));
  const cells = Array.from(weightsOf(answer, choice), (w, i) => {
    const title = `${shown(char)} reads ${shown(answer.header.source[i])}: ${percent(w)}`;
    return make("span", { class: `cell ${state}`, style: `--w: ${w.toFixed(4)}`, title, onclick: choose });
  });
  return [name, ...cells];
}

/**
 * The wall of all heads: radios, made anew with each text.
 * @param {HTMLElement} root
 * @param {Answer} answer
 * @param {(layer: number, head: number) => void} choose
 */
export function layWall(root, { arrays }, choose) {
  const [layers, heads] = arrays.cross.shape;
  const chip = (/** @type {number} */ layer, /** @type {number} */ head) =>
    radio(
      { group: "cross-head", label: `head ${layer + 1}.${head + 1}`, choose: () => choose(layer, head) },
      make("canvas", {}),
    );
  find(root, ".wall").replaceChildren(
    make("span"),
    ...range(heads).map((head) => make("span", { class: "over" }, `head ${head + 1}`)),
    ...range(layers).flatMap((layer) => [
      make("span", { class: "side" }, `layer ${layer + 1}`),
      ...range(heads).map((head) => chip(layer, head)),
    ]),
  );
}

/**
 * @param {HTMLElement} root
 * @param {Palette} palette
 * @param {Answer} answer
 */
export function paintWall(root, palette, { arrays }) {
  const [, heads, rows, columns] = arrays.cross.shape;
  const box = find(root, ".wall");
  box.querySelectorAll("canvas").forEach((canvas, i) => {
    const weights = slice(arrays.cross, Math.floor(i / heads), i % heads);
    const width = Math.max(40, (box.clientWidth - 90) / heads - 12);
    const colour = (/** @type {number} */ r, /** @type {number} */ c) => palette.magnitude(weights[r * columns + c]);
    heatmap(canvas, { rows, columns, width, height: rows * 4, colour, tiles: false });
  });
}

/**
 * The most probable characters of a position.
 * @param {HTMLElement} root
 * @param {Answer} answer
 * @param {Choice} choice
 */
export function drawNext(root, { header, arrays }, { at }) {
  find(root, ".next-title").textContent = `Most probable at position ${at + 1}`;
  find(root, ".next").replaceChildren(
    ...likeliest(slice(arrays.chances, at), SHOWN).flatMap(({ p, id }) => [
      make("span", { class: "mono" }, shown(header.alphabet[id])),
      make("span", { class: "track" }, make("i", { style: `width: ${(100 * p).toFixed(2)}%` })),
      make("span", {}, percent(p)),
    ]),
  );
}
