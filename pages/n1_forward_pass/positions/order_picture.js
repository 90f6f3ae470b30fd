// @ts-check
// No positions at all: what layer 1 gives each word, typed and reversed.

import { largest, range } from "../../../ui/kit/arithmetic.js";
import { make, rich } from "../../../ui/kit/elements.js";
import { number } from "../../../ui/kit/format.js";
import { slice } from "../../../ui/kit/tensors.js";
import { quote } from "../../../ui/kit/words.js";
import { pointedCanvas, rowNames } from "./stage.js";

/** @typedef {import("./position_data.js").Positions} Positions */
/** @typedef {import("./stage.js").Stage} Stage */
/** @typedef {import("./stage.js").Cell} Cell */

/**
 * @param {Stage} stage
 * @param {Positions} positions
 * @param {Cell} at
 * @param {{causal: boolean}} mask changed here
 */
export function drawOrders(stage, positions, at, mask) {
  const { header, arrays } = positions;
  const told = make("p", { class: "told" });
  const grid = make("div", { class: "orders" });
  const show = () => {
    const masked = Number(mask.causal);
    stage.say([finding(positions, masked)]);
    grid.replaceChildren();
    drawBoth(stage, positions, at, { grid, told, masked });
  };
  const onchange = () => {
    mask.causal = box.checked;
    show();
  };
  const box = make("input", { type: "checkbox", checked: mask.causal, onchange });
  const outputs = `the first ${arrays.typed.shape[2]} numbers of what its attention gives each word`;
  const ablated = "The model was trained with positions; without them it only serves as an example of a layer.";
  stage.box.append(
    make("label", { class: "switch" }, box, make("span", {}, "causal mask")),
    grid,
    told,
    make("p", { class: "hint" }, `${header.model}, layer 1: ${outputs}, with the positions taken out. ${ablated}`),
  );
  show();
}

/**
 * @param {Positions} positions
 * @param {number} masked
 */
function finding({ header, labels }, masked) {
  if (labels.length === 1) return "One token has no order. Type a second one";
  const apart = header.apart[masked];
  if (!masked) {
    const same = "reversed tokens get the same outputs";
    return `Without positions and without a mask, ${same}. The largest difference is ${number(apart, 4, 0)}`;
  }
  const most = `by up to ${number(apart)} where the largest number is ${number(header.reach[masked])}`;
  return `Under the causal mask the order shows: reversed, the same tokens get other outputs, ${most}`;
}

/**
 * Both orders side by side, with a line from each word to itself.
 * @param {Stage} stage
 * @param {Positions} positions
 * @param {Cell} at
 * @param {{grid: HTMLElement, told: HTMLElement, masked: number}} place
 */
function drawBoth(stage, positions, at, { grid, told, masked }) {
  const { arrays, labels } = positions;
  const n = labels.length;
  const cell = Math.min(22, 300 / n);
  const typed = range(n);
  const back = typed.map((i) => n - 1 - i);
  const [left, right] = [make("div"), make("div")];
  const planes = [make("div", { class: "plane" }), make("div", { class: "plane" })];
  const wires = lines(n, cell);
  const show = (/** @type {number} */ i) => {
    at.row = i;
    left.replaceChildren(rowNames(labels, typed, { cell, lit: i, wide: stage.wide }));
    right.replaceChildren(rowNames(labels, back, { cell, lit: n - 1 - i, wide: stage.wide, right: true }));
    for (const [j, wire] of Array.from(wires.children).entries()) wire.setAttribute("class", i === j ? "here" : "");
    told.replaceChildren(...rich(comparison(positions, masked, i)));
    return told.textContent ?? "";
  };
  const heading = (/** @type {string} */ kind, /** @type {string} */ name) => make("h4", { class: kind }, name);
  grid.append(heading("first", "as typed"), heading("second", "reversed"), left, planes[0], wires, planes[1], right);
  show(Math.min(at.row, n - 1)); // the names take their room before the canvases are measured
  const top = largest(slice(arrays.typed, masked));
  const look = { height: n * cell, top, masked };
  planes[0].append(orderCanvas(stage, arrays.typed, { ...look, label: "As typed", width: room(planes[0]), show }));
  const other = (/** @type {number} */ row) => show(back[row]);
  planes[1].append(
    orderCanvas(stage, arrays.reversed, { ...look, label: "Reversed", width: room(planes[1]), show: other }),
  );
}

/** @param {HTMLElement} plane */
const room = (plane) => Math.max(plane.clientWidth, 60);

/**
 * @param {Stage} stage
 * @param {import("./position_data.js").Tensor} outputs [mask, position, d_model]
 * @param {{label: string, width: number, height: number, top: number, masked: number,
 *   show: (row: number) => string}} look
 */
function orderCanvas(stage, outputs, { label, width, height, top, masked, show }) {
  const [, rows, columns] = outputs.shape;
  const colour = (/** @type {number} */ row, /** @type {number} */ column) =>
    stage.palette.sign(slice(outputs, masked, row)[column] / top);
  const cells = { rows, columns, width, height, colour, tiles: false };
  return pointedCanvas(stage, { ...cells, label: `${label}: a row per word.`, show });
}

/**
 * @param {number} n
 * @param {number} cell
 */
const lines = (n, cell) =>
  make(
    "svg",
    {
      height: n * cell,
      width: "100%",
      viewBox: `0 0 90 ${n * cell}`,
      preserveAspectRatio: "none",
      "aria-hidden": "true",
    },
    range(n).map((i) => make("line", { x1: 0, x2: 90, y1: (i + 0.5) * cell, y2: (n - 0.5 - i) * cell })),
  );

/**
 * One word's outputs in both orders.
 * @param {Positions} positions
 * @param {number} masked
 * @param {number} i
 * @returns {import("../../../ui/kit/elements.js").Segment[]}
 */
function comparison({ arrays, labels }, masked, i) {
  const typed = slice(arrays.typed, masked, i);
  const reversed = slice(arrays.reversed, masked, labels.length - 1 - i);
  const most = largest(typed.map((x, t) => x - reversed[t]));
  const three = (/** @type {Float32Array} */ x) => Array.from(x.subarray(0, 3), (each) => number(each, 3)).join(", ");
  return [
    ["attention", quote(labels[i])],
    `: ${three(typed)} … as typed; ${three(reversed)} … reversed. `,
    `Largest difference in these ${typed.length}: ${number(most, 3, 0)}.`,
  ];
}
