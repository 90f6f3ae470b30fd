// @ts-check
// A drawing of one digit a pixel: ink from 0 to 15, as the address holds it.

const WIDTH = 2; // pixels, as the pens of the training pictures
const LEVELS = 15;

/** @typedef {readonly [x: number, y: number]} Point */

/**
 * Ink a line from one point to another into pixels of a square picture.
 * @param {Float32Array} ink 0 to 1, in rows
 * @param {number} side
 * @param {Point} from
 * @param {Point} to
 */
export function inkLine(ink, side, from, to) {
  const [dx, dy] = [to[0] - from[0], to[1] - from[1]];
  const length = dx * dx + dy * dy || 1e-6;
  for (let i = 0; i < ink.length; i++) {
    const [x, y] = [(i % side) + 0.5 - from[0], Math.floor(i / side) + 0.5 - from[1]];
    const share = Math.min(1, Math.max(0, (x * dx + y * dy) / length));
    const distance = Math.hypot(x - share * dx, y - share * dy);
    ink[i] = Math.max(ink[i], Math.min(1, WIDTH / 2 + 0.5 - distance));
  }
}

/** @param {Float32Array} ink */
export const digits = (ink) => Array.from(ink, (share) => Math.round(share * LEVELS).toString(16)).join("");

/**
 * Black on white, three equal bytes a pixel.
 * @param {Float32Array} ink
 */
export function grey(ink) {
  const values = new Uint8Array(3 * ink.length);
  ink.forEach((share, i) => {
    values.fill(Math.round(255 - (Math.round(share * LEVELS) * 255) / LEVELS), 3 * i, 3 * i + 3);
  });
  return values;
}
