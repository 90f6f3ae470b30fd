// @ts-check
// How tokens are written in this lesson: with the space that belongs to them, and told apart.

import { lowered, visible } from "../../../ui/kit/words.js";

// biome-ignore lint/suspicious/noControlCharactersInRegex: a token that is one of them is shown as its byte
const CONTROL = /^[\x00-\x08\x0b-\x1f\x7f]$/;

/**
 * A token's space as a sign, a control character as its byte.
 * @param {string} piece
 */
export function spaced(piece) {
  if (piece === "<|endoftext|>") return "⟨end of text⟩";
  if (CONTROL.test(piece)) return `⟨${piece.charCodeAt(0).toString(16).padStart(2, "0")}⟩`;
  return (/^ \S/.test(piece) ? "␣" : "") + visible(piece);
}

/**
 * The names of a text's tokens; one whose id stands there twice carries its position.
 * @param {readonly number[]} ids
 * @param {readonly string[]} pieces
 */
export const numbered = (ids, pieces) =>
  ids.map((id, i) => spaced(pieces[i]) + (ids.indexOf(id) === ids.lastIndexOf(id) ? "" : lowered(i + 1)));
