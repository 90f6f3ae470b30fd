// @ts-check
// transformer_core/laws/uncounted_embeddings.py: the best size, seen without the embeddings.

/** @import { ParametricConstants } from "./scaling_laws.js" */

/** @typedef {{law: ParametricConstants, vocabulary: number, aspect: number}} Uncounted */

/** @type {(uncounted: Uncounted) => number} */
const weightOf = ({ vocabulary, aspect }) => vocabulary * (aspect / 12) ** (1 / 3);

/**
 * Parameters with embeddings, of n without.
 * @param {Uncounted} uncounted
 * @param {number} n
 */
export const total = (uncounted, n) => n + weightOf(uncounted) * n ** (1 / 3);

/**
 * The tokens for which n is the best size.
 * @param {Uncounted} uncounted
 * @param {number} n
 */
export function tokensAt(uncounted, n) {
  const { law } = uncounted;
  const slope = 1 + (weightOf(uncounted) / 3) * n ** (-2 / 3);
  const gain = law.alpha * law.a * total(uncounted, n) ** -(law.alpha + 1) * slope * n;
  return ((law.beta * law.b) / gain) ** (1 / law.beta);
}

/**
 * a in n ~ C^a around the budget for which n is the best size.
 * @param {Uncounted} uncounted
 * @param {number} n
 */
export function growth(uncounted, n) {
  const { law } = uncounted;
  const bend = weightOf(uncounted) * n ** (-2 / 3);
  const slope = 1 + bend / 3;
  const ofTotal = slope / (1 + bend);
  const ofSlope = ((-2 / 9) * bend) / slope;
  return 1 / (1 + ((law.alpha + 1) * ofTotal - ofSlope - 1) / law.beta);
}

/**
 * a of a straight line between two sizes.
 * @param {Uncounted} uncounted
 * @param {readonly [number, number]} sizes
 */
export function growthBetween(uncounted, [small, large]) {
  const budget = (/** @type {number} */ n) => n * tokensAt(uncounted, n);
  return Math.log(large / small) / Math.log(budget(large) / budget(small));
}
