// @ts-check
// A sentence with one token hidden: what it costs two models, and their first guesses. A new sentence
// is one question to the server; each choice of a token is answered here.

import { remember, rememberSoon } from "../../../ui/kit/address.js";
import { ask, busyDuring } from "../../../ui/kit/asking.js";
import { check, radio } from "../../../ui/kit/controls.js";
import { find, make } from "../../../ui/kit/elements.js";
import { count, number, percent } from "../../../ui/kit/format.js";
import { mount } from "../../../ui/kit/mount.js";
import { unpack } from "../../../ui/kit/tensors.js";
import { visible } from "../../../ui/kit/words.js";
import { finding, whole } from "./hidden_words.js";

/** @import { GuessData, HiddenHeader } from "./hidden_words.js" */
/** @import { Page } from "../../../ui/kit/mount.js" */

/**
 * `asked` ends the question before.
 * @typedef {{root: HTMLElement, page: Page, at: number, text?: HiddenHeader, asked?: AbortController,
 *   typing?: ReturnType<typeof setTimeout>}} Board
 */

const REST = 200; // milliseconds of a hand that types

export default mount((root, page) => {
  /** @type {Board} */
  const board = { root, page, at: 0 };
  const input = find(root, ".sentence", HTMLInputElement);
  input.addEventListener("input", () => {
    clearTimeout(board.typing);
    board.typing = setTimeout(() => tell(board, input.value), REST);
  });
  return {
    receive: (/** @type {Uint8Array} */ bytes) => receive(board, unpack(bytes).header),
    stop: () => board.asked?.abort(),
  };
});

/**
 * @param {Board} board
 * @param {HiddenHeader} text
 */
function receive(board, text) {
  const { root } = board;
  if (!board.text) {
    const input = find(root, ".sentence", HTMLInputElement);
    input.value = text.typed;
    const put = (/** @type {string} */ typed) => () => {
      input.value = typed;
      return tell(board, typed);
    };
    find(root, ".examples").replaceChildren(
      ...text.examples.map((each) => make("button", { type: "button", onclick: put(each) }, each)),
    );
    board.text = text;
    const place = Number(text.told.hidden) - 1;
    take(board, text, Number.isInteger(place) && place in text.pieces ? place : text.place);
  }
}

/**
 * Ask about a sentence; what cannot be read leaves the picture as it is.
 * @param {Board} board
 * @param {string} typed
 */
async function tell(board, typed) {
  if (!board.text) return;
  board.asked?.abort();
  board.asked = new AbortController();
  const question = ask(board.text.numbers, { sentence: typed }, board.asked.signal);
  const bytes = await busyDuring(board.root, question);
  if (!bytes || !board.root.isConnected) return;
  /** @type {HiddenHeader} */
  const text = unpack(bytes).header;
  rememberSoon("sentence", typed);
  remember("hidden", "");
  take(board, text, text.place);
  board.page.drawn();
}

/**
 * @param {Board} board
 * @param {HiddenHeader} text
 * @param {number} at the token that is hidden
 */
function take(board, text, at) {
  const { root } = board;
  const note = find(root, ".note");
  note.textContent = text.problem;
  note.hidden = !text.problem;
  if (text.problem) return;
  board.text = text;
  find(root, ".mean").textContent = whole(text);
  const choose = (/** @type {number} */ i) => () => {
    remember("hidden", i + 1);
    hide(board, i);
    find(root, ".spoken").textContent = find(root, ".finding").textContent;
  };
  find(root, ".tokens").replaceChildren(...tokens(text, choose));
  hide(board, at);
}

/**
 * Each token with what it costs both models.
 * @param {HiddenHeader} text
 * @param {(i: number) => () => void} choose
 */
function tokens({ pieces, both_ways, before_only }, choose) {
  const top = Math.max(...[...both_ways, ...before_only].map(({ nats }) => nats));
  const bar = (/** @type {string} */ role, /** @type {GuessData} */ { nats }) =>
    make("span", {}, number(nats, 1, 0), make("i", { class: role, style: `height:${(76 * nats) / top}%` }));
  return pieces.map((piece, i) =>
    radio(
      { group: "hidden-token", label: `${visible(piece)}, token ${i + 1}`, choose: choose(i) },
      make("span", { class: "bars" }, bar("both", both_ways[i]), bar("before", before_only[i])),
      make("span", { class: "face" }, visible(piece)),
    ),
  );
}

/**
 * @param {Board} board
 * @param {number} at
 */
function hide(board, at) {
  const { root, text } = board;
  if (!text) return;
  board.at = at;
  check(find(root, ".tokens"), at);
  find(root, ".finding").textContent = finding(text, at);
  const before = text.pieces.slice(0, at).join("");
  const after = text.pieces.slice(at + 1).join("");
  const gap = make("b", {}, " ▢ ");
  const covered = after && make("span", { class: "unseen", "aria-label": "not read" }, after);
  find(root, ".guesses.both .seen").replaceChildren(before, gap, after);
  find(root, ".guesses.before .seen").replaceChildren(before, gap.cloneNode(true), covered);
  for (const [role, guess] of Object.entries({ both: text.both_ways[at], before: text.before_only[at] }))
    find(root, `.guesses.${role} .list`).replaceChildren(...guesses(role, guess, text.pieces[at]));
}

/**
 * The first guesses; the right one follows where it is not among them.
 * @param {string} role
 * @param {GuessData} guess
 * @param {string} right
 */
function guesses(role, { first, rank, nats }, right) {
  const row = (/** @type {string} */ piece, /** @type {number} */ p, /** @type {boolean} */ isRight) => [
    make("span", { class: isRight ? "w right" : "w" }, visible(piece)),
    make("span", { class: "b" }, make("i", { class: role, style: `width:${(100 * p).toFixed(2)}%` })),
    make("span", { class: isRight ? "p right" : "p" }, percent(p)),
  ];
  const rows = first.flatMap(([piece, p], i) => row(piece, p, i === rank));
  if (rank < first.length) return rows;
  return [...rows, make("span", { class: "gap" }, `at rank ${count(rank + 1)}:`), ...row(right, Math.exp(-nats), true)];
}
