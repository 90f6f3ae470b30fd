// @ts-check
// One activation function: its curve and slope over the histogram of pre-activations, a cursor along it.

import { ACTIVATIONS, clamp, range } from "../../../ui/kit/arithmetic.js";
import { linearScale, linePath } from "../../../ui/kit/axes.js";
import { make } from "../../../ui/kit/elements.js";
import { number } from "../../../ui/kit/format.js";
import { slope } from "./neurons.js";

/** @typedef {(x: number) => number} Curve */
/** @typedef {{id: "relu" | "gelu_tanh" | "swiglu" | "gated", name: string, formula: string}} Kind */
/** @typedef {{node: HTMLElement, point: (x: number) => string}} CurveCard */

/** @type {readonly Kind[]} */
export const KINDS = [
  { id: "relu", name: "ReLU", formula: "max(0, x)" },
  { id: "gelu_tanh", name: "GELU", formula: "x · Φ(x), Φ: normal distribution" },
  { id: "swiglu", name: "SiLU", formula: "x · σ(x), σ(x) = 1 / (1 + e⁻ˣ)" },
  { id: "gated", name: "SwiGLU", formula: "SiLU(gate) · up: a product of two numbers" },
];
export const REACH = 5; // of x, to both sides

const WIDTH = 250;
const HEIGHT = 176;
const FLOOR = 162; // px from the top to the foot of the histogram
const TALLEST = 36; // px of a column
const LOWEST = -1.15; // f(x) that still has room
const HIGHEST = 5;
const UPS = [2, 1, -1];

const toX = linearScale([-REACH, REACH], [0, WIDTH]);
const toY = linearScale([0, HIGHEST], [100, 6]);
const XS = range(121).map((i) => -REACH + (i * REACH) / 60);

/** @param {Kind} kind */
const curveOf = ({ id }) => ACTIVATIONS[id === "gated" ? "swiglu" : id];

/**
 * @param {Kind} kind
 * @param {{counts: Int32Array, isUsed: boolean, swapped: (string | Node)[]}} shown
 * @param {(x: number) => void} pointAt
 * @returns {CurveCard}
 */
export function curveCard(kind, { counts, isUsed, swapped }, pointAt) {
  const cursor = make("line", { class: "cursor", y1: 4, y2: FLOOR });
  const dot = make("circle", { r: 3.5 });
  const read = make("div", { class: "read" });
  const curves = kind.id === "gated" ? products(curveOf(kind)) : bend(kind);
  const box = { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, "aria-hidden": "true" };
  const svg = make("svg", box, grid(), histogram(counts), curves, cursor, dot);
  svg.addEventListener("pointermove", (event) => {
    const { left, width } = svg.getBoundingClientRect();
    pointAt(clamp(toX.invert(((event.clientX - left) / width) * WIDTH), -REACH, REACH));
  });
  const title = make("header", {}, make("b", {}, kind.name), isUsed && make("span", {}, "this model’s"));
  const formula = make("div", { class: "formula", title: kind.formula }, kind.formula);
  const swap = make("div", { class: "swap" }, swapped);
  const node = make("div", { class: isUsed ? "curve used" : "curve" }, title, formula, svg, read, swap);
  const point = (/** @type {number} */ x) => {
    const px = String(toX(x));
    cursor.setAttribute("x1", px);
    cursor.setAttribute("x2", px);
    dot.setAttribute("cx", px);
    dot.setAttribute("cy", String(toY(curveOf(kind)(x))));
    read.textContent = reading(kind, x);
    return `${kind.name}: ${read.textContent}`;
  };
  return { node, point };
}

/**
 * @param {Kind} kind
 * @param {number} x with no more digits than are written
 */
function reading(kind, x) {
  const f = curveOf(kind);
  if (kind.id !== "gated") return `f(${number(x)}) = ${number(f(x))}, slope ${number(slope(f, x))}`;
  const shown = UPS.map((up) => number(up * f(x))).join(", ");
  return `x ${number(x)} → ${shown} for up ${UPS.map((up) => number(up, 0)).join(", ")}`;
}

/**
 * @param {string} name
 * @param {Curve} f
 */
function line(name, f) {
  const inside = XS.filter((x) => f(x) >= LOWEST && f(x) <= HIGHEST);
  return make("path", { class: name, d: linePath(inside.map((x) => [toX(x), toY(f(x))])) });
}

/**
 * @param {number} x
 * @param {number} y
 * @param {string} words
 * @param {"start" | "middle" | "end"} [anchor]
 * @param {string} [name]
 */
const text = (x, y, words, anchor = "start", name) => make("text", { x, y, class: name, "text-anchor": anchor }, words);

/** @param {Kind} kind */
function bend(kind) {
  const f = curveOf(kind);
  const low = toY(1) + (kind.id === "relu" ? 12 : 14);
  return [line("slope", (x) => slope(f, x)), line("f", f), text(WIDTH - 2, low, "slope", "end")];
}

/**
 * The products with some values of `up`.
 * @param {Curve} f
 */
function products(f) {
  const curve = (/** @type {number} */ up) => line(up === 1 ? "f" : "f other", (x) => up * f(x));
  return [
    UPS.map(curve),
    text(toX(1.6), toY(3.6), "up 2", "end", "tagged"),
    text(toX(3.2), toY(2.4), "up 1", "start", "tagged"),
    text(toX(1.7), toY(-1) + 2, "up −1", "start", "tagged"),
  ];
}

function grid() {
  const across = (/** @type {number} */ y) =>
    make("line", { class: y ? "grid" : "axis", x1: 0, x2: WIDTH, y1: toY(y), y2: toY(y) });
  return [
    [0, 2, 4].map(across),
    [2, 4].map((y) => text(2, toY(y) - 3, String(y))),
    make("line", { class: "grid", x1: toX(0), x2: toX(0), y1: 6, y2: FLOOR }),
    [-4, -2, 0, 2, 4].map((x) => text(toX(x), HEIGHT, number(x, 0), "middle")),
  ];
}

/** @param {Int32Array} counts */
function histogram(counts) {
  const step = WIDTH / counts.length;
  const tall = linearScale([0, Math.max(...counts, 1)], [0, TALLEST]);
  const column = (/** @type {number} */ n, /** @type {number} */ i) =>
    make("rect", { class: "column", x: i * step, width: step - 0.7, y: FLOOR - tall(n), height: tall(n) });
  return Array.from(counts, column);
}
