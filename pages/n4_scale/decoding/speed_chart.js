// @ts-check
// Expected speed against the number of guesses, for a rate of acceptance and a price of a guess.

import { range } from "../../../ui/kit/arithmetic.js";
import { find, rich } from "../../../ui/kit/elements.js";
import { number, percent } from "../../../ui/kit/format.js";
import { plot } from "../../../ui/kit/plot.js";
import { expectedSpeedup, expectedTokens } from "./speculation.js";

/** @import { Palette } from "../../../ui/kit/palette.js" */

/** @typedef {{alpha: number, drafted: number, cost: number}} Expected */

const MOST = 10; // guesses

/**
 * @param {HTMLElement} root
 * @param {Expected} expected
 * @param {Palette} palette
 */
export function drawSpeed(root, { alpha, drafted, cost }, palette) {
  const node = find(root, ".speed-plot");
  const [tokens, speed] = [expectedTokens(alpha, drafted), expectedSpeedup(alpha, drafted, cost)];
  find(root, ".expected").replaceChildren(
    ...rich([
      `If each guess is accepted with a probability of ${percent(alpha)}, ${drafted} guesses bring `,
      ["query", `${number(tokens)} tokens`],
      " for each check, and the text comes ",
      [speed < 1 ? "negative" : "value", `${number(speed)} times`],
      " as fast",
    ]),
  );
  find(root, ".formula").textContent =
    `A round brings (1 − α^(γ+1)) ÷ (1 − α) = ${number(tokens)} tokens and takes γ·c + 1 = ` +
    `${number(drafted * cost + 1)} steps, if a guess takes c of a step and a check as long as a single step. Their ` +
    "quotient is the speed (Leviathan et al. 2023, equation 1 and theorem 3.8).";
  const at = range(MOST).map((i) => i + 1);
  const curve = {
    ...{ x: at, y: at.map((n) => expectedSpeedup(alpha, n, cost)), mode: "lines+markers" },
    ...{ line: { color: "var(--residual)", width: 2.5 }, marker: { size: 7, color: "var(--residual)" } },
    hovertemplate: "%{x} guesses: %{y:.2f} times as fast<extra></extra>",
  };
  const here = {
    ...{ x: [drafted], y: [speed], mode: "markers", hoverinfo: "skip" },
    marker: { size: 14, color: "var(--query)", line: { width: 2, color: "var(--page)" } },
  };
  node.setAttribute("aria-label", `Speed against the number of guesses: ${number(speed)} at ${drafted}.`);
  const layout = {
    ...{ margin: { r: 24, t: 12 }, showlegend: false },
    xaxis: { title: { text: "guesses γ for each check" }, dtick: 1 },
    yaxis: { title: { text: "times as fast" }, rangemode: "tozero" },
    shapes: [
      {
        type: "line",
        xref: "paper",
        x0: 0,
        x1: 1,
        y0: 1,
        y1: 1,
        line: { color: "var(--muted)", width: 1, dash: "dot" },
      },
    ],
  };
  return plot(node, { data: [curve, here], layout }, palette);
}
