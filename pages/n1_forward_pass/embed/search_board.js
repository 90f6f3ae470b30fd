// @ts-check
// A search among words in a graph of several levels, stepped by the reader. The graph comes once for a
// sentence, a search when a word or ef is chosen; steps are answered here.

import { remember } from "../../../ui/kit/address.js";
import { clamp } from "../../../ui/kit/arithmetic.js";
import { check, radio, radios, slider } from "../../../ui/kit/controls.js";
import { find, make, rich } from "../../../ui/kit/elements.js";
import { follow } from "../../../ui/kit/follow.js";
import { count } from "../../../ui/kit/format.js";
import { onKeys } from "../../../ui/kit/keys.js";
import { mount } from "../../../ui/kit/mount.js";
import { Palette } from "../../../ui/kit/palette.js";
import { player } from "../../../ui/kit/player.js";
import { visible } from "../../../ui/kit/words.js";
import { ask, during } from "./asking.js";
import { nearestTo } from "./map_view.js";
import { drawSearch, inhabitants } from "./search_picture.js";
import { stacked } from "./search_planes.js";
import { allTold, describedLevels, searchFinding, sightCells, stepTold } from "./search_words.js";
import { rowsOf } from "./vocabulary.js";

/** @import { Page } from "../../../ui/kit/mount.js" */
/** @import { Player } from "../../../ui/kit/player.js" */
/** @import { Packed, Tensor } from "../../../ui/kit/tensors.js" */
/** @import { Place } from "./map_view.js" */
/** @import { Stack } from "./search_planes.js" */
/** @import { GraphHeader, SightHeader, WalkHeader } from "./search_words.js" */

/**
 * The sentence's tokens that are in the graph; the token sought, and ef; what ef can be.
 * @typedef {{table: string, ids: number[], pieces: string[], sought: number, ef: number, efs: number[]}} SearchData
 */
/**
 * @typedef {{root: HTMLElement, page: Page, palette: Palette, data?: SearchData, graph?: GraphHeader,
 *   places: Place[], walk?: WalkHeader, at: number, stack?: Stack, slide?: ReturnType<typeof slider>,
 *   player?: Player}} Board
 */

const BEAT = 1100; // milliseconds of a step
const REACH = 14; // pixels from the pointer to a word
const MISSING = "The graph did not arrive. Reload the page.";

export default mount((root, page) => {
  /** @type {Board} */
  const board = { root, page, palette: new Palette(root), places: [], at: 0 };
  listen(board);
  const stop = follow(root, () => {
    board.palette.forget();
    draw(board);
  });
  return {
    receive: (/** @type {SearchData} */ data) => receive(board, data),
    stop: () => {
      board.player?.pause();
      stop();
    },
  };
});

// ---------------------------------------------------------------------------- what the reader does

/** @param {Board} board */
function listen(board) {
  const { root } = board;
  const by = (/** @type {number} */ steps) => () => {
    board.player?.pause();
    goTo(board, board.at + steps);
    find(root, ":scope > .spoken").textContent = find(root, ".told").textContent;
  };
  find(root, ".back").addEventListener("click", by(-1));
  find(root, ".forward").addEventListener("click", by(1));
  board.player = player(find(root, ".play"), {
    place: () => board.walk && { at: board.at, last: board.walk.visits.length },
    goTo: (at) => goTo(board, at),
    beat: () => BEAT,
  });
  onKeys(find(root, ".plane"), { ArrowLeft: by(-1), ArrowRight: by(1) });
  const canvas = find(root, "canvas", HTMLCanvasElement);
  canvas.addEventListener("click", (event) => {
    const node = nodeAt(board, event);
    if (node !== null && board.graph) seek(board, { sought: board.graph.ids[node] });
  });
}

/**
 * The word under the pointer, on any level.
 * @param {Board} board
 * @param {MouseEvent} event
 */
function nodeAt({ root, graph, stack }, { clientX, clientY }) {
  if (!graph || !stack) return null;
  const box = find(root, "canvas", HTMLCanvasElement).getBoundingClientRect();
  const all = stack.planes.flatMap(({ at }, level) =>
    inhabitants(graph, level).map((node) => ({ node, pixel: at(node) })),
  );
  const pixels = all.map(({ pixel }) => pixel);
  const found = nearestTo(pixels, [clientX - box.left, clientY - box.top], REACH);
  return found === null ? null : all[found].node;
}

/**
 * Another token, or another ef.
 * @param {Board} board
 * @param {Partial<Pick<SearchData, "sought" | "ef">>} change
 */
async function seek(board, change) {
  if (!board.data) return;
  Object.assign(board.data, change);
  remember("sought", board.data.sought);
  remember("sight", board.data.ef);
  await search(board);
  board.page.drawn();
}

/**
 * @param {Board} board
 * @param {number} at
 */
function goTo(board, at) {
  if (!board.walk) return;
  board.at = clamp(at, 0, board.walk.visits.length);
  board.slide?.set(board.at);
  draw(board);
}

// ------------------------------------------------------------------------------ what is asked for

/**
 * @param {Board} board
 * @param {SearchData} data
 */
async function receive(board, data) {
  const { root } = board;
  const same = board.data?.table === data.table && String(board.data.ids) === String(data.ids);
  if (same && board.data?.sought === data.sought && board.data.ef === data.ef) return;
  board.data = data;
  if (!same) {
    board.player?.pause();
    const answer = await during(root, ask(data.table, "graph", { added: data.ids.join(".") }));
    if (board.data !== data || !root.isConnected) return;
    if (!answer) return tell(root, MISSING);
    const { header, arrays } = /** @type {Packed<GraphHeader, {places: Tensor}>} */ (answer);
    Object.assign(board, { graph: header, places: rowsOf(arrays.places) });
    layChips(board, data);
  }
  await search(board);
  if (!same) compareSights(board, data);
}

/** @param {Board} board */
async function search(board) {
  const { root, data } = board;
  if (!data) return;
  const { sought, ef } = data;
  board.player?.pause();
  const asked = { added: data.ids.join("."), id: String(sought), ef: String(ef) };
  const answer = await during(root, ask(data.table, "walk", asked));
  if (board.data !== data || data.sought !== sought || data.ef !== ef || !root.isConnected) return;
  if (!answer) return tell(root, MISSING);
  board.walk = /** @type {WalkHeader} */ (answer.header);
  board.at = board.walk.visits.length;
  laySlide(board, board.walk);
  draw(board);
}

/**
 * What each ef costs and finds, once the picture stands.
 * @param {Board} board
 * @param {SearchData} data
 */
async function compareSights(board, data) {
  const { root, graph } = board;
  const answer = await during(root, ask(data.table, "sight", { added: data.ids.join(".") }));
  if (board.data !== data || !answer || !graph || !root.isConnected) return;
  const { rows } = /** @type {SightHeader} */ (answer.header);
  const lines = rows.map((row) => {
    const choice = radio({ group: "ef", label: `ef ${row.ef}`, choose: () => seek(board, { ef: row.ef }) }, row.ef);
    return make(
      "tr",
      {},
      make("td", {}, choice),
      sightCells(graph, row).map((cell) => make("td", {}, cell)),
    );
  });
  find(root, "tbody").replaceChildren(...lines);
  find(root, ".all").textContent = allTold(graph);
  mark(board);
  board.page.drawn();
}

/**
 * @param {HTMLElement} root
 * @param {string} told
 */
function tell(root, told) {
  find(root, ".finding").textContent = told;
}

// -------------------------------------------------------------------------------------- the picture

/**
 * @param {Board} board
 * @param {SearchData} data
 */
function layChips(board, { ids, pieces }) {
  const word = (/** @type {number} */ i) => visible(pieces[i]);
  radios(find(board.root, ".sought"), "Search for", ids.length, word, (i) => seek(board, { sought: ids[i] }));
}

/**
 * @param {Board} board
 * @param {WalkHeader} walk
 */
function laySlide(board, { visits }) {
  board.slide = slider({
    ...{ label: "Step", min: 0, max: visits.length, step: 1, value: board.at },
    show: (at) => `${count(at)} of ${count(visits.length)}`,
    change: (at) => {
      board.player?.pause();
      goTo(board, at);
    },
  });
  find(board.root, ".place").replaceChildren(board.slide);
}

/** @param {Board} board */
function mark({ root, data }) {
  if (!data) return;
  check(find(root, ".sought"), data.ids.indexOf(data.sought));
  check(find(root, "tbody"), data.efs.indexOf(data.ef));
}

/** @param {Board} board */
function draw(board) {
  const { root, graph, walk, at, places, palette } = board;
  if (!graph || !walk) return;
  const width = find(root, ".plane").clientWidth;
  board.stack = stacked(places, graph.links.length, width);
  const canvas = find(root, "canvas", HTMLCanvasElement);
  canvas.setAttribute("aria-label", describedLevels(graph, walk));
  drawSearch(canvas, board.stack, width, palette, { graph, walk, at });
  find(root, ".finding").replaceChildren(...rich(searchFinding(graph, walk)));
  find(root, ".told").textContent = stepTold(graph, walk, at);
  find(root, ".back").toggleAttribute("disabled", at === 0);
  find(root, ".forward").toggleAttribute("disabled", at === walk.visits.length);
  mark(board);
}
