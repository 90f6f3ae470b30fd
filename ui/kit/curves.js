// @ts-check
// Curves over the steps of a training, with a line at the step that is looked at.

import { linearScale, linePath, ticks } from "./axes.js";
import { make } from "./elements.js";
import { number } from "./format.js";

/** @import { Interval, Point } from "./axes.js" */

/**
 * `role` colours the curve, `name` stands at its end; x in the chart's own unit.
 * @typedef {{name: string, role: string, points: readonly Point[]}} Curve
 */
/**
 * `marks` are the ticks of x with their text; `at` is where the line of the present step stands.
 * @typedef {{curves: readonly Curve[], x: Interval, y: Interval, marks: readonly (readonly [number, string])[],
 *   at: number, width: number, height: number, label: string, yTitle: string, xTitle: string}} Chart
 */

const [LEFT, TOP, BOTTOM] = [40, 26, 44];
const LETTER = 7.6; // px
const APART = 17; // px between two names

/**
 * @param {Chart} chart
 * @returns {SVGSVGElement}
 */
export function drawCurves(chart) {
  const { width, height } = chart;
  const right = LETTER * Math.max(...chart.curves.map(({ name }) => name.length)) + 14;
  const x = linearScale(chart.x, [LEFT, width - right]);
  const y = linearScale(chart.y, [height - BOTTOM, TOP]);
  return make(
    "svg",
    { class: "curves", width, height, viewBox: `0 0 ${width} ${height}`, role: "img", "aria-label": chart.label },
    make("text", { class: "title", x: 0, y: 12 }, chart.yTitle),
    ticks(chart.y, 4).map((value) => [
      make("line", { class: "grid", x1: LEFT, x2: width - right, y1: y(value), y2: y(value) }),
      make(
        "text",
        { class: "tick", x: LEFT - 6, y: y(value) + 4, "text-anchor": "end" },
        number(value, value % 1 ? 1 : 0),
      ),
    ]),
    apart(chart.marks, x).map(([value, text]) =>
      make("text", { class: "tick", x: x(value), y: height - BOTTOM + 18, "text-anchor": "middle" }, text),
    ),
    make(
      "text",
      { class: "title", x: (LEFT + width - right) / 2, y: height - 6, "text-anchor": "middle" },
      chart.xTitle,
    ),
    make("line", { class: "now", x1: x(chart.at), x2: x(chart.at), y1: TOP - 6, y2: height - BOTTOM }),
    chart.curves.map((curve) => drawn(curve, chart.at, x, y)),
    names(chart.curves, y, width - right + 8),
  );
}

/**
 * A curve, and a dot at the present step where it has a point there.
 * @param {Curve} curve
 * @param {number} at
 * @param {(value: number) => number} x
 * @param {(value: number) => number} y
 */
function drawn({ points, role }, at, x, y) {
  const here = points.find(([value]) => value === at);
  return [
    make("path", { class: `curve ${role}`, d: linePath(points.map(([a, b]) => [x(a), y(b)])) }),
    here && make("circle", { class: role, cx: x(here[0]), cy: y(here[1]), r: 4.5 }),
  ];
}

/**
 * The marks whose texts do not touch; the last one is among them.
 * @param {Chart["marks"]} marks
 * @param {(value: number) => number} x
 */
function apart(marks, x) {
  let next = Infinity;
  return marks.toReversed().filter(([value, text]) => {
    const half = (LETTER * text.length) / 2 + 3;
    if (x(value) + half > next) return false;
    next = x(value) - half;
    return true;
  });
}

/**
 * The names at the ends, moved apart where curves end close to each other.
 * @param {readonly Curve[]} curves
 * @param {(value: number) => number} y
 * @param {number} left
 */
function names(curves, y, left) {
  const ends = curves.map(({ points }, i) => ({ i, at: y(points[points.length - 1][1]) }));
  ends.sort((a, b) => a.at - b.at);
  let last = -APART;
  return ends.map(({ i, at }) => {
    last = Math.max(at, last + APART);
    return make("text", { class: `name ${curves[i].role}`, x: left, y: last + 4 }, curves[i].name);
  });
}
