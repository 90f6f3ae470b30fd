// @ts-check
// What follows the reader's point: itself, its budget's line with the grip, the best point on it.

import { clamp } from "../../../ui/kit/arithmetic.js";
import { make } from "../../../ui/kit/elements.js";
import { SIZES, TEXTS } from "./plane_frame.js";
import { best, budget, tokensWithin } from "./scaling_laws.js";
import { budgetLine } from "./scaling_text.js";

/** @typedef {import("./plane_frame.js").Frame} Frame */
/** @typedef {import("./scaling_laws.js").Law} Law */

/**
 * @param {Frame} frame
 * @param {Law} law
 * @param {number} n
 * @param {number} d
 * @returns {Node[]}
 */
export function planePoint(frame, law, n, d) {
  const { x, y } = frame;
  const c = budget(n, d);
  const top = best(law, c);
  const [px, py] = [x(n), y(d)];
  const marks = [budgetMark(frame, n, d), bestMark(frame, top.n, top.d)];
  return [
    budgetPath(frame, c),
    ...marks.flat(),
    make("circle", { class: "halo", cx: px, cy: py, r: 15 }),
    make("circle", { class: "here", cx: px, cy: py, r: 7.5 }),
  ];
}

/**
 * All points of a budget.
 * @param {Frame} frame
 * @param {number} c
 */
function budgetPath({ x, y }, c) {
  const [from, to] = [SIZES[0] / 10, SIZES[1] * 10];
  const ends = { x1: x(from), y1: y(tokensWithin(c, from)), x2: x(to), y2: y(tokensWithin(c, to)) };
  return make("line", { class: "budget", "clip-path": "url(#plane)", ...ends });
}

/**
 * The grip, near the lower end of the line, and what is spent.
 * @param {Frame} frame
 * @param {number} n
 * @param {number} d
 */
function budgetMark(frame, n, d) {
  const c = budget(n, d);
  const at = clamp(tokensWithin(c, TEXTS[0] * 10 ** 0.55), SIZES[0] * 10 ** 0.3, SIZES[1] / 10 ** 0.25);
  const [px, py] = [frame.x(at), frame.y(tokensWithin(c, at))];
  if (!inside(frame, px, py)) return [];
  return [
    make("circle", { class: "grip", cx: px, cy: py, r: 8 }),
    make("text", { class: "budget-label", x: px - 26, y: py + 18, "text-anchor": "end" }, budgetLine(n, d)),
  ];
}

/**
 * @param {Frame} frame
 * @param {number} n
 * @param {number} d
 */
function bestMark(frame, n, d) {
  const [px, py] = [frame.x(n), frame.y(d)];
  if (!inside(frame, px, py)) return [];
  const title = make("title", {}, "the best point of this budget line");
  return [make("path", { class: "optimum", d: `M${px} ${py - 8}l8 8l-8 8l-8 -8z` }, title)];
}

/**
 * @param {Frame} frame
 * @param {number} px
 * @param {number} py
 */
const inside = ({ left, right, top, bottom }, px, py) => px >= left && px <= right && py >= top && py <= bottom;
