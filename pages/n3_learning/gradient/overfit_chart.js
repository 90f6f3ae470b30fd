// @ts-check
// Training loss and held-out loss against the step.

import { linearScale, linePath, ticks } from "../../../ui/kit/axes.js";
import { make } from "../../../ui/kit/elements.js";
import { number } from "../../../ui/kit/format.js";

/** @import { CourseHeader, OverfitData } from "./overfit_words.js" */
/** @import { Point } from "../../../ui/kit/axes.js" */

const [LEFT, RIGHT, TOP, BOTTOM, HEIGHT] = [40, 190, 28, 42, 290];
const HIGHEST = 8; // nats a letter
const AWAITED = [
  ["ink", "Press “Train now” to see two curves:"],
  ["train-loss", "training loss, on the learnt spans"],
  ["held-out", "held-out loss, on other spans"],
];
const LINE = 17; // px from one of these to the next

/**
 * @param {SVGSVGElement} svg
 * @param {OverfitData} data
 * @param {CourseHeader | undefined} course
 * @param {CourseHeader[]} earlier
 */
export function drawCourse(svg, data, course, earlier) {
  const width = svg.clientWidth || 1200;
  const right = width > 700 ? RIGHT : 14;
  svg.setAttribute("viewBox", `0 0 ${width} ${HEIGHT}`);
  const x = linearScale([0, data.last], [LEFT, width - right]);
  const y = linearScale([0, HIGHEST], [HEIGHT - BOTTOM, TOP]);
  const line = (/** @type {CourseHeader} */ { steps }, /** @type {number[]} */ losses) =>
    linePath(losses.map((loss, i) => /** @type {Point} */ ([x(steps[i]), y(Math.min(loss, HIGHEST))])));
  svg.replaceChildren(
    ...ticks([0, HIGHEST], 4).flatMap((at) => [
      make("line", { class: "grid", x1: LEFT, x2: width - right, y1: y(at), y2: y(at) }),
      make("text", { x: LEFT - 8, y: y(at) + 5, "text-anchor": "end" }, String(at)),
    ]),
    ...ticks([0, data.last], 6).map((at) =>
      make("text", { x: x(at), y: HEIGHT - 22, "text-anchor": "middle" }, String(at)),
    ),
    make("text", { x: x(data.last / 2), y: HEIGHT - 3, "text-anchor": "middle" }, "step"),
    make("text", { x: 18, y: 14 }, "loss, nats a letter"),
    make("line", { class: "uniform", x1: LEFT, x2: width - right, y1: y(data.uniform), y2: y(data.uniform) }),
    right === RIGHT
      ? make("text", { x: x(data.last) + 10, y: y(data.uniform) + 5 }, `a uniform guess: ${number(data.uniform)}`)
      : make("text", { x: x(data.last), y: y(data.uniform) - 6, "text-anchor": "end" }, "a uniform guess"),
    ...earlier.flatMap((each) => [
      make("path", { class: "train-loss earlier", d: line(each, each.train) }),
      make("path", { class: "held-out earlier", d: line(each, each.held_out) }),
    ]),
    ...(course ? drawn(course, { x, y, line, wide: right === RIGHT }) : []),
    ...(course || earlier.length ? [] : awaited(x(data.last / 2), y(HIGHEST * 0.93))),
  );
  const said = course
    ? `After ${data.last} steps the training loss is ${number(course.train[course.train.length - 1])}, ` +
      `the held-out loss ${number(course.held_out[course.held_out.length - 1])} nats a letter.`
    : "No run yet.";
  svg.setAttribute("aria-label", said);
}

/**
 * What the empty chart is going to show.
 * @param {number} x of its middle
 * @param {number} y of the first line
 */
const awaited = (x, y) =>
  AWAITED.map(([kind, text], i) => make("text", { class: kind, x, y: y + i * LINE, "text-anchor": "middle" }, text));

/**
 * @param {CourseHeader} course
 * @param {{x: (step: number) => number, y: (loss: number) => number, wide: boolean,
 *   line: (course: CourseHeader, losses: number[]) => string}} places
 */
function drawn(course, { x, y, line, wide }) {
  const { steps, train, held_out: held, best } = course;
  const end = steps.length - 1;
  const name = (/** @type {string} */ kind, /** @type {string} */ text, /** @type {number} */ loss) =>
    wide
      ? make(
          "text",
          { class: kind, x: x(steps[end]) + 10, y: y(Math.min(loss, HIGHEST)) + 5 },
          `${text}: ${number(loss)}`,
        )
      : make("text", { class: kind, x: x(steps[end]), y: y(Math.min(loss, HIGHEST)) - 8, "text-anchor": "end" }, text);
  const left = best > steps.length / 2;
  return [
    make("line", { class: "stop", x1: x(steps[best]), x2: x(steps[best]), y1: TOP, y2: HEIGHT - BOTTOM }),
    make(
      "text",
      { class: "ink", x: x(steps[best]) + (left ? -8 : 8), y: TOP + 14, "text-anchor": left ? "end" : "start" },
      "stop here",
    ),
    make("path", { class: "train-loss", d: line(course, train) }),
    make("path", { class: "held-out", d: line(course, held) }),
    make("circle", { class: "dot", cx: x(steps[best]), cy: y(held[best]), r: 6 }),
    name("train-loss", "training loss", train[end]),
    name("held-out", "held-out loss", held[end]),
  ];
}
