// @ts-check
// What a note is made of, and sentences that several notes share.

import { number } from "../../../ui/kit/format.js";
import { em } from "./marks.js";

/** @import { Facts } from "./facts.js" */
/** @import { Lever } from "./levers.js" */
/** @import { Text } from "./marks.js" */
/** @typedef {readonly [order: string, text: string]} Cost */

/**
 * @typedef {object} Note
 * @property {string} title
 * @property {string[]} text paragraphs
 * @property {{said: string, shown: boolean} | null} [role] of the head, drawn weaker where the text does not show it
 * @property {readonly Text[]} [formula]
 * @property {string} [shapes]
 * @property {readonly (readonly Text[])[]} [numbers] lines
 * @property {readonly [training: Cost, decoding: Cost]} [costs]
 * @property {readonly Lever[]} levers
 * @property {string} [takeaway]
 */
/** @typedef {(f: Facts) => Note} Writer */

/**
 * "s" where there are several, or none.
 * @param {number} n
 */
export const plural = (n) => (n === 1 ? "" : "s");

/**
 * A part of a letter has no sign of its own.
 * @param {Facts} f
 */
export function spelt({ trace, row }) {
  const word = trace.word(row);
  if (!/^⟨[0-9a-f ]+⟩$/.test(word)) return "";
  return ` ${word} is not a whole letter but bytes of one, written in hexadecimal.`;
}

/**
 * Why the lengths before and after differ by less than the length of what was added.
 * @param {number} before
 * @param {number} after
 */
export function lengths(before, after) {
  const against = after < before ? " This one points partly against x, so x gets shorter." : "";
  return `Vectors are added, not their lengths.${against}`;
}

/**
 * Three lengths under each other: before, added, after.
 * @param {string} what was added
 * @param {Float32Array} sizes
 * @returns {Text[][]}
 */
export function sizeLines(what, [before, added, after]) {
  const line = (/** @type {string} */ name, /** @type {Text} */ size) => [name.padEnd(15), size];
  return [line("|x| before", number(before)), line(`|${what}|`, number(added)), line("|x| after", em(number(after)))];
}

/**
 * @param {Facts} f
 * @param {string} name
 */
export const streamShape = ({ n, model }, name) => `${name}  [batch 1 · position ${n} · d_model ${model.d_model}]`;

/**
 * @param {Facts} f
 * @param {string} name
 */
export const pairShape = ({ n, model }, name) => `${name}  [batch 1 · heads ${model.n_heads} · query ${n} · key ${n}]`;

/**
 * @param {Facts} f
 * @param {string} name
 */
export const headShape = ({ n, model }, name) =>
  `${name}  [batch 1 · heads ${model.n_heads} · position ${n} · d_head ${model.d_head}]`;
