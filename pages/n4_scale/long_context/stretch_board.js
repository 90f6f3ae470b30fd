// @ts-check
// Loss by position beyond the trained length, in four ways of turning; below it, how each way changes the turning.

import { range } from "../../../ui/kit/arithmetic.js";
import { ask, busyDuring } from "../../../ui/kit/asking.js";
import { check, radios } from "../../../ui/kit/controls.js";
import { find, rich } from "../../../ui/kit/elements.js";
import { follow } from "../../../ui/kit/follow.js";
import { count, number } from "../../../ui/kit/format.js";
import { mount } from "../../../ui/kit/mount.js";
import { Palette } from "../../../ui/kit/palette.js";
import { fit, plot } from "../../../ui/kit/plot.js";
import { unpack } from "../../../ui/kit/tensors.js";

/** @import { Segment } from "../../../ui/kit/elements.js" */

/** @typedef {"plain" | "interpolated" | "larger_base" | "yarn"} Way */
/**
 * @typedef {{title: string, note: string, file: string, trained: number, bin: number, nats: Record<string, number[]>,
 *   slower: Record<string, number[]>}} StretchSource
 */
/** @typedef {{sources: StretchSource[], small: string, numbers: string}} StretchData */
/** @typedef {{windows: number, bin: number, nats: Record<string, number[]>}} LiveLosses */
/** @typedef {{root: HTMLElement, palette: Palette, data?: StretchData, sources: StretchSource[], at: number}} Board */

/** @type {Record<Way, {name: string, color: string, dash: string}>} */
const WAYS = {
  plain: { name: "RoPE as it is", color: "var(--negative)", dash: "solid" },
  interpolated: { name: "interpolation", color: "var(--key)", dash: "dash" },
  larger_base: { name: "NTK-aware", color: "var(--value)", dash: "dot" },
  yarn: { name: "YaRN", color: "var(--attention)", dash: "solid" },
};
const NAMES = /** @type {Way[]} */ (Object.keys(WAYS));
const LIVE = ", now";

export default mount((root) => {
  /** @type {Board} */
  const board = { root, palette: new Palette(root), sources: [], at: 0 };
  find(root, ".measure").addEventListener("click", () => measure(board));
  const stop = follow(root, () => {
    board.palette.forget();
    draw(board);
    for (const each of [".loss-plot", ".slower-plot"]) fit(find(root, each));
  });
  return { receive: (/** @type {StretchData} */ data) => receive(board, data), stop };
});

/**
 * @param {Board} board
 * @param {StretchData} data
 */
function receive(board, data) {
  if (!board.data) {
    find(board.root, ".measure").textContent = `Measure ${data.small} now`;
    offer(board, data.sources);
  }
  board.data = data;
  return draw(board);
}

/**
 * @param {Board} board
 * @param {StretchSource[]} sources
 */
function offer(board, sources) {
  board.sources = sources;
  radios(
    find(board.root, ".sources"),
    "Model",
    sources.length,
    (i) => sources[i].title,
    (i) => {
      board.at = i;
      draw(board);
      find(board.root, ".spoken").textContent = find(board.root, ".finding").textContent;
    },
  );
}

/** @param {Board} board */
async function measure(board) {
  const { root, data } = board;
  if (!data) return;
  const button = find(root, ".measure", HTMLButtonElement);
  button.disabled = true;
  button.textContent = "Measuring …";
  const bytes = await busyDuring(root, ask(data.numbers, {}));
  button.disabled = false;
  button.textContent = bytes ? `Measure ${data.small} now` : "No answer came: try again";
  if (!bytes) return;
  /** @type {LiveLosses} */
  const { windows, ...found } = unpack(bytes).header;
  const small = data.sources.find(({ title }) => title === data.small) ?? data.sources[0];
  const note = `${windows} overlapping windows of a text written for this project, which the model has not read.`;
  offer(board, [...data.sources, { ...small, ...found, note, title: `${data.small}${LIVE}` }]);
  board.at = data.sources.length;
  await draw(board);
}

/** @param {Board} board */
function draw({ root, palette, sources, at }) {
  const source = sources[at];
  if (!source) return;
  check(find(root, ".sources"), at);
  const isLive = source.title.endsWith(LIVE);
  const tag = find(root, ".tag");
  tag.className = isLive ? "tag" : "tag measured";
  tag.textContent = isLive ? "live" : "measured";
  tag.title = isLive ? "Measured just now on this server" : source.file;
  find(root, ".finding").replaceChildren(...rich(finding(source)));
  find(root, ".told").textContent =
    "Loss is −ln of the probability of the right next token, in nats (natural-log units). Each point is a mean over " +
    `${source.bin} positions. No line was trained any further. The stretched ones are made for ` +
    `${count(2 * source.trained)} positions. ${source.note}`;
  const [loss, slower] = [find(root, ".loss-plot"), find(root, ".slower-plot")];
  loss.setAttribute(
    "aria-label",
    `Loss by position: ${NAMES.map((way) => `${WAYS[way].name} ends at ${number(last(source, way))} nats`).join(", ")}`,
  );
  slower.setAttribute("aria-label", "How many times more slowly each pair turns, from the fastest to the slowest");
  return Promise.all([plot(loss, lossFigure(source), palette), plot(slower, slowerFigure(source), palette)]);
}

/** @type {(source: StretchSource, way: Way) => number} */
const last = ({ nats }, way) => nats[way][nats[way].length - 1];

/**
 * @param {StretchSource} source
 * @returns {Segment[]}
 */
function finding(source) {
  const best = NAMES.reduce((a, b) => (last(source, b) < last(source, a) ? b : a));
  const end = source.nats.plain.length * source.bin;
  return [
    `${source.title.replace(LIVE, "")} was trained on ${count(source.trained)} positions. ` +
      `Just before position ${count(end)}, plain RoPE has a loss of `,
    ["negative", `${number(last(source, "plain"))} nats`],
    `, and ${WAYS[best].name} `,
    ["attention", `${number(last(source, best))} nats`],
  ];
}

/** @param {StretchSource} source */
function lossFigure({ nats, bin, trained }) {
  const line = {
    type: "line",
    x0: trained,
    x1: trained,
    yref: "paper",
    y0: 0,
    y1: 1,
    line: { color: "var(--muted)", dash: "dot" },
  };
  const name = {
    x: trained,
    yref: "paper",
    y: 1,
    text: `trained up to ${count(trained)} `,
    xanchor: "right",
    yanchor: "top",
    showarrow: false,
  };
  return {
    data: NAMES.map((way) =>
      curve(
        way,
        nats[way].map((_, i) => bin * (i + 0.5)),
        nats[way],
        "near position %{x:,.0f}: %{y:.2f} nats<extra></extra>",
      ),
    ),
    layout: {
      ...{
        margin: { t: 12, r: 16 },
        showlegend: false,
        shapes: [line],
        annotations: [{ ...name, font: { color: "var(--muted)" } }],
      },
      xaxis: { title: { text: "position" }, rangemode: "tozero", tickformat: ",d" },
      yaxis: { title: { text: "loss, nats per token" } },
    },
  };
}

/** @param {StretchSource} source */
function slowerFigure({ slower }) {
  return {
    data: NAMES.map((way) =>
      curve(
        way,
        range(slower[way].length).map((i) => i + 1),
        slower[way],
        "pair %{x}: %{y:.2f} times more slowly<extra></extra>",
      ),
    ),
    layout: {
      ...{ margin: { t: 12, r: 16 }, showlegend: false },
      xaxis: { title: { text: "pair of numbers, from fast to slow" } },
      yaxis: { title: { text: "times more slowly" }, range: [0.9, 2.1] },
    },
  };
}

/** @type {(way: Way, x: number[], y: number[], hover: string) => Record<string, unknown>} */
const curve = (way, x, y, hover) => ({
  ...{ x, y, name: WAYS[way].name, mode: "lines", line: { color: WAYS[way].color, dash: WAYS[way].dash, width: 2.4 } },
  hovertemplate: `${WAYS[way].name}<br>${hover}`,
});
