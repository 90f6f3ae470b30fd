// @ts-check
// Where the card of the tour stands beside its subject, and what of the page stays in the light.

import { clamp } from "../../../ui/kit/arithmetic.js";

/** @import { Box } from "./layout.js" */
/** @typedef {{width: number, height: number}} Size */

const NARROW = 760;
const EDGE = 12; // between the card and the window
const APART = 18; // between the card and its subject
const LIGHT = 6; // of light around a subject

/**
 * The box around several.
 * @param {readonly Box[]} boxes
 * @returns {Box}
 */
export function around(boxes) {
  const left = Math.min(...boxes.map((box) => box.left));
  const top = Math.min(...boxes.map((box) => box.top));
  const right = Math.max(...boxes.map((box) => box.left + box.width));
  const bottom = Math.max(...boxes.map((box) => box.top + box.height));
  return { left, top, width: right - left, height: bottom - top };
}

/**
 * As much of a subject as is in the window, with some light around it.
 * @param {Box} box
 * @param {Size} room
 * @returns {Box}
 */
export function lit({ left, top, width, height }, room) {
  const [x, y] = [clamp(left - LIGHT, 2, room.width), clamp(top - LIGHT, 2, room.height)];
  const right = clamp(left + width + LIGHT, x, room.width - 2);
  const bottom = clamp(top + height + LIGHT, y, room.height - 2);
  return { left: x, top: y, width: right - x, height: bottom - y };
}

/** Whether the card takes the width of the window. */
export const isPhone = (/** @type {Size} */ { width }) => width < NARROW;

/** The width of the card in a window. */
export const cardWidth = (/** @type {Size} */ room) => (isPhone(room) ? room.width - 2 * EDGE : 340);

/**
 * Beside the subject where there is room, at the right first; on a phone at the edge that is farther from it.
 * @param {Box} subject
 * @param {Size} card
 * @param {Size} room
 * @returns {{left: number, top: number}}
 */
export function cardBeside(subject, card, room) {
  const [most, lowest] = [room.width - card.width - EDGE, room.height - card.height - EDGE];
  const middle = { x: subject.left + subject.width / 2, y: subject.top + subject.height / 2 };
  if (isPhone(room)) {
    const [above, below] = [subject.top, room.height - subject.top - subject.height];
    return { left: EDGE, top: below >= above ? lowest : EDGE };
  }
  const top = clamp(middle.y - card.height / 2, EDGE, lowest);
  const left = clamp(middle.x - card.width / 2, EDGE, most);
  const right = subject.left + subject.width + APART;
  if (right <= most) return { left: right, top };
  const before = subject.left - APART - card.width;
  if (before >= EDGE) return { left: before, top };
  const below = subject.top + subject.height + APART;
  if (below <= lowest) return { left, top: below };
  const over = subject.top - APART - card.height;
  if (over >= EDGE) return { left, top: over };
  return { left: most, top: lowest };
}

/**
 * The window without its subjects, as a path.
 * @param {readonly Box[]} holes
 * @param {Size} room
 */
export function shadePath(holes, { width, height }) {
  const cut = holes.map(({ left, top, width: w, height: h }) => `M${left} ${top}h${w}v${h}h${-w}Z`);
  return `M0 0h${width}v${height}h${-width}Z${cut.join("")}`;
}
