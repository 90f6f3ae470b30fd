// @ts-check
// Every token of the vocabulary on a flat map, its true neighbours, and all of its cosines. The matrix
// comes once per model (vocabulary.js); search, neighbours, axes and zoom are answered here.

import { remember } from "../../../ui/kit/address.js";
import { check, radios } from "../../../ui/kit/controls.js";
import { find, make } from "../../../ui/kit/elements.js";
import { follow } from "../../../ui/kit/follow.js";
import { onKeys } from "../../../ui/kit/keys.js";
import { mount } from "../../../ui/kit/mount.js";
import { Palette } from "../../../ui/kit/palette.js";
import { unpack } from "../../../ui/kit/tensors.js";
import { quote } from "../../../ui/kit/words.js";
import { asked, entry, lookAt, placesOf, sentenceOf } from "./map_look.js";
import { MARKS } from "./map_marks.js";
import { listenToPlane, paint, zoom } from "./map_plane.js";
import { FIRST, turned } from "./map_view.js";
import { caption, described, nearestOf } from "./map_words.js";
import { drawNeighbours } from "./neighbour_panel.js";
import { onChoice } from "./token_choice.js";
import { spaced } from "./token_name.js";
import { search } from "./token_search.js";
import { vocabulary } from "./vocabulary.js";

/** @import { Page } from "../../../ui/kit/mount.js" */
/** @import { Packed, Tensor } from "../../../ui/kit/tensors.js" */
/** @import { Entry, MapArrays, MapHeader } from "./map_look.js" */
/** @import { PlaneState } from "./map_plane.js" */
/** @import { Vocabulary } from "./vocabulary.js" */

/** @typedef {{root: HTMLElement, page: Page, palette: Palette, state: PlaneState & {header: MapHeader}}} Board */

const HITS = 8;
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
    if (board) select(board, board.state.sentence[token]);
  });
  return {
    /** @param {Uint8Array} bytes */
    async receive(bytes) {
      const { header, arrays } = /** @type {Packed<MapHeader, MapArrays>} */ (unpack(bytes));
      if (latest?.key === header.key && latest.token === header.token && latest.entry === header.entry) return;
      latest = header;
      const table = await vocabulary(header.table).catch(() => null);
      if (latest !== header || !root.isConnected) return;
      if (!table) find(root, ".finding").textContent = MISSING;
      else if (board) again(board, table, header, arrays.rows);
      else {
        board = begin(root, page, table, header, arrays.rows);
        unfollow = listen(board);
      }
    },
    stop() {
      deafen();
      unfollow();
    },
  };
});

// ------------------------------------------------------------------------------ what is looked at

/**
 * @param {HTMLElement} root
 * @param {Page} page
 * @param {Vocabulary} table
 * @param {MapHeader} header
 * @param {Tensor} rows
 * @returns {Board}
 */
function begin(root, page, table, header, rows) {
  const sentence = sentenceOf(header, rows);
  const look = lookAt(table, asked(table, header, sentence), false);
  const plane = { places: placesOf(table), hits: [], view: FIRST, mark: 0, over: null, drag: null };
  const board = { root, page, palette: new Palette(root), state: { header, sentence, look, ...plane } };
  layControls(board);
  showHits(board);
  draw(board);
  return board;
}

/**
 * Another sentence, or another model: other rows, other axes.
 * @param {Board} board
 * @param {Vocabulary} table
 * @param {MapHeader} header
 * @param {Tensor} rows
 */
function again(board, table, header, rows) {
  const { state } = board;
  const { look: was, view } = state;
  const sentence = sentenceOf(header, rows);
  Object.assign(state, { header, sentence, look: lookAt(table, asked(table, header, sentence), was.centred) });
  if (table !== was.table) {
    const { across, up } = view;
    Object.assign(state, { places: placesOf(table), view: { ...FIRST, across, up }, over: null });
    layControls(board);
    showHits(board);
  }
  draw(board);
}

/**
 * @param {Board} board
 * @param {Entry} chosen
 */
function select(board, chosen) {
  const { state, page } = board;
  state.look = lookAt(state.look.table, chosen, state.look.centred);
  draw(board);
  page.drawn();
}

/**
 * An entry of the vocabulary, from the map, the search or the list.
 * @param {Board} board
 * @param {number} id
 */
function choose(board, id) {
  remember("entry", id);
  board.state.header.entry = id;
  select(board, entry(board.state.look.table, id));
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
    paint(board);
    page.drawn();
  });
  onKeys(field, { Enter: () => state.hits.length && choose(board, state.hits[0]) });
  centre.addEventListener("change", () => {
    state.look.centred = centre.checked;
    select(board, state.look.chosen);
  });
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

/** @param {Board} board */
function showHits(board) {
  const { root, state } = board;
  const { table } = state.look;
  const text = find(root, ".field", HTMLInputElement).value;
  state.hits = search(table, text, HITS);
  const unknown = `No single token holds ${quote(text.trim())}: it is written with several.`;
  const hit = (/** @type {number} */ id) =>
    make("button", { type: "button", onclick: () => choose(board, id) }, spaced(table.pieces[id]));
  const none = text.trim() && !state.hits.length;
  find(root, ".hits").replaceChildren(...(none ? [make("em", {}, unknown)] : state.hits.map(hit)));
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
