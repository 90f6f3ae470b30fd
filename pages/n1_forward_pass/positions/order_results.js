// @ts-check
// What another order of the words changes: each model's guesses, and a row without positions by layer.

import { make, rich } from "../../../ui/kit/elements.js";
import { percent } from "../../../ui/kit/format.js";
import { face, quote, visible } from "../../../ui/kit/words.js";

/** @typedef {import("../../../ui/kit/elements.js").Segment} Segment */
/**
 * @typedef {{name: string, position: string, typed: [string, number][], ordered: [string, number][],
 *   moved: number}} ModelGuesses
 */
/** @typedef {{causal: number[], unmasked: number[]}} BareChange */
/**
 * @typedef {{run: string, pieces: string[], cut: boolean, order: number[], own: string, models: ModelGuesses[],
 *   change: BareChange}} Shuffle
 */

/** @type {Record<string, string>} */
const SCHEMES = {
  learned: "learned table",
  rope: "RoPE",
  sinusoidal: "sinusoidal",
  alibi: "ALiBi",
  none: "no positions",
};
const ROUNDING = 5e-6; // a row moves by less where only sums are rounded in another order

/**
 * How far the models' predictions have moved.
 * @param {Shuffle} shuffle
 * @param {"typed" | "reversed" | "other"} order
 */
export function orderFinding({ pieces, models }, order) {
  if (pieces.length < 3) return "There is no order to change. Type at least three words";
  if (order === "typed") return "The tokens stand as typed. Shuffle them and see how far the prediction moves";
  const moved = models.map((model) => `${model.name} moves ${percent(model.moved)}`).join(" and ");
  const where = order === "reversed" ? "In reversed order" : "In this order";
  return `${where} ${moved} of its probability to other next tokens`;
}

/**
 * One model's guesses in both orders.
 * @param {ModelGuesses} model
 * @param {string} last the word after which they come
 */
export const modelGuesses = ({ name, position, typed, ordered, moved }, last) =>
  make(
    "div",
    { class: "model" },
    make(
      "h4",
      {},
      name,
      make("span", {}, ` (${SCHEMES[position]}): next token after ${quote(last)}, ${percent(moved)} moved`),
    ),
    make("div", {}, make("span", { class: "name" }, "as typed"), guessList(typed)),
    make("div", {}, make("span", { class: "name" }, "in this order"), guessList(ordered)),
  );

/** @param {[string, number][]} guesses */
function guessList(guesses) {
  const shown = guesses.map(([piece]) => visible(piece));
  return guesses.map(([piece, share], i) => {
    const alike = shown.indexOf(shown[i]) !== shown.lastIndexOf(shown[i]); // “ha” and “␣ha”
    return make(
      "div",
      { class: "guess" },
      make("b", {}, alike ? face(piece) : shown[i]),
      make("span", {}, percent(share)),
      make("i", { style: `width:${100 * share}%` }),
    );
  });
}

/** @param {BareChange} change */
const farthest = ({ causal, unmasked }) => Math.max(...causal, ...unmasked, 1e-3);

/**
 * What the bars of each layer mean.
 * @param {BareChange} change
 * @param {string} last
 * @param {boolean} typed
 */
export function depthCaption(change, last, typed) {
  const far = farthest(change) > 1 ? " Over 100 % means by more than its own length." : "";
  return rich([
    `How far the vector of ${quote(last)} moves when the tokens before it are reordered, in percent of its length. `,
    ["unmasked", "Without a mask"],
    " it never moves, because it reads the same set of tokens. Under the ",
    ["causal", "causal mask"],
    " layer 1 does not move it either. But each earlier token has then read other tokens than before, ",
    `so it moves from layer 2 on.${typed ? " (Nothing is reordered now.)" : far}`,
  ]);
}

/**
 * Without positions: how far the last word's row moves, layer by layer.
 * @param {BareChange} change
 */
export function depthBars(change) {
  const top = farthest(change);
  const { causal, unmasked } = change;
  const share = (/** @type {string} */ kind, /** @type {number} */ moved) =>
    make("span", { class: kind }, percent(moved < ROUNDING ? 0 : moved));
  const bar = (/** @type {string} */ kind, /** @type {number} */ moved) =>
    make("i", { class: kind, style: `--moved:${(100 * moved) / top}%` });
  return causal.map((moved, layer) =>
    make(
      "div",
      { class: "layer" },
      make("span", {}, make("span", { class: "unit" }, "layer "), layer + 1),
      make("div", { class: "two" }, share("causal", moved), share("unmasked", unmasked[layer])),
      make("div", { class: "twice" }, bar("causal", moved), bar("unmasked", unmasked[layer])),
    ),
  );
}
