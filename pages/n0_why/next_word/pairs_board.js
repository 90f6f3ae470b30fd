// @ts-check
// Minimal pairs as they come from the server, one after the other; below, every blank by its kind.

import { mean, range } from "../../../ui/kit/arithmetic.js";
import { ask, askEach, busyDuring } from "../../../ui/kit/asking.js";
import { find, make } from "../../../ui/kit/elements.js";
import { number, percent } from "../../../ui/kit/format.js";
import { mount } from "../../../ui/kit/mount.js";
import { unpack } from "../../../ui/kit/tensors.js";
import { quote } from "../../../ui/kit/words.js";
import { ownPair } from "./own_pair.js";
import { finding, passes, seldom, verdict } from "./pair_words.js";

/** @import { PairHeader, SideData } from "./pair_words.js" */
/** @typedef {{said: string, nats: number}} KindWord */
/** @typedef {{kind: string, says: string, words: KindWord[]}} KindRow */
/** @typedef {{kinds: KindRow[]}} KindsHeader */
/**
 * `example`: a pair to begin with, where the address names none.
 * @typedef {{numbers: string, sentence: Record<string, string>, model: string, n: number,
 *   example: [string, string, string]}} PairsBoardData
 */
/** @typedef {{root: HTMLElement, page: import("../../../ui/kit/mount.js").Page, data?: PairsBoardData,
 *   pairs: PairHeader[], going?: AbortController, own: ReturnType<typeof ownPair>}} Board */

export default mount((root, page) => {
  /** @type {Board} */
  const board = { root, page, pairs: [], own: ownPair(root, page.drawn) };
  find(root, ".reveal").addEventListener("click", () => reveal(board));
  return {
    receive: (/** @type {PairsBoardData} */ data) => receive(board, data),
    stop: () => board.going?.abort(),
  };
});

/**
 * @param {Board} board
 * @param {PairsBoardData} data
 */
function receive(board, data) {
  if (JSON.stringify(board.data) === JSON.stringify(data)) return;
  board.going?.abort();
  const going = new AbortController();
  Object.assign(board, { data, pairs: [], going });
  find(board.root, ".kinds").replaceChildren();
  find(board.root, ".reveal").hidden = false;
  draw(board);
  board.own.receive(data);
  const questions = range(data.n).map((i) => ({ ...data.sentence, pair: String(i) }));
  const take = (/** @type {Uint8Array} */ bytes) => {
    board.pairs.push(unpack(bytes).header);
    draw(board);
    board.page.drawn();
  };
  askEach(`${data.numbers}/pair`, questions, take, going.signal);
}

/** @param {Board} board */
function draw({ root, data, pairs }) {
  if (!data) return;
  find(root, ".finding").textContent = finding(pairs, data.n, data.model);
  const waiting = range(data.n - pairs.length).map(() => make("div", { class: "pair waiting" }));
  find(root, ".pairs").replaceChildren(...pairs.map(drawn), ...waiting);
}

/** @param {PairHeader} pair */
function drawn(pair) {
  const right = passes(pair);
  const mark = right ? (seldom(pair) ? "✓ told apart, improbable" : "✓ told apart") : "✕ not told apart";
  return make(
    "div",
    { class: "pair" },
    make(
      "div",
      { class: "kind" },
      make("b", {}, pair.kind),
      make("span", { class: right ? "mark right" : "mark" }, mark),
    ),
    pair.sides.map(beginning),
    make("p", { class: "told" }, `${pair.says} ${verdict(pair)}`),
  );
}

/** @param {SideData} side */
const beginning = ({ before, changed, after, fits, other, nats }) => [
  make("p", { class: "beginning" }, before, make("b", {}, changed), after, " …"),
  make("div", { class: "two" }, chance(fits, nats[0], true), chance(other, nats[1], false)),
];

/**
 * @param {string} word
 * @param {number} nats
 * @param {boolean} isRight
 */
function chance(word, nats, isRight) {
  const p = Math.exp(-nats);
  const role = isRight ? " fits" : "";
  return [
    make("span", { class: `w${role}` }, word.trim()),
    make("span", { class: `b${role}` }, make("i", { style: `width:${(100 * p).toFixed(2)}%` })),
    make("span", { class: `p${role}` }, percent(p)),
  ];
}

/** @param {Board} board */
async function reveal(board) {
  const { root, data } = board;
  if (!data) return;
  const bytes = await busyDuring(root, ask(`${data.numbers}/kinds`, data.sentence));
  if (!bytes || board.data !== data) return;
  const { kinds } = /** @type {KindsHeader} */ (unpack(bytes).header);
  find(root, ".kinds").replaceChildren(...kinds.filter(({ words }) => words.length).map(kindRow));
  find(root, ".reveal").hidden = true;
  board.page.drawn();
}

/** @param {KindRow} row */
function kindRow({ kind, says, words }) {
  const costs = words.map(({ nats }) => nats);
  const many = words.length === 1 ? "one blank" : `${words.length} blanks`;
  return make(
    "div",
    {},
    make("dt", {}, make("b", {}, kind), says),
    make(
      "dd",
      {},
      words.map(({ said, nats }) =>
        make("span", {}, make("b", {}, quote(said)), make("i", {}, ` ${number(nats, 2, 0)}`)),
      ),
      make("span", { class: "mean" }, `mean of ${many}: ${number(mean(costs))} nats a word`),
    ),
  );
}
