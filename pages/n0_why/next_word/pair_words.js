// @ts-check
// What minimal pairs show: which the model tells apart, and by how much.

import { percent } from "../../../ui/kit/format.js";
import { quote } from "../../../ui/kit/words.js";

/**
 * A beginning, and −ln p of both words of its pair after it, first the one that fits here.
 * @typedef {{before: string, changed: string, after: string, fits: string, other: string, nats: number[]}} SideData
 */
/** @typedef {{kind: string, says: string, story: boolean, sides: SideData[]}} PairHeader */

const UNLIKELY = 0.01; // a probability too small to be called knowledge

/**
 * Whether the word that fits is the more probable one of the two.
 * @param {SideData} side
 */
export const fits = ({ nats }) => nats[0] < nats[1];

/**
 * Whether it is after both beginnings.
 * @param {PairHeader} pair
 */
export const passes = ({ sides }) => sides.every(fits);

/**
 * The side whose right word has a small probability, though it may be ahead.
 * @param {PairHeader} pair
 */
export const seldom = ({ sides }) => sides.find(({ nats }) => Math.exp(-nats[0]) < UNLIKELY);

/**
 * @param {readonly PairHeader[]} pairs
 * @param {number} n of all
 * @param {string} model its name
 */
export function finding(pairs, n, model) {
  if (!pairs.length) return `Change one word of a text, and another word fits. Does ${model} notice?`;
  const passed = pairs.filter(passes);
  const few = passed.filter(seldom).length;
  const of = pairs.length < n ? `of the first ${pairs.length} pairs` : `of ${n} pairs`;
  const but = few ? `, though in ${few} of these with less than 1 % somewhere` : "";
  return (
    "One word is changed, and another word fits. " +
    `${model} prefers the right one after both beginnings in ${passed.length} ${of}${but}.`
  );
}

/**
 * In words, what became of a pair.
 * @param {PairHeader} pair
 */
export function verdict(pair) {
  const failed = pair.sides.find((side) => !fits(side));
  const chance = (/** @type {number} */ nats) => percent(Math.exp(-nats));
  if (failed) {
    const [right, wrong] = failed.nats.map(chance);
    return (
      `It fails: after ${quote(`…${failed.changed}${failed.after}`)} it gives ${quote(failed.other.trim())} ${wrong} ` +
      `and ${quote(failed.fits.trim())} only ${right}.`
    );
  }
  const [a] = pair.sides;
  const how = timesAsProbable(a.nats[1] - a.nats[0]);
  const few = seldom(pair);
  const but = few ? ` But ${quote(few.fits.trim())} itself gets only ${chance(few.nats[0])}.` : "";
  return (
    `After the first beginning, ${quote(a.fits.trim())} is ${how} times as probable as ` +
    `${quote(a.other.trim())}.${but}`
  );
}

/**
 * How many times as probable a word is as another that costs so many nats more.
 * @param {number} nats
 */
export function timesAsProbable(nats) {
  const times = Math.exp(nats);
  return times >= 1000 ? "over 1,000" : times.toFixed(times < 10 ? 1 : 0);
}
