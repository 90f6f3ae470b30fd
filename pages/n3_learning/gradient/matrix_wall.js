// @ts-check
// All matrices of the model, each as blocks that are darker the farther their weights move.

import { clamp, largest } from "../../../ui/kit/arithmetic.js";
import { make } from "../../../ui/kit/elements.js";
import { count, percent } from "../../../ui/kit/format.js";
import { heatmap } from "../../../ui/kit/pictures.js";
import { slice } from "../../../ui/kit/tensors.js";
import { move } from "./step_scene.js";
import { NAMES, title } from "./step_words.js";

/** @import { Choice, Place } from "./step_scene.js" */
/** @import { Palette } from "../../../ui/kit/palette.js" */

const [WIDEST, NARROWEST, HEIGHT] = [146, 78, 74]; // px
const BESIDE = 210; // px of the names, the gaps and the card's edge

/**
 * @param {HTMLElement} box
 * @param {Place} place
 * @param {Choice} choice
 * @param {Palette} palette
 */
export function drawWall(box, place, { rate }, palette) {
  const { matrices, rates } = place.header.place;
  const moves = matrices.map((each) => move(each, rates[rate]));
  const most = moves.indexOf(Math.max(...moves));
  const top = largest(place.arrays.cells.values.filter(Number.isFinite)) || 1;
  const room = ((box.closest(".board")?.clientWidth ?? 1000) - BESIDE) / 7;
  const width = clamp(room, NARROWEST, WIDEST);
  const cell = (/** @type {number} */ i) => {
    const canvas = make("canvas", { role: "img", "aria-label": `${title(matrices[i])}: ${percent(moves[i])}` });
    const [, rows, columns] = place.arrays.cells.shape;
    const cells = slice(place.arrays.cells, i);
    const colour = (/** @type {number} */ r, /** @type {number} */ c) =>
      palette.magnitude(Math.sqrt(cells[r * columns + c] / top) || 0);
    heatmap(canvas, { rows, columns, width, height: HEIGHT, tiles: false, colour });
    const [a, b] = matrices[i].shape;
    return make(
      "div",
      { class: i === most ? "cell most" : "cell", title: `${title(matrices[i])}, ${count(a)} × ${count(b)}` },
      canvas,
      make("b", {}, Number.isFinite(moves[i]) ? percent(moves[i]) : "no number"),
    );
  };
  const find = (/** @type {string} */ name, /** @type {number} */ layer) =>
    matrices.findIndex((each) => each.name === name && each.layer === layer);
  const layers = Math.max(...matrices.map(({ layer }) => layer)) + 1;
  const beside = ["embedding", "position"];
  const head = (/** @type {string} */ text) => make("span", { class: "head" }, text);
  box.replaceChildren(
    ...["", ...Object.values(NAMES), "", "embedding"].map(head),
    ...Array.from({ length: layers }, (_, layer) => [
      make("span", { class: "layer" }, `layer ${layer + 1}`),
      ...Object.keys(NAMES).map((name) => cell(find(name, layer))),
      head(""),
      layer % 2 === 0 && beside[layer / 2] ? cell(find(beside[layer / 2], -1)) : head(layer === 1 ? "positions" : ""),
    ]).flat(),
  );
}
