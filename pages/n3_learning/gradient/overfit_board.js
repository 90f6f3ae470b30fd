// @ts-check
// Overfitting on a press: the server trains a small model in one go, and each outcome stays on the chart.

import { ask, busyDuring } from "../../../ui/kit/asking.js";
import { check, radios } from "../../../ui/kit/controls.js";
import { find, rich } from "../../../ui/kit/elements.js";
import { follow } from "../../../ui/kit/follow.js";
import { mount } from "../../../ui/kit/mount.js";
import { unpack } from "../../../ui/kit/tensors.js";
import { drawCourse } from "./overfit_chart.js";
import { finding, told } from "./overfit_words.js";

/** @import { CourseHeader, OverfitData } from "./overfit_words.js" */
/** @import { Page } from "../../../ui/kit/mount.js" */

/**
 * courses: by their spans; training: the spans of a run that is on its way, 0 for none.
 * @typedef {{root: HTMLElement, page: Page, spans: number, data?: OverfitData, courses: Map<number, CourseHeader>,
 *   training: number, leaving?: AbortController}} Board
 */

export default mount((root, page) => {
  /** @type {Board} */
  const board = { root, page, spans: 0, training: 0, courses: new Map() };
  find(root, ".train").addEventListener("click", () => train(board));
  const stop = follow(root, () => draw(board));
  return {
    receive(/** @type {OverfitData} */ data) {
      if (!board.data) build(board, data);
      draw(board);
    },
    stop: () => {
      board.leaving?.abort();
      stop();
    },
  };
});

/**
 * @param {Board} board
 * @param {OverfitData} data
 */
function build(board, data) {
  board.data = data;
  board.spans = data.spans[1];
  const box = find(board.root, ".spans");
  const choose = (/** @type {number} */ i) => {
    board.spans = data.spans[i];
    draw(board);
    board.page.drawn();
  };
  radios(box, "Spans to learn from", data.spans.length, (i) => `${data.spans[i]} spans`, choose);
  check(box, 1);
}

/** @param {Board} board */
async function train(board) {
  const { root, data, spans, courses } = board;
  if (!data || board.training) return;
  board.leaving = new AbortController();
  board.training = spans;
  draw(board);
  const bytes = await busyDuring(root, ask(data.numbers, { spans: String(spans) }, board.leaving.signal));
  board.training = 0;
  if (board.leaving.signal.aborted) return;
  if (bytes) courses.set(spans, /** @type {CourseHeader} */ (unpack(bytes).header));
  draw(board);
  if (!bytes) find(root, ".told").textContent = "The training could not be run. Try again.";
  find(root, ".spoken").textContent = find(root, ".finding").textContent;
  board.page.drawn();
}

/** @param {Board} board */
function draw({ root, data, spans, courses, training }) {
  if (!data) return;
  const course = courses.get(spans);
  find(root, ".finding").replaceChildren(...rich(finding(course, data, spans)));
  find(root, ".train", HTMLButtonElement).disabled = course !== undefined || training > 0;
  find(root, ".told").textContent = training
    ? `The model is being trained on ${training} spans.`
    : told(course, data, spans);
  const earlier = [...courses.values()].filter((each) => each !== course);
  drawCourse(find(root, ".course", SVGSVGElement), data, course, earlier);
}
