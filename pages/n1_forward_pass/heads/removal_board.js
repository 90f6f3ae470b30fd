// @ts-check
// The model without one of its heads. Fed once per text and model with what every removal does;
// which head is off follows the head that is looked at anywhere on the page.

import { clamp, largest } from "../../../ui/kit/arithmetic.js";
import { find, make, rich } from "../../../ui/kit/elements.js";
import { follow } from "../../../ui/kit/follow.js";
import { number, percent, signed } from "../../../ui/kit/format.js";
import { mount } from "../../../ui/kit/mount.js";
import { unpack } from "../../../ui/kit/tensors.js";
import { visible } from "../../../ui/kit/words.js";
import { arrive, followPlace } from "./head_place.js";
import { everyHead, headName } from "./head_rows.js";
import { buildHeadTable, markHead } from "./head_table.js";
import { changeInPoints, lossChange, nextTokens, surprises } from "./removal_rows.js";
import { about, finding } from "./removal_words.js";

/** @import { Place } from "./head_place.js" */
/** @import { HeadAt } from "./head_rows.js" */
/** @import { NextToken } from "./removal_rows.js" */
/** @import { Answer } from "./removal_words.js" */
/** @import { Child } from "../../../ui/kit/elements.js" */
/** @import { Page } from "../../../ui/kit/mount.js" */

/** @typedef {{root: HTMLElement, page: Page, place: Place, answer?: Answer}} Board */

const NARROW = 760; // px
const CROWDED = 8; // heads in a row from which on there is no room for words
const DEEPEST = 54; // percent of a sign's colour, on which words can still be read

export default mount((root, page) => {
  /** @type {Board} */
  const board = { root, page, place: { layer: 0, head: 0, token: 0 } };
  const moved = (/** @type {keyof Place} */ name) => {
    if (name === "token") return;
    show(board);
    find(root, ".spoken").textContent = find(root, ".finding").textContent;
  };
  followPlace(root, board.place, () => board.answer?.header.view, moved);
  const stop = follow(root, () => draw(board));
  return { receive: (/** @type {Uint8Array} */ bytes) => receive(board, bytes), stop };
});

/**
 * @param {Board} board
 * @param {Uint8Array} bytes
 */
function receive(board, bytes) {
  const answer = /** @type {Answer} */ (unpack(bytes));
  if (!arrive(board.place, answer.header.view, board.answer?.header.view)) return;
  board.answer = answer;
  draw(board);
}

/**
 * A new text, size or theme: the table of all heads, each on the colour of what its removal does.
 * @param {Board} board
 */
function draw(board) {
  const { root, answer } = board;
  if (!answer) return;
  const { header, arrays } = answer;
  const { n_heads } = header.view;
  const narrow = root.clientWidth <= NARROW;
  const grid = find(root, ".grid");
  const room = narrow ? find(root, ".stage").clientWidth - 48 : Math.min(420, root.clientWidth * 0.38);
  grid.style.setProperty("--side", `${clamp(room / n_heads - 3, 26, 58)}px`);
  grid.style.gridTemplateColumns = `auto repeat(${n_heads}, auto)`;
  const top = Math.max(0.02, largest(arrays.loss_without.values.map((x) => x - header.loss)));
  const crowded = n_heads > CROWDED;
  const change = (/** @type {HeadAt} */ at) => lossChange(arrays, header.loss, at);
  const cells = buildHeadTable(grid, header.view, {
    group: "removal",
    short: crowded || narrow,
    label: (at) => `without head ${headName(at)}: loss ${signed(change(at))}`,
    inside: (at) => [!crowded && (Math.abs(change(at)) < 0.005 ? "0" : signed(change(at)))],
  });
  everyHead(header.view).forEach((at, index) => {
    cells[index].title = `${headName(at)}: loss ${signed(change(at), 3)}`;
    cells[index].style.cssText = ground(change(at), top);
  });
  show(board);
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
 * Another head is off.
 * @param {Board} board
 */
function show({ root, page, place, answer }) {
  if (!answer) return;
  const { header, arrays } = answer;
  markHead(find(root, ".grid"), header.view, place);
  const { guess, listed } = nextTokens(arrays, header.next, place);
  find(root, ".finding").replaceChildren(...rich(finding(answer, place, guess)));
  find(root, ".about").textContent = about(answer);
  const title = `next token: with all heads (pale) and without head ${headName(place)}`;
  find(root, ".next-name").textContent = title;
  find(root, ".next").replaceChildren(...nextTable(listed));
  find(root, ".words").replaceChildren(...missed(answer, place));
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
  const titles = row("row head", cell("word"), cell(""), cell("", "with → without"), cell("change", "points"));
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
 * @param {Place} place
 */
function missed({ header, arrays }, place) {
  const { pieces } = header.view;
  const { words, top } = surprises(arrays, pieces.length, place);
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
