// @ts-check
// From numbers to places and back: scales, their ticks, and the paths of curves.

/** @typedef {readonly [from: number, to: number]} Interval */
/** @typedef {readonly [x: number, y: number]} Point */
/**
 * A scale is the function from a number to its place; `invert` is the way back.
 * @typedef {((value: number) => number) & {invert: (place: number) => number}} Scale
 */

/**
 * Equal steps take equal room. A domain of one number lies at the range's beginning.
 * @param {Interval} domain
 * @param {Interval} range
 * @returns {Scale}
 */
export function linearScale([low, high], [start, end]) {
  const room = (end - start) / (high - low || 1);
  const invert = (/** @type {number} */ place) => low + (place - start) / (room || 1);
  return Object.assign((/** @type {number} */ value) => start + (value - low) * room, { invert });
}

/**
 * Equal factors take equal room; the domain is above 0.
 * @param {Interval} domain
 * @param {Interval} range
 * @returns {Scale}
 */
export function logScale([low, high], range) {
  const line = linearScale([Math.log10(low), Math.log10(high)], range);
  const invert = (/** @type {number} */ place) => 10 ** line.invert(place);
  return Object.assign((/** @type {number} */ value) => line(Math.log10(value)), { invert });
}

/**
 * Round numbers in a domain, at most about so many: steps of 1, 2 or 5 times a power of ten.
 * @param {Interval} domain
 * @param {number} [about]
 */
export function ticks([low, high], about = 5) {
  if (!(high > low)) return [low];
  const least = (high - low) / about;
  const power = 10 ** Math.floor(Math.log10(least));
  const factor = [1, 2, 5].find((each) => each * power >= least * (1 - 1e-9)) ?? 10;
  const step = factor * power;
  const first = Math.ceil(low / step - 1e-9);
  const last = Math.floor(high / step + 1e-9);
  // A step below 1 is one over a whole number: divided by that, three steps of 0.1 are 0.3.
  const at = (/** @type {number} */ k) => (step < 1 ? k / Math.round(1 / step) : k * step);
  return Array.from({ length: last - first + 1 }, (_, i) => at(first + i));
}

/**
 * The powers of a base in a domain.
 * @param {Interval} domain
 * @param {number} [base]
 */
export function logTicks([low, high], base = 10) {
  const first = Math.ceil(Math.log(low) / Math.log(base) - 1e-9);
  const last = Math.floor(Math.log(high) / Math.log(base) + 1e-9);
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, i) => base ** (first + i));
}

/**
 * A line through points, as the `d` of a path; one that is not finite is a gap.
 * @param {Iterable<Point>} points
 * @param {number} [digits] after the point of a pixel
 */
export function linePath(points, digits = 1) {
  let d = "";
  let pen = "M";
  for (const [x, y] of points) {
    const there = Number.isFinite(x) && Number.isFinite(y);
    if (there) d += `${pen}${x.toFixed(digits)} ${y.toFixed(digits)}`;
    pen = there ? "L" : "M";
  }
  return d;
}

/**
 * What lies between a line and a base.
 * @param {readonly Point[]} points
 * @param {number} base
 * @param {number} [digits]
 */
export function areaPath(points, base, digits = 1) {
  if (points.length === 0) return "";
  const end = points[points.length - 1][0].toFixed(digits);
  const start = points[0][0].toFixed(digits);
  return `${linePath(points, digits)}L${end} ${base.toFixed(digits)}L${start} ${base.toFixed(digits)}z`;
}

/**
 * A staircase: across at the old height, then to the new one.
 * @param {Iterable<Point>} points
 * @param {number} [digits]
 */
export function stepPath(points, digits = 1) {
  let d = "";
  for (const [x, y] of points) {
    d += d ? `H${x.toFixed(digits)}V${y.toFixed(digits)}` : `M${x.toFixed(digits)} ${y.toFixed(digits)}`;
  }
  return d;
}
