// @ts-check
// What the wall of heads is drawn from: the answer of the server, and what the reader has chosen in it.

import { range } from "../../../ui/kit/arithmetic.js";
import { slice } from "../../../ui/kit/tensors.js";
import { favourite, rowsOf } from "./head_rows.js";

/** @import { Place, HeadsView } from "./head_place.js" */
/** @import { HeadAt } from "./head_rows.js" */
/** @import { LayerWeights } from "./layer_weights.js" */
/** @import { WallArrays } from "./role_scores.js" */
/** @import { Packed, Tensor } from "../../../ui/kit/tensors.js" */

/**
 * `on`: the text it was measured on; `clear`: the score from which on a head is called by it;
 * `chance` and `even`: what a uniform head gets there, and on the reader's text.
 * @typedef {{
 *   name: string, title: string, meaning: string, on: string,
 *   clear: number | null, chance: number | null, even: number,
 * }} RoleFacts
 */
/**
 * `layers`: those whose weights come with it.
 * @typedef {{
 *   view: HeadsView, layers: number[], role: string, repeating: string, guesses: string[], roles: RoleFacts[],
 * }} WallHeader
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
/** @typedef {Answer & {words: string[], choice: Choice, layers: LayerWeights}} Scene */

/** @param {Scene} scene */
export const wordCount = ({ header }) => header.view.pieces.length;

/**
 * The index of the chosen role; −1 for none.
 * @param {Scene} scene
 */
export const roleIndex = ({ header, choice }) => header.roles.findIndex(({ name }) => name === choice.role);

/**
 * A head's small map: its rows, each as long as it sees.
 * @param {Tensor<Uint8Array>} maps roots, of 255
 * @param {HeadAt} at
 */
export function smallRows(maps, { layer, head }) {
  const roots = slice(maps, layer, head);
  const m = (Math.sqrt(8 * roots.length + 1) - 1) / 2;
  return range(m).map((i) =>
    Float32Array.from(roots.subarray((i * (i + 1)) / 2, ((i + 1) * (i + 2)) / 2), (root) => (root / 255) ** 2),
  );
}

/**
 * The head that is shown large.
 * @param {Choice} choice
 */
export const largeAt = ({ peek, place }) => peek ?? place;

/**
 * The head that is shown large, its rows, the word in focus and the word that is lit with it; null
 * while its layer has not come.
 * @param {Scene} scene
 */
export function largeOf(scene) {
  const { place, focus } = scene.choice;
  const at = largeAt(scene.choice);
  const weights = scene.layers.of(at.layer);
  if (!weights) return null;
  const rows = rowsOf(weights, at.head, wordCount(scene));
  /** @type {Focus} */
  const now = focus ?? { side: "query", at: place.token, other: null };
  const lit = now.side === "query" ? (now.other ?? favourite(rows[now.at])) : now.at;
  return { at, rows, focus: now, lit };
}

/** @typedef {NonNullable<ReturnType<typeof largeOf>>} Large */
