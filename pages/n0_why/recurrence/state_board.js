// @ts-check
// What a model keeps of a text, against its length: a cache that grows, states that do not.

import { rememberSoon, whenSent } from "../../../ui/kit/address.js";
import { range } from "../../../ui/kit/arithmetic.js";
import { slider } from "../../../ui/kit/controls.js";
import { find, make, rich } from "../../../ui/kit/elements.js";
import { follow } from "../../../ui/kit/follow.js";
import { count, memory } from "../../../ui/kit/format.js";
import { mount } from "../../../ui/kit/mount.js";
import { Palette } from "../../../ui/kit/palette.js";
import { fit, plot } from "../../../ui/kit/plot.js";
import { keptBytes, overtakes } from "./state_size.js";

/** @import { Slider } from "../../../ui/kit/controls.js" */
/** @import { Segment } from "../../../ui/kit/elements.js" */
/** @import { Page } from "../../../ui/kit/mount.js" */
/** @import { Kept, StateData } from "./state_size.js" */

/** @typedef {{root: HTMLElement, page: Page, palette: Palette, n: number, data?: StateData, lever?: Slider}} Board */

const [SHORTEST, LONGEST] = [0, 20]; // powers of two
const LENGTHS = range(81).map((i) => 2 ** (SHORTEST + ((LONGEST - SHORTEST) * i) / 80));
const TICKS = [1, 32, 1024, 32_768, 1_048_576];
/** @type {Record<Kept, {name: string, color: string}>} */
const KEPT = {
  cache: { name: "attention: keys and values", color: "var(--attention)" },
  hybrid: { name: "hybrid", color: "var(--feed-forward)" },
  mamba: { name: "Mamba", color: "var(--value)" },
  lstm: { name: "LSTM", color: "var(--query)" },
};
const NAMES = /** @type {Kept[]} */ (Object.keys(KEPT));

export default mount((root, page) => {
  /** @type {Board} */
  const board = { root, page, palette: new Palette(root), n: 2048 };
  whenSent(root, ({ length }) => (length === undefined ? false : change(board, Number(length))));
  const stop = follow(root, () => {
    board.palette.forget();
    draw(board);
    fit(find(root, ".state-plot"));
  });
  return {
    receive(/** @type {StateData} */ data) {
      board.data = data;
      board.n = data.n;
      board.lever ??= lever(board);
      board.lever.set(Math.log2(data.n));
      return draw(board);
    },
    stop,
  };
});

/** @param {Board} board */
function lever(board) {
  const made = slider({
    ...{ label: "Tokens of text", min: SHORTEST, max: LONGEST, step: 0.25, value: Math.log2(board.n) },
    show: (to) => count(Math.round(2 ** to)),
    change: (to) => {
      change(board, Math.round(2 ** to));
      rememberSoon("length", Math.round(2 ** to));
    },
  });
  find(board.root, ".length").replaceChildren(made);
  return made;
}

/** @param {Board} board @param {number} n */
async function change(board, n) {
  board.n = n;
  board.lever?.set(Math.log2(n));
  await draw(board);
  board.page.drawn();
  find(board.root, ".spoken").textContent = find(board.root, ".finding").textContent;
}

/** @param {Board} board */
async function draw({ root, data, n, palette }) {
  if (!data) return;
  const kept = keptBytes(data, n);
  find(root, ".finding").replaceChildren(...rich(finding(data, n, kept)));
  find(root, ".bars").replaceChildren(...NAMES.map((name) => bar(name, kept)));
  find(root, ".told").textContent = told(data);
  const node = find(root, ".state-plot");
  node.setAttribute(
    "aria-label",
    "Bytes kept against tokens, on logarithmic scales: the cache rises, states stay level",
  );
  await plot(node, { data: NAMES.map((name) => line(data, name)), layout: layout(data, n) }, palette);
}

/**
 * @param {StateData} data
 * @param {number} n
 * @param {Record<Kept, number>} kept
 * @returns {Segment[]}
 */
const finding = ({ title }, n, { cache, lstm }) => [
  `After ${count(n)} ${n === 1 ? "token" : "tokens"}, ${title} keeps `,
  ["attention", memory(cache)],
  " of keys and values; an LSTM of its width and depth keeps ",
  ["query", memory(lstm)],
  ", however long the text is",
];

/** @param {Kept} name @param {Record<Kept, number>} kept */
function bar(name, kept) {
  const most = Math.max(...Object.values(kept));
  return make(
    "div",
    { class: "bar", style: `--role: ${KEPT[name].color}` },
    make("span", {}, KEPT[name].name),
    make("b", {}, memory(kept[name])),
    make("div", { class: "rail" }, make("i", { style: `width: ${(100 * kept[name]) / most}%` })),
  );
}

/** @param {StateData} data */
function told({ per_token, lstm, mamba, n_layers, hybrid_layers, d_model }) {
  const [first, second] = [overtakes(per_token, lstm), overtakes(per_token, mamba)];
  const layers = `${hybrid_layers} of ${n_layers} layers`;
  return (
    `Counted for this model’s ${n_layers} layers of ${count(d_model)} numbers, 16 bits each. An LSTM keeps a cell ` +
    `and a state, ${count(lstm / n_layers)} numbers in each layer. Mamba, a state-space model, keeps 16 numbers for ` +
    `each of 2 · ${count(d_model)} channels, and the last 3 inputs of each channel. The hybrid has attention in ` +
    `${layers} and Mamba in the others. From token ${count(first)} on, the cache is larger than the LSTM’s state, ` +
    `and from token ${count(second)} on, larger than Mamba’s.`
  );
}

/** @param {StateData} data @param {Kept} name */
const line = (data, name) => ({
  x: LENGTHS.map(Math.round),
  y: LENGTHS.map((n) => keptBytes(data, Math.round(n))[name]),
  mode: "lines",
  line: { color: KEPT[name].color, width: 2.6 },
  hovertemplate: `${KEPT[name].name}, %{x} tokens: %{y:.3s}B<extra></extra>`,
});

/** @param {StateData} data @param {number} n */
const layout = (data, n) => ({
  margin: { r: 44, t: 12 },
  showlegend: false,
  xaxis: { type: "log", title: { text: "tokens of text" }, tickvals: TICKS, ticktext: TICKS.map(count) },
  yaxis: { type: "log", ...bytesAxis(data) },
  shapes: [
    {
      ...{ type: "line", x0: n, x1: n, yref: "paper", y0: 0, y1: 1 },
      line: { color: "var(--ink)", width: 1.2, dash: "dot" },
    },
  ],
});

/** @param {StateData} data */
function bytesAxis(data) {
  const lowest = keptBytes(data, 1);
  const low = Math.log10(Math.min(...Object.values(lowest))) - 0.3;
  const high = Math.log10(keptBytes(data, 2 ** LONGEST).cache) + 0.3;
  const at = range(7).map((i) => 1024 * 32 ** i);
  return { range: [low, high], tickvals: at, ticktext: at.map((bytes) => memory(bytes).replace(/\.\d+/, "")) };
}
