// @ts-check
// The roofline: how much a machine computes in a second, at so many FLOP for each byte that moves.

import { range } from "../../../ui/kit/arithmetic.js";
import { find } from "../../../ui/kit/elements.js";
import { number } from "../../../ui/kit/format.js";
import { plot } from "../../../ui/kit/plot.js";
import { LOOKS } from "./bytes_chart.js";
import { reached } from "./traffic.js";
import { bothWays } from "./traffic_words.js";

/** @import { AcceleratorData } from "./traffic.js" */
/** @import { Setting } from "./traffic_words.js" */
/** @import { Palette } from "../../../ui/kit/palette.js" */

const AT = range(61).map((i) => 2 ** (3 + i / 10)); // 8 to 512 FLOP for each byte
const TICKS = [8, 32, 128, 512];
const TERA = 1e12;

/**
 * @param {HTMLElement} root
 * @param {Setting} setting
 * @param {AcceleratorData} machine
 * @param {Palette} palette
 */
export function drawRoof(root, setting, machine, palette) {
  const node = find(root, ".roof-plot");
  const ways = bothWays(setting, machine);
  const tops = ways.map(({ intensity }) => speeds(machine, intensity));
  const said = ways.map(({ name, intensity }, i) => `${name}: ${number(intensity, 0)} FLOP per byte, ${span(tops[i])}`);
  node.setAttribute("aria-label", `What the bytes allow. ${said.join("; ")}.`);
  const colours = ways.map(({ name }) => LOOKS[name].color);
  const points = {
    x: ways.map(({ intensity }) => intensity),
    y: tops.map(([low, high]) => Math.sqrt(low * high)),
    mode: "markers+text",
    text: ways.map(({ name }) => name),
    textposition: "bottom right",
    textfont: { size: 14, color: colours },
    marker: { size: 12, color: colours, line: { width: 2, color: "var(--page)" } },
    hovertemplate: "%{text}: %{x:.0f} FLOP per byte<extra></extra>",
  };
  return plot(node, { data: [...roof(machine), points], layout: layout(machine) }, palette);
}

/**
 * TFLOP per second with the slower memory and with the faster one.
 * @param {AcceleratorData} machine
 * @param {number} intensity
 */
const speeds = (machine, intensity) => reached(machine, intensity).map((speed) => speed / TERA);

/**
 * Its lower edge, and its upper one with the room between them filled.
 * @param {AcceleratorData} machine
 */
function roof(machine) {
  const edge = (/** @type {number} */ i, /** @type {object} */ more) => ({
    ...{ x: AT, y: AT.map((intensity) => speeds(machine, intensity)[i]), mode: "lines", hoverinfo: "skip" },
    ...{ line: { color: "var(--residual)", width: 1.5 }, ...more },
  });
  const fill = { fill: "tonexty", fillcolor: "color-mix(in srgb, var(--residual) 22%, var(--page))" };
  return [edge(0, {}), edge(1, fill)];
}

/** @param {AcceleratorData} machine */
const layout = ({ flops }) => ({
  margin: { r: 24, t: 16 },
  showlegend: false,
  xaxis: {
    ...{ type: "log", title: { text: "FLOP for each byte moved" }, tickvals: TICKS },
    range: [Math.log10(7), Math.log10(560)],
  },
  yaxis: {
    ...{ type: "log", title: { text: "TFLOP per second, at most" }, tickvals: [10, 30, 100, 300] },
    range: [1, Math.log10(450)],
  },
  annotations: [
    {
      ...{ x: Math.log10(8), y: Math.log10(flops / TERA), xanchor: "left", yshift: 12, showarrow: false },
      text: `arithmetic: ${number(flops / TERA, 0)}`,
      font: { size: 14, color: "var(--muted)" },
    },
  ],
  shapes: [
    {
      ...{ type: "line", xref: "paper", x0: 0, x1: 1, y0: flops / TERA, y1: flops / TERA },
      line: { color: "var(--muted)", width: 1, dash: "dot" },
    },
  ],
});

/**
 * 48 to 64 TFLOP per second
 * @param {number[]} speeds
 */
function span([low, high]) {
  const text = low === high ? number(low, 0) : `${number(low, 0)} to ${number(high, 0)}`;
  return `${text} TFLOP per second`;
}
