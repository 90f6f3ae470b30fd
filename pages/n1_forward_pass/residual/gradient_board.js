// @ts-check
// A gradient on its way back through a chain of sublayers f(x) = slope · x, with skips and without.

import { whenSent } from "../../../ui/kit/address.js";
import { range } from "../../../ui/kit/arithmetic.js";
import { linearScale, linePath, logScale } from "../../../ui/kit/axes.js";
import { slider } from "../../../ui/kit/controls.js";
import { find, make } from "../../../ui/kit/elements.js";
import { follow } from "../../../ui/kit/follow.js";
import { count, number } from "../../../ui/kit/format.js";
import { mount } from "../../../ui/kit/mount.js";
import { line, text } from "./shapes.js";

/** @typedef {{slope: number, sublayers: number}} Chain */
/** @typedef {import("../../../ui/kit/controls.js").Slider} Slider */

const DEEPEST = 24;
const HEIGHT = 170; // px
const [TOP, BASE] = [12, HEIGHT - 24];
const [LEFT, NAMES] = [46, 150]; // px beside the curves
const REACH = /** @type {const} */ ([1e-24, 1e8]);
const TICKS = /** @type {[number, string][]} */ ([
  [1e8, "10⁸"],
  [1, "1"],
  [1e-8, "10⁻⁸"],
  [1e-16, "10⁻¹⁶"],
  [1e-24, "10⁻²⁴"],
]);

export default mount((root, page) => {
  /** @type {Chain} */
  const chain = { slope: 0.1, sublayers: 1 };
  const lever = (/** @type {keyof Chain} */ name, /** @type {string} */ label, /** @type {number[]} */ [step, max]) =>
    slider({ label, min: step, max, step, value: chain[name], show: String, change: (to) => change({ [name]: to }) });
  const levers = {
    slope: lever("slope", "slope of each sublayer", [0.1, 1]),
    sublayers: lever("sublayers", "sublayers", [1, DEEPEST]),
  };
  find(root, ".levers").replaceChildren(levers.slope, levers.sublayers);
  const set = (/** @type {Chain} */ to) => {
    levers.slope.set(to.slope);
    levers.sublayers.set(to.sublayers);
    change(to);
  };
  const change = (/** @type {Partial<Chain>} */ to) => {
    Object.assign(chain, to);
    draw(root, chain);
    page.drawn();
  };
  whenSent(root, ({ slope, sublayers }) => {
    if (slope === undefined) return false;
    return set({ slope: Number(slope), sublayers: Number(sublayers) });
  });
  return { receive: set, stop: follow(root, () => draw(root, chain)) };
});

/**
 * What the gradient is multiplied by, for each way.
 * @param {Chain} chain
 */
const waysOf = ({ slope }) => [
  { name: "with", label: "with skips", sum: `1 + ${number(slope, 1)}`, factor: 1 + slope },
  { name: "without", label: "without", sum: number(slope, 1), factor: slope },
];

/** @param {number} product */
const told = (product) => (Number.isInteger(product) ? count(product) : number(product, 3));

/**
 * @param {HTMLElement} root
 * @param {Chain} chain
 */
function draw(root, chain) {
  const { slope, sublayers } = chain;
  const [held, bare] = waysOf(chain).map(({ factor }) => told(factor ** sublayers));
  const through = `${sublayers} ${sublayers === 1 ? "sublayer" : "sublayers"} of slope ${number(slope, 1)}`;
  find(root, ".finding").textContent =
    `Through ${through}, the gradient is multiplied by ${held} with skips and by ${bare} without`;
  const box = find(root, ".curves");
  box.replaceChildren(curves(chain, box.clientWidth));
  find(root, ".lines").replaceChildren(...waysOf(chain).map((way) => sum(way, sublayers)));
}

/**
 * @param {{label: string, sum: string, factor: number}} way
 * @param {number} n
 */
function sum({ label, sum: one, factor }, n) {
  const made = `= ${told(factor ** n)}`;
  return make("div", {}, `${label}: (${one})`, make("sup", {}, n), ` ${made}`);
}

/**
 * From the output, on the left, back to the first sublayer.
 * @param {Chain} chain
 * @param {number} width
 */
function curves(chain, width) {
  const { sublayers } = chain;
  const x = linearScale([0, DEEPEST], [LEFT, width - NAMES]);
  const y = logScale(REACH, [BASE, TOP]);
  const drawn = waysOf(chain).map(({ name, label, factor }) => {
    const points = range(sublayers + 1).map((k) => /** @type {const} */ ([x(k), y(factor ** k)]));
    const [endX, endY] = points[sublayers];
    return [
      make("path", { class: name, d: linePath(points) }),
      make("circle", { class: name, cx: endX, cy: endY, r: 4.5 }),
      text(name, endX + 10, endY + (name === "with" ? -2 : 12), label, "start"),
    ];
  });
  const label = `Two curves over ${sublayers} sublayers, on a logarithmic scale`;
  return make(
    "svg",
    { width, height: HEIGHT, viewBox: `0 0 ${width} ${HEIGHT}`, role: "img", "aria-label": label },
    TICKS.map(([value, written]) => [
      line(value === 1 ? "one" : "base", LEFT, y(value), width - NAMES, y(value)),
      text("", LEFT - 8, y(value) + 5, written, "end"),
    ]),
    text("", LEFT, HEIGHT - 4, "output", "start"),
    text("", width - NAMES, HEIGHT - 4, `${DEEPEST} sublayers back`, "end"),
    drawn,
  );
}
