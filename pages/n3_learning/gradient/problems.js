// @ts-check
// Two small problems on which optimizers race: a valley of two parameters, and a matrix that is to become another.

import { range } from "../../../ui/kit/arithmetic.js";
import { adamw, combine, muon, sgd, times, turned } from "./optimizers.js";

/** @import { Matrix, Optimizer } from "./optimizers.js" */

/**
 * A loss with its gradient, and where to begin.
 * @typedef {{loss: (w: Matrix) => number, gradient: (w: Matrix) => Matrix, start: Matrix}} Problem
 */
/** path: weights before the first step and after each; losses: of each; rate: what it began with.
 * @typedef {{name: string, rate: number, path: Matrix[], losses: number[]}} Run
 */

export const STEPS = 40;
const GRID = range(33).map((k) => 10 ** (k / 8 - 3)); // 0.001 to 10, eight to a factor of ten
const SIZE = 6; // of the matrix
const GONE = 1e6; // a loss above it has diverged

export const RACERS = { sgd: sgd(0), momentum: sgd(0.9), adamw: adamw(), muon: muon() };

/**
 * L = ½ (u² / κ + v²): v is the steep direction, u the flat one, both turned by an angle.
 * @param {number} steepness κ
 * @param {number} angle in degrees
 * @param {readonly [number, number]} from
 * @returns {Problem}
 */
export function valley(steepness, angle, from) {
  const [cos, sin] = [Math.cos((angle * Math.PI) / 180), Math.sin((angle * Math.PI) / 180)];
  const turn = (/** @type {number[]} */ [x, y]) => [cos * x + sin * y, cos * y - sin * x];
  return {
    start: { rows: 1, columns: 2, values: [...from] },
    loss({ values }) {
      const [u, v] = turn(values);
      return (u * u) / steepness / 2 + (v * v) / 2;
    },
    gradient({ values }) {
      const [u, v] = turn(values);
      return { rows: 1, columns: 2, values: [(cos * u) / steepness - sin * v, (sin * u) / steepness + cos * v] };
    },
  };
}

/**
 * An orthogonal matrix with all of its entries in use: I − 2 x xᵀ / xᵀ x (Householder), for a fixed x.
 * @param {number} seed
 * @returns {Matrix}
 */
function reflection(seed) {
  const x = range(SIZE).map((i) => Math.sin(seed * (i + 1)) + 1.2);
  const length = x.reduce((total, each) => total + each * each, 0);
  const values = range(SIZE * SIZE).map((k) => {
    const [i, j] = [Math.floor(k / SIZE), k % SIZE];
    return Number(i === j) - (2 * x[i] * x[j]) / length;
  });
  return { rows: SIZE, columns: SIZE, values };
}

/** @param {number[]} values */
const diagonal = (values) => ({
  ...{ rows: SIZE, columns: SIZE },
  values: range(SIZE * SIZE).map((k) => (k % (SIZE + 1) === 0 ? values[k / (SIZE + 1)] : 0)),
});

/** The matrix that is to be found: orthogonal, so every direction counts as much as any other. */
export const TARGET = times(reflection(1), reflection(2.5));

/**
 * How often each direction of the inputs occurs, from 1 to 1 / κ, in mixed-up coordinates: C = R diag Rᵀ.
 * @param {number} spread κ
 */
export function inputs(spread) {
  const mix = reflection(0.7);
  return times(times(mix, diagonal(range(SIZE).map((i) => spread ** (-i / (SIZE - 1))))), turned(mix));
}

/**
 * L = ½ tr (W − T) C (W − T)ᵀ: the mean squared error of W x against T x, for inputs with E x xᵀ = C.
 * @param {number} spread κ
 * @returns {Problem}
 */
export function matching(spread) {
  const c = inputs(spread);
  const gradient = (/** @type {Matrix} */ w) => times(combine(1, w, -1, TARGET), c);
  return {
    start: { rows: SIZE, columns: SIZE, values: range(SIZE * SIZE).map(() => 0) },
    gradient,
    loss(w) {
      const [error, slope] = [combine(1, w, -1, TARGET), gradient(w)];
      return error.values.reduce((total, each, i) => total + each * slope.values[i], 0) / 2;
    },
  };
}

/**
 * One optimizer on a problem, at a rate that stays or falls in a straight line to 0.
 * @param {Problem} problem
 * @param {Optimizer} optimizer
 * @param {number} rate
 * @param {boolean} falls
 * @returns {Run}
 */
export function run({ start, loss, gradient }, optimizer, rate, falls) {
  const [path, losses] = [[start], [loss(start)]];
  /** @type {any} */
  let state = null;
  for (let step = 0; step < STEPS; step++) {
    const w = path[step];
    if (!(losses[step] < GONE)) break;
    const now = falls ? rate * (1 - step / STEPS) : rate;
    const after = optimizer.step(w, gradient(w), state, now);
    state = after.state;
    path.push(after.w);
    losses.push(loss(after.w));
  }
  return { name: optimizer.name, rate, path, losses };
}

/** The last loss. @param {Run} found */
export const ending = ({ losses }) => (losses.length > STEPS ? losses[STEPS] : Number.POSITIVE_INFINITY);

/** @param {Run} found */
const neverHigher = ({ losses }) => losses.every((loss) => loss <= losses[0] * (1 + 1e-9));

/**
 * The rate of the grid that ends lowest, of those at which the loss never rises above its beginning.
 * @param {Problem} problem
 * @param {Optimizer} optimizer
 * @param {boolean} falls
 */
export function bestRate(problem, optimizer, falls) {
  const ends = GRID.map((rate) => {
    const found = run(problem, optimizer, rate, falls);
    return neverHigher(found) ? ending(found) : Number.POSITIVE_INFINITY;
  });
  return GRID[ends.indexOf(Math.min(...ends))];
}
