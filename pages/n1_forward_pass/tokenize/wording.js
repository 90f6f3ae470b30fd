// @ts-check
// Counts and pieces inside sentences.

import { count, number } from "../../../ui/kit/format.js";
import { face, quote } from "../../../ui/kit/words.js";
import { piece } from "./byte_text.js";

/**
 * A piece of the text between quotation marks.
 * @param {string} bytes
 */
export const said = (bytes) => quote(face(piece(bytes)).textContent ?? "");

/**
 * 1,250 or 11.9, to stand before "times"; what is far below 1 keeps digits that matter.
 * @param {number} x
 */
export function times(x) {
  if (x >= 100) return count(x);
  if (x >= 1) return number(x, 1);
  return number(x, x < 0.1 ? 4 : 2);
}
