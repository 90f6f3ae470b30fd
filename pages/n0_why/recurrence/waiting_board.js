// @ts-check
// Time against length, measured on a press, and steps in a row, counted.

import { askEach } from "../../../ui/kit/asking.js";
import { find, make, rich } from "../../../ui/kit/elements.js";
import { follow } from "../../../ui/kit/follow.js";
import { count } from "../../../ui/kit/format.js";
import { mount } from "../../../ui/kit/mount.js";
import { Palette } from "../../../ui/kit/palette.js";
import { fit, plot } from "../../../ui/kit/plot.js";
import { unpack } from "../../../ui/kit/tensors.js";
import { curve, LOOKS } from "./layer_looks.js";
import { finding, longest, STEPS, told } from "./steps_words.js";

/** @import { Page } from "../../../ui/kit/mount.js" */
/** @import { Times } from "./steps_words.js" */

/** @typedef {{name: string, x: number[], y: number[]}} RecordedTimes */
/**
 * @typedef {{numbers: string, layers: string[], lengths: number[], d_model: number,
 *   recorded: RecordedTimes[]}} StepsData
 */
/** @typedef {{layer: string, n: number, seconds: number | null}} TimeHeader */
/**
 * `going` while it measures; `left`: what would have taken too long.
 * @typedef {{root: HTMLElement, page: Page, palette: Palette, times: Times, data?: StepsData, going?: AbortController,
 *   left: Set<string>}} Board
 */

const ROUNDS = 3; // each layer at each length so often, of which the least counts

export default mount((root, page) => {
  /** @type {Board} */
  const board = { root, page, palette: new Palette(root), times: {}, left: new Set() };
  find(root, ".measure").addEventListener("click", () => (board.going ? cancel(board) : measure(board)));
  const stop = follow(root, () => {
    board.palette.forget();
    draw(board);
    for (const name of [".time-plot", ".count-plot"]) fit(find(root, name));
  });
  return {
    receive(/** @type {StepsData} */ data) {
      board.data = data;
      return draw(board);
    },
    stop: () => {
      cancel(board);
      stop();
    },
  };
});

/** @param {Board} board */
function cancel(board) {
  board.going?.abort();
  board.going = undefined;
  find(board.root, ".measure").textContent = longest(board.times) ? "Measure again" : "Measure here";
  find(board.root, ".progress").hidden = true;
  find(board.root, ".state").textContent = "";
}

/** Round after round, so that what slows the server down for a while slows all of them. @param {Board} board */
async function measure(board) {
  const { root, data, page } = board;
  if (!data) return;
  const going = new AbortController();
  Object.assign(board, { going, times: {}, left: new Set() });
  const round = data.lengths.flatMap((n) => data.layers.map((layer) => ({ layer, n: String(n) })));
  const questions = Array(ROUNDS).fill(round).flat();
  const progress = find(root, ".progress", HTMLProgressElement);
  progress.hidden = false;
  find(root, ".measure").textContent = "Stop";
  let asked = 0;
  const take = (/** @type {Uint8Array} */ bytes) => {
    keep(board, unpack(bytes).header);
    progress.value = ++asked / questions.length;
    find(root, ".state").textContent = `${asked} of ${questions.length} measurements`;
    draw(board);
  };
  const isWhole = await askEach(data.numbers, questions, take, going.signal);
  if (board.going !== going) return;
  cancel(board);
  if (!isWhole) find(root, ".state").textContent = "The server did not answer. Try again in a moment.";
  await draw(board);
  page.drawn();
  find(root, ".spoken").textContent = find(root, ".finding").textContent;
}

/**
 * The least of all rounds: it is what other programs have disturbed least.
 * @param {Board} board
 * @param {TimeHeader} header
 */
function keep(board, { layer, n, seconds }) {
  if (seconds === null) {
    if (!board.times[layer]?.has(n)) board.left.add(leftOut(layer, n));
    return;
  }
  board.left.delete(leftOut(layer, n));
  board.times[layer] ??= new Map();
  board.times[layer].set(n, Math.min(1e3 * seconds, board.times[layer].get(n) ?? Infinity));
}

/** @param {string} layer @param {number} n */
const leftOut = (layer, n) => `${LOOKS[layer].name}, ${count(n)} tokens`;

/** @param {Board} board */
async function draw(board) {
  const { root, data, times, palette, left } = board;
  if (!data) return;
  const isLive = Object.keys(times).length > 0;
  find(root, ".finding").replaceChildren(...rich(finding(times)));
  const missing = left.size ? ` Left out, since it would make other readers wait: ${[...left].join("; ")}.` : "";
  find(root, ".told").textContent = (isLive ? "" : RECORDED) + told(times, data.d_model) + missing;
  markKind(root, isLive);
  find(root, ".legend").replaceChildren(
    ...data.layers.map((name) => make("span", { style: `--role: ${LOOKS[name].color}` }, LOOKS[name].name)),
  );
  const timed = isLive
    ? Object.entries(times).map(([name, of]) => ({ name, x: [...of.keys()], y: [...of.values()] }))
    : data.recorded;
  const drawn = timed.map(({ name, x, y }) => curve(name, x, y, ", %{x} tokens: %{y:.3~g} ms"));
  const steps = data.layers.map((name) =>
    curve(name, data.lengths, data.lengths.map(STEPS[name]), ", %{x} tokens: %{y}"),
  );
  await Promise.all([
    picture(find(root, ".time-plot"), { data: drawn, layout: layout(data, "milliseconds") }, palette),
    picture(find(root, ".count-plot"), { data: steps, layout: layout(data, "steps in a row") }, palette),
  ]);
}

const RECORDED =
  "Until you measure, the left chart shows recorded times of whole models of 0.2 million parameters each. ";

/** @param {HTMLElement} root @param {boolean} isLive */
function markKind(root, isLive) {
  const kind = find(root, ".kind");
  kind.className = isLive ? "tag kind" : "tag kind measured";
  kind.textContent = isLive ? "live" : "measured";
  kind.title = isLive
    ? "Processor time on this server just now: single layers of 64 numbers, the shortest of three rounds"
    : "From the recorded experiment “recurrence”, on one thread";
}

/**
 * @param {HTMLElement} node
 * @param {import("../../../ui/kit/plot.js").Figure} figure
 * @param {Palette} palette
 */
function picture(node, figure, palette) {
  node.setAttribute("aria-label", `${figure.layout?.yaxis.title.text} against tokens, both on logarithmic scales`);
  return plot(node, figure, palette);
}

/** @param {StepsData} data @param {string} unit */
const layout = ({ lengths }, unit) => ({
  margin: { r: 20, t: 12 },
  showlegend: false,
  xaxis: { type: "log", title: { text: "tokens" }, tickvals: lengths, ticktext: lengths.map(count) },
  yaxis: { type: "log", title: { text: unit }, dtick: 1, tickformat: "," },
});
