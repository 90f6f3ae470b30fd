// @ts-check
// The price of a longer list: the larger the matrix that holds a row of numbers for each id.

import { largest } from "../../../ui/kit/arithmetic.js";
import { find, make } from "../../../ui/kit/elements.js";
import { count, percent, short } from "../../../ui/kit/format.js";
import { times } from "./wording.js";

/** @import { CutComparison, CutRow } from "./cut_rows.js" */

/**
 * @param {HTMLElement} section
 * @param {CutComparison} comparison
 * @param {CutRow} chosen
 * @param {CutRow} own
 */
export function drawPrice(section, { rows, d_model: d, parameters }, chosen, own) {
  const listed = rows.filter((row) => row.name !== "characters");
  const [longest] = listed.filter((row) => row !== own).sort((a, b) => b.size - a.size);
  const top = largest(listed.map((row) => row.embedding));
  find(section, "h4").textContent = `A longer list costs more parameters: ${count(d)} numbers for every id`;
  find(section, ".sub").textContent =
    `The embedding matrix has a row for each id. Here it holds ${product(own, d)} numbers, ` +
    `${percent(own.embedding / parameters)} of the model’s ${short(parameters)}. With the list of ${longest.title} ` +
    `it would hold ${product(longest, d)}: ${compared(longest.embedding / parameters)} the whole model.`;
  find(section, ".matrix").replaceChildren(
    ...listed.map((row) => {
      const kind = row === own ? " ours" : row === chosen ? " here" : "";
      return line(row, kind, product(row, d), row.embedding / top);
    }),
  );
}

const compared = (/** @type {number} */ ratio) => (ratio < 1 ? `${percent(ratio)} of` : `${times(ratio)} times`);

/**
 * @param {CutRow} row
 * @param {number} d
 */
const product = ({ size, embedding }, d) => `${count(size)} × ${count(d)} = ${count(embedding)}`;

/**
 * @param {CutRow} row
 * @param {string} kind
 * @param {string} title
 * @param {number} share of the longest bar
 */
function line({ title: name, embedding, pieces }, kind, title, share) {
  const bar = make("i", { style: `width:${100 * share}%` });
  const cell = { role: "cell" };
  return make(
    "div",
    { class: `line${kind}`, role: "row", title },
    make("span", cell, name),
    make("div", { class: "bar", ...cell }, bar),
    make("span", cell, make("b", {}, short(embedding)), ` · your text: ${count(pieces.length)}`),
  );
}
