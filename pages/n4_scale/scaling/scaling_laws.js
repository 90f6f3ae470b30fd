// @ts-check
// The laws of transformer_core/laws/scaling.py, whose constants Python sends, so that a drag is
// answered at once.

/**
 * @typedef {{kind: "parametric", title: string, source: string, e: number, a: number, b: number, alpha: number,
 *   beta: number}} ParametricConstants
 */
/**
 * @typedef {{kind: "kaplan", title: string, source: string, n_c: number, d_c: number, alpha_n: number,
 *   alpha_d: number, n_at_pf_day: number, growth: number, d_at_pf_day: number, d_growth: number}} KaplanConstants
 */
/** @typedef {ParametricConstants | KaplanConstants} Law */
/** @typedef {{n: number, d: number}} Allocation parameters and tokens */

const PF_DAY = 8.64e19; // FLOP: a petaflop per second for a day
const GOLDEN = (Math.sqrt(5) - 1) / 2;

/**
 * C = 6 N D, in FLOP.
 * @param {number} n
 * @param {number} d
 */
export const budget = (n, d) => 6 * n * d;

/**
 * What a budget leaves for a model of n parameters.
 * @param {number} c
 * @param {number} n
 */
export const tokensWithin = (c, n) => c / (6 * n);

/**
 * Nats per token.
 * @param {Law} law
 * @param {number} n
 * @param {number} d
 */
export function loss(law, n, d) {
  if (law.kind === "kaplan") return ((law.n_c / n) ** (law.alpha_n / law.alpha_d) + law.d_c / d) ** law.alpha_d;
  return law.e + law.a / n ** law.alpha + law.b / d ** law.beta;
}

/**
 * How the law would spend a budget.
 * @param {Law} law
 * @param {number} c
 * @returns {Allocation}
 */
export function best(law, c) {
  const n = law.kind === "kaplan" ? law.n_at_pf_day * (c / PF_DAY) ** law.growth : leastLoss(law, c).n;
  return { n, d: tokensWithin(c, n) };
}

/**
 * Where a law's own formula is least on a budget's line. Kaplan's best size is read from learning
 * curves and is another one.
 * @param {Law} law
 * @param {number} c
 * @returns {Allocation}
 */
export function leastLoss(law, c) {
  if (law.kind === "kaplan") {
    const ratio = law.alpha_n / law.alpha_d;
    const n = ((ratio * law.n_c ** ratio * c) / (6 * law.d_c)) ** (1 / (1 + ratio));
    return { n, d: tokensWithin(c, n) };
  }
  const both = law.alpha + law.beta;
  const n = ((law.alpha * law.a) / (law.beta * law.b)) ** (1 / both) * (c / 6) ** (law.beta / both);
  return { n, d: tokensWithin(c, n) };
}

/**
 * The tokens that bring a model of n parameters to a loss; infinite where no amount does.
 * @param {Law} law
 * @param {number} n
 * @param {number} target
 */
export function tokensFor(law, n, target) {
  if (law.kind === "kaplan") {
    const left = target ** (1 / law.alpha_d) - (law.n_c / n) ** (law.alpha_n / law.alpha_d);
    return left > 0 ? law.d_c / left : Infinity;
  }
  const left = target - law.e - law.a / n ** law.alpha;
  return left > 0 ? (law.b / left) ** (1 / law.beta) : Infinity;
}

/**
 * 2 N for each token that is read or written once the model is trained.
 * @param {number} n
 * @param {number} served
 */
export const serving = (n, served) => 2 * n * served;

/**
 * The model that reaches a loss with the least compute over its life, among sizes between two.
 * @param {Law} law
 * @param {number} target
 * @param {number} served tokens
 * @param {readonly [number, number]} sizes
 * @returns {Allocation}
 */
export function cheapest(law, target, served, [low, high]) {
  const cost = (/** @type {number} */ log) => {
    const n = Math.exp(log);
    return budget(n, tokensFor(law, n, target)) + serving(n, served);
  };
  const n = Math.exp(least(cost, Math.log(Math.max(low, smallest(law, target))), Math.log(high)));
  return { n, d: tokensFor(law, n, target) };
}

/**
 * The size that reaches a loss with endless training.
 * @param {Law} law
 * @param {number} target
 */
const smallest = (law, target) =>
  law.kind === "kaplan" ? law.n_c / target ** (1 / law.alpha_n) : (law.a / (target - law.e)) ** (1 / law.alpha);

/**
 * Golden-section search for the minimum of a function that falls and then rises.
 * @param {(x: number) => number} f
 * @param {number} low
 * @param {number} high
 */
function least(f, low, high) {
  let [from, to] = [low, high];
  for (let i = 0; i < 60; i++) {
    const a = to - GOLDEN * (to - from);
    const b = from + GOLDEN * (to - from);
    if (f(a) < f(b)) to = b;
    else from = a;
  }
  return (from + to) / 2;
}

/**
 * The share of a budget with which a law's best model reaches a loss; at most 1.
 * @param {Law} law
 * @param {number} c
 * @param {number} target
 */
export function shareFor(law, c, target) {
  let [low, high] = [1e-9, 1];
  for (let i = 0; i < 60; i++) {
    const share = Math.sqrt(low * high);
    const { n, d } = best(law, c * share);
    if (loss(law, n, d) > target) low = share;
    else high = share;
  }
  return high;
}
