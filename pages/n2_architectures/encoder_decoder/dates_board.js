// @ts-check
// A date that is rewritten as it is typed: where each character was read from, which pairs the masks
// allow, and a changed target both ways. Each text is one question to the server; all else is here.

import { recall, remember, rememberSoon, whenSent } from "../../../ui/kit/address.js";
import { clamp } from "../../../ui/kit/arithmetic.js";
import { ask, busyDuring } from "../../../ui/kit/asking.js";
import { check, slider } from "../../../ui/kit/controls.js";
import { find, make, rich } from "../../../ui/kit/elements.js";
import { follow } from "../../../ui/kit/follow.js";
import { onKeys } from "../../../ui/kit/keys.js";
import { mount } from "../../../ui/kit/mount.js";
import { Palette } from "../../../ui/kit/palette.js";
import { player } from "../../../ui/kit/player.js";
import { unpack } from "../../../ui/kit/tensors.js";
import { drawMap, drawNext, layWall, paintWall } from "./cross_map.js";
import { allowed, compared, forcingSays, result, shown, stepSays } from "./date_words.js";
import { drawForcing, layChanges } from "./forcing_table.js";
import { drawMasks, layBatch } from "./mask_grids.js";

/** @import { Answer, Choice } from "./date_answer.js" */
/** @import { Slider } from "../../../ui/kit/controls.js" */
/** @import { Player } from "../../../ui/kit/player.js" */
/** @import { Page } from "../../../ui/kit/mount.js" */

/**
 * `answer` is there from the first one on; `asked` ends the question before.
 * @typedef {{root: HTMLElement, page: Page, palette: Palette, choice: Choice, answer?: Answer, place?: Slider,
 *   asked?: AbortController, typing?: ReturnType<typeof setTimeout>, player?: Player}} Board
 */

const [REST, BEAT] = [150, 900]; // milliseconds: of a hand that types, of a written character
const FIRST = 6; // the month's last digit, which is looked at first
const LONG = 300; // characters that are asked about

export default mount((root, page) => {
  /** @type {Board} */
  const board = {
    ...{ root, page, palette: new Palette(root) },
    choice: { layer: 0, head: 0, at: FIRST, text: 0, place: 4, digit: 1 },
  };
  listen(board);
  whenSent(root, (place) => visit(board, place));
  const stop = follow(root, () => draw(board));
  return {
    receive: (/** @type {Uint8Array} */ bytes) => receive(board, bytes),
    stop: () => {
      board.player?.pause();
      board.asked?.abort();
      stop();
    },
  };
});

// ---------------------------------------------------------------------------- what the reader does

/** @param {Board} board */
function listen(board) {
  const { root } = board;
  const input = find(root, ".date", HTMLInputElement);
  input.addEventListener("input", () => {
    clearTimeout(board.typing);
    board.typing = setTimeout(() => rewrite(board, input.value), REST);
  });
  const by = (/** @type {number} */ step) => () => byHand(board, () => goTo(board, board.choice.at + step));
  const heads = (/** @type {number} */ step) => () => byHand(board, () => nextHead(board, step));
  find(root, ".back").addEventListener("click", by(-1));
  find(root, ".forward").addEventListener("click", by(1));
  board.player = player(find(root, ".play"), {
    place: () => board.answer && { at: board.choice.at, last: board.answer.header.target.length - 1 },
    goTo: (at) => goTo(board, at),
    beat: () => BEAT,
  });
  onKeys(find(root, ".map"), {
    ...{ ArrowUp: by(-1), ArrowDown: by(1), ArrowLeft: heads(-1), ArrowRight: heads(1) },
  });
}

/**
 * @param {Board} board
 * @param {() => void} act
 */
function byHand(board, act) {
  board.player?.pause();
  if (!board.answer) return;
  act();
  find(board.root, ".spoken").textContent = find(board.root, ".step-says").textContent;
}

/**
 * @param {Board} board
 * @param {number} at
 */
function goTo(board, at) {
  board.choice.at = clamp(at, 0, (board.answer?.header.target.length ?? 1) - 1);
  board.place?.set(board.choice.at + 1);
  rememberSoon("letter", board.choice.at + 1);
  drawReading(board);
}

/**
 * @param {Board} board
 * @param {number} layer
 * @param {number} head
 */
function chooseHead(board, layer, head) {
  Object.assign(board.choice, { layer, head });
  remember("cross", `${layer + 1}.${head + 1}`);
  drawReading(board);
}

/**
 * @param {Board} board
 * @param {number} step
 */
function nextHead(board, step) {
  const [layers, heads] = board.answer?.arrays.cross.shape ?? [1, 1];
  const next = (board.choice.layer * heads + board.choice.head + step + layers * heads) % (layers * heads);
  chooseHead(board, Math.floor(next / heads), next % heads);
}

/**
 * @param {Board} board
 * @param {Partial<Choice>} change
 */
function chooseChange(board, change) {
  Object.assign(board.choice, change);
  const { place, digit } = board.choice;
  remember("broken", `${(board.answer?.header.places[place] ?? 0) + 1}.${digit}`);
  drawChange(board);
}

// ------------------------------------------------------------------------------------- new numbers

/**
 * Ask about a text; what cannot be read leaves the picture as it is.
 * @param {Board} board
 * @param {string} typed
 */
async function rewrite(board, typed) {
  const numbers = board.answer?.header.numbers;
  if (!numbers) return;
  board.asked?.abort();
  board.asked = new AbortController();
  const bytes = await busyDuring(board.root, ask(numbers, { date: typed.slice(0, LONG) }, board.asked.signal));
  if (!bytes) return;
  const answer = /** @type {Answer} */ (unpack(bytes));
  remember("date", typed.slice(0, LONG));
  note(board, answer.header.refused || answer.header.remark);
  if (answer.header.refused) return;
  take(board, answer);
  board.page.drawn();
}

/**
 * @param {Board} board
 * @param {Uint8Array} bytes
 */
function receive(board, bytes) {
  const answer = /** @type {Answer} */ (unpack(bytes));
  const { header } = answer;
  const isNew = !board.answer;
  if (isNew) {
    find(board.root, ".date", HTMLInputElement).value = header.typed;
    const tell = (/** @type {string} */ text) => () => put(board, text);
    find(board.root, ".examples").replaceChildren(
      ...header.examples.map((text) => make("button", { type: "button", onclick: tell(text) }, text)),
    );
    Object.assign(board.choice, { layer: header.layer, head: header.head });
    board.answer = answer;
    settle(board, header.told);
  }
  note(board, header.refused || header.remark);
  take(board, answer);
}

/**
 * Type a text in the reader's place.
 * @param {Board} board
 * @param {string} text
 */
function put(board, text) {
  find(board.root, ".date", HTMLInputElement).value = text;
  board.player?.pause();
  return rewrite(board, text);
}

/**
 * @param {Board} board
 * @param {string} said
 */
function note(board, said) {
  const box = find(board.root, ".note");
  box.textContent = said;
  box.hidden = !said;
}

/**
 * Show another text.
 * @param {Board} board
 * @param {Answer} answer
 */
function take(board, answer) {
  const { root, choice } = board;
  const { target, places } = answer.header;
  board.answer = answer;
  choice.at = clamp(choice.at, 0, target.length - 1);
  if (!recall("broken")) Object.assign(choice, { place: answer.header.place, digit: answer.header.digit });
  choice.place = clamp(choice.place, 0, Math.max(0, places.length - 1));
  const move = (/** @type {number} */ to) => byHand(board, () => goTo(board, to - 1));
  const show = (/** @type {number} */ to) => `${to} of ${target.length}: ${shown(target[to - 1])}`;
  const label = "Character";
  board.place = slider({ label, min: 1, max: target.length, step: 1, value: choice.at + 1, show, change: move });
  find(root, ".place").replaceChildren(board.place);
  layWall(root, answer, (layer, head) => chooseHead(board, layer, head));
  layBatch(root, answer, (text) => {
    choice.text = text;
    drawBatch(board);
  });
  layChanges(
    root,
    answer,
    (place) => chooseChange(board, { place }),
    (digit) => chooseChange(board, { digit }),
  );
  draw(board);
}

/**
 * Settings of the address; what makes no sense is passed over.
 * @param {Board} board
 * @param {Record<string, string>} told
 */
function settle({ choice, answer }, { cross = "", letter = "", broken = "" }) {
  if (!answer) return;
  const [layers, heads, n] = answer.arrays.cross.shape;
  const head = /^(\d)\.(\d)$/.exec(cross);
  if (head && Number(head[1]) <= layers && Number(head[2]) <= heads && !head.slice(1).includes("0"))
    Object.assign(choice, { layer: Number(head[1]) - 1, head: Number(head[2]) - 1 });
  if (/^\d{1,2}$/.test(letter)) choice.at = clamp(Number(letter) - 1, 0, n - 1);
  const change = /^(\d{1,2})\.(\d)$/.exec(broken);
  const place = answer.header.places.indexOf(Number(change?.[1]) - 1);
  if (change && place >= 0) Object.assign(choice, { place, digit: Number(change[2]) });
}

/**
 * @param {Board} board
 * @param {Record<string, string>} place
 */
function visit(board, place) {
  if (!["date", "cross", "letter", "broken"].some((name) => name in place)) return false;
  board.player?.pause();
  const go = () => {
    settle(board, place);
    draw(board);
    board.page.drawn();
  };
  if (place.date) put(board, place.date).then(go);
  else go();
  return true;
}

// ----------------------------------------------------------------------------------------- drawing

/** @param {Board} board */
function draw(board) {
  const { root, palette, answer } = board;
  if (!answer) return;
  palette.forget();
  paintWall(root, palette, answer);
  find(root, ".result").replaceChildren(...rich(result(answer)));
  board.place?.set(board.choice.at + 1);
  drawReading(board);
  drawBatch(board);
  drawChange(board);
}

/** @param {Board} board */
function drawReading(board) {
  const { root, choice, answer } = board;
  if (!answer) return;
  find(root, ".step-says").replaceChildren(...rich(stepSays(answer, choice)));
  find(root, ".back", HTMLButtonElement).disabled = choice.at === 0;
  find(root, ".forward", HTMLButtonElement).disabled = choice.at === answer.header.target.length - 1;
  drawMap(root, answer, choice, (at) => byHand(board, () => goTo(board, at)));
  drawNext(root, answer, choice);
  check(find(root, ".wall"), choice.layer * answer.arrays.cross.shape[1] + choice.head);
}

/** @param {Board} board */
function drawBatch({ root, palette, answer, choice }) {
  if (!answer) return;
  find(root, ".allowed").textContent = allowed(answer, choice.text);
  find(root, ".pair-says").textContent = "Point at a square to read what it means.";
  check(find(root, ".batch"), choice.text);
  drawMasks(root, palette, answer, choice.text);
}

/** @param {Board} board */
function drawChange({ root, answer, choice }) {
  if (!answer) return;
  const isThere = answer.header.places.length > 0;
  find(root, ".forcing").hidden = !isThere;
  if (!isThere) return;
  find(root, ".compared").textContent = compared(answer, choice);
  find(root, ".forcing-says").replaceChildren(...forcingSays(answer, choice).map((said) => make("p", {}, said)));
  drawForcing(root, answer, choice);
}
