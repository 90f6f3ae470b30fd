// @ts-check
// One number of the sinusoidal table: its value, and how it is worked out.

import { number, printed, relation } from "../../../ui/kit/format.js";

/**
 * Columns come in pairs, a sine and a cosine of one speed.
 * @param {number} column
 */
const pairOf = (column) => column - (column % 2);

/**
 * Radians per token.
 * @param {number} column
 * @param {number} d_model
 */
const speed = (column, d_model) => 10_000 ** (-pairOf(column) / d_model);

/**
 * Tokens per swing.
 * @param {number} column
 * @param {number} d_model
 */
export const swing = (column, d_model) => (2 * Math.PI) / speed(column, d_model);

/** @param {number} column */
const wave = (column) => (column % 2 ? Math.cos : Math.sin);

/**
 * @param {number} position
 * @param {number} column
 * @param {number} d_model
 */
export const sinusoid = (position, column, d_model) => wave(column)(position * speed(column, d_model));

const DIGITS = 3; // of a value

/**
 * The formula, and the same with the speed and with the angle worked out.
 * @param {number} position
 * @param {number} column
 * @param {number} d_model
 */
export function sinusoidLines(position, column, d_model) {
  const { name } = wave(column);
  const theta = speed(column, d_model);
  const angle = position * theta;
  const values = [
    sinusoid(position, column, d_model),
    wave(column)(position * printed(theta, 3, 1e-4)),
    wave(column)(printed(angle)),
  ];
  return [
    `${name}(${position} / 10000^(${pairOf(column)}/${d_model}))`,
    `${relation(values[0], values[1], DIGITS)} ${name}(${position} × ${number(theta, 3, 1e-4)}) ` +
      `${relation(values[1], values[2], DIGITS)} ${name}(${number(angle)})`,
  ];
}
