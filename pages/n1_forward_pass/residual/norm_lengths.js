// @ts-check
// Every norm's work on one word: lengths before it, after its division, as read.

import { linearScale, linePath, logScale } from "../../../ui/kit/axes.js";
import { make } from "../../../ui/kit/elements.js";
import { line, text } from "./shapes.js";
import { size } from "./streams.js";

/** @typedef {{role: string, name: string, lengths: number[]}} Curve */

const HEIGHT = 104; // px
const BASE = HEIGHT - 18;
const NAMES = 142; // px beside the curves
const APART = 15; // px between two names

/**
 * @param {Curve[]} curves
 * @param {number} at the norm that is looked at
 * @param {number} width in CSS pixels
 */
export function normLengths(curves, at, width) {
  const right = width - NAMES;
  const every = [1, ...curves.flatMap((curve) => curve.lengths)].filter((length) => length > 0);
  const x = linearScale([0, curves[0].lengths.length - 1], [4, right - 4]);
  const log = logScale([Math.min(...every), Math.max(...every)], [BASE, 12]);
  const y = (/** @type {number} */ length) => log(length || 1);
  const told = curves.map(
    ({ name, lengths }) => `${name}: ${size(lengths[0])} at the first norm, ${size(last(lengths))} at the last`,
  );
  return make(
    "svg",
    { width, height: HEIGHT, viewBox: `0 0 ${width} ${HEIGHT}`, role: "img", "aria-label": told.join("; ") },
    line("now", x(at), 4, x(at), BASE),
    text("", 0, HEIGHT - 2, "first norm", "start"),
    text("", right, HEIGHT - 2, "last norm (log scale)", "end"),
    curves.map(({ role, lengths }) =>
      make("path", { class: `way ${role}`, d: linePath(lengths.map((length, k) => [x(k), y(length)])) }),
    ),
    names(curves, y).map(({ role, name, lengths, place }) =>
      text(`t-${role}`, right + 4, place, `${name} ${size(last(lengths))}`, "start"),
    ),
  );
}

/** @param {number[]} values */
const last = (values) => values[values.length - 1];

/**
 * A name at each curve's end, from the highest, moved down where two would touch.
 * @param {Curve[]} curves
 * @param {(length: number) => number} y
 */
function names(curves, y) {
  let free = 0;
  return [...curves]
    .sort((a, b) => last(b.lengths) - last(a.lengths))
    .map((curve) => {
      const place = Math.max(y(last(curve.lengths)) + 4, free);
      free = place + APART;
      return { ...curve, place };
    });
}
