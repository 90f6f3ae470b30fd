// @ts-check
// What the map says in words.

import { make } from "../../../ui/kit/elements.js";
import { count, percent } from "../../../ui/kit/format.js";
import { quote, visible } from "../../../ui/kit/words.js";
import { cosineText } from "./cosine_text.js";
import { inCommon } from "./map_marks.js";
import { spaced } from "./token_name.js";

/** @import { Look } from "./map_look.js" */
/** @import { Mark } from "./map_marks.js" */
/** @import { View } from "./map_view.js" */

const BLIND = 0.15; // of the variance, up to which a map shows next to nothing

/** @param {Look} look */
export function nearestOf({ table, chosen, near, cosines }) {
  const first = near.slice(0, 3).map(({ word }, i) => `${quote(word)} ${cosineText(cosines[i])}`);
  return [
    "Nearest to ",
    make("b", { class: "attention" }, quote(chosen.word)),
    ` among all ${count(table.vocab_size)} tokens: ${first.join(", ")}`,
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
  const [n, total] = [table.pieces.length, table.vocab_size];
  return [
    make("b", {}, share > BLIND ? `The two ${held}` : `This map shows very little: its two ${held}`),
    " of the drawn rows. The axes are principal components: axis 1 is the direction in which the rows differ most, " +
      "axis 2 the next. " +
      (n < total ? `${drawn(n, total)} ` : "") +
      `Lines lead to the ${near.length} tokens that are nearest in all dimensions.${inCommon(mark, table.pieces)}`,
  ];
}

/**
 * Which tokens of a large vocabulary are on the map.
 * @param {number} n
 * @param {number} total
 */
const drawn = (n, total) =>
  `Drawn are the first ${count(n)} of ${count(total)} tokens. They were merged first, so they are among the ` +
  "commonest. The tokens of your sentence, of your choice and of your search are always drawn too.";

/**
 * The picture for those who do not see it.
 * @param {Look} look
 */
export function described({ table, chosen, near, cosines }) {
  const n = table.pieces.length;
  const part = n < table.vocab_size ? `the first ${count(n)} of ${count(table.vocab_size)}` : `all ${count(n)}`;
  const joined = near.map(({ word }, i) => `${word} ${cosineText(cosines[i])}`).join(", ");
  return `Map of ${part} tokens. ${quote(chosen.word)} is joined to its nearest: ${joined}.`;
}

/**
 * Of the dot under the pointer.
 * @param {Look} look
 * @param {number} id
 */
export function facts({ table, chosen, similar }, id) {
  const muted = (/** @type {string} */ text) => make("span", {}, text);
  return [
    make("b", {}, quote(spaced(table.pieces[id]))),
    muted(` id ${count(id)}`),
    make("br"),
    muted("cosine with "),
    `${visible(chosen.word)} ${cosineText(similar[id])}`,
  ];
}
