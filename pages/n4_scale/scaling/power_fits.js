// @ts-check
// The fits of transformer_core/laws/power_law.py and floored_power_law.py, so that a switched point
// is answered at once. A value comes with the ends of its 95 % interval.

import { mean, range, sum } from "../../../ui/kit/arithmetic.js";

/** @typedef {{value: number, low: number, high: number}} Estimate */
/** @typedef {{x: number, loss: number}} Point */
/**
 * `beyond` is the loss at the x that was asked for; `misfit` the root mean square of relative errors.
 * @typedef {{exponent: Estimate, beyond: Estimate, misfit: number, loss: (x: number) => number}} Fit
 */
/** @typedef {Fit & {floor: Estimate}} FlooredFit */
/** @typedef {{floor: number, coefficient: number, error: number}} Solved */

const EXPONENTS = /** @type {const} */ ([0.005, 3]);
const STEPS = 400;
const HALVINGS = 60;
const GOLDEN = (Math.sqrt(5) - 1) / 2;
const GRID = range(STEPS).map((i) => EXPONENTS[0] * (EXPONENTS[1] / EXPONENTS[0]) ** (i / (STEPS - 1)));

/** An exponent at an end of the search is not bounded by the points. */
export const [LOWEST, HIGHEST] = EXPONENTS;

/**
 * log L = log c − α log x, by least squares; x is taken in units of `at`, so that c is the loss there.
 * @param {readonly Point[]} points three or more
 * @param {number} at
 * @param {readonly number[]} student
 * @returns {Fit}
 */
export function fitLine(points, at, student) {
  const n = points.length;
  const xs = points.map(({ x }) => Math.log(x / at));
  const ys = points.map(({ loss }) => Math.log(loss));
  const [x0, y0] = [mean(xs), mean(ys)];
  const spread = sum(xs.map((x) => (x - x0) ** 2));
  const slope = sum(xs.map((x, i) => (x - x0) * ys[i])) / spread;
  const error = sum(xs.map((x, i) => (ys[i] - y0 - slope * (x - x0)) ** 2));
  const off = student[n - 2] * Math.sqrt(error / (n - 2));
  const [logC, offSlope, offC] = [y0 - slope * x0, off / Math.sqrt(spread), off * Math.sqrt(1 / n + x0 ** 2 / spread)];
  const law = (/** @type {number} */ x) => Math.exp(logC + slope * Math.log(x / at));
  return {
    exponent: { value: -slope, low: -slope - offSlope, high: -slope + offSlope },
    beyond: { value: Math.exp(logC), low: Math.exp(logC - offC), high: Math.exp(logC + offC) },
    misfit: misfitOf(points, law),
    loss: law,
  };
}

/**
 * @param {readonly Point[]} points
 * @param {(x: number) => number} law
 */
const misfitOf = (points, law) => Math.sqrt(mean(points.map(({ x, loss }) => (law(x) / loss - 1) ** 2)));

/**
 * L = F + c x^−α with F ≥ 0, by least squares of relative errors; intervals by the profile.
 * @param {readonly Point[]} points four or more
 * @param {number} at
 * @param {readonly number[]} student
 * @returns {FlooredFit}
 */
export function fitFloored(points, at, student) {
  const n = points.length;
  const centre = Math.exp(mean(points.map(({ x }) => Math.log(x))));
  const sums = (/** @type {number} */ alpha) => sumsOf(points, centre, alpha);
  const solve = (/** @type {number} */ alpha) => solved(sums(alpha));
  const errors = GRID.map((each) => solve(each).error);
  const alpha = least((each) => solve(each).error, errors.indexOf(Math.min(...errors)));
  const { floor, coefficient, error } = solve(alpha);
  const most = error * (1 + student[n - 3] ** 2 / (n - 3));
  const passes = (/** @type {number} */ each) => solve(each).error > most;
  const [low, high] = EXPONENTS.map((end) => edge(passes, alpha, end));
  const near = [low, high, alpha, ...GRID.filter((each) => low < each && each < high)];
  const reached = (/** @type {(alpha: number) => number} */ v) =>
    near.map((each) => reach(sums(each), most, v(each))).reduce(([a, b], [c, d]) => [Math.min(a, c), Math.max(b, d)]);
  const term = (/** @type {number} */ x, /** @type {number} */ power) => (x / centre) ** -power;
  const law = (/** @type {number} */ x) => floor + coefficient * term(x, alpha);
  return {
    floor: estimate(
      floor,
      reached(() => 0),
    ),
    exponent: { value: alpha, low, high },
    beyond: estimate(
      law(at),
      reached((each) => term(at, each)),
    ),
    misfit: misfitOf(points, law),
    loss: law,
  };
}

/** @type {(value: number, ends: [number, number]) => Estimate} */
const estimate = (value, [low, high]) => ({ value, low, high });

/**
 * Of the columns that F and c are multiplied by, relative to the losses, their sums and products.
 * @typedef {{n: number, f: number, c: number, ff: number, fc: number, cc: number}} Sums
 */
/**
 * @param {readonly Point[]} points
 * @param {number} centre
 * @param {number} alpha
 * @returns {Sums}
 */
function sumsOf(points, centre, alpha) {
  const sums = { n: points.length, f: 0, c: 0, ff: 0, fc: 0, cc: 0 };
  for (const { x, loss } of points) {
    const f = 1 / loss;
    const c = (x / centre) ** -alpha / loss;
    sums.f += f;
    sums.c += c;
    sums.ff += f * f;
    sums.fc += f * c;
    sums.cc += c * c;
  }
  return sums;
}

/** @type {(sums: Sums, floor: number, coefficient: number) => number} */
const errorOf = ({ n, f, c, ff, fc, cc }, floor, coefficient) =>
  Math.max(
    0,
    n -
      2 * (floor * f + coefficient * c) +
      floor * floor * ff +
      2 * floor * coefficient * fc +
      coefficient * coefficient * cc,
  );

/**
 * The normal equations of F and c.
 * @param {Sums} sums
 */
function unbounded({ f, c, ff, fc, cc }) {
  const area = ff * cc - fc * fc;
  return { area, floor: (f * cc - c * fc) / area, coefficient: (c * ff - f * fc) / area };
}

/**
 * The same; c alone where F would be negative.
 * @param {Sums} sums
 * @returns {Solved}
 */
function solved(sums) {
  const free = unbounded(sums);
  const { floor, coefficient } = free.floor < 0 ? { floor: 0, coefficient: sums.c / sums.cc } : free;
  return { floor, coefficient, error: errorOf(sums, floor, coefficient) };
}

/**
 * Least and largest F + c v of an error of at most `most`: the ends of an ellipse of F and c. Where an
 * end would have F < 0 it lies on F = 0 instead.
 * @param {Sums} sums
 * @param {number} most
 * @param {number} v
 * @returns {[number, number]}
 */
function reach(sums, most, v) {
  const { c, ff, fc, cc } = sums;
  const { area, floor, coefficient } = unbounded(sums);
  const slack = Math.max(0, most - errorOf(sums, floor, coefficient)) / area;
  const size = cc - 2 * v * fc + v * v * ff;
  const off = Math.sqrt(slack * size);
  const toFloor = Math.sqrt(slack / size) * (cc - v * fc);
  const alone = c / cc;
  const along = Math.sqrt(Math.max(0, most - errorOf(sums, 0, alone)) / cc);
  const end = (/** @type {1 | -1} */ sign) =>
    floor + sign * toFloor >= 0 ? floor + coefficient * v + sign * off : (alone + sign * along) * v;
  return [end(-1), end(1)];
}

/**
 * Between the neighbours of the best exponent of the grid, by golden sections.
 * @param {(alpha: number) => number} error
 * @param {number} i
 */
function least(error, i) {
  let [low, high] = [GRID[Math.max(i - 1, 0)], GRID[Math.min(i + 1, STEPS - 1)]];
  for (let k = 0; k < HALVINGS; k++) {
    const [a, b] = [high - GOLDEN * (high - low), low + GOLDEN * (high - low)];
    if (error(a) < error(b)) high = b;
    else low = a;
  }
  return (low + high) / 2;
}

/**
 * Where something begins to be true on the way from one exponent to another.
 * @param {(alpha: number) => boolean} passes
 * @param {number} inside
 * @param {number} outside
 */
function edge(passes, inside, outside) {
  if (!passes(outside)) return outside;
  let [near, far] = [inside, outside];
  for (let k = 0; k < HALVINGS; k++) {
    const middle = Math.sqrt(near * far);
    if (passes(middle)) far = middle;
    else near = middle;
  }
  return Math.sqrt(near * far);
}
