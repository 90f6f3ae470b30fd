// @ts-check
// A word's vectors in three sentences: their cosines layer by layer, and the vectors themselves.

import { largest, range } from "../../../ui/kit/arithmetic.js";
import { linearScale, linePath } from "../../../ui/kit/axes.js";
import { make } from "../../../ui/kit/elements.js";
import { number } from "../../../ui/kit/format.js";
import { bars } from "../../../ui/kit/pictures.js";
import { slice } from "../../../ui/kit/tensors.js";
import { quote } from "../../../ui/kit/words.js";
import { cosineText } from "./cosine_text.js";

/** @import { ContextArrays } from "./context_board.js" */
/** @import { Scale } from "../../../ui/kit/axes.js" */
/** @typedef {{kind: string, name: string, values: ArrayLike<number>}} Line */

const HEIGHT = 330;
const TOP = 34;
const BASE = 280;
const LEFT = 46;
const RIGHT = 206; // px for the names
const NARROW = 520; // px up to which the names stand above
const APART = 19; // px between two names

/**
 * @param {HTMLElement} box
 * @param {ContextArrays} arrays
 */
export function drawAlike(box, { alike, others }) {
  /** @type {Line[]} */
  const lines = [
    { kind: "same", name: "1 and 3, same meaning", values: slice(alike, 1) },
    { kind: "other", name: "1 and 2, other meaning", values: slice(alike, 0) },
    { kind: "any", name: "two different tokens", values: others.values },
  ];
  const steps = others.values.length;
  const width = Math.max(box.clientWidth, 320);
  const low = Math.min(0, ...lines.flatMap(({ values }) => Array.from(values)));
  const isNarrow = width < NARROW;
  const right = width - (isNarrow ? 56 : RIGHT);
  const x = linearScale([0, steps - 1], [LEFT, right]);
  const y = linearScale([low, 1], [BASE, TOP]);
  const heights = spread(lines.map(({ values }) => y(values[steps - 1])));
  box.replaceChildren(
    make(
      "svg",
      { viewBox: `0 0 ${width} ${HEIGHT}`, role: "img", "aria-label": described(lines) },
      axes(steps, { x, y, right }),
      lines.map((line, i) => curve(line, { x, y, at: heights[i], isNamed: !isNarrow })),
    ),
    ...(isNarrow ? lines.map(({ kind, name }) => make("p", {}, make("b", { class: kind }, "— "), name)) : []),
  );
}

/**
 * Heights at which names do not lie on each other.
 * @param {number[]} wanted
 */
function spread(wanted) {
  const order = range(wanted.length).sort((a, b) => wanted[a] - wanted[b]);
  const found = [...wanted];
  for (const [k, i] of order.entries()) if (k > 0) found[i] = Math.max(wanted[i], found[order[k - 1]] + APART);
  return found;
}

/**
 * @param {number} steps
 * @param {{x: Scale, y: Scale, right: number}} place
 */
function axes(steps, { x, y, right }) {
  const every = Math.ceil((steps - 1) / 10);
  const shown = range(steps).filter((step) => step > 0 && step % every === 0);
  return [
    [0, 0.5, 1].map((at) => [
      make("line", { class: "grid", x1: LEFT, x2: right, y1: y(at), y2: y(at) }),
      make("text", { x: LEFT - 8, y: y(at) + 5, "text-anchor": "end" }, number(at, 1)),
    ]),
    make("text", { x: x(0), y: BASE + 22, "text-anchor": "middle" }, "row"),
    shown.map((step) => make("text", { x: x(step), y: BASE + 22, "text-anchor": "middle" }, step)),
    make("text", { x: (LEFT + right) / 2, y: BASE + 44, "text-anchor": "middle" }, "after layer"),
    make("text", { x: 0, y: 14 }, "cosine"),
  ];
}

/**
 * @param {Line} line
 * @param {{x: Scale, y: Scale, at: number, isNamed: boolean}} place
 */
function curve({ kind, name, values }, { x, y, at, isNamed }) {
  const last = values.length - 1;
  const points = Array.from(values, (value, step) => /** @type {[number, number]} */ ([x(step), y(value)]));
  return [
    make("path", { class: kind, d: linePath(points, 2) }),
    make("circle", { class: kind, cx: x(last), cy: y(values[last]), r: 4 }),
    make(
      "text",
      { class: kind, x: x(last) + 10, y: at + 5 },
      `${isNamed ? `${name}: ` : ""}${cosineText(values[last])}`,
    ),
  ];
}

/** @param {Line[]} lines */
const described = (lines) =>
  `Cosine after each layer. ${lines
    .map(({ name, values }) => `${name}: ${Array.from(values, (value) => cosineText(value)).join(", ")}`)
    .join(". ")}.`;

/**
 * The row, and what the last layer made of it in each sentence.
 * @param {HTMLElement} box
 * @param {string} word
 * @param {ContextArrays} arrays
 * @param {number} n_layers
 */
export function drawVectors(box, word, { vectors }, n_layers) {
  const lines = [
    { name: `row of ${quote(word)}`, role: "row" },
    { name: `1 after layer ${n_layers}`, role: "residual" },
    { name: `2 after layer ${n_layers}`, role: "attention" },
    { name: `3 after layer ${n_layers}`, role: "same" },
  ];
  box.setAttribute("aria-label", `The row of ${word} and its vectors after the last layer, each to its own scale.`);
  box.replaceChildren(
    ...lines.flatMap(({ name, role }, i) => {
      const vector = slice(vectors, i);
      return [make("span", {}, name), bars(vector, largest(vector), role, 34)];
    }),
  );
}
