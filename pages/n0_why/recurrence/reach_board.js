// @ts-check
// The gradient that arrives k steps back: untrained layers with two sliders, trained models on record.

import { rememberSoon, whenSent } from "../../../ui/kit/address.js";
import { range } from "../../../ui/kit/arithmetic.js";
import { check, radios, slider } from "../../../ui/kit/controls.js";
import { find, make, rich } from "../../../ui/kit/elements.js";
import { follow } from "../../../ui/kit/follow.js";
import { number } from "../../../ui/kit/format.js";
import { mount } from "../../../ui/kit/mount.js";
import { Palette } from "../../../ui/kit/palette.js";
import { Parts } from "../../../ui/kit/parts.js";
import { fit, plot } from "../../../ui/kit/plot.js";
import { unpack } from "../../../ui/kit/tensors.js";
import { curve, LOOKS } from "./layer_looks.js";
import { byHand, finding } from "./reach_words.js";

/** @import { Slider } from "../../../ui/kit/controls.js" */
/** @import { Page } from "../../../ui/kit/mount.js" */
/** @import { Reach } from "./reach_words.js" */

/** @typedef {{name: string, x: number[], y: number[]}} RecordedCurve */
/**
 * @typedef {{numbers: string, names: string[], scales: number[], biases: number[], scale: number, bias: number,
 *   trained: RecordedCurve[]}} ReachHeader
 */
/** @typedef {{scale: number, bias: number, distance: number, trained: boolean}} Choice */
/**
 * @typedef {{root: HTMLElement, page: Page, palette: Palette, choice: Choice, header?: ReachHeader,
 *   curves?: Parts<number[]>, levers?: Record<"scale" | "bias" | "distance", Slider>}} Board
 */

const FARTHEST = 128;
const [LOWEST, HIGHEST] = [-10, 4]; // powers of ten that are drawn
const WHEN = ["at initialisation", "after training"];

export default mount((root, page) => {
  /** @type {Board} */
  const board = {
    ...{ root, page, palette: new Palette(root) },
    choice: { scale: 1, bias: 1, distance: 32, trained: false },
  };
  const when = find(root, ".when");
  radios(
    when,
    "Layers",
    WHEN.length,
    (i) => WHEN[i],
    (i) => change(board, { trained: i === 1 }),
  );
  whenSent(root, ({ scale, bias }) => {
    if (scale === undefined && bias === undefined) return false;
    return change(board, {
      ...{ trained: false, distance: 16 },
      ...(scale && { scale: Number(scale) }),
      ...(bias && { bias: Number(bias) }),
    });
  });
  const stop = follow(root, () => {
    board.palette.forget();
    draw(board);
    fit(find(root, ".reach-plot"));
  });
  return { receive: (/** @type {Uint8Array} */ bytes) => receive(board, bytes), stop };
});

/**
 * @param {Board} board
 * @param {Uint8Array} bytes
 */
function receive(board, bytes) {
  const { header, arrays } = unpack(bytes);
  board.header = header;
  const { choice, root } = board;
  choice.scale = header.scale;
  choice.bias = header.bias;
  board.curves = new Parts(root, header.numbers, {}, (packed) => Array.from(packed.arrays.reach.values));
  for (const name of header.names) board.curves.add(key(name, choice), Array.from(arrays[name].values));
  if (!board.levers) makeLevers(board, header);
  mark(board);
  return draw(board);
}

/**
 * @param {Board} board
 * @param {ReachHeader} header
 */
function makeLevers(board, { scales, biases }) {
  const { root, choice } = board;
  const among = (/** @type {string} */ label, /** @type {number[]} */ values, /** @type {"scale" | "bias"} */ name) =>
    slider({
      ...{ label, min: values[0], max: values[values.length - 1], step: values[1] - values[0], value: choice[name] },
      show: (to) => number(to, name === "scale" ? 1 : 0),
      change: (to) => {
        change(board, { [name]: to, trained: false });
        rememberSoon(name, to.toFixed(1));
      },
    });
  board.levers = {
    scale: among("RNN: size of its matrix", scales, "scale"),
    bias: among("LSTM: bias of the forget gate", biases, "bias"),
    distance: slider({
      ...{ label: "Steps back", min: 1, max: FARTHEST, step: 1, value: choice.distance, show: String },
      change: (to) => change(board, { distance: to }),
    }),
  };
  find(root, ".levers").replaceChildren(board.levers.distance, make("span"), board.levers.scale, board.levers.bias);
}

/**
 * @param {Board} board
 * @param {Partial<Choice>} to
 */
async function change(board, to) {
  const { choice, curves, header, root, page } = board;
  Object.assign(choice, to);
  mark(board);
  if (!curves || !header) return;
  const asked = { ...choice };
  const here = await Promise.all(header.names.map((layer) => curves.ask(key(layer, asked), parameters(layer, asked))));
  if (!here.every(Boolean) || asked.scale !== choice.scale || asked.bias !== choice.bias) return;
  await draw(board);
  page.drawn();
  find(root, ".spoken").textContent = find(root, ".finding").textContent;
}

/** @param {string} layer @param {Choice} choice */
const parameters = (layer, { scale, bias }) => ({ layer, scale: scale.toFixed(1), bias: bias.toFixed(1) });

/** Only a layer's own setting counts. @param {string} layer @param {Choice} choice */
const key = (layer, { scale, bias }) => `${layer} ${layer === "RNN" ? scale : layer === "LSTM" ? bias : ""}`;

/** @param {Board} board */
function mark({ root, choice, levers }) {
  check(find(root, ".when"), choice.trained ? 1 : 0);
  for (const name of /** @type {const} */ (["scale", "bias", "distance"])) levers?.[name].set(choice[name]);
  const kind = find(root, ".kind");
  kind.className = choice.trained ? "tag kind measured" : "tag kind";
  kind.textContent = choice.trained ? "measured" : "live";
  kind.title = choice.trained
    ? "From the recorded experiment “recurrence”: models of equally many parameters, trained on the same text"
    : "Computed by this server: single layers of 64 numbers, random weights, random vectors in place of words";
}

/** @param {Board} board @returns {Reach[]} */
function reaches({ header, choice, curves }) {
  if (!header || !curves) return [];
  if (choice.trained) return header.trained;
  return header.names.flatMap((name) => {
    const y = curves.get(key(name, choice));
    return y ? [{ name, x: range(y.length), y }] : [];
  });
}

/** @param {Board} board */
async function draw(board) {
  const { root, choice, palette } = board;
  const shown = reaches(board);
  if (!shown.length) return;
  const { distance, trained, bias } = choice;
  find(root, ".finding").replaceChildren(...rich(finding(shown, distance)));
  find(root, ".told").textContent = trained ? TRAINED : `${byHand(bias, distance)} ${UNTRAINED}`;
  find(root, ".legend").replaceChildren(
    ...shown.map(({ name }) => make("span", { style: `--role: ${LOOKS[name].color}` }, LOOKS[name].name)),
  );
  const node = find(root, ".reach-plot");
  node.setAttribute("aria-label", `${find(root, ".finding").textContent}. Logarithmic scale, 0 to ${FARTHEST} steps.`);
  await plot(node, { data: shown.map(line), layout: layout(distance) }, palette);
}

const UNTRAINED =
  "Before training, attention gives all 129 tokens about the same small weight, so each distance gets about as much.";
const TRAINED =
  "Recorded after training on 1.6 million tokens. Each point is the mean of neighbouring distances; the sentence " +
  "above quotes the nearest point. From about 40 steps back on, the trained LSTM passes on more of the gradient than " +
  "it did at initialisation. It still loses more with distance than the others.";

/** Numbers that are too small to be drawn are left out. @param {Reach} reach */
const line = ({ name, x, y }) =>
  curve(
    name,
    x,
    y.map((share) => (share > 10 ** (LOWEST - 1) ? share : null)),
    ", %{x} steps back: %{y:.2~g}",
  );

/** @param {number} distance */
const layout = (distance) => ({
  margin: { r: 20, t: 12 },
  showlegend: false,
  xaxis: { title: { text: "steps back from the last token" }, range: [-1, FARTHEST + 1], dtick: 16 },
  yaxis: {
    ...{ type: "log", range: [LOWEST, HIGHEST], dtick: 2, exponentformat: "power" },
    title: { text: "gradient, as a share of the last token’s" },
  },
  shapes: [
    {
      ...{ type: "line", x0: distance, x1: distance, yref: "paper", y0: 0, y1: 1 },
      line: { color: "var(--ink)", width: 1.2, dash: "dot" },
    },
  ],
});
