// @ts-check
// What the ladder's board says of its two fits.

import { number, percent, short } from "../../../ui/kit/format.js";
import { HIGHEST, LOWEST } from "./power_fits.js";

/** @import { Estimate, Fit, FlooredFit } from "./power_fits.js" */
/** @import { Segment } from "../../../ui/kit/elements.js" */
/** @typedef {{name: string, along: string, x: number[], losses: number[]}} CutData */

const FURTHER = 10; // times the largest x of a cut

/** @param {CutData} cut */
export const asked = ({ x }) => FURTHER * Math.max(...x);

const several = (/** @type {number} */ n, /** @type {CutData} */ { along }) =>
  along === "parameters" ? `${n} sizes` : `${n} lengths`;

/**
 * @param {CutData} cut
 * @param {number} n points that count
 * @param {{line: Fit, floored: FlooredFit}} fits
 * @returns {Segment[]}
 */
export function finding(cut, n, { line, floored }) {
  const { value } = floored.floor;
  return [
    `Through ${several(n, cut)} `,
    ["key", `a straight line misses the losses by ${percent(line.misfit)}`],
    ", and ",
    ["attention", `a power law above a floor of ${number(value)} nats by ${percent(floored.misfit)}`],
  ];
}

/**
 * @param {Estimate} estimate
 * @param {number} digits
 */
export const interval = ({ low, high }, digits) => `${number(low, digits, 0)} to ${number(high, digits, 0)}`;

/**
 * An exponent's interval; an end of the search is no bound.
 * @param {Estimate} exponent
 */
export function exponentInterval({ low, high }) {
  if (high >= HIGHEST) return `${number(low, 2, 0)} or more`;
  if (low <= LOWEST) return `${number(high, 2, 0)} or less`;
  return interval({ value: low, low, high }, 2);
}

/**
 * Rows of the table: a name, then value and interval of each law.
 * @param {CutData} cut
 * @param {{line: Fit, floored: FlooredFit}} fits
 * @returns {[string, [string, string], [string, string]][]}
 */
export function rows(cut, { line, floored }) {
  const size = `${short(asked(cut))} ${cut.along}`;
  return [
    [
      "exponent α",
      [number(line.exponent.value, 3, 0), interval(line.exponent, 3)],
      [number(floored.exponent.value, 2, 0), exponentInterval(floored.exponent)],
    ],
    ["floor F, nats", ["none", ""], [number(floored.floor.value), interval(floored.floor, 2)]],
    [
      `loss at ${size}`,
      [number(line.beyond.value), interval(line.beyond, 2)],
      [number(floored.beyond.value), interval(floored.beyond, 2)],
    ],
    ["misses by", [percent(line.misfit), "root mean square"], [percent(floored.misfit), "root mean square"]],
  ];
}

/**
 * What the two predictions say to one another, and which trainings can judge them.
 * @param {CutData} cut
 * @param {readonly number[]} out places of the points that are switched off
 * @param {{line: Fit, floored: FlooredFit}} fits
 */
export function verdict(cut, out, { line, floored }) {
  if (out.length) return judged(cut, out[out.length - 1], line, floored);
  const apart = line.beyond.high < floored.beyond.low;
  return apart
    ? "Ten times further the two intervals do not meet. Each one holds only if its law has the right form."
    : "Ten times further the two intervals overlap. So few points cannot tell the two laws apart there.";
}

/**
 * @param {CutData} cut
 * @param {number} i
 * @param {Fit} line
 * @param {FlooredFit} floored
 */
function judged({ x, losses, along }, i, line, floored) {
  const of = (/** @type {Fit} */ { loss }) => number(loss(x[i]), 3);
  return (
    `The training with ${short(x[i])} ${along} is switched off, so neither law has seen it. It reached ` +
    `${number(losses[i], 3)} nats. The straight line says ${of(line)}, the law with a floor ${of(floored)}.`
  );
}
