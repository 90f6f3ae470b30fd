// @ts-check
// Bytes against the length of the text, both by powers.

import { range } from "../../../ui/kit/arithmetic.js";
import { find } from "../../../ui/kit/elements.js";
import { count } from "../../../ui/kit/format.js";
import { plot } from "../../../ui/kit/plot.js";
import { bothWays } from "./traffic_words.js";

/** @import { AcceleratorData } from "./traffic.js" */
/** @import { Setting } from "./traffic_words.js" */
/** @import { Palette } from "../../../ui/kit/palette.js" */

export const [SHORTEST, LONGEST] = [7, 17]; // powers of two
const LENGTHS = range(81).map((i) => 2 ** (SHORTEST + ((LONGEST - SHORTEST) * i) / 80));
const TICKS = [128, 1024, 8192, 65536];
const SIZES = range(6).map((i) => 1024 ** (i / 2 + 1)); // every 32 times
const NAMES = ["1 KiB", "32 KiB", "1 MiB", "32 MiB", "1 GiB", "32 GiB"];
export const LOOKS = {
  tiled: { name: "tiled", color: "var(--attention)" },
  standard: { name: "standard", color: "var(--negative)" },
};

/**
 * @param {HTMLElement} root
 * @param {Setting} setting
 * @param {AcceleratorData} machine
 * @param {Palette} palette
 */
export function drawBytesChart(root, setting, machine, palette) {
  const node = find(root, ".bytes-plot");
  const at = LENGTHS.map((n) => bothWays({ ...setting, n: Math.round(n) }, machine));
  const here = bothWays(setting, machine);
  const said =
    "Bytes moved against the number of tokens, on logarithmic scales: the standard way lies above the tiled one.";
  node.setAttribute("aria-label", said);
  const curves = here.map(({ name }, i) => ({
    x: LENGTHS.map(Math.round),
    y: at.map((ways) => ways[i].bytes),
    mode: "lines",
    line: { color: LOOKS[name].color, width: 2.5 },
    hovertemplate: `${name}: %{y:.3s}B at %{x} tokens<extra></extra>`,
  }));
  const dots = {
    x: here.map(() => setting.n),
    y: here.map(({ bytes }) => bytes),
    mode: "markers",
    marker: { size: 10, color: here.map(({ name }) => LOOKS[name].color), line: { width: 2, color: "var(--page)" } },
    hoverinfo: "skip",
  };
  const layout = {
    margin: { r: 24, t: 16 },
    showlegend: false,
    xaxis: { type: "log", title: { text: "tokens n" }, tickvals: TICKS, ticktext: TICKS.map(count) },
    yaxis: { type: "log", tickvals: SIZES, ticktext: NAMES, range: [4.2, 11.3] },
    annotations: here.map(({ name }, i) => ({
      ...{ x: Math.log10(LENGTHS[66]), y: Math.log10(at[66][i].bytes), xanchor: i ? "right" : "left" },
      ...{ yshift: i ? 12 : -14, xshift: i ? -6 : 6, showarrow: false },
      text: name,
      font: { size: 14, color: LOOKS[name].color },
    })),
    shapes: [
      {
        ...{ type: "line", x0: setting.n, x1: setting.n, yref: "paper", y0: 0, y1: 1 },
        line: { color: "var(--ink)", width: 1.2 },
      },
    ],
  };
  return plot(node, { data: [...curves, dots], layout }, palette);
}
