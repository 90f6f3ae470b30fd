// @ts-check
// Bytes for which a published vocabulary has no token.

import { count, plural } from "../../../ui/kit/format.js";
import { face } from "../../../ui/kit/words.js";
import { hex, piece } from "./byte_text.js";
import { said } from "./wording.js";

/** @import { Part, TokenizeHeader } from "./merge_replay.js" */

/**
 * Whether a part is a byte that has no token of its own.
 * @param {Part} part
 */
export const isLacking = ({ id }) => id === null;

/**
 * What the model gets to see of a part: its text, or the unknown token.
 * @param {Part} part
 * @param {TokenizeHeader} header
 */
export function faceOf(part, { unknown }) {
  return isLacking(part) && unknown ? face(unknown[1]) : face(piece(part.bytes));
}

/**
 * The id that the model gets to see.
 * @param {Part} part
 * @param {TokenizeHeader} header
 */
export const idOf = ({ id }, { unknown }) => String(id ?? unknown?.[0] ?? "none");

/**
 * How a part came to be, or that it could not.
 * @param {Part} part
 * @param {TokenizeHeader} header
 */
export function origin({ merge, id }, header) {
  if (id === null) return `not in this vocabulary: ${fate(header)}`;
  return merge ? `merge ${count(merge)}` : "a single byte";
}

/** @param {TokenizeHeader} header */
const fate = ({ unknown }) => (unknown ? `it becomes the unknown token “${unknown[1]}”` : "it is left out");

/**
 * What is lost of a text, in words.
 * @param {readonly Part[]} lacking
 * @param {TokenizeHeader} header
 */
export function loss(lacking, header) {
  const each = lacking.length === 1 ? "it" : "each of them";
  const then = header.unknown ? `${each} becomes the unknown token “${header.unknown[1]}”` : `${each} is left out`;
  const bytes = [...new Set(lacking.map((part) => hex(part.bytes)))].join(", ");
  const have = lacking.length === 1 ? "has" : "have";
  return (
    `${plural(lacking.length, "byte")} of this text (${bytes}) ${have} no token in this ` +
    `vocabulary, so ${then}. The model cannot know what stood there.`
  );
}

/**
 * How a single byte is known.
 * @param {Part} part
 * @param {TokenizeHeader} header
 */
export function known(part, header) {
  const there = header.byte_ids.filter((id) => id !== null).length;
  if (isLacking(part)) return `: ${said(part.bytes)} is ${origin(part, header)}`;
  return there === 256
    ? ": all 256 bytes are in the list from the start"
    : `: ${there} of the 256 bytes are in the list from the start`;
}
