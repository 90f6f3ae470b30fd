// @ts-check
// A place on the way down, and what one step from it does at a chosen learning rate.

import { mean } from "../../../ui/kit/arithmetic.js";
import { slice } from "../../../ui/kit/tensors.js";

/** @import { Tensor } from "../../../ui/kit/tensors.js" */

/**
 * A matrix of the model: its layer from 0, −1 outside of the layers; lengths of both, −1 for no number.
 * @typedef {{name: string, layer: number, shape: [number, number], weight: number, gradient: number}} MatrixData
 */
/**
 * Where the steps so far have led. taken: places in `rates`; others: lengths of all gains and biases, and of
 * their gradients; gradient: of all weights.
 * @typedef {{pieces: string[], rates: number[], taken: number[], candidates: string[][], matrices: MatrixData[],
 *   others: [number, number], gradient: number, vocab: number, n_weights: number}} PlaceData
 */
/**
 * most: steps; rate: a place in the rates, from the address.
 * @typedef {{place: PlaceData, numbers: string, text: string, note: string, most: number, rate: number}} StepHeader
 */
/**
 * losses [rate, token − 1] and probabilities [rate, token, candidate], of which the first rate is 0; right [token];
 * cells [matrix, row, column]; path: the mean loss before each step.
 * @typedef {{losses: Tensor, probabilities: Tensor, right: Tensor<Int32Array>, cells: Tensor, path: Tensor}} StepArrays
 */
/** @typedef {{header: StepHeader, arrays: StepArrays}} Place */
/** rate: a place in the rates; token: whose next token is looked at.
 * @typedef {{rate: number, token: number}} Choice
 */

/** A loss above a uniform guess by half says that the step has gone wrong. */
export const TOO_HIGH = 1.5;

/** @param {Place} place */
export const uniform = ({ header }) => Math.log(header.place.vocab);

/**
 * Mean loss after a step, in nats; of place −1: before it.
 * @param {Place} place
 * @param {number} rate
 */
export const lossAfter = ({ arrays }, rate) => mean(slice(arrays.losses, rate + 1));

/**
 * The loss that the slope alone forecasts: L − η ‖g‖².
 * @param {Place} place
 * @param {number} learningRate
 */
export const forecast = (place, learningRate) => lossAfter(place, -1) - learningRate * place.header.place.gradient ** 2;

/**
 * Where the loss is lowest before it first rises: the place of that learning rate.
 * @param {Place} place
 */
export function bestRate(place) {
  const after = place.header.place.rates.map((_, i) => lossAfter(place, i));
  const rises = after.findIndex((loss, i) => !(after[i + 1] < loss));
  return Math.max(0, rises);
}

/**
 * The token whose cost the step lowers most.
 * @param {Place} place
 * @param {number} rate
 */
export function mostHelped({ arrays }, rate) {
  const [before, after] = [slice(arrays.losses, 0), slice(arrays.losses, rate + 1)];
  const gains = Array.from(before, (loss, i) => loss - after[i]);
  return gains.indexOf(Math.max(...gains)) + 1;
}

/**
 * How far a matrix moves, in its own length; NaN where that is no number.
 * @param {MatrixData} matrix
 * @param {number} learningRate
 */
export const move = ({ weight, gradient }, learningRate) =>
  weight < 0 || gradient < 0 ? Number.NaN : (learningRate * gradient) / (weight || 1);

/**
 * Whether the weights still are numbers.
 * @param {Place} place
 */
export const isAlive = (place) => Number.isFinite(lossAfter(place, -1)) && place.header.place.gradient >= 0;
