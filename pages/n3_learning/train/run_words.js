// @ts-check
// What a training has come to, in sentences.

import { count, number, percent } from "../../../ui/kit/format.js";

/** @import { Run, TaskData, TrainingRecord } from "./run_lines.js" */
/** @typedef {import("../../../ui/kit/elements.js").Segment} Segment */
/** @typedef {"waiting" | "running" | "paused" | "ended"} State */

/**
 * A learning rate as it is typed: 0.001, 2e-7.
 * @param {number} rate
 */
export const rate = (rate) => (rate < 1e-4 ? rate.toExponential().replace("e", "·10^") : String(rate));

/** @param {number | null} loss */
const nats = (loss) => (loss === null ? "no number" : number(loss, loss < 0.1 ? 3 : 2));

/**
 * A sentence about a record, with the loss before training to compare with.
 * @param {Run} run
 * @param {TrainingRecord} record
 * @param {TaskData} task
 * @returns {Segment[]}
 */
export function finding(run, record, task) {
  const { uniform, symbols, order } = /** @type {import("./run_lines.js").Beginning} */ (run.beginning);
  const guess = `a uniform guess among ${symbols} tokens costs ln ${symbols} = ${number(uniform)}`;
  const right = `${percent(record.accuracy).replace("> ", "more than ")} of the held-out ${task.unit}s`;
  if (run.ending?.how === "exploded" && record === run.records.at(-1))
    return [
      `At step ${record.step} the loss is `,
      ["negative", nats(record.loss)],
      `, while ${guess}. The learning rate of ${rate(order.learning_rate)} is too high.`,
    ];
  if (record.step === 0)
    return [
      "Before training, the model gets ",
      ["prediction", right],
      ` right. Its loss is ${nats(record.held_out_loss)} nats; ${guess}.`,
    ];
  return [
    `After ${count(record.step)} steps the model gets `,
    ["prediction", right],
    ` right. The loss went from ${nats(run.records[0].held_out_loss)} to ${nats(record.held_out_loss)} nats; ${guess}.`,
  ];
}

/**
 * How a training stands.
 * @param {State} state
 * @param {number} place in the queue
 * @param {Run} run
 * @param {number | undefined} left seconds
 */
export function status(state, place, run, left) {
  const steps = run.beginning?.order.steps ?? 0;
  const step = run.records.at(-1)?.step ?? 0;
  if (state === "waiting") return `You are number ${place} in the queue. The training begins by itself.`;
  if (state === "running" && !run.records.length) return "The training process is starting. This takes some seconds.";
  if (state === "ended") return ended(run, step, steps);
  const at = `Step ${count(step)} of ${count(steps)}`;
  if (state === "paused") return `${at}, paused. If others wait, it is stopped after 60 seconds of pause.`;
  return left === undefined ? at : `${at}, about ${Math.max(1, Math.round(left))} s left`;
}

/**
 * @param {Run} run
 * @param {number} step
 * @param {number} steps
 */
function ended({ ending, records }, step, steps) {
  const seconds = records.at(-1)?.seconds ?? 0;
  if (ending?.how === "done") return `All ${count(steps)} steps took ${number(seconds, 0)} s of the processor’s time.`;
  if (ending?.how === "stopped") return ending.says || `You stopped it at step ${count(step)} of ${count(steps)}.`;
  if (ending?.how === "exploded") return `Stopped at step ${count(step)}, because the loss exploded.`;
  return ending?.says ?? "";
}

const OVERFITTED = 0.3; // nats above the lowest held-out loss
const EXPLAINED =
  "AdamW moves a weight by up to about the learning rate at each step. Weights begin near 0.1, so steps of this " +
  "size throw away what was learnt. Try a learning rate a hundred times smaller.";
const STUCK =
  "It has learnt little. The learning rate may be too low or too high, the steps too few, or the model too small " +
  "for this task.";

/**
 * What a reader may want to know of an ending; "" where nothing.
 * @param {Run} run
 */
export function explanation({ ending, records, beginning }) {
  const last = records.at(-1);
  if (ending?.how === "exploded") return EXPLAINED;
  if (ending?.how !== "done" || !last || !beginning) return "";
  const best = records.reduce((a, b) => ((b.held_out_loss ?? Infinity) < (a.held_out_loss ?? Infinity) ? b : a));
  if ((last.held_out_loss ?? Infinity) > (best.held_out_loss ?? Infinity) + OVERFITTED && best.step)
    return (
      `The held-out loss was lowest at step ${count(best.step)}, with ${nats(best.held_out_loss)} nats. Since then ` +
      "the model has learnt the training examples by heart. This is called overfitting; more text or fewer steps help."
    );
  return last.accuracy < 0.5 && (last.held_out_loss ?? 9) > 0.5 * beginning.uniform ? STUCK : "";
}
