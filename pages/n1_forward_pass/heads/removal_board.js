// @ts-check
// The model without one of its heads. Fed once per text and model with what some removals do, all of a
// small model; others are asked for when a head is looked at, or all of them, layer by layer, on a press.

import { whenSent } from "../../../ui/kit/address.js";
import { clamp, largest } from "../../../ui/kit/arithmetic.js";
import { find, make, rich } from "../../../ui/kit/elements.js";
import { follow } from "../../../ui/kit/follow.js";
import { number, percent, signed } from "../../../ui/kit/format.js";
import { mount } from "../../../ui/kit/mount.js";
import { unpack } from "../../../ui/kit/tensors.js";
import { visible } from "../../../ui/kit/words.js";
import { arrive, followPlace } from "./head_place.js";
import { everyHead, headName } from "./head_rows.js";
import { buildHeadTable, isDeep, markHead } from "./head_table.js";
import { changeInPoints, lossChange, mostMissed, nextTokens, surprises } from "./removal_rows.js";
import { about, finding, reading, weighed } from "./removal_words.js";
import { Removals } from "./removals.js";

/** @import { Place } from "./head_place.js" */
/** @import { Lost, NextToken } from "./removal_rows.js" */
/** @import { Answer } from "./removal_words.js" */
/** @import { Child } from "../../../ui/kit/elements.js" */
/** @import { Page } from "../../../ui/kit/mount.js" */

/**
 * `lost` is there from the first answer on; `cells` are the table's, head by head.
 * @typedef {{
 *   root: HTMLElement, page: Page, place: Place, cells: HTMLElement[], answer?: Answer, lost?: Removals,
 * }} Board
 */

const NARROW = 760; // px
const CROWDED = 8; // heads in a row from which on there is no room for words
const DEEPEST = 54; // percent of a sign's colour, on which words can still be read

export default mount((root, page) => {
  /** @type {Board} */
  const board = { root, page, place: { layer: 0, head: 0, token: 0 }, cells: [] };
  let asking = false; // layer and head may change one after the other
  const moved = (/** @type {keyof Place} */ name) => {
    if (name === "token" || asking) return;
    asking = true;
    queueMicrotask(() => {
      asking = false;
      look(board);
    });
  };
  find(root, ".all").addEventListener("click", () => all(board));
  followPlace(root, board.place, () => board.answer?.header.view, moved);
  whenSent(root, ({ head }) => head !== undefined); // where to, `followPlace` has heard
  const stop = follow(root, () => draw(board));
  return {
    receive: (/** @type {Uint8Array} */ bytes) => receive(board, bytes),
    stop() {
      stop();
      board.lost?.stop();
    },
  };
});

/**
 * @param {Board} board
 * @param {Uint8Array} bytes
 */
function receive(board, bytes) {
  const answer = /** @type {Answer} */ (unpack(bytes));
  const { view } = answer.header;
  const was = board.answer?.header.view;
  if (!arrive(board.place, view, was)) return;
  if (view.pass_id !== was?.pass_id) {
    board.lost?.stop();
    board.lost = new Removals(board.root, view);
  }
  board.lost?.take(answer);
  board.answer = answer;
  draw(board);
}

/**
 * Another head is looked at: it is switched off now, if it was not before.
 * @param {Board} board
 */
function look(board) {
  const { root, place, lost } = board;
  const at = { layer: place.layer, head: place.head };
  lost?.ask(at).then((here) => {
    if (!here || board.lost !== lost || place.layer !== at.layer || place.head !== at.head) return;
    colour(board);
    show(board);
    find(root, ".spoken").textContent = find(root, ".finding").textContent;
  });
}

/**
 * All heads, the last layers first; what has come is shown at once.
 * @param {Board} board
 */
function all(board) {
  const { lost } = board;
  const told = () => {
    if (board.lost !== lost) return;
    colour(board);
    show(board);
  };
  if (lost?.running) lost.stop();
  else lost?.askAll(told).then(told);
  told();
}

/**
 * A new text, size or theme: the table of all heads, each on the colour of what its removal does.
 * @param {Board} board
 */
function draw(board) {
  const { root, answer } = board;
  if (!answer) return;
  const { view } = answer.header;
  const { n_layers, n_heads } = view;
  const narrow = root.clientWidth <= NARROW;
  const deep = isDeep(view) && !narrow;
  const grid = find(root, ".grid");
  find(root, ".stage").classList.toggle("below", isDeep(view));
  const room = narrow || deep ? find(root, ".stage").clientWidth - 62 : Math.min(420, root.clientWidth * 0.38);
  const side = deep ? clamp(room / n_layers - 3, 7, 40) : clamp(room / n_heads - 3, 26, 58);
  grid.style.setProperty("--side", `${side}px`);
  board.cells = buildHeadTable(grid, view, {
    group: "removal",
    narrow: narrow || (n_heads > CROWDED && !deep),
    label: (at) => `without head ${headName(at)}`,
    inside: () => [make("span")],
  });
  colour(board);
  show(board);
}

/**
 * What is known of each head, on its cell.
 * @param {Board} board
 */
function colour({ answer, lost, cells }) {
  if (!answer || !lost) return;
  const { view, loss } = answer.header;
  const written = view.n_heads <= CROWDED;
  const known = lost.known();
  const top = Math.max(0.02, largest(known.map((each) => lossChange(each, loss))));
  everyHead(view).forEach((at, index) => {
    const found = lost.of(at);
    const cell = cells[index];
    const change = found && lossChange(found, loss);
    const said = change === undefined ? "not switched off yet" : `loss ${signed(change)}`;
    find(cell, "input").ariaLabel = `without head ${headName(at)}: ${said}`;
    cell.title = `${headName(at)}: ${change === undefined ? said : `loss ${signed(change, 3)}`}`;
    cell.classList.toggle("unknown", !found);
    cell.style.cssText = change === undefined ? "" : ground(change, top);
    const text = change !== undefined && written && (Math.abs(change) < 0.005 ? "0" : signed(change));
    find(cell, "span").textContent = text || "";
  });
}

/**
 * A signed amount on the theme's two colours: harder to predict is the negative one.
 * @param {number} x
 * @param {number} top
 */
function ground(x, top) {
  const share = Math.min(1, Math.abs(x) / top);
  const sign = x > 0 ? "negative" : "positive";
  return `background:color-mix(in srgb, var(--${sign}) ${Math.round(DEEPEST * share)}%, var(--panel))`;
}

/**
 * The head that is off: the one looked at, or until it was switched off the one missed most.
 * @param {Board} board
 */
function show({ root, page, place, answer, lost }) {
  if (!answer || !lost) return;
  const { view } = answer.header;
  const known = lost.known();
  const off = lost.of(place) ?? mostMissed(known);
  markHead(find(root, ".grid"), view, off.at);
  find(root, ".finding").replaceChildren(...rich(finding(answer, off)));
  find(root, ".reading").replaceChildren(...rich(reading(answer, off)));
  find(root, ".about").textContent = about(answer, known);
  find(root, ".weighed").textContent = weighed(answer, known);
  const title = `probability of the next token: with all heads (pale) and without head ${headName(off.at)}`;
  find(root, ".next-name").textContent = title;
  find(root, ".next").replaceChildren(...nextTable(nextTokens(off).listed));
  find(root, ".words").replaceChildren(...missed(answer, off));
  const whole = view.n_layers * view.n_heads;
  const button = find(root, ".all");
  button.hidden = known.length === whole;
  button.textContent = lost.running
    ? `Stop: ${known.length} of ${whole} heads are done`
    : `Switch off each of the ${whole} heads in turn`;
  page.drawn();
}

/**
 * The chances of the next token, with the head and without.
 * @param {readonly NextToken[]} listed
 */
function nextTable(listed) {
  const widest = Math.max(...listed.map(({ before, after }) => Math.max(before, after)));
  const bar = (/** @type {string} */ kind, /** @type {number} */ x) =>
    make("i", { class: kind, style: `width:${(100 * x) / widest}%` });
  const cell = (/** @type {string} */ kind, /** @type {Child[]} */ ...content) =>
    make("span", { class: kind, role: "cell" }, ...content);
  const row = (/** @type {string} */ kind, /** @type {HTMLElement[]} */ ...cells) =>
    make("div", { class: kind, role: "row" }, ...cells);
  const titles = row(
    "row head",
    cell("word"),
    cell(""),
    cell("", "with → without"),
    cell("change", "percentage points"),
  );
  const rows = listed.map((token) => {
    const { piece, before, after } = token;
    const change = changeInPoints(token);
    const kind = after < before ? "down" : "up";
    return row(
      "row",
      cell("word", visible(piece)),
      cell("bar", bar("with", before), bar("without", after)),
      cell("", `${percent(before)} → ${percent(after)}`),
      cell(change === "=" ? "change" : `change ${kind}`, change),
    );
  });
  return [titles, ...rows];
}

/**
 * The text, each token on the colour of what it is predicted better or worse.
 * @param {Answer} answer
 * @param {Lost} lost
 */
function missed({ header, arrays }, lost) {
  const { pieces } = header.view;
  const { words, top } = surprises(arrays.surprise, lost);
  const chance = (/** @type {number} */ surprise) => percent(Math.exp(-surprise));
  return pieces.map((piece, i) => {
    if (i === 0)
      return make("span", { style: ground(0, top), title: "the first token is not predicted" }, visible(piece));
    const { before, after } = words[i - 1];
    const change = after - before;
    const title = `${number(before)} → ${number(after)} (probability ${chance(before)} → ${chance(after)})`;
    const written = Math.abs(change) >= Math.max(0.1, 0.25 * top) && ` ${signed(change, 1)}`;
    return make("span", { style: ground(change, top), title }, visible(piece), written);
  });
}
