// @ts-check
// How the next token is drawn: the lesson's settings, as sampling_settings.py reads them from the address.

import { number } from "../../../ui/kit/format.js";

/** @typedef {import("../../../ui/kit/sampling.js").Filter} Filter */
/** @typedef {import("../../../ui/kit/sampling.js").Sampling} Sampling */
/**
 * @typedef {{temperature: number, top_k: number, top_p: number, min_p: number, draws: number, draw_seed: number,
 *   sample_seed: number, sample_length: number}} SamplingSettings
 */

/** What of the settings shapes the shares, by its title. */
export const TITLES = { temperature: "temperature", top_k: "top-k", top_p: "top-p", min_p: "min-p" };

/** The value of a filter that keeps all tokens. */
export const OFF = { top_k: 0, top_p: 1, min_p: 0 };

export const SHAPING = /** @type {(keyof Sampling)[]} */ (Object.keys(TITLES));
const FILTERS = /** @type {Filter[]} */ (Object.keys(OFF));

/**
 * "top-k 5"
 * @param {Sampling} settings
 * @param {keyof Sampling} name
 */
export const written = (settings, name) =>
  `${TITLES[name]} ${name === "top_k" ? settings[name] : number(settings[name])}`;

/**
 * The temperature, and each filter that is on.
 * @param {Sampling} settings
 */
export const inUse = (settings) =>
  ["temperature", ...FILTERS.filter((name) => settings[name] !== OFF[name])]
    .map((name) => written(settings, /** @type {keyof Sampling} */ (name)))
    .join(", ");

/**
 * Seeds follow each other in a ring.
 * @param {number} seed
 */
export const nextSeed = (seed) => (seed + 1) % 10_000;
