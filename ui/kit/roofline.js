// @ts-check
// The roofline: what a machine computes in a second at most, at so many FLOP for each byte that moves
// (Williams et al. 2009).

import { range } from "./arithmetic.js";
import { logTicks } from "./axes.js";
import { number } from "./format.js";

/** @typedef {{flops: number, bandwidth: readonly [number, number]}} Roof per second; memory from and to */
/** @typedef {{name: string, intensity: number, color: string, place?: string, hollow?: boolean}} RoofPoint */
/**
 * `from` and `to`: FLOP for each byte at the edges; `unit` of FLOP and its name.
 * @typedef {{from: number, to: number, unit: number, unitName: string}} RoofView
 */

const STEPS = 80;

/**
 * FLOP per second with the slower memory and with the faster one.
 * @param {Roof} roof
 * @param {number} intensity
 */
export const reached = ({ flops, bandwidth }, intensity) =>
  bandwidth.map((speed) => Math.min(flops, speed * intensity));

/**
 * The figure: both edges with the room between them filled, and points on it.
 * @param {Roof} roof
 * @param {readonly RoofPoint[]} points
 * @param {RoofView} view
 */
export function roofFigure(roof, points, view) {
  const { from, to, unit } = view;
  const at = range(STEPS + 1).map((i) => from * (to / from) ** (i / STEPS));
  const edge = (/** @type {number} */ i, /** @type {object} */ more) => ({
    ...{ x: at, y: at.map((each) => reached(roof, each)[i] / unit), mode: "lines", hoverinfo: "skip" },
    ...{ line: { color: "var(--residual)", width: 1.5 }, ...more },
  });
  const fill = { fill: "tonexty", fillcolor: "color-mix(in srgb, var(--residual) 22%, var(--page))" };
  const marks = {
    x: points.map(({ intensity }) => intensity),
    y: points.map(({ intensity }) => Math.sqrt(reached(roof, intensity).reduce((a, b) => a * b)) / unit),
    mode: "markers+text",
    text: points.map(({ name }) => name),
    textposition: points.map(({ place }) => place ?? "bottom right"),
    textfont: { size: 14, color: points.map(({ color }) => color) },
    marker: {
      ...{ size: 12, color: points.map(({ color }) => color), line: { width: 2, color: "var(--page)" } },
      symbol: points.map(({ hollow }) => (hollow ? "circle-open" : "circle")),
    },
    hovertemplate: "%{text}: %{x:.1f} FLOP per byte<extra></extra>",
  };
  return { data: [edge(0, {}), edge(1, fill), marks], layout: layout(roof, view) };
}

/**
 * @param {Roof} roof
 * @param {RoofView} view
 */
function layout(roof, { from, to, unit, unitName }) {
  const top = roof.flops / unit;
  const low = reached(roof, from)[0] / unit;
  const speeds = [1, 3].flatMap((first) => logTicks([low / first, top / first]).map((power) => first * power));
  return {
    margin: { r: 24, t: 16 },
    showlegend: false,
    xaxis: {
      ...{ type: "log", title: { text: "FLOP for each byte moved" }, tickvals: logTicks([from, to], 4) },
      range: [Math.log10(from * 0.88), Math.log10(to * 1.1)],
    },
    yaxis: {
      ...{ type: "log", title: { text: `${unitName} per second, at most` } },
      ...{ tickvals: speeds, range: [Math.log10(low * 0.75), Math.log10(top * 1.6)] },
    },
    annotations: [
      {
        ...{ x: Math.log10(from), y: Math.log10(top), xanchor: "left", yshift: 12, showarrow: false },
        text: `arithmetic: ${number(top, 0)}`,
        font: { size: 14, color: "var(--muted)" },
      },
    ],
    shapes: [
      {
        ...{ type: "line", xref: "paper", x0: 0, x1: 1, y0: top, y1: top },
        line: { color: "var(--muted)", width: 1, dash: "dot" },
      },
    ],
  };
}
