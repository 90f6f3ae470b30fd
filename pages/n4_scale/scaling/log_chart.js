// @ts-check
// The frame of a small chart as SVG: axes, grid, titles; an axis is logarithmic or linear.

import { range } from "../../../ui/kit/arithmetic.js";
import { linearScale, linePath, logScale } from "../../../ui/kit/axes.js";
import { make } from "../../../ui/kit/elements.js";

/** @import { Interval, Scale } from "../../../ui/kit/axes.js" */

/** @typedef {readonly (readonly [value: number, text: string])[]} Ticks */
/** @typedef {{title: string, domain: Interval, ticks: Ticks, linear?: boolean}} Axis */
/**
 * @typedef {{x: Scale, y: Scale, width: number, height: number, left: number, right: number, top: number,
 *   bottom: number}} Frame
 */
/** @typedef {SVGElement | false | null | readonly Drawn[]} Drawn */

const [LEFT, TOP, BOTTOM] = [50, 28, 46];
const STEPS = 160; // of a curve

/**
 * @param {number} width
 * @param {number} height
 * @param {Axis} x
 * @param {Axis} y
 * @param {number} [margin] at the right
 * @returns {Frame}
 */
export function frameOf(width, height, x, y, margin = 16) {
  const [right, bottom] = [width - margin, height - BOTTOM];
  const scale = (/** @type {Axis} */ axis, /** @type {Interval} */ place) =>
    (axis.linear ? linearScale : logScale)(axis.domain, place);
  const places = { left: LEFT, right, top: TOP, bottom };
  return { x: scale(x, [LEFT, right]), y: scale(y, [bottom, TOP]), width, height, ...places };
}

/**
 * A chart of what stands on its axes.
 * @param {Frame} frame
 * @param {Axis} x
 * @param {Axis} y
 * @param {string} label for who does not see it
 * @param {...Drawn} drawn
 */
export function chart(frame, x, y, label, ...drawn) {
  const { width, height, left, right, top, bottom } = frame;
  return make(
    "svg",
    { class: "chart", viewBox: `0 0 ${width} ${height}`, width, height, role: "group", "aria-label": label },
    x.ticks.map(([value, words]) => [
      make("line", { class: "grid", x1: frame.x(value), x2: frame.x(value), y1: top, y2: bottom }),
      make("text", { x: frame.x(value), y: bottom + 19, "text-anchor": "middle" }, words),
    ]),
    y.ticks.map(([value, words]) => [
      make("line", { class: "grid", x1: left, x2: right, y1: frame.y(value), y2: frame.y(value) }),
      make("text", { x: left - 7, y: frame.y(value) + 5, "text-anchor": "end" }, words),
    ]),
    make("text", { class: "title", x: 0, y: 14 }, y.title),
    make("text", { class: "title", x: (left + right) / 2, y: height - 6, "text-anchor": "middle" }, x.title),
    ...drawn,
  );
}

/**
 * A function of x as a path, where it lies within the chart.
 * @param {Frame} frame
 * @param {Interval} domain
 * @param {(x: number) => number} f
 * @param {string} kind
 */
export function curve(frame, [low, high], f, kind) {
  const at = range(STEPS + 1).map((i) => low * (high / low) ** (i / STEPS));
  const inside = (/** @type {number} */ y) => y >= frame.top - 1 && y <= frame.bottom + 1;
  const points = at.map((x) => /** @type {const} */ ([frame.x(x), frame.y(f(x))]));
  return make("path", { class: `curve ${kind}`, d: linePath(points.map(([x, y]) => [x, inside(y) ? y : Number.NaN])) });
}
