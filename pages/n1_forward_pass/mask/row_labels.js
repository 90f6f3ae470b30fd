// @ts-check
// Tokens beside the rows of a map: as many as have room, and always the one pointed at.

import { range } from "../../../ui/kit/arithmetic.js";
import { make } from "../../../ui/kit/elements.js";

const ROOM = 15; // px of a label

/**
 * Which of n cells in a line have a label.
 * @param {number} n
 * @param {number} cell its size in px
 * @param {number} [lit] the one pointed at
 */
export function labelled(n, cell, lit) {
  const every = Math.ceil(ROOM / cell);
  const isFree = (/** @type {number} */ i) => every === 1 || lit === undefined || Math.abs(i - lit) >= every;
  return range(n).filter((i) => i === lit || (i % every === 0 && isFree(i)));
}

/**
 * Unseen copies of all words, so that the column of labels is as wide as the longest.
 * @param {HTMLElement} box
 * @param {readonly string[]} words
 */
export const holdWidth = (box, words) =>
  box.replaceChildren(...words.map((word) => make("span", { class: "ghost" }, word)));

/**
 * New labels in all boxes; the column that holds its width keeps what holds it.
 * @param {Iterable<HTMLElement>} boxes
 * @param {() => HTMLElement[]} labels one set for each box
 */
export function replaceLabels(boxes, labels) {
  for (const box of boxes) {
    const ghosts = box.querySelectorAll(".ghost");
    box.replaceChildren(...ghosts, ...labels());
  }
}
