// @ts-check
// Arithmetic against the length of the text, both by powers.

import { range } from "../../../ui/kit/arithmetic.js";
import { find } from "../../../ui/kit/elements.js";
import { count } from "../../../ui/kit/format.js";
import { plot } from "../../../ui/kit/plot.js";
import { PARTS, passCosts } from "./costs.js";

/** @typedef {import("./costs.js").Part} Part */
/** @typedef {import("./costs.js").ShapeCosts} ShapeCosts */

export const LONGEST = 20; // a power of two
const POINTS = 80;
const WIDE = 760; // pixels from which on there is room for all ticks
const LENGTHS = range(POINTS + 1).map((i) => 2 ** ((i * LONGEST) / POINTS));

/** `down`: pixels by which a name is moved so that it does not lie on another. */
const LOOKS = {
  linear: { name: "matrices", color: "var(--feed-forward)", down: 5 },
  attention: { name: "scores, mixing", color: "var(--attention)", down: 0 },
  unembedding: { name: "unembedding", color: "var(--residual)", down: -8 },
};

/**
 * @param {HTMLElement} root
 * @param {ShapeCosts} shape
 * @param {number} n
 * @param {import("../../../ui/kit/palette.js").Palette} palette
 */
export function drawLengths(root, shape, n, palette) {
  const node = find(root, ".curves");
  const wide = root.clientWidth > WIDE;
  const ticks = wide ? [1, 16, 256, 4096, 65536, 1048576] : [1, 256, 65536];
  node.setAttribute(
    "aria-label",
    "Arithmetic against length, on logarithmic scales. Scores and mixing grow with the square of the length and " +
      `cost as much as the matrices at ${count(shape.crossover)} tokens.`,
  );
  const yaxis = { type: "log", title: { text: "FLOP of one pass" }, dtick: 3, exponentformat: "power" };
  const layout = {
    margin: { r: wide ? 112 : 24, t: 24 },
    xaxis: { type: "log", title: { text: "tokens n" }, tickvals: ticks, ticktext: ticks.map(count) },
    yaxis,
    shapes: [
      upright(n, "ink", "solid"),
      upright(shape.crossover, "attention", "dot"),
      upright(shape.context_length, "muted", "dash"),
    ],
    annotations: [
      ...(wide ? PARTS.map((part) => partName(shape, part)) : []), // else the lines beside it say whose colour it is
      contextName(shape),
      crossoverName(shape),
    ],
  };
  const costs = LENGTHS.map((length) => passCosts(shape, length));
  return plot(node, { data: [...PARTS.map((part) => curve(costs, part)), dots(shape, n)], layout }, palette);
}

/**
 * @param {Record<Part, number>[]} costs
 * @param {Part} part
 */
const curve = (costs, part) => ({
  x: LENGTHS,
  y: costs.map((each) => each[part]),
  mode: "lines",
  line: { color: LOOKS[part].color, width: 2.5 },
  hovertemplate: `${LOOKS[part].name}: %{y:.3s}FLOP at %{x:.3s} tokens<extra></extra>`,
});

/**
 * The parts at the reader's length.
 * @param {ShapeCosts} shape
 * @param {number} n
 */
const dots = (shape, n) => ({
  x: PARTS.map(() => n),
  y: PARTS.map((part) => passCosts(shape, n)[part]),
  mode: "markers",
  marker: { size: 9, color: PARTS.map((part) => LOOKS[part].color), line: { width: 2, color: "var(--page)" } },
  hoverinfo: "skip",
});

/**
 * @param {number} x
 * @param {string} role
 * @param {string} dash
 */
const upright = (x, role, dash) => ({
  ...{ type: "line", x0: x, x1: x, yref: "paper", y0: 0, y1: 1 },
  line: { color: `var(--${role})`, width: 1.2, dash },
});

/**
 * A curve's name at its right end.
 * @param {ShapeCosts} shape
 * @param {Part} part
 */
const partName = (shape, part) => ({
  ...{ x: 1, xref: "paper", xanchor: "left", xshift: 6 },
  y: Math.log10(passCosts(shape, 2 ** LONGEST)[part]),
  yshift: LOOKS[part].down,
  text: LOOKS[part].name,
  showarrow: false,
  font: { size: 14, color: LOOKS[part].color },
});

/** @param {ShapeCosts} shape */
const contextName = ({ context_length }) => ({
  ...{ x: Math.log10(context_length), xanchor: "left", xshift: 4, y: 0.02, yref: "paper", yshift: 8 },
  text: "its longest text",
  showarrow: false,
  font: { size: 14, color: "var(--muted)" },
});

/** @param {ShapeCosts} shape */
const crossoverName = ({ crossover }) => ({
  ...{ x: Math.log10(crossover), y: 1, yref: "paper", yshift: 11 },
  text: `equal at ${count(crossover)}`,
  showarrow: false,
  font: { size: 14, color: "var(--attention)" },
});
