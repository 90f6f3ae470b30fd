// @ts-check
// A way between two of the reader's words in an RNN, an LSTM and a Transformer layer; both ends are moved here.

import { remember, rememberSoon, whenSent } from "../../../ui/kit/address.js";
import { clamp } from "../../../ui/kit/arithmetic.js";
import { slider } from "../../../ui/kit/controls.js";
import { find, rich } from "../../../ui/kit/elements.js";
import { follow } from "../../../ui/kit/follow.js";
import { mount } from "../../../ui/kit/mount.js";
import { slice, unpack } from "../../../ui/kit/tensors.js";
import { labels } from "../../../ui/kit/words.js";
import { drawLanes, wordAt } from "./lanes.js";
import { below, finding, table, usedBy } from "./paths_words.js";

/** @import { Frame, Way } from "./lanes.js" */
/** @import { Slider } from "../../../ui/kit/controls.js" */
/** @import { Page } from "../../../ui/kit/mount.js" */
/** @import { Tensor } from "../../../ui/kit/tensors.js" */

/**
 * Positions from 0, −1 for none.
 * @typedef {{pieces: string[], source: number, target: number, title: string, d_model: number,
 *   n_heads: number}} PathsHeader
 */
/** @typedef {{weights: Tensor, heads: Tensor<Int32Array>}} PathsArrays */
/**
 * `clock` while something is on its way; `held` the end that a pointer moves.
 * @typedef {{root: HTMLElement, page: Page, way: Way, header?: PathsHeader, arrays?: PathsArrays, frame?: Frame,
 *   from?: Slider, to?: Slider, held?: "source" | "target", clock?: ReturnType<typeof setInterval>}} Board
 */

const [PACE, WHOLE] = [480, 5000]; // milliseconds of a step, and of a whole way

export default mount((root, page) => {
  /** @type {Board} */
  const board = { root, page, way: { words: [], source: 0, target: 0, taken: 0 } };
  find(root, ".play").addEventListener("click", () => send(board));
  listen(board);
  whenSent(root, ({ from, to }) => {
    if (from === undefined || !board.header) return false;
    return choose(board, Number(from) - 1, Number(to) - 1);
  });
  const stop = follow(root, () => draw(board));
  return {
    receive: (/** @type {Uint8Array} */ bytes) => receive(board, bytes),
    stop: () => {
      clearInterval(board.clock);
      stop();
    },
  };
});

/**
 * @param {Board} board
 * @param {Uint8Array} bytes
 */
function receive(board, bytes) {
  const { header, arrays } = unpack(bytes);
  board.header = header;
  board.arrays = /** @type {any} */ (arrays);
  const { way } = board;
  way.words = labels(header.pieces);
  const n = way.words.length;
  const target = header.target < 0 ? n - 1 : header.target;
  const source = header.source < 0 ? Math.min(1, n - 2) : header.source;
  sliders(board);
  find(board.root, ".below").textContent = below(n, header.d_model);
  choose(board, source, target);
}

/** @param {Board} board */
function sliders(board) {
  const { root, way } = board;
  const n = way.words.length;
  const show = (/** @type {number} */ position) => way.words[position - 1];
  const common = { min: 1, max: Math.max(n, 1), step: 1, value: 1, show };
  board.from = slider({ ...common, label: "From", change: (to) => byHand(board, "source", to - 1) });
  board.to = slider({ ...common, label: "To", change: (to) => byHand(board, "target", to - 1) });
  find(root, ".from").replaceChildren(board.from);
  find(root, ".to").replaceChildren(board.to);
  for (const input of root.querySelectorAll(".ends input, .play")) input.toggleAttribute("disabled", n < 2);
}

/**
 * Both ends; the first one stays before the second.
 * @param {Board} board
 * @param {number} source
 * @param {number} target
 */
function choose(board, source, target) {
  const { way } = board;
  const last = way.words.length - 1;
  way.target = clamp(target, Math.min(1, last), last);
  way.source = clamp(source, 0, Math.max(0, way.target - 1));
  clearInterval(board.clock);
  way.taken = Infinity;
  board.from?.set(way.source + 1);
  board.to?.set(way.target + 1);
  draw(board);
}

/**
 * One end; the other one gives way.
 * @param {Board} board
 * @param {"source" | "target"} end
 * @param {number} to
 */
function byHand(board, end, to) {
  const { way, root } = board;
  const last = way.words.length - 1;
  if (last < 1) return;
  if (end === "source") choose(board, Math.min(to, last - 1), Math.max(way.target, to + 1));
  else choose(board, Math.min(way.source, Math.max(to, 1) - 1), Math.max(to, 1));
  rememberSoon("from", way.source + 1);
  rememberSoon("to", way.target + 1);
  find(root, ".spoken").textContent = find(root, ".finding").textContent;
  board.page.drawn();
}

/** @param {Board} board */
function listen(board) {
  const box = find(board.root, ".lanes");
  const wordUnder = (/** @type {MouseEvent} */ event) =>
    board.frame ? wordAt(board.frame, event.clientX - box.getBoundingClientRect().left) : 0;
  const nearer = (/** @type {number} */ at) => (at - board.way.source < board.way.target - at ? "source" : "target");
  box.addEventListener("pointerdown", (event) => {
    if (event.pointerType !== "mouse") return; // a finger scrolls, and taps
    const at = wordUnder(event);
    board.held = nearer(at);
    box.setPointerCapture(event.pointerId);
    byHand(board, board.held, at);
  });
  box.addEventListener("click", (event) => {
    const at = wordUnder(event);
    byHand(board, nearer(at), at);
  });
  box.addEventListener("pointermove", (event) => {
    if (board.held) byHand(board, board.held, wordUnder(event));
  });
  for (const end of /** @type {const} */ (["pointerup", "pointercancel"]))
    box.addEventListener(end, () => {
      board.held = undefined;
    });
}

/** All three start together, and each step takes one beat. @param {Board} board */
function send(board) {
  const { way, root } = board;
  const all = way.target - way.source;
  if (all < 1) return;
  clearInterval(board.clock);
  way.taken = 0;
  draw(board);
  board.clock = setInterval(
    () => {
      way.taken++;
      if (!root.isConnected || way.taken >= all) clearInterval(board.clock);
      draw(board);
      board.page.drawn();
    },
    Math.min(PACE, WHOLE / all),
  );
  remember("from", way.source + 1);
  remember("to", way.target + 1);
}

/** @param {Board} board */
function draw(board) {
  const { root, way, header, arrays } = board;
  if (!header || !arrays) return;
  find(root, ".finding").replaceChildren(...rich(finding(way)));
  board.frame = drawLanes(find(root, ".lanes"), way);
  find(root, ".kinds").replaceChildren(...(way.words.length > 1 ? table(way, header.d_model) : []));
  find(root, ".used").textContent = way.words.length > 1 ? usedBy(way, strongest(header, arrays, way)) : "";
}

/**
 * The head that gives most from the later word to the earlier one.
 * @param {PathsHeader} header
 * @param {PathsArrays} arrays
 * @param {Way} way
 */
function strongest({ title, n_heads: nHeads }, { weights, heads }, { source, target }) {
  const at = slice(heads, target)[source];
  return { title, layer: Math.floor(at / nHeads), head: at % nHeads, weight: slice(weights, target)[source] };
}
