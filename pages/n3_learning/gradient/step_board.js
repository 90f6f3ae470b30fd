// @ts-check
// One step of gradient descent, by hand: the rate is dragged here; a step that is taken is computed by the server.

import { recall, remember, whenSent } from "../../../ui/kit/address.js";
import { clamp } from "../../../ui/kit/arithmetic.js";
import { ask, busyDuring } from "../../../ui/kit/asking.js";
import { slider } from "../../../ui/kit/controls.js";
import { find, rich } from "../../../ui/kit/elements.js";
import { follow } from "../../../ui/kit/follow.js";
import { along, onKeys } from "../../../ui/kit/keys.js";
import { mount } from "../../../ui/kit/mount.js";
import { Palette } from "../../../ui/kit/palette.js";
import { unpack } from "../../../ui/kit/tensors.js";
import { drawWall } from "./matrix_wall.js";
import { drawPath, drawRates, pathTitle, rateAt } from "./rate_chart.js";
import { bestRate, isAlive, mostHelped } from "./step_scene.js";
import { drawGuesses, drawStrip } from "./step_tokens.js";
import { finding, moved, rateText, rest, said, told } from "./step_words.js";

/** @import { Choice, Place } from "./step_scene.js" */
/** @import { Slider } from "../../../ui/kit/controls.js" */
/** @import { Page } from "../../../ui/kit/mount.js" */

/**
 * start: before any step; earlier: the losses of former runs; leaving: ends what is asked for.
 * @typedef {{root: HTMLElement, page: Page, palette: Palette, choice: Choice, earlier: number[][], start?: Place,
 *   place?: Place, slider?: Slider, leaving?: AbortController}} Board
 */

const KEPT = 4; // former runs

export default mount((root, page) => {
  /** @type {Board} */
  const board = { root, page, palette: new Palette(root), choice: { rate: 0, token: 1 }, earlier: [] };
  listen(board);
  whenSent(root, (to) => to.rate && chooseRate(board, Number(to.rate)));
  const stop = follow(root, () => {
    board.palette.forget();
    draw(board);
  });
  return {
    receive: (/** @type {Uint8Array} */ bytes) => receive(board, bytes),
    stop: () => {
      board.leaving?.abort();
      stop();
    },
  };
});

/** @param {Board} board */
function listen(board) {
  const { root } = board;
  find(root, ".take").addEventListener("click", () => take(board));
  find(root, ".reset").addEventListener("click", () => reset(board));
  const svg = find(root, ".rates", SVGSVGElement);
  const drag = (/** @type {PointerEvent} */ event) => board.place && chooseRate(board, rateAt(event, svg, board.place));
  svg.addEventListener("pointerdown", (event) => {
    svg.setPointerCapture(event.pointerId);
    drag(event);
  });
  svg.addEventListener("pointermove", (event) => event.buttons && drag(event));
  svg.addEventListener("pointerup", () => remember("rate", board.choice.rate));
  const strip = find(root, ".strip");
  strip.addEventListener("click", (event) => {
    const node = event.target instanceof Element ? event.target.closest("[data-token]") : null;
    if (node) chooseToken(board, Number(node.getAttribute("data-token")));
  });
  onKeys(
    strip,
    along((step) => chooseToken(board, board.choice.token + step)),
  );
}

/**
 * @param {Board} board
 * @param {Uint8Array} bytes
 */
function receive(board, bytes) {
  const start = /** @type {Place} */ (unpack(bytes));
  if (board.start && board.start.header.text === start.header.text) return;
  board.leaving?.abort();
  Object.assign(board, { start, place: start, earlier: [] });
  const { rates } = start.header.place;
  const named = Number(recall("rate") || start.header.rate);
  const rate = recall("rate") && named >= 0 ? clamp(named, 0, rates.length - 1) : bestRate(start);
  board.choice = { rate, token: Math.max(1, mostHelped(start, rate)) };
  board.slider = slider({
    ...{ label: "Learning rate", min: 0, max: rates.length - 1, step: 1, value: board.choice.rate },
    show: (to) => rateText(rates[to]),
    change: (to) => {
      chooseRate(board, to);
      remember("rate", to);
    },
  });
  find(board.root, ".rate").replaceChildren(board.slider);
  draw(board);
}

/**
 * @param {Board} board
 * @param {number} rate
 */
function chooseRate(board, rate) {
  if (!board.place || !Number.isFinite(rate)) return;
  board.choice.rate = clamp(Math.round(rate), 0, board.place.header.place.rates.length - 1);
  board.slider?.set(board.choice.rate);
  draw(board);
  board.page.drawn();
}

/**
 * The first token has nothing before it.
 * @param {Board} board
 * @param {number} token
 */
function chooseToken(board, token) {
  if (!board.place) return;
  board.choice.token = clamp(token, 1, board.place.header.place.pieces.length - 1);
  draw(board);
  board.page.drawn();
}

/**
 * The chosen step, computed by the server from the place that is shown.
 * @param {Board} board
 */
async function take(board) {
  const { place, choice, root } = board;
  if (!place || root.ariaBusy === "true") return;
  board.leaving = new AbortController();
  const steps = [...place.header.place.taken, choice.rate].join(".");
  const { numbers, text } = place.header;
  const bytes = await busyDuring(root, ask(numbers, { text, steps }, board.leaving.signal));
  if (board.place !== place || board.leaving.signal.aborted) return;
  if (!bytes) {
    find(root, ".told").textContent = "The step could not be computed. Try again.";
    return;
  }
  board.place = /** @type {Place} */ (unpack(bytes));
  draw(board);
  find(root, ".spoken").textContent = told(board.place, board.place.header.most);
  board.page.drawn();
}

/**
 * Before the first step again; the curve of what was tried stays.
 * @param {Board} board
 */
function reset(board) {
  const { place, start } = board;
  if (!place || !start) return;
  board.leaving?.abort();
  if (place !== start) board.earlier = [...board.earlier, Array.from(place.arrays.path.values)].slice(-KEPT);
  board.place = start;
  draw(board);
  board.page.drawn();
}

/** @param {Board} board */
function draw({ root, place, start, choice, palette, earlier }) {
  if (!place) return;
  const { header } = place;
  find(root, ".finding").replaceChildren(...rich(finding(place, choice)));
  find(root, ".take", HTMLButtonElement).disabled = !isAlive(place) || header.place.taken.length >= header.most;
  find(root, ".reset", HTMLButtonElement).disabled = place === start;
  const rates = find(root, ".rates", SVGSVGElement);
  drawRates(rates, place, choice);
  rates.setAttribute("aria-label", said(place, choice));
  const path = find(root, ".path", SVGSVGElement);
  drawPath(path, place, choice, earlier);
  path.setAttribute(
    "aria-label",
    `The loss before each step: ${Array.from(place.arrays.path.values, (x) => x.toFixed(2)).join(", ")}.`,
  );
  find(root, ".path-title").textContent = pathTitle(place, choice.rate);
  find(root, ".told").textContent = told(place, header.most);
  find(root, ".note").textContent = header.note;
  drawStrip(find(root, ".strip"), place, choice);
  drawGuesses(find(root, ".guesses"), place, choice);
  find(root, ".moved").replaceChildren(...rich(moved(place, choice)));
  drawWall(find(root, ".wall"), place, choice, palette);
  find(root, ".rest").textContent = rest(place, choice);
}
