// @ts-check
// A pattern of attention on the reader's own text: a query, whom it sees, from whom it hears, and what that costs.

import { recall, whenSent } from "../../../ui/kit/address.js";
import { clamp, range, sum } from "../../../ui/kit/arithmetic.js";
import { ask, busyDuring } from "../../../ui/kit/asking.js";
import { check, radios, slider } from "../../../ui/kit/controls.js";
import { find, make, rich } from "../../../ui/kit/elements.js";
import { follow } from "../../../ui/kit/follow.js";
import { count, number, percent, short } from "../../../ui/kit/format.js";
import { along, onKeys } from "../../../ui/kit/keys.js";
import { mount } from "../../../ui/kit/mount.js";
import { unpack } from "../../../ui/kit/tensors.js";
import { labels, visible } from "../../../ui/kit/words.js";
import { drawMap } from "./pattern_maps.js";
import { finding, modelFinding, PHRASES } from "./pattern_words.js";
import { heardAfter, layerMask, PERIOD, stackPairs } from "./patterns.js";

/** @import { Slider } from "../../../ui/kit/controls.js" */
/** @import { PatternName } from "./patterns.js" */

/** @typedef {{name: string, title: string, note: string}} PatternEntry */
/**
 * @typedef {{pass_id: string, pieces: string[], n_text: number, n_layers: number, widest: number,
 *   patterns: PatternEntry[], numbers: string, sentence: Record<string, string>}} PatternData
 */
/** @typedef {{piece: string, p: number, otherwise: number}} Guess */
/** @typedef {{full: Guess[], patterned: Guess[]}} PredictionData */
/**
 * @typedef {{root: HTMLElement, data?: PatternData, words: string[], pattern: number, width: number, top: number,
 *   query: number, sliders: Record<string, Slider>, going?: AbortController}} Board
 */

const MOST_LAYERS = 12;
const REAL_WIDTH = 4096;
const LENGTHS = [1024, 8192, 131072, 1048576];

export default mount((root) => {
  /** @type {Board} */
  const board = { root, words: [], pattern: 1, width: 4, top: 2, query: 0, sliders: {} };
  find(root, ".ask").addEventListener("click", () => run(board));
  onKeys(
    find(root, ".sentence"),
    along((step) => change(board, { query: board.query + step })),
  );
  whenSent(root, ({ pattern, width, layers }) => {
    const at = board.data?.patterns.findIndex(({ name }) => name === pattern) ?? -1;
    if (at < 0) return false;
    return change(board, { pattern: at, width: Number(width), top: Number(layers) });
  });
  const stop = follow(root, () => draw(board));
  return {
    receive: (/** @type {PatternData} */ data) => receive(board, data),
    stop: () => {
      board.going?.abort();
      stop();
    },
  };
});

/**
 * @param {Board} board
 * @param {PatternData} data
 */
function receive(board, data) {
  const isNew = board.data?.pass_id !== data.pass_id;
  if (!board.data) {
    board.width = clamp(Math.round(data.pieces.length / 4), 2, board.width); // so that a short text is cut, too
    makeControls(board, data);
  }
  board.data = data;
  if (isNew) {
    board.words = labels(data.pieces);
    board.query = data.pieces.length - 1;
    const recalled = data.patterns.findIndex(({ name }) => name === recall("pattern"));
    if (recalled >= 0) board.pattern = recalled;
    forgetRun(board);
  }
  draw(board);
}

/**
 * @param {Board} board
 * @param {PatternData} data
 */
function makeControls(board, { patterns, widest }) {
  const { root, sliders } = board;
  radios(
    find(root, ".patterns"),
    "Pattern",
    patterns.length,
    (i) => patterns[i].title,
    (i) => change(board, { pattern: i }),
  );
  sliders.width = slider({
    ...{ label: "width in tokens", min: 2, max: widest, step: 1, value: board.width, show: String },
    change: (to) => change(board, { width: to }),
  });
  sliders.top = slider({
    ...{ label: "layers", min: 1, max: MOST_LAYERS, step: 1, value: board.top, show: String },
    change: (to) => change(board, { top: to }),
  });
  find(root, ".width").replaceChildren(sliders.width);
  find(root, ".layer-slider").replaceChildren(sliders.top);
}

/**
 * @param {Board} board
 * @param {Partial<Pick<Board, "pattern" | "width" | "top" | "query">>} to
 */
function change(board, to) {
  Object.assign(board, to);
  board.query = clamp(board.query, 0, board.words.length - 1);
  board.sliders.width.set(board.width);
  board.sliders.top.set(board.top);
  if (to.pattern !== undefined || to.width !== undefined) forgetRun(board);
  draw(board);
  find(board.root, ".spoken").textContent = find(board.root, ".finding").textContent;
}

/** @type {(data: PatternData, i: number) => PatternName} */
const nameOf = ({ patterns }, i) => /** @type {PatternName} */ (patterns[i].name);

/** @param {Board} board */
function draw(board) {
  const { root, data, words, pattern, width, top, query } = board;
  if (!data) return;
  const n = words.length;
  const { title, note } = data.patterns[pattern];
  const name = nameOf(data, pattern);
  const [look, heard] = [layerMask(name, n, width, top - 1), heardAfter(name, n, width, top)];
  const row = (/** @type {Uint8Array} */ mask) => mask.subarray(query * n, query * n + n);
  check(find(root, ".patterns"), pattern);
  find(root, ".width").style.visibility = name === "full" ? "hidden" : "";
  const counted = { seen: sum(row(look)), heard: sum(row(heard)) };
  find(root, ".finding").replaceChildren(...rich(finding({ name, word: words[query], query, width, top, ...counted })));
  find(root, ".top-layer").textContent = String(top);
  const edges = name === "chunks" ? range(n).filter((i) => i && i % width === 0) : [];
  drawSentence(board, row(look), row(heard), edges);
  const choose = (/** @type {number} */ to) => change(board, { query: to });
  find(root, ".look-title").textContent = `Who may look at whom in layer ${top}`;
  find(root, ".heard-title").textContent =
    `Who can have heard from whom after ${top === 1 ? "1 layer" : `${top} layers`}`;
  const shared = { words, query, edges, choose };
  drawMap(find(root, ".look"), `${counted.seen} keys in the query’s row`, { ...shared, open: look });
  const says = `${counted.heard} of ${query + 1} tokens in the query’s row`;
  drawMap(find(root, ".heard"), says, { ...shared, open: look, via: heard });
  const cut = data.n_text > n ? ` Shown for the first ${n} of your ${data.n_text} tokens.` : "";
  find(root, ".note").textContent = note + cut;
  drawCosts(root, name, title);
}

/**
 * @param {Board} board
 * @param {Uint8Array} seen
 * @param {Uint8Array} heard
 * @param {number[]} edges
 */
function drawSentence(board, seen, heard, edges) {
  const { root, words, query } = board;
  const kind = (/** @type {number} */ i) =>
    i === query ? "now" : i > query ? "ahead" : seen[i] ? "sees" : heard[i] ? "hears" : "cut";
  find(root, ".sentence").replaceChildren(
    ...words.flatMap((word, i) => {
      const onclick = () => change(board, { query: i });
      const button = make("button", { class: kind(i), type: "button", tabindex: "-1", onclick }, word);
      return edges.includes(i) ? [make("i", { class: "border", title: "border of a chunk" }), button] : [button];
    }),
  );
}

/**
 * @param {HTMLElement} root
 * @param {PatternName} name
 * @param {string} title
 */
function drawCosts(root, name, title) {
  const each = (/** @type {PatternName} */ of, /** @type {number} */ n) =>
    stackPairs(of, n, REAL_WIDTH, PERIOD) / PERIOD;
  const longest = LENGTHS[LENGTHS.length - 1];
  const less = each("full", longest) / each(name, longest);
  const all = short(each("full", longest));
  const times = number(less, less < 10 ? 1 : 0);
  find(root, ".cost-finding").textContent =
    name === "full"
      ? `At ${count(longest)} tokens, full attention compares ${all} pairs in each layer`
      : `At ${count(longest)} tokens, full attention compares ${times} times as many pairs as “${title}”`;
  const line = (/** @type {string} */ head, /** @type {(n: number) => string} */ cell) =>
    make("tr", {}, make("th", { scope: "row" }, head), ...LENGTHS.map((n) => make("td", {}, cell(n))));
  find(root, ".costs").replaceChildren(
    make(
      "tr",
      {},
      make("th", { scope: "col" }, "tokens"),
      ...LENGTHS.map((n) => make("th", { scope: "col" }, count(n))),
    ),
    line("full", (n) => short(each("full", n))),
    ...(name === "full"
      ? []
      : [
          line(title, (n) => short(each(name, n))),
          line("part of full", (n) => percent(each(name, n) / each("full", n))),
        ]),
  );
}

/** @param {Board} board */
function forgetRun({ root, data, going }) {
  going?.abort();
  find(root, ".guesses").hidden = true;
  find(root, ".model-finding").textContent = "What does the model predict when it sees less?";
  find(root, ".model-note").textContent =
    "The model runs twice on the tokens above: with all keys, and with this pattern in " +
    `its ${data?.n_layers ?? ""} layers. It was trained with full attention, so this is no test of models that are ` +
    "trained with the pattern.";
}

/** @param {Board} board */
async function run(board) {
  const { root, data, pattern, width } = board;
  if (!data) return;
  board.going?.abort();
  const going = new AbortController();
  board.going = going;
  const name = nameOf(data, pattern);
  const asked = { ...data.sentence, pattern: name, width: String(width) };
  const bytes = await busyDuring(root, ask(data.numbers, asked, going.signal));
  if (going.signal.aborted) return;
  if (!bytes) {
    find(root, ".model-finding").textContent = "No answer came. Try again in a few seconds.";
    return;
  }
  /** @type {PredictionData} */
  const { full, patterned } = unpack(bytes).header;
  const [was, is] = [full[0], patterned[0]];
  const words = PHRASES[name](width);
  find(root, ".model-finding").replaceChildren(
    ...rich(
      modelFinding({
        ...{ pattern: words, before: { piece: visible(was.piece), p: percent(was.p) } },
        ...{ after: percent(was.otherwise), best: visible(is.piece), bestP: percent(is.p) },
      }),
    ),
  );
  find(root, ".patterned-title").textContent = `With ${words}`;
  find(root, ".guesses").hidden = false;
  find(root, ".full").replaceChildren(...full.map(bar));
  find(root, ".patterned").replaceChildren(...patterned.map(bar));
}

/** @param {Guess} guess */
const bar = ({ piece, p }) =>
  make(
    "div",
    { class: "guess" },
    make("span", {}, visible(piece)),
    make("span", { class: "bar" }, make("i", { style: `width:${100 * p}%` })),
    make("span", {}, percent(p)),
  );
