// @ts-check
// ALiBi: what each word of distance takes off a score, as transformer_core/positions.py has it.

import { range, softmax } from "../../../ui/kit/arithmetic.js";
import { number, printed, relation } from "../../../ui/kit/format.js";

/**
 * What is added to a query's scores with itself and all keys before it.
 * @param {number} slope
 * @param {number} query
 */
export const penalties = (slope, query) => range(query + 1).map((key) => slope * (key - query));

/**
 * What the query gives to each of them if all its scores are otherwise equal.
 * @param {number} slope
 * @param {number} query
 */
export const sharesOf = (slope, query) => softmax(penalties(slope, query));

/**
 * A slope to read: as a fraction where it is one of a whole number.
 * @param {number} slope
 */
export function slopeName(slope) {
  const parts = Math.round(1 / slope);
  return isFraction(slope) ? `1/${parts}` : number(slope, 3);
}

/** @param {number} slope */
const isFraction = (slope) => Math.abs(1 / slope - Math.round(1 / slope)) < 1e-5;

/**
 * −1/4 × 7 =, and its result on the other side.
 * @param {number} slope
 * @param {number} distance
 */
export function penaltyFormula(slope, distance) {
  const bias = -slope * distance;
  const shown = isFraction(slope) ? 1 / Math.round(1 / slope) : printed(slope, 3);
  const equals = relation(-shown * distance, bias, 3);
  return { formula: `−${slopeName(slope)} × ${distance} ${equals} `, bias: number(bias, 3) };
}
