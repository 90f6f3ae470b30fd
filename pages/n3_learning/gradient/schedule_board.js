// @ts-check
// A schedule of the learning rate, drawn as the reader sets it, over what was recorded of a real training.

import { range } from "../../../ui/kit/arithmetic.js";
import { linearScale, linePath, ticks } from "../../../ui/kit/axes.js";
import { slider } from "../../../ui/kit/controls.js";
import { find, make, rich } from "../../../ui/kit/elements.js";
import { follow } from "../../../ui/kit/follow.js";
import { count, number, percent } from "../../../ui/kit/format.js";
import { mount } from "../../../ui/kit/mount.js";
import { scheduled, smoothed } from "./schedule.js";

/** @import { Interval, Point } from "../../../ui/kit/axes.js" */
/** @import { Slider } from "../../../ui/kit/controls.js" */
/** @import { Segment } from "../../../ui/kit/elements.js" */
/** @import { Page } from "../../../ui/kit/mount.js" */

/**
 * warmup and decay: shares of the training; losses: at the steps `at`, in nats a token.
 * @typedef {{model: string, peak: number, steps: number, warmup: number, decay: number, at: number[],
 *   losses: number[]}} ScheduleData
 */
/**
 * @typedef {{root: HTMLElement, page: Page, warmup: number, decay: number, data?: ScheduleData,
 *   sliders: Slider[]}} Board
 */

const [LEFT, RIGHT, TOP, BOTTOM, HEIGHT] = [56, 14, 10, 42, 220];
const POINTS = 400;
const SPAN = 10;

export default mount((root, page) => {
  /** @type {Board} */
  const board = { root, page, warmup: 0, decay: 0, sliders: [] };
  find(root, ".own").addEventListener("click", () => board.data && set(board, board.data));
  const stop = follow(root, () => draw(board));
  return {
    receive(/** @type {ScheduleData} */ data) {
      if (!board.data) build(board, data);
      draw(board);
    },
    stop,
  };
});

/**
 * @param {Board} board
 * @param {ScheduleData} data
 */
function build(board, data) {
  Object.assign(board, { data, warmup: data.warmup, decay: data.decay });
  const share = (/** @type {"warmup" | "decay"} */ name, /** @type {string} */ label, /** @type {number} */ max) =>
    slider({
      ...{ label, min: 0, max, step: 0.01, value: data[name] },
      show: (to) => percent(to),
      change: (to) => set(board, { ...board, [name]: to }),
    });
  board.sliders = [share("warmup", "Warm-up", 0.5), share("decay", "Decay", 1)];
  find(board.root, ".warmup").append(board.sliders[0]);
  find(board.root, ".decay").append(board.sliders[1]);
}

/**
 * @param {Board} board
 * @param {{warmup: number, decay: number}} to
 */
function set(board, { warmup, decay }) {
  Object.assign(board, { warmup, decay });
  board.sliders[0].set(warmup);
  board.sliders[1].set(decay);
  draw(board);
  find(board.root, ".spoken").textContent = find(board.root, ".finding").textContent;
  board.page.drawn();
}

/**
 * @param {ScheduleData} data
 * @returns {Segment[]}
 */
function finding({ model, steps, decay, at, losses }) {
  const start = Math.round(steps * (1 - decay));
  const smooth = smoothed(losses, SPAN);
  const before = smooth[at.findLastIndex((step) => step <= start)];
  return [
    `In the last ${percent(decay)} of its training the learning rate of ${model} fell to a hundredth, and `,
    ["attention", `its loss fell from ${number(before)} to ${number(smooth[smooth.length - 1])}`],
  ];
}

/** @param {Board} board */
function draw({ root, data, warmup, decay }) {
  if (!data) return;
  find(root, ".finding").replaceChildren(...rich(finding(data)));
  drawRates(find(root, ".rates", SVGSVGElement), data, warmup, decay);
  drawLosses(find(root, ".losses", SVGSVGElement), data);
}

/**
 * @param {SVGSVGElement} svg
 * @param {ScheduleData} data
 * @param {number} warmup
 * @param {number} decay
 */
function drawRates(svg, data, warmup, decay) {
  const { x, y, axes } = frame(svg, data, [0, data.peak], (at) => at.toFixed(3));
  const path = (/** @type {number} */ up, /** @type {number} */ down) =>
    linePath(
      range(POINTS + 1).map(
        (i) => /** @type {Point} */ ([x((data.steps * i) / POINTS), y(data.peak * scheduled(i / POINTS, up, down))]),
      ),
    );
  svg.replaceChildren(
    ...axes,
    make("path", { class: "theirs", d: path(data.warmup, data.decay) }),
    make("path", { class: "yours", d: path(warmup, decay) }),
  );
  svg.setAttribute(
    "aria-label",
    `Learning rate against the step: up in ${percent(warmup)} of the training, down in the last ${percent(decay)}.`,
  );
}

/**
 * @param {SVGSVGElement} svg
 * @param {ScheduleData} data
 */
function drawLosses(svg, data) {
  const { x, y, axes } = frame(svg, data, [3.5, 8], String);
  const points = (/** @type {number[]} */ losses) =>
    losses.map((loss, i) => /** @type {Point} */ ([x(data.at[i]), y(loss)]));
  const phases = [data.warmup, 1 - data.decay].map((share) => x(share * data.steps));
  svg.replaceChildren(
    ...axes,
    ...phases.map((at) => make("line", { class: "phase", x1: at, x2: at, y1: TOP, y2: HEIGHT - BOTTOM })),
    make("text", { x: phases[1] + 8, y: TOP + 14 }, "decay begins"),
    ...points(data.losses).map(([cx, cy]) => make("circle", { cx, cy, r: 2.4 })),
    make("path", { class: "loss", d: linePath(points(smoothed(data.losses, SPAN))) }),
  );
  svg.setAttribute(
    "aria-label",
    `Training loss of ${data.model}, which ends at ${number(data.losses.at(-1) ?? 0)} nats a token.`,
  );
}

/**
 * @param {SVGSVGElement} svg
 * @param {ScheduleData} data
 * @param {Interval} domain
 * @param {(at: number) => string} written
 */
function frame(svg, { steps }, domain, written) {
  const width = svg.clientWidth || 600;
  svg.setAttribute("viewBox", `0 0 ${width} ${HEIGHT}`);
  const x = linearScale([0, steps], [LEFT, width - RIGHT]);
  const y = linearScale(domain, [HEIGHT - BOTTOM, TOP]);
  const axes = [
    ...ticks(domain, 4).flatMap((at) => [
      make("line", { class: "grid", x1: LEFT, x2: width - RIGHT, y1: y(at), y2: y(at) }),
      make("text", { x: LEFT - 8, y: y(at) + 5, "text-anchor": "end" }, written(at)),
    ]),
    ...ticks([0, steps], 4).map((at) => make("text", { x: x(at), y: HEIGHT - 22, "text-anchor": "middle" }, count(at))),
    make("text", { x: x(steps / 2), y: HEIGHT - 3, "text-anchor": "middle" }, "step"),
  ];
  return { x, y, axes };
}
