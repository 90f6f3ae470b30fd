// @ts-check
// A model's whole life: what training and serving cost, for all sizes that reach one loss.

import { find } from "../../../ui/kit/elements.js";
import { percent, short } from "../../../ui/kit/format.js";
import { plot } from "../../../ui/kit/plot.js";
import { lifetimes } from "./lifetimes.js";
import { nats } from "./scaling_text.js";
import { SIZE_AXIS } from "./size_axis.js";

/** @typedef {import("./scaling_laws.js").Law} Law */
/** @typedef {import("./lifetimes.js").Life} Life */
/** @typedef {"train" | "serve" | "total"} Part */

/**
 * @param {HTMLElement} root
 * @param {Law} law
 * @param {number} target the loss that all of them reach
 * @param {number} served tokens
 * @param {import("../../../ui/kit/palette.js").Palette} palette
 */
export function drawServing(root, law, target, served, palette) {
  const { used, unused, near } = lifetimes(law, target, served);
  const node = find(root, ".serve-plot");
  const title =
    `For ${short(served)} tokens of use, the cheapest life is that of ${short(used.n)} parameters trained on ` +
    `${short(used.d)} tokens: ${percent(1 - used.total / unused.total)} less compute than the cheapest training`;
  find(root, ".serve-title").textContent = title;
  find(root, ".serve-sub").textContent =
    "A model’s life is its training and its use. Training costs 6 N D once. Every token read or written " +
    `afterwards costs 2 N. All models on this chart reach the same loss, ${nats(target)} nats.`;
  const other = `${short(unused.n)} parameters and ${short(unused.d)} tokens`;
  node.setAttribute("aria-label", `${title}, which has ${other}.`);
  return plot(node, figure(near, used, unused), palette);
}

/**
 * @param {Life[]} near
 * @param {Life} used
 * @param {Life} unused
 */
function figure(near, used, unused) {
  const middle = Math.log10(used.total);
  const yaxis = { type: "log", title: { text: "compute, FLOP" }, range: [middle - 1.2, middle + 0.8] };
  return {
    data: [
      curve(near, "train", "training", "var(--query)", "dot"),
      curve(near, "serve", "use", "var(--key)", "dot"),
      curve(near, "total", "whole life", "var(--ink)"),
    ],
    layout: {
      xaxis: SIZE_AXIS,
      yaxis: { ...yaxis, dtick: 1, exponentformat: "power" },
      margin: { r: 72 },
      annotations: [
        arrow(used, "cheapest life", "var(--ink)", -30),
        arrow(unused, "cheapest training", "var(--query)", 40),
        ending(near, "train", "training", "var(--query)"),
        ending(near, "serve", "use", "var(--key)"),
      ],
    },
  };
}

/** @type {(lives: Life[], part: Part, name: string, color: string, dash?: string) => Record<string, unknown>} */
const curve = (lives, part, name, color, dash) => ({
  x: lives.map(({ n }) => n),
  y: lives.map((life) => life[part]),
  mode: "lines",
  line: { color, width: dash ? 1.5 : 2.5, dash },
  customdata: lives.map(({ d }) => short(d)),
  hovertemplate: `${name}: %{y:.2e} FLOP<br>%{x:.3s} parameters on %{customdata} tokens<extra></extra>`,
});

/**
 * @param {Life} life
 * @param {string} text
 * @param {string} color
 * @param {number} ax
 */
const arrow = ({ n, total }, text, color, ax) => ({
  ...{ x: Math.log10(n), y: Math.log10(total), text, showarrow: true, arrowcolor: color, ax, ay: -34 },
  font: { size: 14, color },
});

/** @type {(lives: Life[], part: Part, text: string, color: string) => Record<string, unknown>} */
const ending = (lives, part, text, color) => {
  const last = lives[lives.length - 1];
  const place = { x: Math.log10(last.n), y: Math.log10(last[part]), xanchor: "left", xshift: 4 };
  return { ...place, text, showarrow: false, font: { size: 14, color } };
};
