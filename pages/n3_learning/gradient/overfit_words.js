// @ts-check
// What a run on a few spans shows.

import { number } from "../../../ui/kit/format.js";

/** @import { Segment } from "../../../ui/kit/elements.js" */

/**
 * uniform: ln of the number of letters; last: step.
 * @typedef {{numbers: string, spans: number[], length: number, batch: number, last: number,
 *   uniform: number}} OverfitData
 */
/**
 * Losses in nats per letter after each of `steps`; best: the place of the lowest held-out one.
 * @typedef {{spans: number, steps: number[], train: number[], held_out: number[], best: number}} CourseHeader
 */

/**
 * Steps of an epoch.
 * @param {number} spans
 * @param {number} batch
 */
export const epochSteps = (spans, batch) => Math.ceil(spans / batch);

/**
 * @param {CourseHeader | undefined} course
 * @param {OverfitData} data
 * @param {number} spans
 * @returns {Segment[]}
 */
export function finding(course, data, spans) {
  if (!course)
    return [
      `Will a model that learns from ${spans} spans of ${data.length} letters `,
      "also predict letters that it has not seen?",
    ];
  const { steps, held_out: held, train, best } = course;
  return [
    "The loss on held-out text is lowest ",
    ["attention", `after step ${steps[best]}`],
    `, at ${number(held[best])} nats a letter. Then it rises to ${number(held[held.length - 1])}, `,
    `while the training loss falls to ${number(train[train.length - 1])}`,
  ];
}

/**
 * @param {CourseHeader | undefined} course
 * @param {OverfitData} data
 * @param {number} spans
 */
export function told(course, { batch, last }, spans) {
  const steps = epochSteps(spans, batch);
  const many = `${steps} step${steps > 1 ? "s" : ""}`;
  const epoch = `A step uses a batch of ${batch} spans. An epoch is once through all ${spans} spans: ${many}.`;
  if (!course) return `${epoch} ${last} steps of a model with 31,000 weights take a few seconds.`;
  const epochs = number(course.steps[course.best] / steps, course.steps[course.best] % steps ? 1 : 0);
  return `${epoch} After ${epochs} epochs the model begins to overfit. More text puts that off.`;
}
