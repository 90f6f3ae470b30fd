// @ts-check
// Kinds of tokens that the map can mark.

import { count } from "../../../ui/kit/format.js";

const FIRST_MERGES = 256; // below are the single bytes

/**
 * `holds` says of a piece, its id and the number of tokens whether it is of this kind.
 * @typedef {{name: string, meaning: string, holds: (piece: string, id: number, n: number) => boolean}} Mark
 */
/** @type {readonly Mark[]} */
export const MARKS = [
  {
    name: "common",
    meaning: "are the first tenth of these, so they are among the commonest",
    holds: (piece, id, n) => piece.length > 1 && id >= FIRST_MERGES && id < FIRST_MERGES + n / 10,
  },
  { name: "space first", meaning: "begin with a space: they begin a word", holds: (piece) => piece.startsWith(" ") },
  { name: "capital", meaning: "begin with a capital letter", holds: (piece) => /^ ?\p{Lu}/u.test(piece) },
  { name: "-ed", meaning: "end in -ed", holds: (piece) => /\p{L}ed$/u.test(piece) },
  {
    name: "no letter",
    meaning: "hold no letter: punctuation, digits, single bytes",
    holds: (piece) => !/\p{L}/u.test(piece),
  },
];

/**
 * Which tokens are of a kind.
 * @param {Mark} mark
 * @param {readonly string[]} pieces
 */
export const marked = ({ holds }, pieces) => pieces.map((piece, id) => holds(piece, id, pieces.length));

/**
 * What the marked tokens have in common.
 * @param {Mark} mark
 * @param {readonly string[]} pieces
 */
export function inCommon(mark, pieces) {
  const n = marked(mark, pieces).filter(Boolean).length;
  return n ? ` The stronger dots, ${count(n)} tokens, ${mark.meaning}.` : "";
}
