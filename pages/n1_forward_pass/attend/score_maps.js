// @ts-check
// Four linked maps of one head: scores, scores divided, masked, weights. A cell pointed at is ringed in
// all of them.

import { range } from "../../../ui/kit/arithmetic.js";
import { make } from "../../../ui/kit/elements.js";
import { number } from "../../../ui/kit/format.js";
import { heatmap } from "../../../ui/kit/pictures.js";
import { lookedAt } from "./attention_scene.js";
import { told } from "./attention_words.js";

/** @import { Scene } from "./attention_scene.js" */
/** @import { Palette } from "../../../ui/kit/palette.js" */

/** @typedef {"scores" | "scaled" | "masked" | "softmax"} Step */
/**
 * @typedef {{
 *   id: Step, title: string, canvas: HTMLCanvasElement, plane: HTMLElement, columns: HTMLElement,
 *   queryRing: HTMLElement, keyRing: HTMLElement, name: HTMLElement, sub: HTMLElement,
 *   range: HTMLElement, sum: HTMLElement,
 * }} ScoreMap
 */

/** @type {readonly {id: Step, title: string, sub: string}[]} */
const STEPS = [
  { id: "scores", title: "Q Kᵀ", sub: "a score for each query and key" },
  { id: "scaled", title: "÷ √d", sub: "same pattern, smaller numbers" },
  { id: "masked", title: "+ M, the mask", sub: "later tokens are hidden" },
  { id: "softmax", title: "softmax", sub: "weights: each row adds up to 1" },
];
const SIGNED = "linear-gradient(90deg, var(--negative), var(--panel), var(--positive))";
const WEIGHTS = "linear-gradient(90deg, var(--panel), var(--attention))";
const HIDDEN = { "aria-hidden": "true" };

/**
 * @param {HTMLElement} box
 * @returns {ScoreMap[]}
 */
export const buildMaps = (box) =>
  STEPS.map(({ id, title, sub }, step) => {
    if (step) box.append(make("div", { class: "arrow", ...HIDDEN }, "⟶"));
    // Where two maps stand side by side (narrow), each line of them has its own labels.
    if (step % 2 === 0) box.append(make("div", { class: `row-labels ${step ? "again" : ""}`, ...HIDDEN }));
    const canvas = make("canvas", { role: "img" });
    const columns = make("div", { class: "col-labels", ...HIDDEN });
    const queryRing = make("div", { class: "ring q" });
    const keyRing = make("div", { class: "ring k" });
    const name = make("b", {}, title);
    const under = make("span", {}, sub);
    const plane = make("div", { class: "plane" }, columns, canvas, keyRing, queryRing);
    const ends = make("div", { class: "range" });
    const sum = make("div", { class: "sum" });
    box.append(make("div", { class: `map ${id}` }, make("div", { class: "title" }, name, under), plane, ends, sum));
    return { id, title, canvas, plane, columns, queryRing, keyRing, name, sub: under, range: ends, sum };
  });

/**
 * The side of a cell in pixels, once the words have taken their room.
 * @param {HTMLElement} box
 * @param {readonly ScoreMap[]} maps
 * @param {readonly string[]} words
 * @param {boolean} large whether the screen is
 */
export function cellSide(box, maps, words, large) {
  // Unseen copies of all words give their column its width.
  for (const labels of box.querySelectorAll(".row-labels")) {
    labels.replaceChildren(...words.map((word) => make("span", { class: "ghost" }, word)));
  }
  const room = Math.min(...maps.map(({ plane }) => plane.clientWidth)) - 2;
  return Math.min(Math.max(room, 60) / words.length, 56, (large ? 370 : 300) / words.length);
}

/**
 * @param {readonly ScoreMap[]} maps
 * @param {Scene} scene
 * @param {number} side of a cell
 * @param {Palette} palette
 */
export function paintMaps(maps, scene, side, palette) {
  const n = scene.words.length;
  const largest = Math.max(...scene.head.scores.flat().map(Math.abs));
  const said = told(scene, scene.choice.kept);
  for (const map of maps) {
    const colour = colours(map.id, scene, largest, palette);
    heatmap(map.canvas, {
      ...{ rows: n, columns: n, width: side * n, height: side * n },
      ...{ hidden: palette.colour("line", 0.6), colour },
    });
    map.canvas.setAttribute("aria-label", `${map.title}, ${n} queries by ${n} keys. ${said}`);
    caption(map, scene, map.id === "scores" ? largest : largest / scene.divisor);
  }
}

/**
 * The colour of each cell; null where the mask hides it.
 * @param {Step} step
 * @param {Scene} scene
 * @param {number} largest score
 * @param {Palette} palette
 */
function colours(step, { head, weights, choice }, largest, palette) {
  const hides = step === "masked" || step === "softmax";
  const tops = weights.map((row) => (choice.brighten ? Math.max(...row) : 1));
  return (/** @type {number} */ i, /** @type {number} */ j) => {
    if (hides && j > i) return null;
    if (step === "softmax") return palette.magnitude(weights[i][j] / tops[i]);
    return palette.sign(head.scores[i][j] / largest); // divided or not, the pattern is the same
  };
}

/**
 * A map's title, and what its colours mean.
 * @param {ScoreMap} map
 * @param {Scene} scene
 * @param {number} largest number of the map
 */
function caption(map, { choice, header }, largest) {
  if (map.id === "scaled") {
    map.name.textContent = `÷ √${header.d_head}${choice.divide ? "" : " left out"}`;
    map.sub.textContent = choice.divide ? STEPS[1].sub : "the scores as they are";
  }
  const weights = map.id === "softmax";
  const ends = weights ? ["0", choice.brighten ? "the row’s largest" : "1"] : [number(-largest, 1), number(largest, 1)];
  map.range.replaceChildren(ends[0], make("i", { style: `background: ${weights ? WEIGHTS : SIGNED}` }), ends[1]);
}

/**
 * The crosshair and the words at the edges: they follow the pointer.
 * @param {HTMLElement} box
 * @param {readonly ScoreMap[]} maps
 * @param {Scene} scene
 * @param {number} side of a cell
 */
export function ringCell(box, maps, { choice, words }, side) {
  const { i, j } = lookedAt(choice);
  const all = side * words.length;
  const edge = side > 9 ? 3 : 2;
  const gap = side > 9 ? 1.6 : 0; // between tiles
  const columns = fitting(words.length, j, 17 / side);
  for (const map of maps) {
    place(map.queryRing, -edge, i * side - edge, all + 2 * edge, side + 2 * edge - gap);
    place(map.keyRing, j * side - edge, -edge, side + 2 * edge - gap, all + 2 * edge - gap);
    map.columns.replaceChildren(
      ...columns.map((c) => make("span", { class: c === j && "here", style: `left: ${(c + 0.5) * side}px` }, words[c])),
    );
  }
  const rows = fitting(words.length, i, 14 / side);
  for (const labels of box.querySelectorAll(".row-labels")) {
    for (const label of labels.querySelectorAll(":not(.ghost)")) label.remove();
    labels.append(
      ...rows.map((r) => make("span", { class: r === i && "here", style: `top: ${(r + 0.5) * side}px` }, words[r])),
    );
  }
}

/**
 * @param {HTMLElement} node
 * @param {number} left
 * @param {number} top
 * @param {number} width
 * @param {number} height
 */
function place(node, left, top, width, height) {
  Object.assign(node.style, { left: `${left}px`, top: `${top}px`, width: `${width}px`, height: `${height}px` });
}

/**
 * Which of n labels fit: all, or every few; always the one that is lit.
 * @param {number} n
 * @param {number} lit
 * @param {number} size of a label, in cells
 */
function fitting(n, lit, size) {
  const every = Math.ceil(size);
  return range(n).filter((i) => i === lit || (i % every === 0 && (every === 1 || Math.abs(i - lit) >= every)));
}
