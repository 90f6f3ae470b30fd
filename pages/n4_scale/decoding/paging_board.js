// @ts-check
// Two memories with the same requests: each in one reserved piece, or in pages; played step by step.

import { mean } from "../../../ui/kit/arithmetic.js";
import { slider } from "../../../ui/kit/controls.js";
import { find, rich } from "../../../ui/kit/elements.js";
import { follow } from "../../../ui/kit/follow.js";
import { count, number, percent } from "../../../ui/kit/format.js";
import { mount } from "../../../ui/kit/mount.js";
import { Palette } from "../../../ui/kit/palette.js";
import { heatmap } from "../../../ui/kit/pictures.js";
import { player } from "../../../ui/kit/player.js";
import { requestsOf, simulate, waste } from "./paging.js";

/** @import { Player } from "../../../ui/kit/player.js" */
/** @import { Colour } from "../../../ui/kit/palette.js" */
/** @import { Slider } from "../../../ui/kit/controls.js" */
/** @import { Moment, Request } from "./paging.js" */

/** @typedef {{size: number, requests: number, longest: number, most_new: number, page: number}} PagingData */
/**
 * `runs`: in one piece, in pages.
 * @typedef {{root: HTMLElement, palette: Palette, data?: PagingData, seed: number, at: number, requests: Request[],
 *   runs: Moment[][], place?: Slider, player?: Player}} Board
 */

const ROW = 64; // places
const PACE = 60; // milliseconds of a step
const START = 40; // the step shown first
const ROLES = ["query", "value", "feed-forward", "attention", "key"];
const PALE = 0.24;

export default mount((root) => {
  /** @type {Board} */
  const board = { root, palette: new Palette(root), seed: 1, at: START, requests: [], runs: [] };
  find(root, ".again").addEventListener("click", () => {
    board.seed += 1;
    begin(board);
  });
  board.player = player(find(root, ".play"), {
    place: () => ({ at: board.at, last: last(board) }),
    goTo: (at) => goTo(board, at),
    beat: () => PACE,
  });
  const stop = follow(root, () => {
    board.palette.forget();
    draw(board);
  });
  return {
    receive(/** @type {PagingData} */ data) {
      const isNew = !board.data;
      board.data = data;
      if (isNew) begin(board);
    },
    stop: () => {
      board.player?.pause();
      stop();
    },
  };
});

/** @param {Board} board */
function begin(board) {
  const { root, data, seed } = board;
  if (!data) return;
  board.player?.pause();
  board.requests = requestsOf(seed, data.requests, data.longest, data.most_new);
  const rules = { size: data.size, mostNew: data.most_new };
  board.runs = [0, data.page].map((page) => simulate(board.requests, { ...rules, page }));
  board.at = START;
  board.place = slider({
    ...{ label: "Step", min: 1, max: last(board) + 1, step: 1, value: START + 1 },
    show: (to) => count(to),
    change: (to) => {
      board.player?.pause();
      board.at = to - 1;
      draw(board);
    },
  });
  find(root, ".place").replaceChildren(board.place);
  find(root, ".seed").textContent = `Seed ${seed}`;
  draw(board);
  find(root, ".spoken").textContent = find(root, ".finding").textContent;
}

/** @param {Board} board */
const last = ({ runs }) => Math.max(...runs.map((run) => run.length)) - 1;

/**
 * @param {Board} board
 * @param {number} at
 */
function goTo(board, at) {
  board.at = at;
  board.place?.set(at + 1);
  draw(board);
}

/** @param {Board} board */
function draw(board) {
  const { root, data, runs, requests } = board;
  if (!data || !runs.length) return;
  const [piece, paged] = runs.map(waste);
  const together = runs.map((run) => mean(run.filter(({ waiting }) => waiting).map(({ running }) => running.length)));
  find(root, ".finding").replaceChildren(
    ...rich([
      "While requests wait, ",
      ["negative", `${percent(piece)} of the memory taken`],
      " is empty with one piece for each, and ",
      ["value", percent(paged)],
      ` with pages. ${number(together[1], 1)} requests run together instead of ${number(together[0], 1)}`,
    ]),
  );
  const names = [
    `One piece each, for the prompt and ${data.most_new} tokens more`,
    `Pages of ${data.page} tokens, as they are needed`,
  ];
  for (const [i, run] of runs.entries()) {
    find(root, `.name-${i}`).textContent = names[i];
    const moment = run[board.at];
    const says = moment
      ? `${moment.running.length} run, ${moment.waiting} wait. ${count(moment.taken)} of ${count(data.size)} places ` +
        `are taken, ${count(moment.holds)} are filled.`
      : "All requests are done.";
    find(root, `.says-${i}`).textContent = `${says} All ${requests.length} take ${count(run.length)} steps.`;
    paint(board, i, moment);
  }
}

/**
 * @param {Board} board
 * @param {number} i of the memory
 * @param {Moment | undefined} moment
 */
function paint({ root, palette, data, requests }, i, moment) {
  if (!data) return;
  const canvas = find(root, `.memory-${i}`, HTMLCanvasElement);
  /** @type {Colour[]} */
  const colours = Array.from({ length: data.size }, () => palette.rgb("line"));
  for (const { request, places, written } of moment?.running ?? []) {
    let left = requests[request].prompt + written;
    const role = ROLES[request % ROLES.length];
    for (const [start, end] of places)
      for (let place = start; place < end; place++, left--)
        colours[place] = palette.magnitude(left > 0 ? 1 : PALE, role);
  }
  const width = Math.min(620, canvas.parentElement?.clientWidth ?? 620);
  const rows = data.size / ROW;
  canvas.setAttribute("aria-label", find(root, `.says-${i}`).textContent);
  heatmap(canvas, {
    ...{ rows, columns: ROW, width, height: (rows * width) / ROW, tiles: false },
    colour: (row, column) => colours[row * ROW + column],
  });
}
