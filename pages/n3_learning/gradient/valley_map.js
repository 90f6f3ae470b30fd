// @ts-check
// The valley from above: lines of equal loss, the paths of the race, a start that can be dragged.

import { clamp, range } from "../../../ui/kit/arithmetic.js";
import { linearScale, linePath } from "../../../ui/kit/axes.js";
import { make } from "../../../ui/kit/elements.js";

/** @import { Racer } from "./race_chart.js" */
/** @import { Point } from "../../../ui/kit/axes.js" */
/** @typedef {{steepness: number, angle: number, from: [number, number]}} Valley */

const HEIGHT = 290;
const UP = 1.5; // weights from the middle to the upper edge
const EDGE = 0.06; // that a start keeps from the edge
const LEVELS = range(9).map((k) => 0.004 * 2.3 ** k); // losses
const FAR = 8; // beyond it a path is not drawn

/** @param {SVGSVGElement} svg */
function scales(svg) {
  const width = svg.clientWidth || 600;
  const wide = (UP * width) / HEIGHT;
  return { width, wide, x: linearScale([-wide, wide], [0, width]), y: linearScale([-UP, UP], [HEIGHT, 0]) };
}

/**
 * @param {SVGSVGElement} svg
 * @param {Valley} valley
 * @param {Racer[]} racers
 */
export function drawValley(svg, { steepness, angle, from }, racers) {
  const { width, x, y } = scales(svg);
  const scale = x(1) - x(0);
  svg.setAttribute("viewBox", `0 0 ${width} ${HEIGHT}`);
  const level = (/** @type {number} */ loss) =>
    make("path", { class: "level", d: ellipse(loss, steepness, angle, (u, v) => [x(u), y(v)]) });
  const points = (/** @type {Racer} */ { path }) => {
    const near = path.findIndex(({ values }) => values.some((each) => !(Math.abs(each) < FAR)));
    return (near < 0 ? path : path.slice(0, near)).map(
      ({ values }) => /** @type {Point} */ ([x(values[0]), y(values[1])]),
    );
  };
  svg.replaceChildren(
    ...LEVELS.map(level),
    make("path", { class: "goal", d: `M${x(0) - 6} ${y(0)}h12M${x(0)} ${y(0) - 6}v12` }),
    ...racers.flatMap((each) => [
      make("path", { class: `run ${each.kind}`, d: linePath(points(each)) }),
      ...points(each).map(([cx, cy]) => make("circle", { class: `run ${each.kind}`, cx, cy, r: 2.6 })),
    ]),
    make("circle", { class: "start", cx: x(from[0]), cy: y(from[1]), r: Math.min(9, scale / 8) }),
  );
}

/**
 * Where the loss has this value.
 * @param {number} loss
 * @param {number} steepness
 * @param {number} angle
 * @param {(u: number, v: number) => Point} place
 */
function ellipse(loss, steepness, angle, place) {
  const [cos, sin] = [Math.cos((angle * Math.PI) / 180), Math.sin((angle * Math.PI) / 180)];
  const points = range(73).map((k) => {
    const turn = (k * Math.PI) / 36;
    const [u, v] = [Math.sqrt(2 * loss * steepness) * Math.cos(turn), Math.sqrt(2 * loss) * Math.sin(turn)];
    return place(cos * u - sin * v, sin * u + cos * v);
  });
  return linePath(points);
}

/**
 * The weights under the pointer, inside the map.
 * @param {PointerEvent} event
 * @param {SVGSVGElement} svg
 * @returns {[number, number]}
 */
export function weightsAt(event, svg) {
  const box = svg.getBoundingClientRect();
  const { x, y } = scales(svg);
  return inside([x.invert(event.clientX - box.left), y.invert(event.clientY - box.top)], svg);
}

/**
 * @param {readonly [number, number]} weights
 * @param {SVGSVGElement} svg
 * @returns {[number, number]}
 */
export function inside([u, v], svg) {
  const { wide } = scales(svg);
  return [clamp(u, -wide + EDGE, wide - EDGE), clamp(v, -UP + EDGE, UP - EDGE)];
}
