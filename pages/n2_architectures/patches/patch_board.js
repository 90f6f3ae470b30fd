// @ts-check
// A picture as tokens: drawn, chosen or from a file; cut into patches; attention over them; positions. Each picture
// is one question to the server; all else is here.

import { remember, rememberSoon, whenSent } from "../../../ui/kit/address.js";
import { clamp } from "../../../ui/kit/arithmetic.js";
import { ask, busyDuring } from "../../../ui/kit/asking.js";
import { check, radios } from "../../../ui/kit/controls.js";
import { find, make, rich } from "../../../ui/kit/elements.js";
import { follow } from "../../../ui/kit/follow.js";
import { across, onKeys } from "../../../ui/kit/keys.js";
import { mount } from "../../../ui/kit/mount.js";
import { Palette } from "../../../ui/kit/palette.js";
import { cellAt } from "../../../ui/kit/pictures.js";
import { unpack } from "../../../ui/kit/tensors.js";
import { atOtherSize, SIZES } from "./patch_answer.js";
import * as pictures from "./patch_pictures.js";
import * as words from "./patch_words.js";
import { cutting } from "./patches.js";
import { digits, grey, inkLine } from "./pen.js";

/** @import { Page } from "../../../ui/kit/mount.js" */
/** @import { Answer, Choice } from "./patch_answer.js" */
/** @import { Point } from "./pen.js" */

/**
 * `told`: which picture the page itself sent last; `ink`: the reader's drawing; `asked` ends the question before.
 * @typedef {{root: HTMLElement, page: Page, palette: Palette, choice: Choice, answer?: Answer, told: string,
 *   ink: Float32Array, asked?: AbortController}} Board
 */

const [SIDE, PAD, MAP] = [364, 196, 252]; // px
const FIRST = 24; // the patch in the middle

export default mount((root, page) => {
  /** @type {Board} */
  const board = {
    ...{ root, page, palette: new Palette(root), told: "", ink: new Float32Array(0) },
    choice: { size: 4, at: FIRST, patch: FIRST, layer: 2, head: 0, byClass: true },
  };
  const stop = follow(root, () => draw(board));
  return {
    receive: (/** @type {Uint8Array} */ bytes) => receive(board, /** @type {Answer} */ (unpack(bytes))),
    stop: () => {
      board.asked?.abort();
      stop();
    },
  };
});

/**
 * What the page sends: at first, with a file, or once more what is here already.
 * @param {Board} board
 * @param {Answer} answer
 */
function receive(board, answer) {
  const { name } = answer.header;
  const isFirst = !board.answer;
  if (!isFirst && (name === board.told || name === board.answer?.header.name)) return;
  board.told = name;
  board.answer = answer;
  if (isFirst) {
    build(board);
    settle(board, answer.header.told);
  }
  take(board, answer);
}

// ---------------------------------------------------------------------------- what the reader does

/** @param {Board} board */
function build(board) {
  const { root, answer } = board;
  if (!answer) return;
  const { examples } = answer.arrays;
  const [kinds, ...shape] = examples.shape;
  board.ink = new Float32Array(shape[0] * shape[1]);
  const size = shape[0] * shape[1] * shape[2];
  const small = (/** @type {number} */ i) => {
    const canvas = make("canvas", { "aria-hidden": "true" });
    pictures.paintPicture(canvas, { shape, values: examples.values.subarray(i * size, (i + 1) * size) }, 40);
    return canvas;
  };
  radios(find(root, ".shapes"), "Picture", kinds, small, (i) => chooseShape(board, answer.header.kinds[i]));
  nameInputs(root, ".shapes", answer.header.kinds);
  radios(
    find(root, ".sizes"),
    "Patch size",
    SIZES.length,
    (i) => String(SIZES[i]),
    (i) => chooseSize(board, SIZES[i]),
  );
  const sizes = SIZES.map((size) => `${size} pixels`);
  nameInputs(root, ".sizes", sizes);
  pictures.layWall(root, answer, (layer, head) => chooseHead(board, layer, head));
  listenToPad(board);
  listenToCut(board);
  find(root, ".clear").addEventListener("click", () => clear(board));
  whenSent(root, (place) => visit(board, place));
}

/**
 * What each radio of a group is called where its label is a picture or a bare number.
 * @param {HTMLElement} root
 * @param {string} group
 * @param {readonly string[]} names
 */
function nameInputs(root, group, names) {
  for (const [i, input] of root.querySelectorAll(`${group} input`).entries())
    input.setAttribute("aria-label", names[i]);
}

/** @param {Board} board */
function listenToCut(board) {
  const { root } = board;
  const cut = find(root, ".cut", HTMLCanvasElement);
  const table = find(root, ".table", HTMLCanvasElement);
  const parts = () => cutting(board.answer?.arrays.picture.shape ?? [1, 1, 1], board.choice.size);
  const overCut = (/** @type {PointerEvent} */ event) => {
    const { rows, columns } = parts();
    const { row, column } = cellAt(event, cut, rows, columns);
    choosePatch(board, row * columns + column);
  };
  const overTable = (/** @type {PointerEvent} */ event) => choosePatch(board, cellAt(event, table, parts().n, 1).row);
  for (const kind of /** @type {const} */ (["pointermove", "pointerdown"])) {
    cut.addEventListener(kind, overCut);
    table.addEventListener(kind, overTable);
  }
  const step = (/** @type {number} */ down, /** @type {number} */ right) => {
    const { columns, n } = parts();
    const to = board.choice.at + down * columns + right;
    if (to >= 0 && to < n) choosePatch(board, to);
    find(root, ".spoken").textContent = find(root, ".place-says").textContent;
  };
  onKeys(cut, across(step));
}

/** @param {Board} board */
function listenToPad(board) {
  const pad = find(board.root, ".pad", HTMLCanvasElement);
  /** @type {Point | null} */
  let last = null;
  const side = () => Math.sqrt(board.ink.length);
  const place = (/** @type {PointerEvent} */ event) => {
    const box = pad.getBoundingClientRect();
    return /** @type {Point} */ ([
      ((event.clientX - box.left) / box.width) * side(),
      ((event.clientY - box.top) / box.height) * side(),
    ]);
  };
  const draws = (/** @type {PointerEvent} */ event) => {
    const to = place(event);
    inkLine(board.ink, side(), last ?? to, to);
    last = to;
    paintPad(board);
  };
  pad.addEventListener("pointerdown", (event) => {
    pad.setPointerCapture(event.pointerId);
    last = null;
    draws(event);
  });
  pad.addEventListener("pointermove", (event) => last && draws(event));
  const ends = () => {
    if (last) look(board, { drawing: digits(board.ink) });
    last = null;
  };
  pad.addEventListener("pointerup", ends);
  pad.addEventListener("pointercancel", ends);
}

/** @param {Board} board */
function clear(board) {
  board.ink.fill(0);
  paintPad(board);
  look(board, { drawing: digits(board.ink) });
}

/**
 * @param {Board} board
 * @param {string} shape
 */
function chooseShape(board, shape) {
  board.ink.fill(0);
  paintPad(board);
  return look(board, { shape });
}

/**
 * @param {Board} board
 * @param {number} size
 */
function chooseSize(board, size) {
  const { choice, answer } = board;
  if (!answer) return;
  choice.at = atOtherSize(answer.arrays.picture.shape, choice.size, choice.at, size);
  choice.size = size;
  remember("cut", size);
  draw(board);
}

/**
 * @param {Board} board
 * @param {number} at
 */
function choosePatch(board, at) {
  const { choice, answer } = board;
  if (!answer || at === choice.at) return;
  choice.at = at;
  choice.patch = atOtherSize(answer.arrays.picture.shape, choice.size, at, answer.header.patch_size);
  rememberSoon("patch", choice.patch + 1);
  draw(board);
}

/**
 * @param {Board} board
 * @param {number} layer
 * @param {number} head
 */
function chooseHead(board, layer, head) {
  Object.assign(board.choice, { layer, head });
  remember("look", `${layer + 1}.${head + 1}`);
  drawAttention(board);
}

// ------------------------------------------------------------------------------------- new numbers

/**
 * Ask about a picture of the address: a drawing or one of the held-out shapes.
 * @param {Board} board
 * @param {{shape?: string, drawing?: string}} place
 */
async function look(board, { shape = "", drawing = "" }) {
  if (!board.answer) return;
  board.asked?.abort();
  board.asked = new AbortController();
  const { numbers } = board.answer.header;
  const bytes = await busyDuring(board.root, ask(numbers, { shape, drawing }, board.asked.signal));
  if (!bytes) return;
  remember("shape", shape);
  remember("drawing", drawing);
  board.answer = /** @type {Answer} */ (unpack(bytes));
  take(board, board.answer);
  board.page.drawn();
}

/**
 * @param {Board} board
 * @param {Answer} answer
 */
function take(board, answer) {
  const { root } = board;
  const { header } = answer;
  const note = find(root, ".note");
  note.textContent = header.said;
  note.hidden = !header.said;
  note.classList.toggle("refused", header.refused);
  check(find(root, ".shapes"), header.kinds.indexOf(header.shape));
  draw(board);
  find(root, ".spoken").textContent = find(root, ".named-as").textContent;
}

/**
 * Settings of the address; what makes no sense is passed over.
 * @param {Board} board
 * @param {Record<string, string>} told
 */
function settle({ choice, answer }, { patch = "", cut = "", look: head = "" }) {
  if (!answer) return;
  const { picture, attention } = answer.arrays;
  const own = answer.header.patch_size;
  if (SIZES.includes(Number(cut))) choice.size = Number(cut);
  if (/^\d{1,2}$/.test(patch)) choice.patch = clamp(Number(patch) - 1, 0, cutting(picture.shape, own).n - 1);
  choice.at = atOtherSize(picture.shape, own, choice.patch, choice.size);
  const found = /^([1-9])\.([1-9])$/.exec(head);
  if (found && Number(found[1]) <= attention.shape[0] && Number(found[2]) <= attention.shape[1])
    Object.assign(choice, { layer: Number(found[1]) - 1, head: Number(found[2]) - 1 });
}

/**
 * @param {Board} board
 * @param {Record<string, string>} place
 */
function visit(board, place) {
  if (!["shape", "patch", "cut", "look"].some((name) => name in place)) return false;
  settle(board, place);
  draw(board);
  if (place.shape) chooseShape(board, place.shape);
  return true;
}

// ----------------------------------------------------------------------------------------- drawing

/** @param {Board} board */
function paintPad({ root, ink }) {
  const side = Math.sqrt(ink.length);
  pictures.paintPicture(find(root, ".pad", HTMLCanvasElement), { shape: [side, side, 3], values: grey(ink) }, PAD);
}

/** @param {Board} board */
function draw(board) {
  const { root, palette, choice, answer } = board;
  if (!answer) return;
  palette.forget();
  const { shape } = answer.arrays.picture;
  const { n, width } = cutting(shape, choice.size);
  const side = Math.min(SIDE, find(root, ".card").clientWidth - 28);
  check(find(root, ".sizes"), SIZES.indexOf(choice.size));
  find(root, ".cut-says").replaceChildren(...rich(words.cutSays(answer, choice.size)));
  find(root, ".shapes-say").textContent = words.shapesSay(answer, choice.size);
  find(root, ".place-says").textContent = words.placeSays(shape, choice.size, choice.at);
  find(root, ".table-title").textContent = `The same as a table: ${n} rows`;
  find(root, ".table-hint").textContent =
    `A row is a patch: its ${choice.size ** 2} pixels one after the other, with three numbers each (red, green, blue).`;
  const cut = find(root, ".cut", HTMLCanvasElement);
  cut.setAttribute("aria-label", `${words.placeSays(shape, choice.size, choice.at)} Arrow keys choose another patch.`);
  pictures.paintCut(cut, palette, answer, choice, side);
  const table = find(root, ".table", HTMLCanvasElement);
  table.setAttribute("aria-label", `${n} rows of ${width} numbers; row ${choice.at + 1} is marked`);
  pictures.paintTable(table, palette, answer, choice, side, side);
  paintPad(board);
  pictures.paintStrips(root, palette, answer, choice);
  drawQueries(board);
  drawAttention(board);
  drawPositions(board);
}

/** @param {Board} board */
function drawQueries(board) {
  const { root, choice } = board;
  const box = find(root, ".queries");
  const names = ["the class token", `patch ${choice.patch + 1}`];
  if (box.dataset.patch !== String(choice.patch)) {
    box.dataset.patch = String(choice.patch);
    radios(
      box,
      "Attention weights of",
      2,
      (i) => names[i],
      (i) => {
        choice.byClass = i === 0;
        drawAttention(board);
      },
    );
  }
  check(box, choice.byClass ? 0 : 1);
}

/** @param {Board} board */
function drawAttention({ root, palette, choice, answer }) {
  if (!answer) return;
  find(root, ".named-as").replaceChildren(...rich(words.namedAs(answer)));
  find(root, ".attention-says").textContent = words.attentionSays(answer, choice);
  const large = find(root, ".attended", HTMLCanvasElement);
  large.setAttribute("aria-label", words.attentionSays(answer, choice));
  pictures.paintAttention(large, palette, answer, choice, MAP);
  pictures.paintWall(root, palette, answer, choice);
  check(find(root, ".wall"), choice.layer * answer.arrays.attention.shape[1] + choice.head);
  pictures.layChances(root, answer);
}

/** @param {Board} board */
function drawPositions({ root, palette, choice, answer }) {
  if (!answer) return;
  find(root, ".positions-say").replaceChildren(...rich(words.positionsSay(answer)));
  find(root, ".lines-say").textContent = words.linesSay(answer);
  find(root, ".near-title").textContent = `Place ${choice.patch + 1}`;
  const one = find(root, ".near-one", HTMLCanvasElement);
  one.setAttribute("aria-label", `Cosines of the position of place ${choice.patch + 1} with those of all places`);
  pictures.paintNear(one, palette, answer, choice.patch, MAP);
  const all = find(root, ".near-all", HTMLCanvasElement);
  all.setAttribute("aria-label", "The same for all 49 places, each at its place");
  pictures.paintAllNear(all, palette, answer, MAP);
}
