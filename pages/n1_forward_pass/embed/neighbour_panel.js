// @ts-check
// The nearest of the row looked at, and how unusual they are among all its cosines.

import { clamp } from "../../../ui/kit/arithmetic.js";
import { find, make } from "../../../ui/kit/elements.js";
import { count } from "../../../ui/kit/format.js";
import { quote } from "../../../ui/kit/words.js";
import { drawHistogram } from "./cosine_histogram.js";
import { cosineText } from "./cosine_text.js";

/** @import { Look } from "./map_look.js" */

/**
 * @param {HTMLElement} section
 * @param {Look} look
 * @param {boolean} tied whether the matrix is used at the end of the model, too
 * @param {(id: number) => void} choose
 */
export function drawNeighbours(section, look, tied, choose) {
  const { table, chosen, others, near, centred } = look;
  const name = quote(chosen.word);
  find(section, ".nearest").textContent = `Its ${near.length} nearest of ${count(table.vocab_size)} tokens`;
  find(section, ".bars-list").replaceChildren(...near.map((_, i) => line(look, i, choose)));
  find(section, ".all").textContent = `How unusual is ${cosineText(others.best)}?`;
  drawHistogram(find(section, ".histogram"), others);
  find(section, ".distribution").textContent =
    `Cosine of ${name} with each of the ${count(others.n)} other tokens. One in a hundred is above ` +
    `${cosineText(others.high)}. ` +
    (tied
      ? "The rows also serve for the output, where most training steps push rare tokens the same way. So those end " +
        "up close together (Gao et al. 2019)."
      : "Rows of rare tokens were seldom trained, so their neighbours are partly chance.");
  const typical = cosineText(table.typical);
  const lean = `the average over all pairs of tokens is ${typical}, because most rows share a direction. `;
  find(section, ".why").textContent = centred
    ? `With the average row, ${lean}It is subtracted now, so what counts is how each row differs from the rest.`
    : `For ${name} the average is ${cosineText(others.mean)}; ${lean}The switch subtracts that direction.`;
}

/**
 * @param {Look} look
 * @param {number} i of its nearest
 * @param {(id: number) => void} choose
 */
function line({ near, cosines }, i, choose) {
  const { id, word } = near[i];
  const cosine = cosineText(cosines[i]);
  return make(
    "button",
    { type: "button", onclick: () => choose(id), "aria-label": `${word}, cosine ${cosine}` },
    make("span", {}, word),
    make("i", { style: `width:${100 * clamp(cosines[i], 0, 1)}%` }),
    make("output", {}, cosine),
  );
}
