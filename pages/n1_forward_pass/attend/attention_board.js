// @ts-check
// One attention layer, cell by cell. Fed once per text and model with all q, k and v as 16-bit
// floats; layer, head, token and pointer are answered here, and the address follows (`remember`).

import { recall, remember, whenSent } from "../../../ui/kit/address.js";
import { clamp } from "../../../ui/kit/arithmetic.js";
import { find, rich } from "../../../ui/kit/elements.js";
import { follow } from "../../../ui/kit/follow.js";
import { across, onKeys } from "../../../ui/kit/keys.js";
import { mount } from "../../../ui/kit/mount.js";
import { Palette } from "../../../ui/kit/palette.js";
import { Parts } from "../../../ui/kit/parts.js";
import { cellAt } from "../../../ui/kit/pictures.js";
import { unpack } from "../../../ui/kit/tensors.js";
import { layerOf, strongest } from "./attention_head.js";
import { lookedAt, sceneOf } from "./attention_scene.js";
import { finding, source, told } from "./attention_words.js";
import { writeArithmetic } from "./cell_arithmetic.js";
import { explainDivision } from "./division.js";
import { buildChoices, markChoices, paintHeads } from "./head_choice.js";
import { lightLine, writeLedger } from "./row_ledger.js";
import { buildMaps, cellSide, paintMaps, ringCell } from "./score_maps.js";

/** @import { AttentionArrays } from "./attention_head.js" */
/** @import { Answer, AttentionHeader, Cell, Choice, Scene } from "./attention_scene.js" */
/** @import { Place } from "./head_choice.js" */
/** @import { ScoreMap } from "./score_maps.js" */
/** @import { Page } from "../../../ui/kit/mount.js" */

/**
 * `scene` is there from the first answer on, `layers` are those that have come; `side` is that of a cell
 * in pixels.
 * @typedef {{root: HTMLElement, page: Page, palette: Palette, box: HTMLElement, maps: ScoreMap[], choice: Choice,
 *   side: number, layers?: Parts<AttentionArrays>, scene?: Scene}} Board
 */

const NARROW = 760; // px
const LARGE = 1500;

export default mount((root, page) => {
  const box = find(root, ".maps");
  const kept = { i: 0, j: 0 };
  /** @type {Board} */
  const board = {
    ...{ root, page, palette: new Palette(root), box, maps: buildMaps(box), side: 0 },
    choice: { layer: 0, head: 0, kept, pointed: null, divide: true, brighten: true },
  };
  listen(board);
  whenSent(root, (place) => visit(board, place));
  const stop = follow(root, () => draw(board));
  return { receive: (/** @type {Uint8Array} */ bytes) => receive(board, bytes), stop };
});

// ---------------------------------------------------------------------------- what the reader does

/** @param {Board} board */
function listen(board) {
  const { root, box, choice, maps } = board;
  for (const name of /** @type {const} */ (["divide", "brighten"])) {
    const input = find(root, `.${name}`, HTMLInputElement);
    input.checked = choice[name];
    input.addEventListener("change", () => {
      choice[name] = input.checked;
      board.scene = board.scene && sceneOf(board.scene, choice);
      paintThumbnails(board);
      paint(board);
    });
  }
  for (const { canvas } of maps) {
    const at = (/** @type {MouseEvent} */ event) => {
      const n = board.scene?.words.length ?? 1;
      const { row, column } = cellAt(event, canvas, n, n);
      return { i: row, j: column };
    };
    canvas.addEventListener("pointermove", (event) => point(board, at(event)));
    canvas.addEventListener("pointerleave", () => point(board, null));
    canvas.addEventListener("click", (event) => keep(board, at(event)));
  }
  const spoken = (/** @type {() => void} */ act) => () => {
    choice.pointed = null;
    act();
    if (board.scene) find(root, ".spoken").textContent = told(board.scene, choice.kept);
  };
  const turn = (/** @type {Place} */ place, /** @type {number} */ step) =>
    spoken(() => choose(board, place, choice[place] + step));
  onKeys(box, {
    ...across((rows, columns) => spoken(() => step(board, rows, columns))()),
    ...{ "[": turn("head", -1), "]": turn("head", 1), "-": turn("layer", -1), "+": turn("layer", 1) },
  });
}

/**
 * @param {Board} board
 * @param {Cell | null} cell
 */
function point(board, cell) {
  const { choice } = board;
  if (cell?.i === choice.pointed?.i && cell?.j === choice.pointed?.j) return;
  choice.pointed = cell;
  followPointer(board);
}

/**
 * @param {Board} board
 * @param {Cell} cell
 */
function keep(board, cell) {
  const { choice } = board;
  if (cell.i !== choice.kept.i) remember("token", cell.i + 1);
  choice.kept = cell;
  reread(board);
}

/**
 * @param {Board} board
 * @param {number} rows
 * @param {number} columns
 */
function step(board, rows, columns) {
  const { i, j } = board.choice.kept;
  const last = (board.scene?.words.length ?? 1) - 1;
  keep(board, { i: clamp(i + rows, 0, last), j: clamp(j + columns, 0, last) });
}

/**
 * Another layer or head, from the last on to the first.
 * @param {Board} board
 * @param {Place} place
 * @param {number} to
 */
function choose(board, place, to) {
  const { choice, scene, root } = board;
  if (!scene) return;
  const count = scene.header[`n_${place}s`];
  choice[place] = (to + count) % count;
  remember(place, choice[place] + 1);
  markChoices(root, choice);
  look(board, scene.header, () => {
    if (place === "layer") paintThumbnails(board);
    paint(board);
  });
}

/**
 * Where the page sends its pictures.
 * @param {Board} board
 * @param {Record<string, string>} to
 */
function visit(board, to) {
  if (!board.scene) return;
  const { choice, scene } = board;
  if (to.token) choice.kept.i = clamp(Number(to.token) - 1, 0, scene.words.length - 1);
  choose(board, "head", Number(to.head || choice.head + 1) - 1);
  choose(board, "layer", Number(to.layer || choice.layer + 1) - 1);
}

/**
 * The chosen layer, once it has come, if it still is the chosen one.
 * @param {Board} board
 * @param {AttentionHeader} header
 * @param {() => void} then
 */
function look(board, header, then) {
  const { choice, layers } = board;
  const { layer } = choice;
  const arrays = layers?.get(layer);
  if (arrays) {
    keepStrongest(board, sceneOf({ header, arrays }, choice));
    return then();
  }
  layers?.ask(layer, { layer: layer + 1 }).then((here) => {
    if (here && board.layers === layers && choice.layer === layer) look(board, header, () => draw(board));
  });
}

// -------------------------------------------------------------------------------------- the picture

/**
 * An answer: what it says anew of layer, head and token counts, unless the reader has gone on meanwhile;
 * else what the reader has chosen here.
 * @param {Board} board
 * @param {Uint8Array} bytes
 */
function receive(board, bytes) {
  const { choice, root } = board;
  const was = board.scene?.header;
  const { header, arrays } = /** @type {Answer} */ (unpack(bytes));
  const fresh = header.pass_id !== was?.pass_id;
  if (!fresh && header.layer === was.layer && header.head === was.head && header.token === was.token) return;
  const now = (/** @type {Place | "token"} */ place) => (Number(recall(place)) || header[place] + 1) - 1;
  if (header.layer !== was?.layer) choice.layer = now("layer");
  if (header.head !== was?.head) choice.head = now("head");
  if (fresh || header.token !== was?.token) choice.kept.i = clamp(now("token"), 0, header.pieces.length - 1);
  choice.layer = clamp(choice.layer, 0, header.n_layers - 1);
  choice.head = clamp(choice.head, 0, header.n_heads - 1);
  choice.pointed = null;
  take(board, header, arrays, fresh);
  if (fresh) buildChoices(root, header, (place, i) => choose(board, place, i));
  markChoices(root, choice);
  look(board, header, () => draw(board));
}

/**
 * The layers that came with an answer.
 * @param {Board} board
 * @param {AttentionHeader} header
 * @param {AttentionArrays} arrays
 * @param {boolean} fresh of another text or model
 */
function take(board, header, arrays, fresh) {
  const { numbers, sentence } = header;
  const read = (/** @type {import("../../../ui/kit/tensors.js").Packed} */ packed) =>
    layerOf(/** @type {AttentionArrays} */ (packed.arrays), 0);
  /** @type {Parts<AttentionArrays>} */
  const layers = (!fresh && board.layers) || new Parts(board.root, numbers, sentence, read);
  header.layers.forEach((layer, at) => {
    layers.add(layer, layerOf(arrays, at));
  });
  board.layers = layers;
}

/**
 * Of a new scene, the strongest cell of the row that is looked at.
 * @param {Board} board
 * @param {Scene} scene
 */
function keepStrongest(board, scene) {
  board.scene = scene;
  scene.choice.kept.j = strongest(scene.weights[scene.choice.kept.i]);
}

/**
 * A new text, size or theme.
 * @param {Board} board
 */
function draw(board) {
  const { scene, root, palette, box, maps } = board;
  if (!scene) return;
  palette.forget();
  board.side = cellSide(box, maps, scene.words, root.clientWidth > LARGE);
  root.style.setProperty("--side", `${board.side * scene.words.length}px`);
  paintThumbnails(board);
  paint(board);
}

/** @param {Board} board */
function paintThumbnails({ scene, root, palette }) {
  if (scene) paintHeads(root, scene, root.clientWidth > NARROW ? 34 : 27, palette);
}

/**
 * Another head, layer or setting.
 * @param {Board} board
 */
function paint(board) {
  const { scene, root, maps, side, palette } = board;
  if (!scene) return;
  find(root, ".source").replaceChildren(...source(scene));
  paintMaps(maps, scene, side, palette);
  reread(board);
}

/**
 * Another row or cell of the same maps.
 * @param {Board} board
 */
function reread(board) {
  const { scene, root, box, choice } = board;
  if (!scene) return;
  writeLedger(find(root, ".read"), scene, root.clientWidth <= NARROW, {
    point: (j) => point(board, j === null ? null : { i: choice.kept.i, j }),
    keep: (j) => keep(board, { i: choice.kept.i, j }),
  });
  explainDivision(find(root, ".why"), scene);
  followPointer(board);
  const said = `${find(root, ".finding").textContent} ${told(scene, choice.kept)}`;
  box.setAttribute("aria-label", `${said} Arrow keys move through the cells.`);
}

/**
 * What follows the pointer: crosshair, labels, arithmetic.
 * @param {Board} board
 */
function followPointer({ scene, root, box, maps, side, choice, page }) {
  if (!scene) return;
  const cell = lookedAt(choice);
  ringCell(box, maps, scene, side);
  find(root, ".finding").replaceChildren(...rich(finding(scene, cell)));
  const boxes = maps.map(({ sum }) => sum);
  writeArithmetic(boxes, scene);
  lightLine(find(root, ".read"), cell.i === choice.kept.i && cell.j <= cell.i ? cell.j : -1);
  page.drawn();
}
