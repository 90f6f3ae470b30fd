// @ts-check
// The vocabulary on a flat map, a token's true neighbours, and all of its cosines. The map comes once
// per model (vocabulary.js); search and neighbours are asked of the whole matrix; axes and zoom are answered here.

import { remember } from "../../../ui/kit/address.js";
import { check, radios } from "../../../ui/kit/controls.js";
import { find, make } from "../../../ui/kit/elements.js";
import { follow } from "../../../ui/kit/follow.js";
import { onKeys } from "../../../ui/kit/keys.js";
import { mount } from "../../../ui/kit/mount.js";
import { Palette } from "../../../ui/kit/palette.js";
import { unpack } from "../../../ui/kit/tensors.js";
import { quote } from "../../../ui/kit/words.js";
import { during } from "./asking.js";
import { asked, entriesOf, lookAt, search } from "./map_look.js";
import { MARKS } from "./map_marks.js";
import { listenToPlane, paint, zoom } from "./map_plane.js";
import { FIRST, turned } from "./map_view.js";
import { caption, described, nearestOf } from "./map_words.js";
import { drawNeighbours } from "./neighbour_panel.js";
import { onChoice } from "./token_choice.js";
import { vocabulary } from "./vocabulary.js";

/** @import { Page } from "../../../ui/kit/mount.js" */
/** @import { Packed } from "../../../ui/kit/tensors.js" */
/** @import { Entry, Look, MapArrays, MapHeader } from "./map_look.js" */
/** @import { PlaneState } from "./map_plane.js" */

/** @typedef {{root: HTMLElement, page: Page, palette: Palette, state: PlaneState & {header: MapHeader}}} Board */

const TYPING = 120; // ms without a key
const ZOOM = 1.6;
const MISSING = "The embedding matrix did not arrive. Reload the page.";

export default mount((root, page) => {
  /** @type {MapHeader | null} */
  let latest = null;
  /** @type {Board | null} */
  let board = null;
  let unfollow = () => {};
  const deafen = onChoice((token) => {
    if (!latest) return;
    Object.assign(latest, { token, entry: null }); // also where the matrix is still on its way
    remember("entry", "");
    if (board) select(board);
  });
  return {
    /** @param {Uint8Array} bytes */
    async receive(bytes) {
      const { header, arrays } = /** @type {Packed<MapHeader, MapArrays>} */ (unpack(bytes));
      if (latest?.key === header.key && latest.token === header.token && latest.entry === header.entry) return;
      latest = header;
      const centred = board?.state.look.centred ?? false;
      const look = await during(root, firstLook(header, centred));
      if (latest !== header || !root.isConnected) return;
      if (!look) return tell(root, MISSING);
      const sentence = entriesOf(header.ids, header.pieces, arrays.places);
      if (board) return again(board, header, sentence, look);
      board = begin(root, page, header, sentence, look);
      unfollow = listen(board);
    },
    stop() {
      deafen();
      unfollow();
    },
  };
});

// ------------------------------------------------------------------------------ what is looked at

/**
 * @param {MapHeader} header
 * @param {boolean} centred
 */
const firstLook = async (header, centred) =>
  lookAt(await vocabulary(header.table), header.table, asked(header), centred);

/**
 * @param {HTMLElement} root
 * @param {Page} page
 * @param {MapHeader} header
 * @param {Entry[]} sentence
 * @param {Look} look
 * @returns {Board}
 */
function begin(root, page, header, sentence, look) {
  /** @type {PlaneState} */
  const plane = { sentence, look, hits: [], view: FIRST, mark: 0, over: null, drag: null };
  const board = { root, page, palette: new Palette(root), state: { header, ...plane } };
  layControls(board);
  draw(board);
  return board;
}

/**
 * Another sentence, or another model: other rows, other axes.
 * @param {Board} board
 * @param {MapHeader} header
 * @param {Entry[]} sentence
 * @param {Look} look
 */
function again(board, header, sentence, look) {
  const { state } = board;
  const was = state.look.table;
  Object.assign(state, { header, sentence, look });
  if (look.table !== was) {
    const { across, up } = state.view;
    Object.assign(state, { view: { ...FIRST, across, up }, over: null, hits: [] });
    layControls(board);
    showHits(board);
  }
  draw(board);
}

/**
 * The nearest of what is asked for now, unless the reader has gone on.
 * @param {Board} board
 */
async function select(board) {
  const { root, state, page } = board;
  const { header } = state;
  const [id, centred] = [asked(header), find(root, ".centre", HTMLInputElement).checked];
  const look = await during(root, lookAt(state.look.table, header.table, id, centred));
  if (state.header !== header || asked(header) !== id || !root.isConnected) return;
  if (!look) return tell(root, MISSING);
  state.look = look;
  draw(board);
  page.drawn();
}

/**
 * @param {HTMLElement} root
 * @param {string} told
 */
function tell(root, told) {
  find(root, ".finding").textContent = told;
}

/**
 * An entry of the vocabulary, from the map, the search or the list.
 * @param {Board} board
 * @param {number} id
 */
function choose(board, id) {
  remember("entry", id);
  board.state.header.entry = id;
  select(board);
}

// ------------------------------------------------------------------------------------ controls

/** @param {Board} board */
function layControls(board) {
  const { root, page, state } = board;
  for (const direction of /** @type {const} */ (["across", "up"])) {
    const label = (/** @type {number} */ k) => String(k + 1);
    radios(find(root, `.${direction}`), `Axis ${direction}`, state.look.table.shares.length, label, (k) => {
      state.view = turned(state.view, direction, k);
      draw(board);
      page.drawn();
    });
  }
  const name = (/** @type {number} */ i) => MARKS[i].name;
  radios(find(root, ".marks"), "Mark tokens with", MARKS.length, name, (i) => {
    state.mark = i;
    draw(board);
    page.drawn();
  });
}

/** @param {Board} board */
function listen(board) {
  const { root, page, state } = board;
  const field = find(root, ".field", HTMLInputElement);
  const centre = find(root, ".centre", HTMLInputElement);
  field.addEventListener("input", () => {
    showHits(board);
  });
  onKeys(field, { Enter: () => state.hits.length && choose(board, state.hits[0].id) });
  centre.addEventListener("change", () => select(board));
  const zoomBy = (/** @type {number} */ by) => {
    zoom(board, by);
    page.drawn();
  };
  find(root, ".in").addEventListener("click", () => zoomBy(ZOOM));
  find(root, ".out").addEventListener("click", () => zoomBy(1 / ZOOM));
  listenToPlane(board, (id) => choose(board, id));
  return follow(root, () => {
    board.palette.forget();
    draw(board);
    page.drawn();
  });
}

/**
 * What the search finds, once the reader has stopped typing.
 * @param {Board} board
 */
async function showHits(board) {
  const { root, state, page } = board;
  const field = find(root, ".field", HTMLInputElement);
  const [text, { header }] = [field.value, state];
  await new Promise((go) => setTimeout(go, TYPING));
  if (field.value !== text || !root.isConnected) return;
  const hits = await during(root, search(header.table, text));
  if (field.value !== text || state.header !== header || !root.isConnected) return;
  state.hits = hits ?? [];
  const none = hits ? `No single token holds ${quote(text.trim())}. It is written with several tokens.` : MISSING;
  const hit = (/** @type {Entry} */ { id, word }) =>
    make("button", { type: "button", onclick: () => choose(board, id) }, word);
  const isEmpty = text.trim() && !state.hits.length;
  find(root, ".hits").replaceChildren(...(isEmpty ? [make("em", {}, none)] : state.hits.map(hit)));
  paint(board);
  page.drawn();
}

// ------------------------------------------------------------------------------------- drawing

/** @param {Board} board */
function draw(board) {
  const { root, state } = board;
  const { header, look, view, mark } = state;
  for (const direction of /** @type {const} */ (["across", "up"])) check(find(root, `.${direction}`), view[direction]);
  check(find(root, ".marks"), mark);
  find(root, ".finding").replaceChildren(...nearestOf(look));
  find(root, ".variance").replaceChildren(...caption(look, view, MARKS[mark]));
  find(root, "canvas", HTMLCanvasElement).setAttribute("aria-label", described(look));
  paint(board);
  drawNeighbours(find(root, ".right"), look, header.tied, (id) => choose(board, id));
}
