// @ts-check
// Where the reader looks: layer, head and word, the same in all pictures of the page. Whoever changes
// it remembers it in the address; all pictures, that one among them, follow what is remembered.

import { hear, recall, remember } from "../../../ui/kit/address.js";
import { clamp } from "../../../ui/kit/arithmetic.js";

/**
 * @typedef {{
 *   pass_id: string, pieces: string[], layer: number, head: number, token: number,
 *   n_layers: number, n_heads: number, numbers: string, sentence: Record<string, string>,
 * }} HeadsView
 */
/** @typedef {{layer: number, head: number, token: number}} Place */

const NAMES = /** @type {const} */ (["layer", "head", "token"]);

/** @param {HeadsView} view */
const sizes = (view) => ({ layer: view.n_layers, head: view.n_heads, token: view.pieces.length });

/**
 * What the answer says, unless the reader has gone on while it was on its way.
 * @param {keyof Place} name
 * @param {HeadsView} view
 */
const placeIn = (name, view) => (Number(recall(name)) || view[name] + 1) - 1;

/**
 * Take over what an answer says anew of the place; else what the reader has chosen here stays.
 * @param {Place} place
 * @param {HeadsView} view
 * @param {HeadsView} [was] of the answer before
 * @returns {boolean} whether there is anything new to draw
 */
export function arrive(place, view, was) {
  const fresh = view.pass_id !== was?.pass_id;
  const anew = NAMES.filter((name) => view[name] !== was?.[name] || (fresh && name === "token"));
  for (const name of anew) place[name] = placeIn(name, view);
  for (const name of NAMES) place[name] = clamp(place[name], 0, sizes(view)[name] - 1);
  return fresh || anew.length > 0;
}

/**
 * Call `moved` with what of the place has changed, while `root` stands.
 * @param {HTMLElement} root
 * @param {Place} place
 * @param {() => HeadsView | undefined} view of the last answer
 * @param {(name: keyof Place) => void} moved
 */
export function followPlace(root, place, view, moved) {
  hear(root, (said, value) => {
    const name = NAMES.find((each) => each === said);
    const now = view();
    if (!name || !now || !value) return;
    const to = clamp(value - 1, 0, sizes(now)[name] - 1);
    if (to === place[name]) return;
    place[name] = to;
    moved(name);
  });
}

/** @param {Partial<Place>} to */
export function goTo(to) {
  for (const name of NAMES) {
    const i = to[name];
    if (i !== undefined) remember(name, i + 1);
  }
}
