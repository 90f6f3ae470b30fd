// @ts-check
// The loss after one step against its learning rate, with the gradient's forecast; and the losses so far.

import { clamp, range } from "../../../ui/kit/arithmetic.js";
import { linearScale, linePath, logScale, ticks } from "../../../ui/kit/axes.js";
import { make } from "../../../ui/kit/elements.js";
import { number } from "../../../ui/kit/format.js";
import { forecast, lossAfter, TOO_HIGH, uniform } from "./step_scene.js";
import { nats, rateText } from "./step_words.js";

/** @import { Choice, Place } from "./step_scene.js" */
/** @import { Point, Scale } from "../../../ui/kit/axes.js" */

const HEIGHT = 232;
const [LEFT, RIGHT, TOP, BOTTOM] = [38, 14, 10, 42];
const FEW = 6; // steps that there is room for at least

/**
 * Losses above the chart's top lie on its edge.
 * @param {Place} place
 */
const topOf = (place) => TOO_HIGH * uniform(place);

/**
 * @param {Place} place
 * @returns {Scale}
 */
const heights = (place) => linearScale([0, topOf(place)], [HEIGHT - BOTTOM, TOP]);

/**
 * @param {number} loss
 * @param {Place} place
 */
const capped = (loss, place) => (Number.isFinite(loss) ? clamp(loss, 0, topOf(place)) : topOf(place));

/**
 * @param {SVGSVGElement} svg
 * @param {Place} place
 * @param {Scale} y
 */
function frame(svg, place, y) {
  const width = svg.clientWidth || 600;
  svg.setAttribute("viewBox", `0 0 ${width} ${HEIGHT}`);
  const grid = ticks([0, topOf(place)], 5).flatMap((at) => [
    make("line", { class: "grid", x1: LEFT, x2: width - RIGHT, y1: y(at), y2: y(at) }),
    make("text", { x: LEFT - 8, y: y(at) + 5, "text-anchor": "end" }, String(at)),
  ]);
  const guess = uniform(place);
  return [
    ...grid,
    make("line", { class: "uniform", x1: LEFT, x2: width - RIGHT, y1: y(guess), y2: y(guess) }),
    make("text", { class: "uniform", x: LEFT + 6, y: y(guess) - 6 }, `a uniform guess: ${number(guess)}`),
  ];
}

/** @param {SVGSVGElement} svg @param {Place} place */
const across = (svg, { header }) =>
  logScale([header.place.rates[0], header.place.rates.at(-1) ?? 10], [LEFT, (svg.clientWidth || 600) - RIGHT]);

/**
 * @param {SVGSVGElement} svg
 * @param {Place} place
 * @param {Choice} choice
 */
export function drawRates(svg, place, { rate }) {
  const { rates } = place.header.place;
  const [x, y] = [across(svg, place), heights(place)];
  const before = lossAfter(place, -1);
  const curve = rates.map((each, i) => /** @type {Point} */ ([x(each), y(lossAfter(place, i))]));
  const slope = fine(rates)
    .map((each) => /** @type {const} */ ([each, forecast(place, each)]))
    .filter(([, loss]) => loss >= 0)
    .map(([each, loss]) => /** @type {Point} */ ([x(each), y(loss)]));
  const after = lossAfter(place, rate);
  const [cx, cy] = [curve[rate][0], y(capped(after, place))];
  const anchor = rate > rates.length - 5 ? "end" : "start";
  const shown = after > topOf(place) || !Number.isFinite(after) ? `${nats(after)} ↑` : nats(after);
  svg.replaceChildren(
    ...frame(svg, place, y),
    make("line", {
      class: "now",
      x1: LEFT,
      x2: x(rates.at(-1) ?? 10),
      y1: y(capped(before, place)),
      y2: y(capped(before, place)),
    }),
    make("path", { class: "forecast", d: linePath(slope) }),
    make("path", { class: "line", d: linePath(curve) }),
    ...[0.001, 0.01, 0.1, 1, 10].map((at) =>
      make("text", { x: x(at), y: HEIGHT - 22, "text-anchor": "middle" }, String(at)),
    ),
    make("text", { x: (LEFT + x(10)) / 2, y: HEIGHT - 3, "text-anchor": "middle" }, "learning rate"),
    make("circle", { class: after > before ? "dot high" : "dot", cx, cy, r: 8 }),
    make(
      "text",
      {
        class: "here",
        x: cx + (anchor === "end" ? -13 : 13),
        y: Math.max(cy + (after > before ? 5 : -9), 16),
        "text-anchor": anchor,
      },
      shown,
    ),
  );
}

/**
 * Twelve points between each two rates.
 * @param {number[]} rates
 */
const fine = (rates) =>
  rates.slice(1).flatMap((high, i) => range(12).map((k) => rates[i] * (high / rates[i]) ** (k / 12)));

/**
 * The place in the rates that lies nearest to the pointer.
 * @param {PointerEvent} event
 * @param {SVGSVGElement} svg
 * @param {Place} place
 */
export function rateAt(event, svg, place) {
  const { rates } = place.header.place;
  const box = svg.getBoundingClientRect();
  const wanted = Math.log(across(svg, place).invert(event.clientX - box.left));
  const far = rates.map((each) => Math.abs(Math.log(each) - wanted));
  return far.indexOf(Math.min(...far));
}

/**
 * The losses of this run and of those before, and where the chosen step would lead.
 * @param {SVGSVGElement} svg
 * @param {Place} place
 * @param {Choice} choice
 * @param {number[][]} earlier
 */
export function drawPath(svg, place, { rate }, earlier) {
  const path = Array.from(place.arrays.path.values);
  const longest = Math.max(FEW, path.length, ...earlier.map((each) => each.length - 1));
  const [x, y] = [linearScale([0, longest], [LEFT, (svg.clientWidth || 600) - RIGHT]), heights(place)];
  const points = (/** @type {number[]} */ losses) =>
    losses.map((loss, i) => /** @type {Point} */ ([x(i), y(capped(loss, place))]));
  const here = points(path);
  const [last] = here.slice(-1);
  const ahead = /** @type {Point} */ ([x(path.length), y(capped(lossAfter(place, rate), place))]);
  const alive = Number.isFinite(path.at(-1));
  svg.replaceChildren(
    ...frame(svg, place, y),
    ...earlier.flatMap((each) => [
      make("path", { class: "old", d: linePath(points(each)) }),
      ...points(each).map(([cx, cy]) => make("circle", { class: "dot old", cx, cy, r: 3.5 })),
    ]),
    ...(alive ? [make("path", { class: "ahead", d: linePath([last, ahead]) })] : []),
    make("path", { class: "line", d: linePath(here) }),
    ...here.map(([cx, cy], i) => make("circle", { class: path[i] < topOf(place) ? "dot" : "dot high", cx, cy, r: 5 })),
    ...(alive ? [make("circle", { class: "next", cx: ahead[0], cy: ahead[1], r: 5 })] : []),
    ...ticks([0, longest], 6).map((at) =>
      make("text", { x: x(at), y: HEIGHT - 22, "text-anchor": "middle" }, String(at)),
    ),
    make("text", { x: x(longest / 2), y: HEIGHT - 3, "text-anchor": "middle" }, "steps taken"),
  );
}

/** @param {Place} place @param {number} rate */
export const pathTitle = (place, rate) =>
  place.header.place.taken.length
    ? `The loss so far, and one step more at ${rateText(place.header.place.rates[rate])}`
    : `The loss now, and after one step at ${rateText(place.header.place.rates[rate])}`;
