// @ts-check
// Recall of a planted pair by its distance: what a model answers, and what could arrive at all.

import { range } from "../../../ui/kit/arithmetic.js";
import { check, radios } from "../../../ui/kit/controls.js";
import { find, rich } from "../../../ui/kit/elements.js";
import { follow } from "../../../ui/kit/follow.js";
import { percent } from "../../../ui/kit/format.js";
import { mount } from "../../../ui/kit/mount.js";
import { Palette } from "../../../ui/kit/palette.js";
import { fit, plot } from "../../../ui/kit/plot.js";

/** @import { Segment } from "../../../ui/kit/elements.js" */

/**
 * @typedef {{name: string, recall: number[], limit: number[], pairs: number, near: number,
 *   far: number | null}} NeedleLine
 */
/**
 * @typedef {{lines: NeedleLine[], chance: number, window: number, n_layers: number, n_tokens: number,
 *   n_seeds: number}} NeedleData
 */
/** @typedef {{root: HTMLElement, palette: Palette, data?: NeedleData, at: number}} Board */

export default mount((root) => {
  /** @type {Board} */
  const board = { root, palette: new Palette(root), at: 1 };
  const stop = follow(root, () => {
    board.palette.forget();
    draw(board);
    fit(find(root, ".needle-plot"));
  });
  return { receive: (/** @type {NeedleData} */ data) => receive(board, data), stop };
});

/**
 * @param {Board} board
 * @param {NeedleData} data
 */
function receive(board, data) {
  const { root } = board;
  if (!board.data)
    radios(
      find(root, ".patterns"),
      "Pattern",
      data.lines.length,
      (i) => data.lines[i].name,
      (i) => {
        board.at = i;
        draw(board);
        find(root, ".spoken").textContent = find(root, ".finding").textContent;
      },
    );
  board.data = data;
  return draw(board);
}

/** @param {Board} board */
function draw({ root, palette, data, at }) {
  if (!data) return;
  const line = data.lines[at];
  check(find(root, ".patterns"), at);
  find(root, ".finding").replaceChildren(...rich(finding(line, data)));
  find(root, ".told").textContent =
    `Models of ${data.n_layers} layers, trained from scratch through each pattern, read ${data.n_tokens} tokens and ` +
    `answer which value was planted beside a key. The window has ${data.window} tokens; chunks, dilated windows and ` +
    `blocks look at about as many pairs. Here it is ${percent(line.pairs)} of all pairs. Means of ${data.n_seeds} ` +
    "trainings. Few pairs are very far apart, so the curves end unsteadily.";
  const node = find(root, ".needle-plot");
  node.setAttribute("aria-label", `Recall by distance with ${line.name}: ${percent(line.recall[0])} at distance 1`);
  return plot(node, figure(line, data), palette);
}

/**
 * @param {NeedleLine} line
 * @param {NeedleData} data
 * @returns {Segment[]}
 */
function finding({ name, near, far }, { chance }) {
  if (far === null)
    return [
      `With “${name}”, almost every planted pair can arrive, and `,
      ["query", `${percent(near)} of these`],
      ` are recalled. Guessing gives ${percent(chance)}`,
    ];
  return [
    `With “${name}”, `,
    ["query", `${percent(near)} of the pairs that can arrive`],
    " are recalled, and ",
    ["negative", `${percent(far)} of those that cannot`],
    `. Guessing gives ${percent(chance)}`,
  ];
}

/**
 * @param {NeedleLine} line
 * @param {NeedleData} data
 */
function figure(line, { lines, chance }) {
  const x = range(line.recall.length).map((i) => i + 1);
  const curve = (
    /** @type {string} */ name,
    /** @type {number[]} */ y,
    /** @type {Record<string, unknown>} */ style,
  ) => ({
    ...{ x, y, name, mode: "lines", line: { width: 2.4, ...style } },
    hovertemplate: `${name}<br>%{x} tokens back: %{y:.0%}<extra></extra>`,
  });
  const isFull = line === lines[0];
  return {
    data: [
      ...(isFull ? [] : [curve("full attention", lines[0].recall, { color: "var(--muted)", width: 1.6 })]),
      curve("limit: all that can arrive", line.limit, { color: "var(--negative)", dash: "dash", width: 1.8 }),
      curve(
        "guessing",
        x.map(() => chance),
        { color: "var(--muted)", dash: "dot", width: 1.4 },
      ),
      curve(`recalled with ${line.name}`, line.recall, { color: "var(--query)" }),
    ],
    layout: {
      ...{ margin: { t: 12, r: 16 }, showlegend: false },
      xaxis: { title: { text: "tokens back to the planted pair" }, dtick: 8, range: [0, x.length + 1] },
      yaxis: { title: { text: "right answers" }, tickformat: ".0%", range: [0, 1.05] },
    },
  };
}
