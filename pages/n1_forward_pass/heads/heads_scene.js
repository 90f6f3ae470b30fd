// @ts-check
// What the wall of heads is drawn from: the answer of the server, and what the reader has chosen in it.

import { favourite, rowsOf } from "./head_rows.js";

/** @import { Place, HeadsView } from "./head_place.js" */
/** @import { HeadAt } from "./head_rows.js" */
/** @import { WallArrays } from "./role_scores.js" */
/** @import { Packed } from "../../../ui/kit/tensors.js" */

/**
 * `on`: the text it was measured on; `clear`: the score from which on a head is called by it;
 * `chance` and `even`: what a head that looks evenly gets there, and on the reader's text.
 * @typedef {{
 *   name: string, title: string, meaning: string, on: string,
 *   clear: number | null, chance: number | null, even: number,
 * }} RoleFacts
 */
/**
 * @typedef {{view: HeadsView, role: string, repeating: string, guesses: string[], roles: RoleFacts[]}} WallHeader
 */
/** @typedef {Packed<WallHeader, WallArrays>} Answer */

/**
 * The word pointed at, as a reader or as what is read; `other` is the key pointed at with it.
 * @typedef {{side: "query" | "key", at: number, other: number | null}} Focus
 */
/**
 * `peek` is the head pointed at.
 * @typedef {{place: Place, role: string, brighten: boolean, peek: HeadAt | null, focus: Focus | null}} Choice
 */
/** @typedef {Answer & {words: string[], choice: Choice}} Scene */

/** @param {Scene} scene */
export const wordCount = ({ header }) => header.view.pieces.length;

/**
 * The index of the chosen role; −1 for none.
 * @param {Scene} scene
 */
export const roleIndex = ({ header, choice }) => header.roles.findIndex(({ name }) => name === choice.role);

/**
 * The head that is shown large, its rows, the word in focus and the word that is lit with it.
 * @param {Scene} scene
 */
export function largeOf(scene) {
  const { place, peek, focus } = scene.choice;
  const at = peek ?? place;
  const rows = rowsOf(scene.arrays.weights, at, wordCount(scene));
  /** @type {Focus} */
  const now = focus ?? { side: "query", at: place.token, other: null };
  const lit = now.side === "query" ? (now.other ?? favourite(rows[now.at])) : now.at;
  return { at, rows, focus: now, lit };
}

/** @typedef {ReturnType<typeof largeOf>} Large */
