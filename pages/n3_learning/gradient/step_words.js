// @ts-check
// What the step's pictures say.

import { count, number, percent, scientific } from "../../../ui/kit/format.js";
import { quote, visible } from "../../../ui/kit/words.js";
import { forecast, isAlive, lossAfter, move, TOO_HIGH, uniform } from "./step_scene.js";

/** @import { Choice, MatrixData, Place } from "./step_scene.js" */
/** @import { Segment } from "../../../ui/kit/elements.js" */

export const NAMES = {
  q_proj: "W_Q",
  k_proj: "W_K",
  v_proj: "W_V",
  out_proj: "W_O",
  up_proj: "W_up",
  down_proj: "W_down",
};

const STEEPER = "A step that overshoots often lands on a steeper slope, so the next is longer still.";

/** @param {number} loss */
export const nats = (loss) => (loss >= 1e5 ? scientific(loss) : number(loss, loss >= 100 ? 0 : 2, 0.005));

/** @param {number} rate */
export const rateText = (rate) => (rate >= 0.01 ? Number(rate.toPrecision(2)).toString() : rate.toFixed(4));

/**
 * What this step does to the loss.
 * @param {Place} place
 * @param {Choice} choice
 * @returns {Segment[]}
 */
export function finding(place, { rate }) {
  if (!isAlive(place)) return ["The loss is now ", ["negative", "not a number"], ", so no gradient can be computed"];
  const [before, after] = [lossAfter(place, -1), lossAfter(place, rate)];
  const step = place.header.place.taken.length ? "The next step" : "One step";
  const told = `${step} with learning rate ${rateText(place.header.place.rates[rate])} `;
  if (!Number.isFinite(after)) return [told, ["negative", "ends in numbers that overflow"]];
  const way = `the loss of your text from ${nats(before)} to ${nats(after)} nats a token`;
  return after < before ? [told, ["attention", "lowers"], ` ${way}`] : [told, ["negative", "raises"], ` ${way}`];
}

/**
 * How the steps so far have gone.
 * @param {Place} place
 * @param {number} most
 */
export function told(place, most) {
  const { taken, gradient } = place.header.place;
  const now = lossAfter(place, -1);
  const floor = number(uniform(place));
  if (!isAlive(place))
    return "The weights have outgrown 32-bit numbers, and a training program stops here. Go back to the start.";
  if (!taken.length) return `The gradient has the length ${number(gradient)}. In a step all weights move against it.`;
  if (now > TOO_HIGH * uniform(place)) return `The loss has exploded: a uniform guess costs ${floor}. ${STEEPER}`;
  if (now > place.arrays.path.values[0])
    return "The loss is higher than at the start: the steps jump across the valley. Go back and take a smaller rate.";
  if (taken.length >= most)
    return `You have taken ${most} steps, the most that this page allows. Go back to the start to try others.`;
  return `The gradient now has the length ${number(gradient)}. The copy is learning this one text by heart.`;
}

/**
 * Which matrix moves farthest for its size.
 * @param {Place} place
 * @param {Choice} choice
 * @returns {Segment[]}
 */
export function moved(place, { rate }) {
  const { matrices, rates } = place.header.place;
  const moves = matrices.map((each) => move(each, rates[rate]));
  const most = moves.indexOf(Math.max(...moves));
  if (most < 0) return ["The gradients are no longer numbers"];
  return [
    "This step moves every matrix, ",
    ["attention", title(matrices[most])],
    ` farthest for its size: by ${percent(moves[most])} of its length`,
  ];
}

/** @param {MatrixData} matrix */
export function title({ name, layer }) {
  const short = NAMES[/** @type {keyof typeof NAMES} */ (name)];
  if (short) return `${short} of layer ${layer + 1}`;
  return name === "embedding" ? "the embedding" : "the table of positions";
}

/**
 * The gains and biases, which are no matrices.
 * @param {Place} place
 * @param {Choice} choice
 */
export function rest(place, { rate }) {
  const { others, rates, n_weights: n } = place.header.place;
  const [weight, gradient] = others;
  if (weight < 0 || gradient < 0) return "";
  const far = percent((rates[rate] * gradient) / (weight || 1));
  return `Gains and biases are vectors. They move by ${far} of their length. A step changes all ${count(n)} weights.`;
}

/**
 * Forecast and truth of the chosen rate, for those who cannot see the chart.
 * @param {Place} place
 * @param {Choice} choice
 */
export function said(place, { rate }) {
  const learningRate = place.header.place.rates[rate];
  const [after, promised] = [lossAfter(place, rate), Math.max(0, forecast(place, learningRate))].map(nats);
  return `Loss after the step by its learning rate. At ${rateText(learningRate)}: ${after}; forecast: ${promised}.`;
}

/**
 * Whose next token is looked at; not the last, which has none.
 * @param {Place} place
 * @param {Choice} choice
 * @returns {Segment[]}
 */
export function asked({ header, arrays }, { token }) {
  const { pieces, candidates } = header.place;
  const right = candidates[token][arrays.right.values[token]];
  const after = `Most probable tokens after ${quote(visible(pieces[token]))}, before and after the step. `;
  return [after, ["attention", quote(visible(right))], " is the token that comes"];
}
