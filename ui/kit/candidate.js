// @ts-check
// A line of a list of candidates: the token, its share as a bar, its share as a number.

import { make } from "./elements.js";
import { percent } from "./format.js";
import { visible } from "./words.js";

/**
 * @param {string} piece
 * @param {number} share
 * @param {string | false} kind of the one that stands out
 */
export function candidate(piece, share, kind) {
  const classes = (/** @type {string} */ part) => (kind ? `${part} ${kind}` : part);
  return [
    make("span", { class: classes("w") }, visible(piece)),
    make("span", { class: classes("b") }, make("i", { style: `width:${100 * share}%` })),
    make("span", { class: classes("p") }, percent(share)),
  ];
}
