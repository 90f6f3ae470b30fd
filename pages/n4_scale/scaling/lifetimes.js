// @ts-check
// Models of different size that reach one loss, and what each costs over its life, in FLOP.

import { range } from "../../../ui/kit/arithmetic.js";
import { SIZES } from "./plane_frame.js";
import { budget, cheapest, serving, tokensFor } from "./scaling_laws.js";

/** @typedef {import("./scaling_laws.js").Law} Law */
/** @typedef {{n: number, d: number, train: number, serve: number, total: number}} Life */

const STEPS = 1400;
const NEAR = 6; // times the cheapest life
const LONGEST = 1e18; // tokens

/**
 * The cheapest life with so many tokens served, the cheapest training, and all lives that cost not
 * much more than the first.
 * @param {Law} law
 * @param {number} target the loss that all of them reach
 * @param {number} served
 */
export function lifetimes(law, target, served) {
  const life = (/** @type {number} */ n) => lifeOf(n, tokensFor(law, n, target), served);
  const used = life(cheapest(law, target, served, SIZES).n);
  const unused = life(cheapest(law, target, 0, SIZES).n);
  const sizes = range(STEPS + 1).map((i) => SIZES[0] * (SIZES[1] / SIZES[0]) ** (i / STEPS));
  const near = sizes.map(life).filter(({ d, total }) => d < LONGEST && total < NEAR * used.total);
  return { used, unused, near };
}

/**
 * @param {number} n
 * @param {number} d
 * @param {number} served
 * @returns {Life}
 */
function lifeOf(n, d, served) {
  const [train, serve] = [budget(n, d), serving(n, served)];
  return { n, d, train, serve, total: train + serve };
}
