// @ts-check
// Optimizers race on two made-up problems; all of it is computed here, and nothing is asked of the server.

import { clamp } from "../../../ui/kit/arithmetic.js";
import { slider } from "../../../ui/kit/controls.js";
import { find, make, rich } from "../../../ui/kit/elements.js";
import { follow } from "../../../ui/kit/follow.js";
import { across, onKeys } from "../../../ui/kit/keys.js";
import { mount } from "../../../ui/kit/mount.js";
import { Palette } from "../../../ui/kit/palette.js";
import { heatmap } from "../../../ui/kit/pictures.js";
import { bestRate, matching, RACERS, run, STEPS, TARGET, valley } from "./problems.js";
import { drawLosses } from "./race_chart.js";
import { even, evenness, matrixFinding, valleyFinding } from "./race_words.js";
import { drawValley, inside, weightsAt } from "./valley_map.js";

/** @import { Matrix } from "./optimizers.js" */
/** @import { Problem } from "./problems.js" */
/** @import { Racer } from "./race_chart.js" */
/** @import { Valley } from "./valley_map.js" */
/** @import { Page } from "../../../ui/kit/mount.js" */

/** @typedef {{started: boolean}} RaceData */
/**
 * factor: of all rates; rates: the best ones, by problem.
 * @typedef {Valley & {root: HTMLElement, page: Page, palette: Palette, factor: number, falls: boolean, spread: number,
 *   step: number, rates: Map<string, number[]>, matrices: Racer[]}} Board
 */

const STEEP = [1, 3, 10, 30, 100];
const SPREADS = [1, 10, 100, 1000];
const KINDS = /** @type {(keyof typeof RACERS)[]} */ (Object.keys(RACERS));
const IN_VALLEY = KINDS.slice(0, 3); // Muon needs a matrix
const KEY_STEP = 0.1;
const SIDE = 118; // px
const REMEMBERED = 60; // problems

export default mount((root, page) => {
  /** @type {Board} */
  const board = {
    ...{ root, page, palette: new Palette(root), steepness: 30, angle: 0, from: [-1.9, 0.75], factor: 1, falls: true },
    ...{ spread: 100, step: STEPS, rates: new Map(), matrices: [] },
  };
  build(board);
  const stop = follow(root, () => {
    board.palette.forget();
    draw(board);
  });
  return { receive: (/** @type {RaceData} */ _) => draw(board), stop };
});

/**
 * @param {Board} board
 * @param {Partial<Board>} to
 */
function change(board, to) {
  Object.assign(board, to);
  draw(board);
  board.page.drawn();
}

/** @param {Board} board */
function build(board) {
  const { root } = board;
  const listed = (
    /** @type {number[]} */ list,
    /** @type {"steepness" | "spread"} */ name,
    /** @type {string} */ label,
  ) =>
    slider({
      ...{ label, min: 0, max: list.length - 1, step: 1, value: list.indexOf(board[name]) },
      show: (i) => `${list[i].toLocaleString("en")} ×`,
      change: (i) => change(board, { [name]: list[i] }),
    });
  const angles = slider({
    ...{ label: "Turned by", min: 0, max: 45, step: 5, value: board.angle },
    show: (to) => `${to}°`,
    change: (angle) => change(board, { angle }),
  });
  const factor = slider({
    ...{ label: "All rates", min: -3, max: 3, step: 1, value: 0 },
    show: (to) => `× ${2 ** to}`,
    change: (to) => change(board, { factor: 2 ** to }),
  });
  const step = slider({
    ...{ label: "Step", min: 1, max: STEPS, step: 1, value: STEPS },
    show: String,
    change: (to) => change(board, { step: to }),
  });
  find(root, ".steepness").append(listed(STEEP, "steepness", "Steeper across"));
  find(root, ".angle").append(angles);
  find(root, ".factor").append(factor);
  find(root, ".spread").append(listed(SPREADS, "spread", "Rarest direction, rarer"));
  find(root, ".step").append(step);
  const falls = find(root, ".falls", HTMLInputElement);
  falls.addEventListener("change", () => change(board, { falls: falls.checked }));
  listenToMap(board);
}

/** @param {Board} board */
function listenToMap(board) {
  const svg = find(board.root, ".valley", SVGSVGElement);
  const drag = (/** @type {PointerEvent} */ event) => change(board, { from: weightsAt(event, svg) });
  svg.addEventListener("pointerdown", (event) => {
    svg.setPointerCapture(event.pointerId);
    drag(event);
  });
  svg.addEventListener("pointermove", (event) => event.buttons && drag(event));
  const keys = across((rows, columns) =>
    change(board, { from: inside([board.from[0] + KEY_STEP * columns, board.from[1] - KEY_STEP * rows], svg) }),
  );
  onKeys(svg, keys);
}

/**
 * All racers of a problem; their best rates are looked for once.
 * @param {Board} board
 * @param {string} key of the problem
 * @param {{problem: Problem, kinds: typeof KINDS, falls?: boolean}} entered
 * @returns {Racer[]}
 */
function racers({ rates, factor }, key, { problem, kinds, falls = false }) {
  const best = rates.get(key) ?? kinds.map((kind) => bestRate(problem, RACERS[kind], falls));
  if (rates.size > REMEMBERED) rates.clear();
  rates.set(key, best);
  return kinds.map((kind, i) => ({ ...run(problem, RACERS[kind], best[i] * factor, falls), kind }));
}

/** @param {Board} board */
function draw(board) {
  const { root, steepness, angle, falls, spread } = board;
  const map = find(root, ".valley", SVGSVGElement);
  board.from = inside(board.from, map);
  const { from } = board;
  const two = racers(board, `${steepness} ${angle} ${from}`, {
    problem: valley(steepness, angle, from),
    kinds: IN_VALLEY,
  });
  find(root, ".valley-finding").replaceChildren(...rich(valleyFinding(two, steepness, angle)));
  drawValley(map, board, two);
  map.setAttribute(
    "aria-label",
    `The valley. The start is at ${from.map((each) => each.toFixed(1)).join(" and ")}; arrow keys move it.`,
  );
  drawLosses(find(root, ".valley-losses", SVGSVGElement), two);
  board.matrices = racers(board, `${spread} ${falls}`, { problem: matching(spread), kinds: KINDS, falls });
  find(root, ".matrix-finding").replaceChildren(...rich(matrixFinding(board.matrices, spread)));
  drawLosses(find(root, ".matrix-losses", SVGSVGElement), board.matrices, board.step);
  drawMaps(board);
}

/** @param {Board} board */
function drawMaps({ root, matrices, step, palette }) {
  /** @type {Record<string, number[]>} */
  const values = {};
  const cards = matrices.map(({ kind, path }) => {
    const at = Math.min(step, path.length - 1);
    values[kind] = evenness(path[at - 1], path[at]);
    return card(
      kind,
      path[at],
      palette,
      make(
        "div",
        { class: "values" },
        values[kind].map((each) => make("i", { style: `height:${100 * each}%` })),
      ),
    );
  });
  find(root, ".maps").replaceChildren(card("target", TARGET, palette, make("small", {}, "to be found")), ...cards);
  find(root, ".even").textContent = even(values);
}

/**
 * @param {string} kind
 * @param {Matrix} matrix
 * @param {Palette} palette
 * @param {HTMLElement} below
 */
function card(kind, { rows, columns, values }, palette, below) {
  const names = { target: "target", sgd: "SGD", momentum: "momentum", adamw: "AdamW", muon: "Muon" };
  const name = names[/** @type {keyof typeof names} */ (kind)];
  const canvas = make("canvas", { role: "img", "aria-label": `${name}: ${rows} × ${columns} weights` });
  const colour = (/** @type {number} */ row, /** @type {number} */ column) =>
    palette.sign(clamp(values[row * columns + column], -1, 1));
  heatmap(canvas, { rows, columns, width: SIDE, height: SIDE, colour });
  return make("div", { class: `map ${kind}` }, make("b", {}, name), canvas, below);
}
