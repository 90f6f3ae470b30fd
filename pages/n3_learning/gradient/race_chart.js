// @ts-check
// The losses of a race against the step, the loss by powers of ten.

import { linearScale, linePath, logScale } from "../../../ui/kit/axes.js";
import { make } from "../../../ui/kit/elements.js";
import { number } from "../../../ui/kit/format.js";
import { STEPS } from "./problems.js";

/** @import { Run } from "./problems.js" */
/** @import { Point } from "../../../ui/kit/axes.js" */

/** @typedef {Run & {kind: string}} Racer kind: its colour */

const [LEFT, TOP, BOTTOM, HEIGHT] = [52, 12, 42, 290];
const [NAME, NAME_AND_RATE, WIDE] = [96, 168, 480]; // px at the right, from which width on
const [LOWEST, HIGHEST] = [1e-6, 10];
const APART = 18; // px between two names
const SIGNS = { 0.000001: "10⁻⁶", 0.0001: "10⁻⁴", 0.01: "10⁻²", 1: "1" };

/**
 * @param {SVGSVGElement} svg
 * @param {Racer[]} racers
 * @param {number} [step] that is marked
 */
export function drawLosses(svg, racers, step) {
  const width = svg.clientWidth || 560;
  svg.setAttribute("viewBox", `0 0 ${width} ${HEIGHT}`);
  const right = width - (width > WIDE ? NAME_AND_RATE : NAME);
  const x = linearScale([0, STEPS], [LEFT, right]);
  const y = logScale([LOWEST, HIGHEST], [HEIGHT - BOTTOM, TOP]);
  const bounded = (/** @type {number} */ loss) =>
    Math.min(Math.max(Number.isNaN(loss) ? HIGHEST : loss, LOWEST), HIGHEST);
  const points = (/** @type {Racer} */ { losses }) =>
    losses.map((loss, i) => /** @type {Point} */ ([x(i), y(bounded(loss))]));
  const names = placed(racers.map((each) => y(bounded(each.losses.at(-1) ?? HIGHEST))));
  svg.replaceChildren(
    ...Object.entries(SIGNS).flatMap(([at, sign]) => [
      make("line", { class: "grid", x1: LEFT, x2: right, y1: y(Number(at)), y2: y(Number(at)) }),
      make("text", { x: LEFT - 8, y: y(Number(at)) + 5, "text-anchor": "end" }, sign),
    ]),
    ...[0, 10, 20, 30, 40].map((at) => make("text", { x: x(at), y: HEIGHT - 22, "text-anchor": "middle" }, String(at))),
    make("text", { x: x(STEPS / 2), y: HEIGHT - 3, "text-anchor": "middle" }, "step"),
    ...(step === undefined
      ? []
      : [make("line", { class: "now", x1: x(step), x2: x(step), y1: TOP, y2: HEIGHT - BOTTOM })]),
    ...racers.map((each) => make("path", { class: `run ${each.kind}`, d: linePath(points(each)) })),
    ...racers.map((each, i) =>
      make("text", { class: `run ${each.kind}`, x: right + 8, y: names[i] + 5 }, label(each, width > WIDE)),
    ),
  );
  svg.setAttribute(
    "aria-label",
    racers.map((each) => `${label(each)}: ${lossText(each.losses.at(-1) ?? NaN)}`).join("; "),
  );
}

const SHORT = { sgd: "SGD", momentum: "momentum", adamw: "AdamW", muon: "Muon" };

/**
 * @param {Racer} racer
 * @param {boolean} [wide] with its rate
 */
const label = ({ kind, rate, losses }, wide = true) => {
  const short = SHORT[/** @type {keyof typeof SHORT} */ (kind)];
  if (losses.length <= STEPS) return wide ? `${short} diverged` : `${short} ✕`;
  return wide ? `${short}, rate ${rateText(rate)}` : short;
};

/** @param {number} rate */
const rateText = (rate) => Number(rate.toPrecision(2)).toString();

/** @param {number} loss */
export const lossText = (loss) => (loss >= 1e6 || Number.isNaN(loss) ? "out of range" : number(loss, 2, 0.01));

/**
 * Places of names, moved apart where they would lie on each other.
 * @param {number[]} wanted
 */
function placed(wanted) {
  const order = wanted.map((_, i) => i).sort((a, b) => wanted[a] - wanted[b]);
  const at = [...wanted];
  const bottom = HEIGHT - BOTTOM;
  order.forEach((i, k) => {
    at[i] = Math.max(at[i], k ? at[order[k - 1]] + APART : TOP);
  });
  const over = Math.max(0, at[order[order.length - 1]] - bottom);
  if (over) {
    [...order].reverse().forEach((i, k) => {
      at[i] = Math.min(at[i], bottom - k * APART);
    });
  }
  return at;
}
