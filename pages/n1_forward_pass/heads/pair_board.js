// @ts-check
// One head's map on two sentences. Fed once per pair with the weights of all heads; layer, head and
// word follow those looked at anywhere on the page.

import { find, make, rich } from "../../../ui/kit/elements.js";
import { follow } from "../../../ui/kit/follow.js";
import { percent } from "../../../ui/kit/format.js";
import { mount } from "../../../ui/kit/mount.js";
import { Palette } from "../../../ui/kit/palette.js";
import { cellAt } from "../../../ui/kit/pictures.js";
import { causalRow, unpack } from "../../../ui/kit/tensors.js";
import { labels, quote, visible } from "../../../ui/kit/words.js";
import { columnLabels, paintHead, rowLabels } from "./head_map.js";
import { arrive, followPlace, goTo } from "./head_place.js";
import { favourite, headName, rowsOf } from "./head_rows.js";
import { LayerWeights } from "./layer_weights.js";
import { sameBeginning, twin } from "./pair_rows.js";

/** @import { HeadsView, Place } from "./head_place.js" */
/** @import { Pair } from "./pair_rows.js" */
/** @import { Segment } from "../../../ui/kit/elements.js" */
/** @import { Page } from "../../../ui/kit/mount.js" */
/** @import { Packed, Tensor } from "../../../ui/kit/tensors.js" */

/** @typedef {{name: string, text: string}} KnownPair */
/**
 * `sentence`: how to ask for more of the second; `layers`: whose weights come with it; `most`: the layer
 * and head that differ most at the end.
 * @typedef {{
 *   view: HeadsView, second: string[], sentence: Record<string, string>, layers: number[],
 *   most: [number, number] | null, pairs: KnownPair[],
 * }} PairHeader
 */
/** @typedef {{first: Tensor, other: Tensor}} PairArrays */
/** @typedef {Packed<PairHeader, PairArrays>} Answer */
/** @typedef {{index: 0 | 1, row: number, column: number}} Cell */
/** @typedef {[first: LayerWeights, second: LayerWeights]} Both */
/** @typedef {{root: HTMLElement, page: Page, palette: Palette, place: Place, answer?: Answer, both?: Both}} Board */

const NARROW = 760; // px
const HINT = "Point at a cell for its attention weight. Click a row of the first map to choose its token.";

export default mount((root, page) => {
  /** @type {Board} */
  const board = { root, page, palette: new Palette(root), place: { layer: 0, head: 0, token: 0 } };
  find(root, ".most").addEventListener("click", () => {
    const most = board.answer?.header.most;
    if (most) goTo({ layer: most[0], head: most[1] });
  });
  followPlace(
    root,
    board.place,
    () => board.answer?.header.view,
    () => draw(board),
  );
  const stop = follow(root, () => draw(board));
  return { receive: (/** @type {Uint8Array} */ bytes) => receive(board, bytes), stop };
});

/**
 * The layer looked at, on both sentences; null while one of them has not come.
 * @param {Board} board
 * @param {Answer} answer
 * @returns {Pair | null}
 */
function pairOf({ place, both }, { header }) {
  const [first, other] = (both ?? []).map((each) => each.of(place.layer));
  if (!first || !other) return null;
  return [
    { pieces: header.view.pieces, weights: first },
    { pieces: header.second, weights: other },
  ];
}

/**
 * @param {Board} board
 * @param {Uint8Array} bytes
 */
function receive(board, bytes) {
  const answer = /** @type {Answer} */ (unpack(bytes));
  const was = board.answer?.header.view;
  const { header, arrays } = answer;
  if (!arrive(board.place, header.view, was)) return;
  board.answer = answer;
  if (header.view.pass_id !== was?.pass_id) {
    const of = (/** @type {Record<string, string>} */ sentence) => new LayerWeights(board.root, header.view, sentence);
    board.both = [of(header.view.sentence), of(header.sentence)];
  }
  board.both?.[0].take(header.layers, arrays.first);
  board.both?.[1].take(header.layers, arrays.other);
  draw(board);
}

/**
 * The layer looked at comes, and is shown if it still is.
 * @param {Board} board
 */
function bring(board) {
  const { answer, place } = board;
  const { layer } = place;
  for (const each of board.both ?? [])
    each.bring(layer, () => board.answer === answer && place.layer === layer && draw(board));
}

/** @param {Board} board */
function draw(board) {
  const { root, page, palette, place, answer } = board;
  if (!answer) return;
  palette.forget();
  const pair = pairOf(board, answer);
  if (!pair) return bring(board);
  find(root, ".finding").replaceChildren(...rich(finding(pair, place)));
  find(root, ".about").textContent = about(pair);
  showMost(find(root, ".most"), answer.header.most, place);
  const text = answer.header.view.pieces.join("");
  find(root, ".pairs").replaceChildren(
    ...answer.header.pairs.map(({ name, text: first }) => {
      const take = () => page.setTriggerValue("pair", name);
      return make("button", { type: "button", "aria-pressed": String(first === text), onclick: take }, name);
    }),
  );
  const point = (/** @type {Cell | null} */ cell) => {
    find(root, ".pointed").replaceChildren(...rich(cell ? pointed(pair, place, cell) : [HINT]));
  };
  find(root, ".two").replaceChildren(map(board, pair, 0, point), map(board, pair, 1, point));
  point(null);
  page.drawn();
}

/**
 * What the word and its twin read most.
 * @param {Pair} pair
 * @param {Place} place
 * @returns {Segment[]}
 */
function finding(pair, place) {
  const at = [place.token, twin(pair, place.token)];
  const name = headName(place);
  const [one, two] = pair.map(({ pieces, weights }, index) => {
    const row = causalRow(weights, 0, place.head, at[index]);
    const most = favourite(row);
    const words = labels(pieces);
    const to = most === at[index] ? "itself" : quote(words[most]);
    return { word: quote(words[at[index]]), to, share: percent(row[most]) };
  });
  if (place.token < sameBeginning(pair) && at[0] === at[1]) {
    const reason = " has the same weights in both: nothing before it differs, and what comes after it is hidden";
    return [`In head ${name}, `, ["query", one.word], reason];
  }
  return [
    ...[`In head ${name}, `, /** @type {Segment} */ (["query", one.word])],
    ...[" attends most to ", /** @type {Segment} */ (["key", one.to]), ` (${one.share}). In the second sentence `],
    ...[/** @type {Segment} */ (["query", two.word]), " attends most to "],
    ...[/** @type {Segment} */ (["key", two.to]), ` (${two.share})`],
  ];
}

/** @param {Pair} pair */
function about(pair) {
  const same = sameBeginning(pair);
  if (same === 0) {
    return (
      "The sentences differ from their first token on. A head that goes by position shows the same stripes in both. " +
      "One that goes by content follows the words."
    );
  }
  if (pair.some(({ pieces }) => pieces.length === same)) {
    return "One sentence is the beginning of the other, so all rows that both have are the same.";
  }
  return (
    `The first ${same} ${same === 1 ? "row is" : "rows are"} the same, because no token sees what comes later. ` +
    "A word that settles what an earlier one means changes only its own row and those below it (“≠”)."
  );
}

/**
 * The way to the head that differs most at the end.
 * @param {HTMLElement} button
 * @param {PairHeader["most"]} found
 * @param {Place} place
 */
function showMost(button, found, place) {
  const most = found && { layer: found[0], head: found[1] };
  button.hidden = !most || (most.layer === place.layer && most.head === place.head);
  if (most) button.textContent = `Show the head that differs most at the end: ${headName(most)}`;
}

/**
 * The head's map of one of the two sentences.
 * @param {Board} board
 * @param {Pair} pair
 * @param {0 | 1} index
 * @param {(cell: Cell | null) => void} point
 */
function map({ root, palette, place }, pair, index, point) {
  const { pieces, weights } = pair[index];
  const n = pieces.length;
  const words = pieces.map(visible);
  const lit = index ? twin(pair, place.token) : place.token;
  const rows = rowsOf(weights, place.head, n);
  const key = favourite(rows[lit]);
  const cell = cellSide(root.clientWidth, n);
  const size = cell * n;
  const canvas = make("canvas", { role: "img" });
  paintHead(canvas, rows, { size, brighten: true }, palette);
  const [reader, read] = [labels(pieces)[lit], labels(pieces)[key]];
  const said = `${reader} attends most to ${read}, ${percent(rows[lit][key])}`;
  canvas.setAttribute("aria-label", `Head ${headName(place)} on “${pieces.join("")}”: ${said}.`);
  const at = (/** @type {MouseEvent} */ event) => cellAt(event, canvas, n, n);
  canvas.addEventListener("pointermove", (event) => point({ index, ...at(event) }));
  canvas.addEventListener("pointerleave", () => point(null));
  if (index === 0) canvas.addEventListener("click", (event) => goTo({ token: at(event).row }));
  const same = sameBeginning(pair);
  const kind = (/** @type {number} */ i) => `${i === lit ? "here" : ""} ${same && i >= same ? "changed" : ""}`;
  const beside = rowLabels(words, lit, cell, { gap: 14, kind });
  const ring = make("div", {
    class: "ring",
    style: `top:${lit * cell - 2}px;width:${size + 3}px;height:${cell + 3}px`,
  });
  return make(
    "div",
    { class: "one" },
    make("div", { class: "title" }, pieces.join("")),
    make("div", { class: "rows", style: `height:${size}px`, "aria-hidden": "true" }, beside),
    make(
      "div",
      { class: "plane" },
      make("div", { class: "columns", "aria-hidden": "true" }, columnLabels(words, key, cell)),
      ...[canvas, ring],
    ),
  );
}

/**
 * The side of a cell in pixels.
 * @param {number} width of the board
 * @param {number} n words
 */
function cellSide(width, n) {
  const room = width <= NARROW ? width - 112 : width / 2 - 180;
  return Math.min(Math.max(room, 0) / n, 56, 440 / n);
}

/**
 * @param {Pair} pair
 * @param {Place} place
 * @param {Cell} cell
 * @returns {Segment[]}
 */
function pointed(pair, place, { index, row, column }) {
  const { pieces, weights } = pair[index];
  const words = labels(pieces);
  const hidden = column > row;
  const share = hidden ? 0 : causalRow(weights, 0, place.head, row)[column];
  return [
    index ? "Second sentence: " : "First sentence: ",
    ...[/** @type {Segment} */ (["query", quote(words[row])]), hidden ? " cannot see " : " attends to "],
    ...[/** @type {Segment} */ (["key", column === row ? "itself" : quote(words[column])])],
    ...(hidden ? [] : [" with a weight of ", /** @type {Segment} */ (["attention", percent(share)])]),
    hidden ? ", which comes later" : "",
  ];
}
