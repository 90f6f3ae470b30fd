// @ts-check
// A text under a vocabulary of k merges. Fed once per text with every word's joins; the slider, the
// buttons, the keyboard and the pointer are answered here, and the address follows.

import { remember, whenSent } from "../../../ui/kit/address.js";
import { clamp } from "../../../ui/kit/arithmetic.js";
import { find, make } from "../../../ui/kit/elements.js";
import { follow } from "../../../ui/kit/follow.js";
import { plural } from "../../../ui/kit/format.js";
import { onKeys } from "../../../ui/kit/keys.js";
import { mount } from "../../../ui/kit/mount.js";
import { unpack } from "../../../ui/kit/tensors.js";
import { quote } from "../../../ui/kit/words.js";
import { finding, remark } from "./finding.js";
import { drawCurve } from "./learning_curve.js";
import { cut } from "./merge_replay.js";
import { mergeScale } from "./merge_scale.js";
import { drawTicker } from "./merge_ticker.js";
import { latest, read } from "./text_reading.js";
import { drawCard } from "./token_card.js";
import { fillWords, keepRoom, layWords, markToken } from "./token_row.js";
import { drawTree } from "./word_tree.js";

/** @import { Page } from "../../../ui/kit/mount.js" */
/** @import { Packed } from "../../../ui/kit/tensors.js" */
/** @import { Token, TokenizeHeader } from "./merge_replay.js" */
/** @import { Reading, TokenizeArrays } from "./text_reading.js" */

const PLAY = "▶ Learn it merge by merge";
const PAUSE = "❚❚ Pause";
const PLAYED = 9000; // ms for all joins, where each gets what one may take
const FASTEST = 60;
const SLOWEST = 500;

/**
 * `k`: merges learnt; `at`: the byte looked at; `timer`: while it plays, else 0; `drawn`: the k that
 * the tokens show; `kept`: the width for which they have kept their room.
 * @typedef {{reading: Reading, k: number, at: number, timer: number, drawn: number, kept: number}} State
 */
/** @typedef {{root: HTMLElement, page: Page, state: State}} Board */

export default mount((root, page) => {
  /** @type {Board | null} */
  let board = null;
  let unfollow = () => {};
  whenSent(root, (place) => board && visit(board, place));
  return {
    /** @param {Uint8Array} bytes */
    receive(bytes) {
      const message = /** @type {Packed<TokenizeHeader, TokenizeArrays>} */ (unpack(bytes));
      if (board) return again(board, message);
      board = begin(root, page, message);
      unfollow = listen(board);
      return draw(board);
    },
    stop() {
      if (board) pause(board);
      unfollow();
    },
  };
});

/**
 * @param {HTMLElement} root
 * @param {Page} page
 * @param {Packed<TokenizeHeader, TokenizeArrays>} message
 * @returns {Board}
 */
function begin(root, page, message) {
  const reading = read(message);
  const { merges, token } = message.header;
  layWords(find(root, ".tokens"), reading);
  return { root, page, state: { reading, k: merges, at: byteOf(reading, token), timer: 0, drawn: merges, kept: 0 } };
}

/**
 * Another answer: of another text or model, which is shown wholly learnt, or of another place in it.
 * @param {Board} board
 * @param {Packed<TokenizeHeader, TokenizeArrays>} message
 */
function again(board, message) {
  const { root, state } = board;
  const was = state.reading.header;
  const { key, merges, n_merges: total, token } = message.header;
  if (key === was.key && merges === was.merges && token === was.token) return;
  if (key !== was.key) {
    pause(board);
    const reading = read(message);
    layWords(find(root, ".tokens"), reading);
    Object.assign(state, { reading, k: total, at: byteOf(reading, token), drawn: total, kept: 0 });
    keep(board);
  } else {
    state.reading = { ...state.reading, header: message.header };
    if (merges !== was.merges) state.k = merges;
    if (token !== was.token) state.at = byteOf(state.reading, token);
  }
  draw(board);
}

/** @param {Board} board */
function listen(board) {
  const { root, state } = board;
  const slider = find(root, ".curve input", HTMLInputElement);
  const tokens = find(root, ".tokens");
  find(root, ".play").addEventListener("click", () => (state.timer ? pause(board) : play(board)));
  find(root, ".back").addEventListener("click", () => step(board, -1));
  find(root, ".on").addEventListener("click", () => step(board, 1));
  slider.addEventListener("input", () => {
    pause(board);
    learn(board, sliderScale(board).invert(Number(slider.value)));
  });
  slider.addEventListener("change", () => keep(board));
  // One merge at a time: on the slider's own logarithmic scale the first ones lie far apart.
  const [more, less] = [() => nudge(board, 1), () => nudge(board, -1)];
  onKeys(slider, { ArrowRight: more, ArrowUp: more, ArrowLeft: less, ArrowDown: less });
  onKeys(tokens, { ArrowRight: () => move(board, 1), ArrowLeft: () => move(board, -1) });
  tokens.addEventListener("click", (event) => {
    const token = tokenAt(event);
    if (token) choose(board, Number(token.dataset.at));
  });
  tokens.addEventListener("pointerover", (event) => point(board, tokenAt(event)));
  tokens.addEventListener("pointerleave", () => say(board, cut(state.reading.header, state.k)));
  return follow(root, () => redraw(board));
}

/**
 * Where the page sends its pictures: a token, and how many merges are learnt.
 * @param {Board} board
 * @param {Record<string, string>} to
 */
function visit(board, to) {
  const { state } = board;
  pause(board);
  if (to.token) state.at = byteOf(state.reading, Number(to.token) - 1);
  const all = state.reading.header.n_merges;
  learn(board, to.merges === undefined ? state.k : Number(to.merges) || all);
}

// ------------------------------------------------------------------------------------ learning

/**
 * @param {Board} board
 * @param {number} k
 */
function learn(board, k) {
  board.state.k = clamp(k, 0, board.state.reading.header.n_merges);
  redraw(board);
}

/** @param {Board} board */
const whole = ({ state }) => state.k >= state.reading.header.n_merges;

/** @param {Board} board */
const keep = (board) => remember("merges", whole(board) ? "" : board.state.k);

/**
 * To the next merge that changes the text, or back.
 * @param {Board} board
 * @param {1 | -1} by
 */
function step(board, by) {
  const { k, reading } = board.state;
  const { events, header } = reading;
  pause(board);
  const next = by > 0 ? events.find((event) => event.k > k) : events.findLast((event) => event.k < k);
  learn(board, next?.k ?? (by > 0 ? header.n_merges : 0));
  keep(board);
}

/**
 * @param {Board} board
 * @param {1 | -1} by
 */
function nudge(board, by) {
  pause(board);
  learn(board, board.state.k + by);
  keep(board);
}

/** @param {Board} board */
function play(board) {
  const { state } = board;
  const { events, header } = state.reading;
  if (!latest(state.reading, state.k) || !events.some((event) => event.k > state.k)) learn(board, 0);
  const wait = clamp(PLAYED / (events.length || 1), FASTEST, SLOWEST);
  const go = () => {
    const next = events.find((event) => event.k > state.k);
    if (next) {
      learn(board, next.k);
      state.timer = window.setTimeout(go, wait);
    } else {
      pause(board);
      learn(board, header.n_merges);
      keep(board);
    }
  };
  state.timer = window.setTimeout(go, SLOWEST);
  find(board.root, ".play").textContent = PAUSE;
}

/** @param {Board} board */
function pause(board) {
  const { root, state } = board;
  if (!state.timer) return;
  window.clearTimeout(state.timer);
  state.timer = 0;
  find(root, ".play").textContent = PLAY;
  keep(board);
}

// -------------------------------------------------------------------------------------- tokens

/** @type {(event: Event) => HTMLElement | null} */
const tokenAt = ({ target }) => /** @type {Element} */ (target).closest(".token");

/**
 * Which token holds a byte of the text.
 * @param {readonly Token[]} tokens
 * @param {number} at
 */
const holding = (tokens, at) => tokens.findLastIndex((token) => token.at <= at);

/**
 * The first byte of a token of the text, wholly cut.
 * @param {Reading} reading
 * @param {number} token
 */
const byteOf = ({ header }, token) => cut(header, header.n_merges)[token].at;

/**
 * @param {Board} board
 * @param {number} at
 */
function choose(board, at) {
  const { header } = board.state.reading;
  board.state.at = at;
  remember("token", holding(cut(header, header.n_merges), at) + 1);
  redraw(board);
}

/**
 * @param {Board} board
 * @param {1 | -1} by
 */
function move(board, by) {
  const { reading, k, at } = board.state;
  const tokens = cut(reading.header, k);
  choose(board, tokens[clamp(holding(tokens, at) + by, 0, tokens.length - 1)].at);
}

/**
 * The facts of the token under the pointer, in the line above the text.
 * @param {Board} board
 * @param {HTMLElement | null} token
 */
function point({ root }, token) {
  if (!token) return;
  const name = make("b", { class: "attention" }, quote(find(token, "bdi").textContent ?? ""));
  find(root, ".what").replaceChildren(name, `: ${token.getAttribute("aria-description")}`);
}

// ------------------------------------------------------------------------------------- drawing

/** @param {Board} board */
function redraw(board) {
  draw(board);
  board.page.drawn();
}

/** @param {Board} board */
function draw(board) {
  const { root, state } = board;
  const { reading, k } = state;
  const { words, order } = reading.header;
  const tokens = cut(reading.header, k);
  const here = holding(tokens, state.at);
  const word = words[order[tokens[here].place]];
  drawControls(board, tokens.length);
  say(board, tokens);
  drawTokens(board, tokens, here);
  drawCurve(find(root, ".curve"), reading, k, tokens.length);
  drawTicker(find(root, ".newest"), reading, k);
  drawTree(find(root, ".tree"), reading, k, word);
  drawCard(find(root, ".one"), reading, tokens[here], word);
}

/** @param {Board} board */
function sliderScale({ root, state }) {
  const { max } = find(root, ".curve input", HTMLInputElement);
  return mergeScale(state.reading.header.n_merges, [0, Number(max)]);
}

/**
 * @param {Board} board
 * @param {number} n tokens
 */
function drawControls(board, n) {
  const { root, state } = board;
  const slider = find(root, ".curve input", HTMLInputElement);
  const scale = sliderScale(board);
  if (scale.invert(Number(slider.value)) !== state.k) slider.value = String(scale(state.k));
  slider.setAttribute("aria-valuetext", `${plural(state.k, "merge")}, ${plural(n, "token")}`);
  find(root, ".back", HTMLButtonElement).disabled = state.k === 0;
  find(root, ".on", HTMLButtonElement).disabled = whole(board);
}

/**
 * @param {Board} board
 * @param {readonly Token[]} tokens
 */
function say({ root, state }, tokens) {
  const found = finding(state.reading, state.k, tokens);
  find(root, ".finding").textContent = found;
  find(root, ".what").textContent = remark(state.reading, state.k, tokens);
  find(root, ".spoken").textContent = state.timer ? "" : found;
}

/**
 * @param {Board} board
 * @param {readonly Token[]} tokens
 * @param {number} here
 */
function drawTokens(board, tokens, here) {
  const { root, state } = board;
  const { reading, k } = state;
  const box = find(root, ".tokens");
  if (!whole(board) && state.kept !== box.clientWidth) {
    keepRoom(box, reading);
    state.kept = box.clientWidth;
  }
  fillWords(box, reading, tokens, k === state.drawn ? 0 : k);
  state.drawn = k;
  markToken(box, here);
}
