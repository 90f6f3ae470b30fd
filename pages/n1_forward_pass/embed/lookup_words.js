// @ts-check
// What the rows of the sentence's tokens say in words.

import { clamp, cosine, range } from "../../../ui/kit/arithmetic.js";
import { make } from "../../../ui/kit/elements.js";
import { bracketed, count, number, printed, relation } from "../../../ui/kit/format.js";
import { slice } from "../../../ui/kit/tensors.js";
import { quote } from "../../../ui/kit/words.js";
import { cosineText } from "./cosine_text.js";
import { siblingOf, twinOf } from "./lookup.js";
import { spaced } from "./token_name.js";

/** @import { Lookup } from "./lookup.js" */
/** @import { Vocabulary } from "./vocabulary.js" */

const DIGITS = 3; // of a single number

/**
 * @param {Lookup} lookup
 * @param {number} i
 */
export const nameOf = ({ labels }, i) => make("b", { class: "attention" }, quote(labels[i]));

/**
 * @param {Lookup} lookup
 * @param {number} token
 */
export function finding(lookup, token) {
  const { header, d, row, sum } = lookup;
  const { placed } = header;
  const [twin, sibling] = [twinOf(lookup, token), siblingOf(lookup, token)];
  const id = count(header.ids[token]);
  if (twin >= 0) {
    const [first, second] = [token, twin].sort((a, b) => a - b);
    const alike = cosineText(cosine(sum[token], sum[twin]));
    const rest = placed
      ? `. With their positions added, their cosine is ${alike} instead of 1`
      : ", and enter layer 1 as the same vector";
    return [nameOf(lookup, first), " and ", nameOf(lookup, second), ` look up the same row, ${id}${rest}`];
  }
  if (sibling >= 0) {
    const space = header.pieces[sibling].startsWith(" ") ? "a" : "no";
    const rest =
      `, with ${space} space before it, is another token, row ${count(header.ids[sibling])}. ` +
      `The cosine of the two rows is ${cosineText(cosine(row[token], row[sibling]))}`;
    return [nameOf(lookup, token), ` is row ${id}; `, nameOf(lookup, sibling), rest];
  }
  const turned = Math.round((Math.acos(clamp(cosine(row[token], sum[token]), -1, 1)) * 180) / Math.PI);
  const rest = placed
    ? `. Adding the vector of position ${token + 1} turns its direction by ${turned}°`
    : ", which enter layer 1 as they are";
  return [nameOf(lookup, token), ` is row ${id} of ${count(header.vocab_size)}: ${count(d)} learnt numbers${rest}`];
}

/**
 * How to read the pictures.
 * @param {Lookup} lookup
 */
export function advice({ header, n }) {
  const repeated = new Set(header.ids).size < n;
  return (
    "Choose a token, or point at the strips or the table. The sign ␣ is the space that belongs to a token." +
    (repeated ? " Where a token repeats, a small number gives its position." : "") +
    (header.total > n
      ? ` The first ${n} of ${count(header.total)} tokens are drawn; the others do not change what these look up.`
      : "")
  );
}

/**
 * One number of a token: its row's, its position's, their sum.
 * @param {Lookup} lookup
 * @param {number} i
 * @param {number} k
 */
export function readout(lookup, i, k) {
  const { header, d } = lookup;
  const [e, p, x] = [lookup.row[i][k], lookup.place[i][k], lookup.sum[i][k]];
  const made = printed(e, DIGITS) + printed(p, DIGITS);
  const formula = `${number(e, DIGITS)} + ${bracketed(p, DIGITS)} ${relation(made, x, DIGITS)} `;
  return [
    nameOf(lookup, i),
    ` number ${k + 1} of ${d}: ${header.placed ? formula : ""}`,
    make("b", {}, number(x, DIGITS)),
  ];
}

/**
 * The beginning of a row of the table.
 * @param {Vocabulary} table
 * @param {number} line of its picture
 */
export function browsed({ picture, lines, line_pieces: pieces }, line) {
  const row = slice(picture, line);
  const first = range(Math.min(4, row.length)).map((k) => number(row[k]));
  return [`Row ${count(lines[line])} is `, make("b", {}, quote(spaced(pieces[line]))), `: ${first.join(", ")}, … `];
}
