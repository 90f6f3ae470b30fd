// @ts-check
// FLOP and bytes of reading a prompt and of one step for a batch, as transformer_core/laws/decoding.py counts them.

/** @typedef {{title: string, matrices: number, pair: number, weights: number, cache: number}} RoofShape */
/**
 * @typedef {{title: string, source: string, flops: number, bandwidth: [number, number], size: number}} RoofMachine
 */
/** @typedef {{flops: number, bytes: number, intensity: number}} PassCost */

/**
 * @param {number} flops
 * @param {number} bytes
 * @returns {PassCost}
 */
const cost = (flops, bytes) => ({ flops, bytes, intensity: flops / bytes });

/**
 * Reading one prompt of n tokens.
 * @param {RoofShape} shape
 * @param {number} n
 * @param {number} size bytes of a number
 */
export const prefillCost = ({ matrices, pair, weights, cache }, n, size) =>
  cost(n * matrices + n * n * pair, size * (weights + n * cache));

/**
 * One token more for each of `batch` texts of n tokens.
 * @param {RoofShape} shape
 * @param {number} n
 * @param {number} batch
 * @param {number} size bytes of a number
 */
export const decodeCost = ({ matrices, pair, weights, cache }, n, batch, size) =>
  cost(batch * (matrices + n * pair), size * (weights + batch * n * cache));

/**
 * FLOP for each byte from which on a machine is limited by arithmetic, with its faster memory.
 * @param {RoofMachine} machine
 */
export const ridge = ({ flops, bandwidth }) => flops / bandwidth[1];

/**
 * Seconds that a pass takes at least, with the faster memory.
 * @param {RoofMachine} machine
 * @param {PassCost} pass
 */
export const least = ({ flops, bandwidth }, pass) => Math.max(pass.flops / flops, pass.bytes / bandwidth[1]);
