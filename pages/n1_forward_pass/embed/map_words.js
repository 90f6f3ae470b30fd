// @ts-check
// What the map says in words.

import { make } from "../../../ui/kit/elements.js";
import { count, percent } from "../../../ui/kit/format.js";
import { quote, visible } from "../../../ui/kit/words.js";
import { cosineText } from "./cosine_text.js";
import { cosines, nearest, rowOf } from "./embedding_space.js";
import { inCommon } from "./map_marks.js";
import { spaced } from "./token_name.js";

/** @import { Look } from "./map_look.js" */
/** @import { Mark } from "./map_marks.js" */
/** @import { View } from "./map_view.js" */

const BLIND = 0.15; // of the variance, up to which a map shows next to nothing

/** @param {Look} look */
export function nearestOf({ table, chosen, near, similar }) {
  const first = near.slice(0, 3).map((id) => `${quote(spaced(table.pieces[id]))} ${cosineText(similar[id])}`);
  return [
    "Nearest to ",
    make("b", { class: "attention" }, quote(chosen.word)),
    ` in all ${count(table.space.d)} dimensions: ${first.join(", ")}`,
  ];
}

/**
 * How much the map shows, and what is marked in it.
 * @param {Look} look
 * @param {View} view
 * @param {Mark} mark
 */
export function caption({ table, near }, { across, up }, mark) {
  const share = table.shares[across] + table.shares[up];
  const held = `axes hold ${percent(share)} of the variance`;
  return [
    make("b", {}, share > BLIND ? `The two ${held}` : `This map is nearly blind: its two ${held}`),
    ", of all that the rows differ. Axis 1 is the direction in which they differ most, axis 2 the next. " +
      `Lines lead to the ${near.length} nearest in all dimensions.${inCommon(mark, table.pieces)}`,
  ];
}

/**
 * The picture for those who do not see it.
 * @param {Look} look
 */
export function described({ table, chosen, near, similar }) {
  const { n } = table.space;
  const part = n < table.vocab_size ? `the first ${count(n)} of ${count(table.vocab_size)}` : `all ${count(n)}`;
  const joined = near.map((id) => `${table.shown[id]} ${cosineText(similar[id])}`).join(", ");
  return `Map of ${part} tokens. ${quote(chosen.word)} is joined to its nearest: ${joined}.`;
}

/**
 * Of the dot under the pointer.
 * @param {Look} look
 * @param {number} id
 */
export function facts({ table, chosen, similar, centred }, id) {
  const near = nearest(cosines(table.space, rowOf(table.space, id), centred), 3, [id]);
  const muted = (/** @type {string} */ text) => make("span", {}, text);
  return [
    make("b", {}, quote(spaced(table.pieces[id]))),
    muted(` id ${count(id)}`),
    make("br"),
    muted("nearest: "),
    near.map((each) => spaced(table.pieces[each])).join(", "),
    make("br"),
    muted("cosine with "),
    `${visible(chosen.word)} ${cosineText(similar[id])}`,
  ];
}
