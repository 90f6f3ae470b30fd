// @ts-check
// Attention in tiles, stepped by hand: one head's scores, what a row keeps, bytes moved for both ways.
// Fed once per text and model with one head; tile, row and size are answered here.

import { recall, remember, whenSent } from "../../../ui/kit/address.js";
import { clamp } from "../../../ui/kit/arithmetic.js";
import { check, radios, slider } from "../../../ui/kit/controls.js";
import { find, rich } from "../../../ui/kit/elements.js";
import { follow } from "../../../ui/kit/follow.js";
import { onKeys } from "../../../ui/kit/keys.js";
import { layerChoice } from "../../../ui/kit/layer_choice.js";
import { mount } from "../../../ui/kit/mount.js";
import { Palette } from "../../../ui/kit/palette.js";
import { Parts } from "../../../ui/kit/parts.js";
import { cellAt } from "../../../ui/kit/pictures.js";
import { player } from "../../../ui/kit/player.js";
import { unpack } from "../../../ui/kit/tensors.js";
import { labels } from "../../../ui/kit/words.js";
import { drawBytes } from "./bytes_race.js";
import { largestGap, mostTelling, rowSteps, tellingRow, tilesOf } from "./online_softmax.js";
import { drawRow } from "./row_card.js";
import { cellSide, paintMap } from "./tile_map.js";
import { placeOf, sceneOf } from "./tile_scene.js";
import { exactness, finding } from "./tile_words.js";
import { firstSize, sizesFor } from "./traffic.js";

/** @import { HeadArrays } from "./online_softmax.js" */
/** @import { Answer, Choice, Scene, TilesHeader } from "./tile_scene.js" */
/** @import { Slider } from "../../../ui/kit/controls.js" */
/** @import { Player } from "../../../ui/kit/player.js" */
/** @import { Page } from "../../../ui/kit/mount.js" */

/** @typedef {{layer: number, head: number}} HeadHeader of a head that is asked for */
/**
 * `scene` is there from the first answer on, `player` too.
 * @typedef {{root: HTMLElement, page: Page, palette: Palette, choice: Choice, side: number, header?: TilesHeader,
 *   words: string[], heads?: Parts<HeadArrays>, scene?: Scene, place?: Slider,
 *   player?: Player}} Board
 */
/** @typedef {"layer" | "head"} Place */

const [SLOWEST, FASTEST, WHOLE] = [1100, 150, 20_000]; // milliseconds of a tile; of all, if that leaves room

export default mount((root, page) => {
  /** @type {Board} */
  const board = {
    ...{ root, page, palette: new Palette(root), side: 0, words: [] },
    choice: { layer: 0, head: 0, row: -1, size: 2, at: 0 },
  };
  listen(board);
  whenSent(root, (place) => visit(board, place));
  const stop = follow(root, () => draw(board));
  return {
    receive: (/** @type {Uint8Array} */ bytes) => receive(board, bytes),
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
  const by = (/** @type {number} */ tiles) => () => byHand(board, () => goTo(board, board.choice.at + tiles));
  const rows = (/** @type {number} */ step) => () => byHand(board, () => chooseRow(board, board.choice.row + step));
  find(root, ".back").addEventListener("click", by(-1));
  find(root, ".forward").addEventListener("click", by(1));
  board.player = player(find(root, ".play"), {
    place: () => board.scene && { at: board.choice.at, last: board.scene.tiles.length - 1 },
    goTo: (at) => goTo(board, at),
    beat: () => clamp(WHOLE / (board.scene?.tiles.length ?? 1), FASTEST, SLOWEST),
  });
  const canvas = find(root, ".scores", HTMLCanvasElement);
  canvas.addEventListener("click", (event) => {
    const n = board.words.length || 1;
    byHand(board, () => chooseRow(board, cellAt(event, canvas, n, n).row));
  });
  onKeys(find(root, ".stage"), {
    ...{ ArrowLeft: by(-1), ArrowRight: by(1), ArrowUp: rows(-1), ArrowDown: rows(1) },
  });
}

/**
 * @param {Board} board
 * @param {() => void} act
 */
function byHand(board, act) {
  board.player?.pause();
  if (!board.scene) return;
  act();
  find(board.root, ".spoken").textContent = find(board.root, ".finding").textContent;
}

/**
 * @param {Board} board
 * @param {number} at
 */
function goTo(board, at) {
  const was = board.choice.row;
  board.choice.at = at;
  paint(board);
  if (board.choice.row !== was) remember("token", board.choice.row + 1);
}

/**
 * Another row, at the tile in which it has most to correct.
 * @param {Board} board
 * @param {number} row
 */
function chooseRow(board, row) {
  const { choice, words } = board;
  choice.row = clamp(row, 0, words.length - 1);
  remember("token", choice.row + 1);
  toMostTelling(board, board.scene?.head);
  paint(board);
}

/**
 * @param {Board} board
 * @param {HeadArrays | undefined} head
 */
function toMostTelling({ choice, words }, head) {
  if (!head) return;
  const telling = mostTelling(rowSteps(head, choice.row, choice.size));
  choice.at = Math.max(0, placeOf(tilesOf(words.length, choice.size), choice.row, choice.size, telling));
}

/**
 * @param {Board} board
 * @param {number} size
 */
function chooseSize(board, size) {
  board.choice.size = size;
  check(find(board.root, ".sizes"), sizesFor(board.words.length).indexOf(size));
  toMostTelling(board, board.scene?.head);
  newTiles(board);
  paint(board);
}

/**
 * Another layer or head.
 * @param {Board} board
 * @param {Place} place
 * @param {number} i
 */
function choosePlace(board, place, i) {
  board.choice[place] = i;
  remember(place, i + 1);
  look(board);
}

/**
 * Where the page sends its pictures.
 * @param {Board} board
 * @param {Record<string, string>} to
 */
function visit(board, to) {
  const { choice, header, words } = board;
  if (!header || !board.scene) return;
  board.player?.pause();
  if (to.token) choice.row = clamp(Number(to.token) - 1, 0, words.length - 1);
  if (to.layer) choice.layer = clamp(Number(to.layer) - 1, 0, header.n_layers - 1);
  if (to.head) choice.head = clamp(Number(to.head) - 1, 0, header.n_heads - 1);
  if (to.tile) choice.size = fitting(Number(to.tile), words.length);
  marks(board);
  look(board);
}

// -------------------------------------------------------------------------------------- the picture

/**
 * @param {number} wanted
 * @param {number} n
 */
function fitting(wanted, n) {
  return sizesFor(n).includes(wanted) ? wanted : firstSize(n);
}

/**
 * An answer: a new text or model, or another place in the same one.
 * @param {Board} board
 * @param {Uint8Array} bytes
 */
function receive(board, bytes) {
  const { choice, root } = board;
  const { header, arrays } = /** @type {Answer} */ (unpack(bytes));
  const fresh = header.pass_id !== board.header?.pass_id;
  const now = (/** @type {Place | "token"} */ place, /** @type {number} */ count) =>
    clamp((Number(recall(place)) || header[place] + 1) - 1, 0, count - 1);
  const [layer, head] = [now("layer", header.n_layers), now("head", header.n_heads)];
  const chosen = recall("token") !== "";
  const row = chosen ? now("token", header.pieces.length) : choice.row;
  if (!fresh && layer === choice.layer && head === choice.head && row === choice.row) return;
  board.player?.pause();
  Object.assign(choice, { layer, head, row });
  board.header = header;
  if (fresh) {
    board.words = labels(header.pieces);
    choice.size = fitting(Number(recall("tile")) || header.tile, board.words.length);
    if (!chosen) choice.row = -1;
    board.heads = new Parts(root, header.numbers, header.sentence, ({ arrays }) => /** @type {HeadArrays} */ (arrays));
    buildChoices(board, header);
  }
  board.heads?.add(`${header.layer}.${header.head}`, arrays);
  marks(board);
  return look(board);
}

/**
 * @param {Board} board
 * @param {TilesHeader} header
 */
function buildChoices(board, { n_layers, n_heads }) {
  const { root } = board;
  const sizes = sizesFor(board.words.length);
  const chosen = (/** @type {number} */ i) => {
    chooseSize(board, sizes[i]);
    remember("tile", sizes[i]);
  };
  layerChoice(find(root, ".layers"), "Layer", n_layers, (i) => choosePlace(board, "layer", i));
  const heads = find(root, ".heads");
  radios(
    heads,
    "Head",
    n_heads,
    (i) => String(i + 1),
    (i) => choosePlace(board, "head", i),
  );
  radios(find(root, ".sizes"), "Tile size", sizes.length, (i) => `${sizes[i]} × ${sizes[i]}`, chosen);
}

/** @param {Board} board */
function marks({ root, choice, words }) {
  check(find(root, ".layers"), choice.layer);
  check(find(root, ".heads"), choice.head);
  check(find(root, ".sizes"), sizesFor(words.length).indexOf(choice.size));
}

/**
 * The chosen head, once it has come, if it still is the chosen one.
 * @param {Board} board
 */
async function look(board) {
  const { choice, header, heads, words } = board;
  if (!header || !heads) return;
  const { layer, head } = choice;
  const key = `${layer}.${head}`;
  if (!(await heads.ask(key, { layer: layer + 1, head: head + 1 }))) return;
  const arrays = heads.get(key);
  if (!arrays || board.heads !== heads || choice.layer !== layer || choice.head !== head) return;
  if (choice.row < 0) choice.row = tellingRow(arrays, choice.size);
  toMostTelling(board, arrays);
  board.scene = sceneOf(header, words, arrays, choice);
  newTiles(board);
  draw(board);
}

/**
 * The slider of the tiles, and what holds for all of them.
 * @param {Board} board
 */
function newTiles(board) {
  const { root, choice, words, scene } = board;
  if (!scene) return;
  const count = tilesOf(words.length, choice.size).length;
  board.place = slider({
    ...{ label: "Tile", min: 1, max: count, step: 1, value: choice.at + 1 },
    show: (to) => `${to} of ${count}`,
    change: (to) => byHand(board, () => goTo(board, to - 1)),
  });
  find(root, ".place").replaceChildren(board.place);
  find(root, ".exact").textContent = exactness(largestGap(scene.head, choice.size));
}

/**
 * A new head, size or theme.
 * @param {Board} board
 */
function draw(board) {
  if (!board.scene) return;
  board.palette.forget();
  board.side = cellSide(board.root, board.words);
  paint(board);
}

/**
 * Another tile or row.
 * @param {Board} board
 */
function paint(board) {
  const { root, choice, header, words, side, palette, page } = board;
  if (!board.scene || !header) return;
  const scene = sceneOf(header, words, board.scene.head, choice);
  board.scene = scene;
  find(root, ".finding").replaceChildren(...rich(finding(scene)));
  board.place?.set(choice.at + 1);
  find(root, ".back", HTMLButtonElement).disabled = choice.at === 0;
  find(root, ".forward", HTMLButtonElement).disabled = choice.at === scene.tiles.length - 1;
  paintMap(root, scene, side, palette);
  drawRow(root, scene);
  drawBytes(root, scene);
  const said = find(root, ".finding").textContent;
  find(root, ".stage").setAttribute("aria-label", `${said}. Arrow keys change the tile and the row.`);
  find(root, ".scores").setAttribute("aria-label", `Tile ${choice.at + 1} of ${scene.tiles.length}. ${said}`);
  page.drawn();
}
