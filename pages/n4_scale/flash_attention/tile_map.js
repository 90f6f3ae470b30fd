// @ts-check
// The score matrix with one tile lit, its words at the edges, the chosen row's weights below it.

import { range } from "../../../ui/kit/arithmetic.js";
import { find, make } from "../../../ui/kit/elements.js";
import { number } from "../../../ui/kit/format.js";
import { heatmap } from "../../../ui/kit/pictures.js";
import { slice } from "../../../ui/kit/tensors.js";
import { weightsSoFar } from "./online_softmax.js";

/** @import { Scene } from "./tile_scene.js" */
/** @import { Palette } from "../../../ui/kit/palette.js" */

const LARGEST = 380; // pixels
const CELL = 64;
const LABEL = 17; // pixels that a word needs
const BARS = 44;
const ROOMY = 38; // pixels of a cell that has room for its score
const STRONG = 0.55; // from this part of the largest score on, a cell is dark

/**
 * Pixels of a cell, once the words have taken their room.
 * @param {HTMLElement} root
 * @param {readonly string[]} words
 */
export function cellSide(root, words) {
  const ghosts = words.map((word) => make("span", { class: "ghost" }, word));
  find(root, ".row-labels").replaceChildren(...ghosts);
  const room = find(root, ".plane-room").clientWidth - 4;
  return Math.min(room / words.length, CELL, LARGEST / words.length);
}

/**
 * @param {HTMLElement} root
 * @param {Scene} scene
 * @param {number} side of a cell
 * @param {Palette} palette
 */
export function paintMap(root, scene, side, palette) {
  const { words, head, choice, tiles, tile } = scene;
  const n = words.length;
  const largest = Math.max(...range(n).flatMap((i) => Array.from(slice(head.scores, i).subarray(0, i + 1), Math.abs)));
  const done = new Set(tiles.slice(0, choice.at).map(({ rows, keys }) => `${rows.from} ${keys.from}`));
  const start = (/** @type {number} */ i) => i - (i % choice.size);
  heatmap(find(root, ".scores", HTMLCanvasElement), {
    ...{ rows: n, columns: n, width: side * n, height: side * n, hidden: palette.colour("muted", 0.5) },
    colour: (i, j) => {
      if (j > i) return null;
      if (isIn(i, tile.rows) && isIn(j, tile.keys)) return palette.sign(slice(head.scores, i)[j] / (largest || 1));
      return done.has(`${start(i)} ${start(j)}`) ? palette.rgb("line") : palette.rgb("panel");
    },
  });
  if (side >= ROOMY) writeScores(find(root, ".scores", HTMLCanvasElement), scene, { side, largest, palette });
  frame(find(root, ".tile-ring"), side, tile.rows, tile.keys);
  frame(find(root, ".row-ring"), side, { from: choice.row, to: choice.row + 1 }, { from: 0, to: n });
  label(root, scene, side);
  paintWeights(find(root, ".so-far"), scene, side);
}

/**
 * The scores of the lit tile in its cells.
 * @param {HTMLCanvasElement} canvas
 * @param {Scene} scene
 * @param {{side: number, largest: number, palette: Palette}} look
 */
function writeScores(canvas, { head, tile }, { side, largest, palette }) {
  const pen = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  pen.font = `600 13px ${getComputedStyle(canvas).fontFamily}`;
  pen.textAlign = "center";
  pen.textBaseline = "middle";
  for (let i = tile.rows.from; i < tile.rows.to; i++) {
    for (let j = tile.keys.from; j < Math.min(tile.keys.to, i + 1); j++) {
      const score = slice(head.scores, i)[j];
      pen.fillStyle = palette.colour(Math.abs(score) > STRONG * largest ? "page" : "ink");
      pen.fillText(number(score, 1), (j + 0.5) * side, (i + 0.5) * side);
    }
  }
}

/**
 * @param {number} i
 * @param {import("./online_softmax.js").Span} span
 */
const isIn = (i, { from, to }) => i >= from && i < to;

/**
 * @param {HTMLElement} ring
 * @param {number} side
 * @param {import("./online_softmax.js").Span} rows
 * @param {import("./online_softmax.js").Span} keys
 */
function frame(ring, side, rows, keys) {
  const edge = 3;
  const px = (/** @type {number} */ x) => `${x}px`;
  Object.assign(ring.style, {
    ...{ left: px(keys.from * side - edge), top: px(rows.from * side - edge) },
    ...{
      width: px((keys.to - keys.from) * side + 2 * edge - 1),
      height: px((rows.to - rows.from) * side + 2 * edge - 1),
    },
  });
}

/**
 * Words at the edges: all that fit, and always the chosen row's.
 * @param {HTMLElement} root
 * @param {Scene} scene
 * @param {number} side
 */
function label(root, { words, choice, tile }, side) {
  const every = Math.ceil(LABEL / side);
  const shown = (/** @type {number} */ lit) =>
    range(words.length).filter((i) => i === lit || (i % every === 0 && (every === 1 || Math.abs(i - lit) >= every)));
  const rows = find(root, ".row-labels");
  for (const old of rows.querySelectorAll(":not(.ghost)")) old.remove();
  rows.append(
    ...shown(choice.row).map((i) =>
      make("span", { class: i === choice.row && "here", style: `top: ${(i + 0.5) * side}px` }, words[i]),
    ),
  );
  find(root, ".col-labels").replaceChildren(
    ...shown(tile.keys.from).map((j) =>
      make("span", { class: isIn(j, tile.keys) && "here", style: `left: ${(j + 0.5) * side}px` }, words[j]),
    ),
  );
}

/**
 * @param {HTMLElement} box
 * @param {Scene} scene
 * @param {number} side
 */
function paintWeights(box, { steps, words }, side) {
  const weights = weightsSoFar(steps);
  if (box.childElementCount !== words.length) box.replaceChildren(...words.map(() => make("i")));
  Array.from(box.children).forEach((bar, j) => {
    const style = /** @type {HTMLElement} */ (bar).style;
    style.width = `${Math.max(1, side - 2)}px`;
    style.height = `${(weights[j] ?? 0) * BARS}px`;
    bar.classList.toggle("new", j >= weights.length - steps[steps.length - 1].scores.length && j < weights.length);
  });
  box.style.width = `${side * words.length}px`;
}
