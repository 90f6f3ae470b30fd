// @ts-check
// Tokens pick rows of the real embedding matrix, and positions are added: fed once per text and model.

import { remember, whenSent } from "../../../ui/kit/address.js";
import { clamp } from "../../../ui/kit/arithmetic.js";
import { check, radio } from "../../../ui/kit/controls.js";
import { find, make } from "../../../ui/kit/elements.js";
import { follow } from "../../../ui/kit/follow.js";
import { count, number } from "../../../ui/kit/format.js";
import { onKeys } from "../../../ui/kit/keys.js";
import { mount } from "../../../ui/kit/mount.js";
import { Palette } from "../../../ui/kit/palette.js";
import { cellAt } from "../../../ui/kit/pictures.js";
import { unpack } from "../../../ui/kit/tensors.js";
import { during } from "./asking.js";
import { read } from "./lookup.js";
import { advice, browsed, finding, readout } from "./lookup_words.js";
import { drawProduct, rowsAround } from "./one_hot_card.js";
import { buildStrip, frameToken, paintStrip, pointedAt, setCursor } from "./strips.js";
import { drawSum, markNumber } from "./sum_card.js";
import { drawLinks, heightOf, paintTable } from "./table_picture.js";
import { announce } from "./token_choice.js";
import { vocabulary } from "./vocabulary.js";

/** @import { Page } from "../../../ui/kit/mount.js" */
/** @import { Packed } from "../../../ui/kit/tensors.js" */
/** @import { Lookup, LookupArrays, LookupHeader } from "./lookup.js" */
/** @import { Strip } from "./strips.js" */
/** @import { Vocabulary } from "./vocabulary.js" */

const HEIGHT = 400; // of the table; long texts make it taller
const MISSING = "could not be loaded: reload the page";

/**
 * `token`: the chosen one; `k`: the number pointed at, of the token `pointed` at where there is one;
 * `table`: null until it is here.
 * @typedef {{lookup: Lookup, table: Vocabulary | null, token: number, k: number | null, pointed: number | null}} State
 */
/** @typedef {{root: HTMLElement, page: Page, palette: Palette, strips: Strip[], state: State}} Board */

export default mount((root, page) => {
  /** @type {Board | null} */
  let board = null;
  let unfollow = () => {};
  return {
    /** @param {Uint8Array} bytes */
    receive(bytes) {
      const message = /** @type {Packed<LookupHeader, LookupArrays>} */ (unpack(bytes));
      if (board) return again(board, message);
      board = begin(root, page, message);
      unfollow = listen(board);
      const { state } = board;
      whenSent(root, ({ token }) => {
        if (token && board) choose(board, clamp(Number(token) - 1, 0, state.lookup.header.ids.length - 1));
      });
      return show(board);
    },
    stop: () => unfollow(),
  };
});

/**
 * @param {HTMLElement} root
 * @param {Page} page
 * @param {Packed<LookupHeader, LookupArrays>} message
 * @returns {Board}
 */
function begin(root, page, message) {
  const strips = /** @type {const} */ (["row", "place", "sum"]).map(buildStrip);
  for (const { node, sizes } of strips) find(root, ".stage").append(node, sizes);
  /** @type {State} */
  const state = { lookup: read(message), table: null, token: message.header.token, k: null, pointed: null };
  const board = { root, page, palette: new Palette(root), strips, state };
  layTokens(board);
  return board;
}

/**
 * @param {Board} board
 * @param {Packed<LookupHeader, LookupArrays>} message
 */
function again(board, message) {
  const { state } = board;
  const { header } = message;
  const was = state.lookup.header;
  if (header.key === was.key && header.token === was.token) return;
  const lookup = header.key === was.key ? { ...state.lookup, header } : read(message);
  const table = header.table === was.table ? state.table : null;
  Object.assign(state, { lookup, table, token: header.token, k: null, pointed: null });
  if (header.key !== was.key) layTokens(board);
  return show(board);
}

/**
 * At once, and again when the table is here.
 * @param {Board} board
 */
async function show(board) {
  draw(board);
  const { root, state } = board;
  const { lookup } = state;
  const table = await during(root, vocabulary(lookup.header.table));
  if (state.lookup !== lookup || state.table === table) return;
  state.table = table;
  if (table) draw(board);
  else find(root, ".extent").textContent = MISSING;
}

/** @param {Board} board */
function layTokens(board) {
  const { root, state } = board;
  const { header, labels } = state.lookup;
  find(root, ".stage").classList.toggle("unplaced", !header.placed);
  find(root, ".tokens").replaceChildren(
    ...header.ids.map((id, i) =>
      radio(
        { group: "token", label: `${labels[i]}, id ${id}`, choose: () => choose(board, i) },
        make("span", {}, labels[i]),
        make("small", {}, count(id)),
      ),
    ),
  );
}

/**
 * @param {Board} board
 * @param {number} token
 */
function choose(board, token) {
  board.state.token = token;
  remember("token", token + 1);
  announce(token);
  mark(board);
  board.page.drawn();
}

/** @param {Board} board */
function listen(board) {
  const { root, page, palette, strips, state } = board;
  for (const strip of strips) {
    const { canvas } = strip;
    canvas.addEventListener("pointermove", (event) => {
      const { token, k } = pointedAt(strip, event, state.lookup);
      state.pointed = token;
      point(board, k);
    });
    canvas.addEventListener("pointerleave", () => {
      state.pointed = null;
      point(board, null);
    });
    canvas.addEventListener("click", (event) => choose(board, pointedAt(strip, event, state.lookup).token));
  }
  const matrix = find(root, ".matrix canvas");
  matrix.addEventListener("pointermove", (event) => {
    const { table } = state;
    if (!table) return;
    const line = cellAt(event, matrix, table.lines.length, 1).row;
    find(root, ".readout").replaceChildren(...browsed(table, line));
  });
  matrix.addEventListener("pointerleave", () => point(board, null));
  listenToVectors(board);
  return follow(root, () => {
    palette.forget();
    draw(board);
    page.drawn();
  });
}

/** @param {Board} board */
function listenToVectors(board) {
  const { root, state } = board;
  const vectors = find(root, ".vectors");
  const move = (/** @type {number} */ by) => point(board, clamp((state.k ?? -1) + by, 0, state.lookup.d - 1));
  vectors.addEventListener("pointermove", (event) =>
    point(board, cellAt(event, find(vectors, "svg", SVGElement), 1, state.lookup.d).column),
  );
  vectors.addEventListener("pointerleave", () => point(board, null));
  onKeys(vectors, { ArrowRight: () => move(1), ArrowLeft: () => move(-1) });
}

// ------------------------------------------------------------------------------------- drawing

/**
 * Pixels of a token, of the picture, and above the first token.
 * @param {Lookup} lookup
 */
function layout({ n }) {
  const high = clamp(Math.floor(HEIGHT / n), 17, 48);
  const height = Math.max(HEIGHT, high * n);
  return { high, height, above: (height - high * n) / 2 };
}

/** @param {Board} board */
function draw(board) {
  const { root, palette, strips, state } = board;
  const { lookup, table } = state;
  const { high, height, above } = layout(lookup);
  for (const node of root.querySelectorAll(".tokens, .strip, .sizes"))
    Object.assign(/** @type {HTMLElement} */ (node).style, { marginTop: `${above}px` });
  for (const node of find(root, ".tokens").children) /** @type {HTMLElement} */ (node).style.height = `${high}px`;
  for (const strip of strips) paintStrip(strip, lookup, high, palette);
  paintTable(root, lookup, table, height, palette);
  const links = lookup.header.ids.map((id, i) => ({
    from: heightOf(lookup, id, height),
    to: above + (i + 0.5) * high,
  }));
  drawLinks(find(root, ".links", SVGElement), links, height);
  const top = number(lookup.top);
  find(root, ".range").replaceChildren(`≤ −${top}`, make("i"), `≥ ${top}`);
  mark(board);
}

/**
 * Everything that depends on the chosen token.
 * @param {Board} board
 */
function mark(board) {
  const { root, strips, state } = board;
  const { lookup, token } = state;
  const { ids } = lookup.header;
  const { high, height } = layout(lookup);
  check(find(root, ".tokens"), token);
  for (const [i, path] of root.querySelectorAll(".links path").entries())
    path.classList.toggle("here", ids[i] === ids[token]);
  const lit = find(root, ".lit");
  lit.style.top = `${heightOf(lookup, ids[token], height)}px`;
  lit.hidden = !state.table;
  for (const strip of strips) frameToken(strip, token, high);
  find(root, ".finding").replaceChildren(...finding(lookup, token));
  drawSum(find(root, ".card.sum"), lookup, token);
  showProduct(board);
  point(board, null);
}

/**
 * At once, and again when the rows around it are here.
 * @param {Board} board
 */
async function showProduct({ root, palette, state }) {
  const { lookup, token } = state;
  const card = find(root, ".hot");
  drawProduct(card, lookup, null, token, palette);
  const around = await during(card, rowsAround(lookup.header.table, lookup.header.ids[token]));
  if (around && state.lookup === lookup && state.token === token) drawProduct(card, lookup, around, token, palette);
}

/**
 * The number pointed at, in all pictures.
 * @param {Board} board
 * @param {number | null} k
 */
function point(board, k) {
  const { root, strips, state } = board;
  const { lookup, pointed, token } = state;
  const { high } = layout(lookup);
  state.k = k;
  for (const strip of strips) setCursor(strip, k, lookup, high);
  markNumber(find(root, ".card.sum"), k);
  const told = k === null ? [make("span", { class: "sub" }, advice(lookup))] : readout(lookup, pointed ?? token, k);
  find(root, ".readout").replaceChildren(...told);
}
