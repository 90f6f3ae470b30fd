// @ts-check
// A pattern that stands twice, at each snapshot of a training in which a model learns to copy.
// Fed once per pattern with all snapshots and three runs of each; step and ablation are answered here.

import { recall, remember, whenSent } from "../../../ui/kit/address.js";
import { clamp } from "../../../ui/kit/arithmetic.js";
import { ask, busyDuring } from "../../../ui/kit/asking.js";
import { check, radios } from "../../../ui/kit/controls.js";
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
import { composed, fallLine, lossChart, named, opening, runName, scoreChart, secondCopy } from "./birth_words.js";

/** @import { Birth } from "./birth_words.js" */
/** @import { Page } from "../../../ui/kit/mount.js" */
/** @import { Timeline } from "../../../ui/kit/timeline.js" */

/**
 * @typedef {{root: HTMLElement, page: Page, palette: Palette, at: number, run: number, birth?: Birth,
 *   room: {map: number, chart: number}, line?: Timeline, asked: AbortController}} Board
 */

const DEAREST = 6; // nats of a character in its darkest colour
const [LEAST, MOST] = [180, 360]; // px of a map

export default mount((root, page) => {
  /** @type {Board} */
  const board = {
    root,
    page,
    palette: new Palette(root),
    at: -1,
    run: 0,
    room: { map: 0, chart: 0 },
    asked: new AbortController(),
  };
  find(root, "form").addEventListener("submit", (event) => {
    event.preventDefault();
    askFor(board, find(root, ".pattern", HTMLInputElement).value);
  });
  whenSent(root, (place) => visit(board, place));
  const stop = follow(root, () => {
    board.palette.forget();
    measure(board);
    draw(board);
  });
  return {
    receive: (/** @type {Uint8Array} */ bytes) => receive(board, bytes),
    stop: () => {
      board.line?.stop();
      board.asked.abort();
      stop();
    },
  };
});

/**
 * @param {Board} board
 * @param {string} pattern
 */
async function askFor(board, pattern) {
  if (!board.birth) return;
  board.asked.abort();
  board.asked = new AbortController();
  const { signal } = board.asked;
  const asked = ask(`${board.birth.header.numbers}/pattern`, { pattern }, signal);
  const bytes = await busyDuring(board.root, asked);
  if (signal.aborted) return;
  if (!bytes) {
    find(board.root, ".problem").textContent = "The server gave no answer. Try again.";
    return;
  }
  receive(board, bytes);
  remember("pattern", board.birth.header.pattern);
  say(board);
}

/**
 * @param {Board} board
 * @param {Uint8Array} bytes
 */
function receive(board, bytes) {
  const { root } = board;
  const birth = /** @type {Birth} */ (unpack(bytes));
  board.birth = birth;
  const n = birth.header.steps.length;
  if (board.at < 0) board.at = clamp(Math.round(Number(recall("birth")) || n) - 1, 0, n - 1);
  board.line?.stop();
  board.line = timeline({
    ...{ n, at: board.at },
    show: (at) => `${count(birth.header.steps[at])} of ${count(birth.header.steps[n - 1])}`,
    change: (at) => {
      board.at = at;
      draw(board);
    },
    rest: (at) => {
      remember("birth", at + 1);
      say(board);
    },
  });
  find(root, ".line").replaceChildren(board.line.node);
  find(root, ".pattern", HTMLInputElement).value = birth.header.pattern;
  find(root, ".problem").textContent = birth.header.problem;
  radios(
    find(root, ".runs"),
    "Ablated head",
    birth.header.ablated.length,
    (run) => runName(birth, run),
    (run) => {
      board.run = run;
      draw(board);
      say(board);
    },
  );
  measure(board);
  draw(board);
}

/**
 * The room for a map and for a chart: measured once, since to ask for it again costs a layout.
 * @param {Board} board
 */
function measure({ root, room }) {
  room.map = clamp(find(root, "figure").clientWidth - 30, LEAST, MOST);
  room.chart = find(root, ".losses").clientWidth;
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
 * Where a question sends the picture.
 * @param {Board} board
 * @param {Record<string, string>} place
 */
function visit(board, { birth, without }) {
  if (birth === undefined && without === undefined) return false;
  if (without !== undefined) board.run = clamp(Number(without) || 0, 0, (board.birth?.header.ablated.length ?? 1) - 1);
  board.line?.goTo(birth === undefined ? board.at : Number(birth) - 1);
  return true;
}

/** @param {Board} board */
function draw(board) {
  const { root, birth, at, run, room } = board;
  if (!birth) return;
  check(find(root, ".runs"), run);
  find(root, ".finding").replaceChildren(...rich(opening(birth, at, run)));
  drawMap(board, birth, 0);
  drawMap(board, birth, 1);
  drawCopies(board, birth);
  find(root, ".composed").textContent = composed(birth, at);
  find(root, ".falls").textContent = fallLine(birth);
  find(root, ".losses").replaceChildren(drawCurves(lossChart(birth, at, room.chart)));
  find(root, ".scores").replaceChildren(drawCurves(scoreChart(birth, at, room.chart)));
}

/**
 * @param {Board} board
 * @param {Birth} birth
 * @param {0 | 1} which the previous-token head or the induction head
 */
function drawMap({ root, palette, at, run, room }, { header, arrays }, which) {
  const name = which ? "induction" : "previous";
  const score = slice(which ? arrays.matches : arrays.back, at)[run];
  const where = which ? "what followed earlier" : "the character before";
  const isOff = header.ablated[run].map(named).includes(named(header[name]));
  find(root, `.${name} h4`).textContent = isOff
    ? `Head ${named(header[name])} is ablated: its output is 0`
    : `Head ${named(header[name])}: ${percent(score)} on ${where}`;
  const box = find(root, `figure.${name}`);
  const canvas = find(box, "canvas", HTMLCanvasElement);
  const n = 2 * header.pattern.length;
  const weights = slice(arrays.maps, at, run, which);
  const size = room.map;
  heatmap(canvas, {
    ...{ rows: n, columns: n, width: size, height: size },
    hidden: palette.colour("line", 0.6),
    colour: (i, j) => (j > i ? null : palette.magnitude(weights[i * n + j])),
  });
  canvas.style.opacity = isOff ? "0.35" : "1";
  canvas.setAttribute("aria-label", `Attention weights of head ${named(header[name])}`);
  const every = Math.ceil((14 * n) / size);
  const characters = Array.from(header.pattern + header.pattern, visible);
  find(box, ".row-labels").replaceChildren(
    ...characters.flatMap((character, i) =>
      i % every ? [] : [make("span", { style: `top:${((i + 0.5) * size) / n}px` }, character)],
    ),
  );
  outline(canvas, n, size, palette, (i) => (which ? (i >= n / 2 ? i - n / 2 + 1 : -1) : i - 1));
}

/**
 * @param {HTMLCanvasElement} canvas
 * @param {number} n
 * @param {number} size
 * @param {Palette} palette
 * @param {(query: number) => number} target its key; below 0 for none
 */
function outline(canvas, n, size, palette, target) {
  const pen = canvas.getContext("2d");
  if (!pen) return;
  const cell = size / n;
  pen.strokeStyle = palette.colour("ink", 0.55);
  pen.lineWidth = 1;
  for (let i = 0; i < n; i++) {
    const j = target(i);
    if (j >= 0) pen.strokeRect(j * cell, i * cell, cell - 1.6, cell - 1.6);
  }
}

/**
 * @param {Board} board
 * @param {Birth} birth
 */
function drawCopies({ root, palette, at, run }, birth) {
  const { header, arrays } = birth;
  const losses = slice(arrays.losses, at, run);
  const n = header.pattern.length;
  const cells = (/** @type {number} */ from) =>
    Array.from(header.pattern, (character, i) => {
      const cost = losses[from + i - 1]; // the very first character has none
      const style =
        cost === undefined ? "" : `background:${palette.colour("negative", clamp(cost / DEAREST, 0, 1) * 0.7)}`;
      return make(
        "span",
        { style },
        visible(character),
        make("small", {}, cost === undefined ? "–" : number(cost, 1, 0)),
      );
    });
  find(root, ".first").replaceChildren(...cells(0));
  find(root, ".second").replaceChildren(...cells(n));
  const row = (/** @type {readonly string[]} */ ...texts) =>
    make("div", { role: "row" }, ...texts.map((text) => make("span", { role: "cell" }, text)));
  find(root, ".compare").replaceChildren(
    row("ablated", "second copy", `${named(header.induction)} on target`),
    ...header.ablated.map((_, each) =>
      row(
        runName(birth, each),
        `${number(secondCopy(birth, at, each))} nats`,
        percent(slice(arrays.matches, at)[each]),
      ),
    ),
  );
}
