// @ts-check
// IsoFLOP curves: the loss against the size, each curve one budget.

import { range } from "../../../ui/kit/arithmetic.js";
import { find } from "../../../ui/kit/elements.js";
import { scientific, short } from "../../../ui/kit/format.js";
import { plot } from "../../../ui/kit/plot.js";
import { SIZES } from "./plane_frame.js";
import { best, leastLoss, loss, tokensWithin } from "./scaling_laws.js";
import { nats } from "./scaling_text.js";
import { SIZE_AXIS } from "./size_axis.js";

/** @typedef {import("./scaling_laws.js").Law} Law */
/** @typedef {{c: number, sizes: number[], losses: number[], least: {n: number, loss: number}, own: boolean}} Curve */

const TIMES = [1e-3, 1e-2, 0.1, 1, 10]; // the reader's budget
const STEPS = 260;

/**
 * @param {HTMLElement} root
 * @param {Law} law
 * @param {number} c
 * @param {import("../../../ui/kit/palette.js").Palette} palette
 */
export function drawIsoflops(root, law, c, palette) {
  const curves = TIMES.map((times) => curveOf(law, c, times));
  const least = /** @type {Curve} */ (curves.find(({ own }) => own)).least;
  const node = find(root, ".iso-plot");
  find(root, ".iso-title").textContent = title(law, c, least.n);
  const size = short(least.n);
  const said = `with ${scientific(c)} FLOP, the lowest loss, ${nats(least.loss)} nats, is at about ${size} parameters.`;
  node.setAttribute("aria-label", `IsoFLOP curves: loss against parameters for five budgets; ${said}`);
  const ceiling = curves[0].least.loss * 1.18;
  const floor = curves[curves.length - 1].least.loss * 0.94;
  const layout = {
    xaxis: { ...SIZE_AXIS, range: SIZES.map(Math.log10) },
    yaxis: { title: { text: "loss, nats per token" }, range: [floor, ceiling] },
    annotations: curves.map((curve, i) => label(curve, i < curves.length - 1)),
  };
  return plot(node, { data: [...curves.map((curve) => line(curve, ceiling)), minima(curves)], layout }, palette);
}

/**
 * @param {Law} law
 * @param {number} here
 * @param {number} times
 * @returns {Curve}
 */
function curveOf(law, here, times) {
  const c = here * times;
  const [low, high] = SIZES;
  const sizes = range(STEPS + 1).map((i) => low * (high / low) ** (i / STEPS));
  const { n, d } = leastLoss(law, c);
  const losses = sizes.map((size) => loss(law, size, tokensWithin(c, size)));
  return { c, sizes, losses, least: { n, loss: loss(law, n, d) }, own: times === 1 };
}

/**
 * @param {Law} law
 * @param {number} c
 * @param {number} n
 */
function title(law, c, n) {
  if (law.kind === "parametric")
    return `With ${scientific(c)} FLOP, the loss is lowest at about ${short(n)} parameters`;
  return (
    `With ${scientific(c)} FLOP, this formula’s loss is lowest at about ${short(n)} parameters; ` +
    `the paper’s learning curves say ${short(best(law, c).n)}`
  );
}

/**
 * @param {Curve} curve
 * @param {number} ceiling above which nothing is drawn
 */
const line = ({ c, sizes, losses, own }, ceiling) => ({
  x: sizes,
  y: losses.map((each) => (each <= ceiling ? each : null)),
  mode: "lines",
  hovertemplate: `%{x:.3s} parameters: %{y:.3f} nats<extra>${scientific(c)} FLOP</extra>`,
  line: own ? { color: "var(--feed-forward)", width: 3 } : { color: "var(--residual)", width: 1.5 },
});

/** @param {Curve[]} curves */
const minima = (curves) => ({
  x: curves.map(({ least }) => least.n),
  y: curves.map(({ least }) => least.loss),
  mode: "lines+markers",
  line: { color: "var(--attention)", dash: "dot", width: 1.5 },
  marker: { size: 7 },
  hovertemplate: "lowest loss: %{x:.3s} parameters, %{y:.3f} nats<extra></extra>",
});

/**
 * @param {Curve} curve
 * @param {boolean} beside its least point, or below it
 */
const label = ({ c, least, own }, beside) => ({
  x: Math.log10(least.n),
  y: least.loss,
  text: scientific(c),
  showarrow: false,
  ...(beside ? { xanchor: "left", xshift: 3, yshift: 13 } : { yshift: -13 }),
  font: { size: 14, color: own ? "var(--feed-forward)" : "var(--muted)" },
});
