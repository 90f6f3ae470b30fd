// @ts-check
// The reader's sentence at each snapshot of a training: maps, predictions, losses, a sample.
// Fed once per sentence with all snapshots; the step and the head are answered here.

import { recall, remember, whenSent } from "../../../ui/kit/address.js";
import { clamp, range } from "../../../ui/kit/arithmetic.js";
import { radio } from "../../../ui/kit/controls.js";
import { drawCurves } from "../../../ui/kit/curves.js";
import { find, make, rich } from "../../../ui/kit/elements.js";
import { follow } from "../../../ui/kit/follow.js";
import { count, number, percent } from "../../../ui/kit/format.js";
import { mount } from "../../../ui/kit/mount.js";
import { Palette } from "../../../ui/kit/palette.js";
import { heatmap } from "../../../ui/kit/pictures.js";
import { slice, unpack } from "../../../ui/kit/tensors.js";
import { timeline } from "../../../ui/kit/timeline.js";
import { visible } from "../../../ui/kit/words.js";
import { DEAREST, distanceChart, lossLine, nearestLine, oneBack, opening, strongestBack } from "./step_words.js";

/** @import { Guess, Steps } from "./step_words.js" */
/** @import { Page } from "../../../ui/kit/mount.js" */
/** @import { Timeline } from "../../../ui/kit/timeline.js" */

/**
 * @typedef {{root: HTMLElement, page: Page, palette: Palette, at: number, head: number, steps?: Steps,
 *   room: {map: number, chart: number}, line?: Timeline}} Board
 */

const SMALL = 58; // px of a map in the wall
const FIRST = 2; // the snapshot that is shown at first: frequencies
const [NARROW, WIDE] = [200, 330]; // px of the large map

export default mount((root, page) => {
  /** @type {Board} */
  const board = { root, page, palette: new Palette(root), at: FIRST, head: -1, room: { map: 0, chart: 0 } };
  whenSent(root, ({ step }) => (step === undefined ? false : board.line?.goTo(Number(step) - 1)));
  const stop = follow(root, () => {
    board.palette.forget();
    measure(board);
    draw(board);
  });
  return {
    receive: (/** @type {Uint8Array} */ bytes) => receive(board, bytes),
    stop: () => {
      board.line?.stop();
      stop();
    },
  };
});

/**
 * @param {Board} board
 * @param {Uint8Array} bytes
 */
function receive(board, bytes) {
  const steps = /** @type {Steps} */ (unpack(bytes));
  const asked = Number(recall("step")) - 1;
  const n = steps.header.steps.length;
  board.steps = steps;
  if (!board.line && asked >= 0) board.at = clamp(Math.round(asked), 0, n - 1);
  board.line?.stop();
  board.line = timeline({
    ...{ n, at: board.at },
    show: (at) => `${count(steps.header.steps[at].step)} of ${count(steps.header.steps[n - 1].step)}`,
    change: (at) => {
      board.at = at;
      draw(board);
    },
    rest: (at) => {
      remember("step", at + 1);
      say(board);
    },
  });
  find(board.root, ".line").replaceChildren(board.line.node);
  const [, layers, heads] = steps.arrays.weights.shape;
  if (board.head < 0) board.head = strongestBack(steps, n - 1).head;
  buildWall(board, layers, heads);
  measure(board);
  draw(board);
}

/**
 * What need not keep up with a hand that drags.
 * @param {Board} board
 */
function say({ root, page }) {
  find(root, ".spoken").textContent = find(root, ".finding").textContent;
  page.drawn();
}

/**
 * The room for the large map and the chart: measured once, since to ask for it again costs a layout.
 * @param {Board} board
 */
function measure({ root, room }) {
  room.map = clamp(find(root, ".one").clientWidth - 100, NARROW, WIDE);
  room.chart = find(root, ".distances").clientWidth;
}

/**
 * @param {Board} board
 * @param {number} layers
 * @param {number} heads
 */
function buildWall(board, layers, heads) {
  const wall = find(board.root, ".wall");
  wall.style.gridTemplateColumns = `repeat(${heads}, auto)`;
  const choose = (/** @type {number} */ i) => {
    board.head = i;
    draw(board);
  };
  wall.replaceChildren(
    ...range(layers * heads).map((i) => {
      const label = `layer ${Math.floor(i / heads) + 1}, head ${(i % heads) + 1}`;
      return radio({ group: "snapshot-heads", label, choose: () => choose(i) }, make("canvas"));
    }),
  );
}

/** @param {Board} board */
function draw(board) {
  const { root, at, steps, room } = board;
  if (!steps) return;
  find(root, ".finding").replaceChildren(...rich(opening(steps, at)));
  drawWall(board, steps);
  drawLarge(board, steps);
  const { header } = steps;
  const last = visible(header.pieces[header.pieces.length - 1]);
  const highest = Math.max(
    ...[header.unigram, header.bigram, ...header.steps.map(({ top }) => top)].map(([{ p }]) => p),
  );
  find(root, ".next-title").textContent = `What comes after “${last}”?`;
  find(root, ".lists").replaceChildren(
    list(`The model at step ${count(header.steps[at].step)}`, header.steps[at].top, highest, "attention"),
    list("By counting tokens (unigram)", header.unigram, highest, "muted"),
    list("By counting pairs (bigram)", header.bigram, highest, "muted"),
  );
  find(root, ".nearest").replaceChildren(...rich(nearestLine(steps, at)));
  find(root, ".distances").replaceChildren(drawCurves(distanceChart(steps, at, room.chart)));
  drawCosts(board, steps);
  find(root, ".sample").replaceChildren(
    make("span", { class: "sub" }, header.prompt),
    make("b", {}, header.steps[at].sample),
  );
}

/**
 * @param {Board} board
 * @param {Steps} steps
 */
function drawWall({ root, palette, at, head }, steps) {
  const n = steps.header.pieces.length;
  const heads = steps.arrays.weights.shape[2];
  Array.from(find(root, ".wall").children).forEach((tile, i) => {
    const weights = slice(steps.arrays.weights, at, Math.floor(i / heads), i % heads);
    find(tile, "input", HTMLInputElement).checked = i === head;
    paint(find(tile, "canvas", HTMLCanvasElement), weights, n, SMALL, palette, false);
  });
  find(root, ".strongest").textContent = strongestBack(steps, at).said;
}

/**
 * @param {Board} board
 * @param {Steps} steps
 */
function drawLarge({ root, palette, at, head, room }, steps) {
  const words = steps.header.pieces.map(visible);
  const heads = steps.arrays.weights.shape[2];
  const [layer, place] = [Math.floor(head / heads), head % heads];
  const weights = slice(steps.arrays.weights, at, layer, place);
  const canvas = find(root, ".large", HTMLCanvasElement);
  const size = room.map;
  const cell = size / words.length;
  paint(canvas, weights, words.length, size, palette, true);
  const name = `Layer ${layer + 1}, head ${place + 1}`;
  canvas.setAttribute("aria-label", `Attention weights of ${name.toLowerCase()}`);
  find(root, ".head-name").textContent =
    words.length > 1 ? `${name}: ${percent(oneBack(weights, words.length))} on the token before` : name;
  const every = Math.ceil(16 / cell);
  find(root, ".row-labels").replaceChildren(
    ...words.flatMap((word, i) => (i % every ? [] : [make("span", { style: `top:${(i + 0.5) * cell}px` }, word)])),
  );
}

/**
 * @param {HTMLCanvasElement} canvas
 * @param {ArrayLike<number>} weights
 * @param {number} n
 * @param {number} size
 * @param {Palette} palette
 * @param {boolean} tiles
 */
function paint(canvas, weights, n, size, palette, tiles) {
  heatmap(canvas, {
    ...{ rows: n, columns: n, width: size, height: size, tiles },
    hidden: tiles ? palette.colour("line", 0.6) : undefined,
    colour: (i, j) => (j > i ? null : palette.magnitude(Math.sqrt(weights[i * n + j]))),
  });
}

/**
 * @param {string} title
 * @param {readonly Guess[]} top
 * @param {number} highest probability of all lists: that of a whole bar
 * @param {string} role
 */
const list = (title, top, highest, role) =>
  make(
    "div",
    { class: `list ${role}` },
    make("h5", {}, title),
    make(
      "ol",
      {},
      ...top.map(({ piece, p }) =>
        make(
          "li",
          {},
          make("bdi", {}, visible(piece)),
          make("span", { class: "bar" }, make("i", { style: `width:${(100 * p) / highest}%` })),
          make("span", { class: "p" }, percent(p)),
        ),
      ),
    ),
  );

/**
 * @param {Board} board
 * @param {Steps} steps
 */
function drawCosts({ root, palette, at }, steps) {
  const { pieces, left_out } = steps.header;
  const losses = slice(steps.arrays.losses, at);
  find(root, ".loss-title").textContent = lossLine(steps, at);
  find(root, ".costs").replaceChildren(
    ...pieces.map((piece, i) => {
      const cost = i ? losses[i - 1] : 0;
      const style = i ? `background:${palette.colour("negative", clamp(cost / DEAREST, 0, 1) * 0.7)}` : "";
      return make("span", { style }, make("bdi", {}, visible(piece)), make("small", {}, i ? number(cost, 1) : "–"));
    }),
    left_out ? make("span", { class: "sub" }, `${left_out} more tokens are left out.`) : "",
  );
}
