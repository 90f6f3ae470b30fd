// @ts-check
// Who comes lowest, and why.

import { count, number } from "../../../ui/kit/format.js";
import { singularValues } from "./optimizers.js";
import { ending, STEPS } from "./problems.js";
import { lossText } from "./race_chart.js";

/** @import { Matrix } from "./optimizers.js" */
/** @import { Racer } from "./race_chart.js" */
/** @import { Segment } from "../../../ui/kit/elements.js" */

/** @param {number} x */
const small = (x) => (x < 0.001 ? "less than 0.001" : number(x, 3));

/** @param {Racer[]} racers */
const lowest = (racers) => racers.reduce((best, each) => (ending(each) < ending(best) ? each : best));

/** @param {Racer[]} racers */
function others(racers) {
  const best = lowest(racers);
  return racers.filter((each) => each !== best).map((each) => `${each.name} at ${lossText(ending(each))}`);
}

/**
 * @param {Racer[]} racers
 * @returns {Segment[]}
 */
function ranking(racers) {
  const best = lowest(racers);
  if (!Number.isFinite(ending(best))) return ["At these rates ", ["negative", "every optimizer diverges"]];
  const end = ending(best) < 1e-6 ? "below 0.000001" : `at ${lossText(ending(best))}`;
  return [["attention", best.name], ` ends lowest after ${STEPS} steps, ${end}; ${others(racers).join(", ")}`];
}

/**
 * @param {Racer[]} racers
 * @param {number} steepness
 * @param {number} angle
 * @returns {Segment[]}
 */
export function valleyFinding(racers, steepness, angle) {
  const where =
    steepness === 1
      ? "In a round bowl "
      : `In a valley ${steepness} times as steep across as along${angle ? `, turned by ${angle}°` : ""}, `;
  return [where, ...ranking(racers)];
}

/**
 * @param {Racer[]} racers
 * @param {number} spread
 * @returns {Segment[]}
 */
export function matrixFinding(racers, spread) {
  const where =
    spread === 1
      ? "Where all directions are equally frequent, "
      : `Where the rarest input direction is ${count(spread)} times as rare as the commonest, `;
  return [where, ...ranking(racers)];
}

/**
 * The singular values of the move between two weights, the largest as 1.
 * @param {Matrix} from
 * @param {Matrix} to
 */
export function evenness(from, to) {
  const move = { ...from, values: from.values.map((each, i) => to.values[i] - each) };
  const found = singularValues(move);
  return found.map((each) => each / (found[0] || 1));
}

/**
 * @param {Record<string, number[]>} values by the racer's kind
 */
export function even({ sgd, muon }) {
  const least = (/** @type {number[]} */ found) => small(found[found.length - 1]);
  return (
    "Bars are singular values, the largest as 1: how far the step goes in six directions. " +
    `SGD’s smallest is ${least(sgd)}, Muon’s ${least(muon)}. The target’s are all equal, which suits Muon.`
  );
}
