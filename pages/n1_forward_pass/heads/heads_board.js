// @ts-check
// All heads at once and one of them large. Fed once per text and model with every weight; head,
// role, word and pointer are answered here, and the address follows (`remember`).

import { remember } from "../../../ui/kit/address.js";
import { clamp } from "../../../ui/kit/arithmetic.js";
import { check, radios } from "../../../ui/kit/controls.js";
import { find, rich } from "../../../ui/kit/elements.js";
import { follow } from "../../../ui/kit/follow.js";
import { onKeys } from "../../../ui/kit/keys.js";
import { mount } from "../../../ui/kit/mount.js";
import { Palette } from "../../../ui/kit/palette.js";
import { cellAt } from "../../../ui/kit/pictures.js";
import { unpack } from "../../../ui/kit/tensors.js";
import { labels } from "../../../ui/kit/words.js";
import { arrive, followPlace, goTo } from "./head_place.js";
import { everyHead, headName } from "./head_rows.js";
import { isDeep, markHead } from "./head_table.js";
import { largeAt, largeOf, roleIndex, wordCount } from "./heads_scene.js";
import { cellSide, paintLarge } from "./large_map.js";
import { pointed } from "./large_words.js";
import { LayerWeights } from "./layer_weights.js";
import { drawLines, wordAt } from "./reading_lines.js";
import { strongest } from "./role_scores.js";
import { explanation, finding, known } from "./role_words.js";
import { buildWall, paintWall } from "./wall.js";

/** @import { HeadAt } from "./head_rows.js" */
/** @import { Answer, Choice, Focus, Scene } from "./heads_scene.js" */
/** @import { Page } from "../../../ui/kit/mount.js" */
/** @import { Wall } from "./wall.js" */

/**
 * `scene` is there from the first answer on; `cell` is the side of one in the large map, in pixels.
 * @typedef {{root: HTMLElement, page: Page, palette: Palette, choice: Choice, wall: Wall, cell: number,
 *   scene?: Scene}} Board
 */

const NARROW = 760; // px
const LARGE = 1500;
const NEEDS_REPEATS = ["induction", "duplicate_token"];

export default mount((root, page) => {
  /** @type {Choice} */
  const choice = { place: { layer: 0, head: 0, token: 0 }, role: "", brighten: true, peek: null, focus: null };
  /** @type {Board} */
  const board = { root, page, palette: new Palette(root), choice, wall: { tiles: [], side: 0 }, cell: 0 };
  listen(board);
  const stop = follow(root, () => draw(board));
  return { receive: (/** @type {Uint8Array} */ bytes) => receive(board, bytes), stop };
});

// ---------------------------------------------------------------------------- what the reader does

/** @param {Board} board */
function listen(board) {
  const { root, choice } = board;
  const contrast = find(root, ".contrast", HTMLInputElement);
  contrast.checked = choice.brighten;
  contrast.addEventListener("change", () => {
    choice.brighten = contrast.checked;
    if (board.scene) paintWall(board.wall, board.scene, board.palette);
    enlarge(board);
  });
  find(root, ".repeat").addEventListener("click", () => remember("text", board.scene?.header.repeating ?? ""));
  find(root, ".wall").addEventListener("pointerleave", () => peek(board, null));
  const last = () => (board.scene ? wordCount(board.scene) - 1 : 0);
  const read = (/** @type {number} */ step) => goTo({ token: clamp(choice.place.token + step, 0, last()) });
  onKeys(find(root, ".pairing"), { ArrowUp: () => read(-1), ArrowDown: () => read(1) });
  followPlace(
    root,
    choice.place,
    () => board.scene?.header.view,
    () => moved(board),
  );
  listenLarge(board);
}

/**
 * Words are pointed at in the large map and among its lines; a click on a reader keeps it.
 * @param {Board} board
 */
function listenLarge(board) {
  const { root, choice } = board;
  const count = () => (board.scene ? wordCount(board.scene) : 1);
  const canvas = find(root, ".plane canvas", HTMLCanvasElement);
  const lines = find(root, ".lines", SVGSVGElement);
  const pointMap = (/** @type {MouseEvent} */ event) => {
    const { row, column } = cellAt(event, canvas, count(), count());
    point(board, { side: "query", at: row, other: column });
  };
  const pointLine = (/** @type {MouseEvent} */ event) => {
    const { side, at } = wordAt(event, lines, board.cell);
    point(board, { side, at: clamp(at, 0, count() - 1), other: null });
  };
  const keep = () => {
    if (choice.focus?.side === "query") goTo({ token: choice.focus.at });
  };
  canvas.addEventListener("pointermove", pointMap);
  lines.addEventListener("pointermove", pointLine);
  lines.addEventListener("click", pointLine);
  for (const node of [canvas, lines]) {
    node.addEventListener("click", keep);
    node.addEventListener("pointerleave", () => point(board, null));
  }
}

/**
 * @param {Board} board
 * @param {HeadAt | null} at
 */
function peek(board, at) {
  const { choice } = board;
  if (at?.layer === choice.peek?.layer && at?.head === choice.peek?.head) return;
  choice.peek = at;
  enlarge(board);
}

/**
 * @param {Board} board
 * @param {Focus | null} focus
 */
function point(board, focus) {
  const { choice } = board;
  const was = choice.focus;
  if (focus?.side === was?.side && focus?.at === was?.at && focus?.other === was?.other) return;
  choice.focus = focus;
  enlarge(board);
}

/**
 * Another role: its strongest head is shown.
 * @param {Board} board
 * @param {string} role "" for none
 */
function play(board, role) {
  const { choice, scene, wall, palette } = board;
  if (!scene) return;
  choice.role = role;
  remember("role", role);
  paintWall(wall, scene, palette);
  if (role) goTo(strongest(scene.arrays, roleIndex(scene), everyHead(scene.header.view)));
  moved(board);
}

// -------------------------------------------------------------------------------------- the picture

/**
 * @param {Board} board
 * @param {Uint8Array} bytes
 */
function receive(board, bytes) {
  const { choice } = board;
  const was = board.scene?.header;
  const { header, arrays } = /** @type {Answer} */ (unpack(bytes));
  const named = header.role !== was?.role;
  const fresh = header.view.pass_id !== was?.view.pass_id;
  if (!arrive(choice.place, header.view, was?.view) && !named) return;
  if (named) choice.role = header.role;
  choice.peek = null;
  choice.focus = null;
  const known = fresh ? undefined : board.scene?.layers;
  const layers = known ?? new LayerWeights(board.root, header.view, header.view.sentence);
  layers.take(header.layers, arrays.weights);
  board.scene = { header, arrays, words: labels(header.view.pieces), choice, layers };
  draw(board);
}

/**
 * A new text, size or theme.
 * @param {Board} board
 */
function draw(board) {
  const { root, palette, scene } = board;
  if (!scene) return;
  palette.forget();
  const { roles } = scene.header;
  const name = (/** @type {number} */ i) => (i ? roles[i - 1].title : "All heads");
  radios(find(root, ".roles"), "Role", roles.length + 1, name, (i) => play(board, i ? roles[i - 1].name : ""));
  const screen = { phone: root.clientWidth <= NARROW, large: root.clientWidth > LARGE };
  find(root, ".stage").classList.toggle("below", isDeep(scene.header.view));
  board.wall = buildWall(find(root, ".wall"), scene, screen, (at) => peek(board, at));
  board.cell = cellSide(find(root, ".near"), scene, screen);
  mark(root, scene);
  paintWall(board.wall, scene, palette);
  enlarge(board);
}

/**
 * Another head, word or role.
 * @param {Board} board
 */
function moved(board) {
  const { root, choice, scene } = board;
  if (!scene) return;
  choice.peek = null;
  mark(root, scene);
  enlarge(board);
  const said = find(root, ".pairing").ariaLabel;
  find(root, ".spoken").textContent = `${find(root, ".finding").textContent}. ${said}`;
}

/**
 * What is chosen, and the headline.
 * @param {HTMLElement} root
 * @param {Scene} scene
 */
function mark(root, scene) {
  const { header, arrays, choice } = scene;
  markHead(find(root, ".wall"), header.view, choice.place);
  check(find(root, ".roles"), roleIndex(scene) + 1);
  find(root, ".tag.measured").hidden = !arrays.measured;
  find(root, ".repeat").hidden = !NEEDS_REPEATS.includes(choice.role);
  find(root, ".finding").replaceChildren(...rich(finding(scene)));
  find(root, ".told").textContent = explanation(scene);
}

/**
 * The layer of the large head comes, and is shown if it is still looked at.
 * @param {Board} board
 * @param {Scene} scene
 */
function bring(board, scene) {
  const { layer } = largeAt(board.choice);
  scene.layers.bring(layer, () => {
    if (board.scene !== scene || largeAt(board.choice).layer !== layer) return;
    mark(board.root, scene);
    enlarge(board);
  });
}

/**
 * The large head, and what is said of it.
 * @param {Board} board
 */
function enlarge(board) {
  const { root, page, scene, choice, cell, palette } = board;
  if (!scene) return;
  const large = largeOf(scene);
  if (!large) return bring(board, scene);
  paintLarge(find(root, ".plane"), scene, large, cell, palette);
  drawLines(find(root, ".lines", SVGSVGElement), large, scene.header.view.pieces, cell);
  find(root, ".end").textContent = choice.brighten ? "the row’s largest" : "100 %";
  find(root, ".heading h4").textContent = `Head ${headName(large.at)}`;
  const lock = find(root, ".lock");
  lock.textContent = choice.peek ? "pointed at; click to keep" : "kept";
  lock.classList.toggle("kept", !choice.peek);
  find(root, ".played").textContent = known(scene, large.at);
  find(root, ".pointed").replaceChildren(...rich(pointed(scene, large)));
  const n = wordCount(scene);
  const said = `Head ${headName(large.at)}, ${n} words by ${n}. ${find(root, ".pointed").textContent}.`;
  find(root, ".pairing").setAttribute("aria-label", `${said} Up and down arrows choose the word.`);
  find(root, ".plane canvas").setAttribute("aria-label", said);
  find(root, ".lines", SVGSVGElement).setAttribute(
    "aria-label",
    `Lines from each word to the words it attends to. ${said}`,
  );
  page.drawn();
}
