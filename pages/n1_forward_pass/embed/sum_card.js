// @ts-check
// One token's numbers as bars: its row, its position's, their sum.

import { cosine, largest, norm } from "../../../ui/kit/arithmetic.js";
import { find, make } from "../../../ui/kit/elements.js";
import { count, number } from "../../../ui/kit/format.js";
import { bars } from "../../../ui/kit/pictures.js";
import { quote } from "../../../ui/kit/words.js";
import { cosineText } from "./cosine_text.js";
import { nameOf } from "./lookup_words.js";

/** @import { Lookup } from "./lookup.js" */

const ANGLED = 0.25; // cosine up to which two vectors are said to be nearly at right angles
const LONGER = 1.25; // times from which on the position is said to dominate

/**
 * @param {HTMLElement} section
 * @param {Lookup} lookup
 * @param {number} token
 */
export function drawSum(section, lookup, token) {
  const { header, d, labels } = lookup;
  const [e, p, x] = [lookup.row[token], lookup.place[token], lookup.sum[token]];
  const top = Math.max(largest(e), largest(p), largest(x));
  const row = { vector: e, role: "row", name: `row ${count(header.ids[token])}`, total: "" };
  const lines = header.placed
    ? [
        row,
        { vector: p, role: "place", name: `+ position ${token + 1}`, total: "" },
        { vector: x, role: "residual", name: "= into layer 1", total: "total" },
      ]
    : [row];
  const high = header.placed ? 54 : 110;
  find(section, "h4").replaceChildren(`All ${count(d)} numbers of `, nameOf(lookup, token));
  const box = find(section, ".vectors");
  box.replaceChildren(
    ...lines.flatMap(({ vector, role, name, total }) => [
      make("div", { class: `side ${total}` }, make("b", {}, name)),
      make("div", { class: total }, bars(vector, top, role, high)),
      make("div", { class: `side ${total}` }, make("span", {}, "length"), number(norm(vector))),
    ]),
  );
  const told = lines.map(({ vector, name }) => `${name}, length ${number(norm(vector))}`).join("; ");
  box.setAttribute("aria-label", `${quote(labels[token])}: ${told}`);
  find(section, ".told").textContent = header.placed ? compared(e, p, x) : UNPLACED;
}

const UNPLACED =
  "This model adds nothing to the row. Positions come in later, inside attention. At this point nothing tells the " +
  "order of the tokens.";

/**
 * @param {Float32Array} e the token's row
 * @param {Float32Array} p its position's
 * @param {Float32Array} x their sum
 */
function compared(e, p, x) {
  const [along, ratio] = [cosine(e, p), norm(p) / norm(e)];
  const dominates = ratio >= LONGER ? "Here the position dominates. The" : "The";
  return (
    `The position’s vector is ${number(ratio, 1)} times as long as the token’s row, and their cosine is ` +
    `${cosineText(along)}. ${meaning(along)} ` +
    `${dominates} cosine of the token’s row and the sum is ${cosineText(cosine(e, x))}.`
  );
}

/** @param {number} along */
function meaning(along) {
  if (Math.abs(along) < ANGLED) return "They are nearly at right angles, so both can still be told apart in the sum.";
  return along > 0
    ? "They partly share a direction, so the sum mixes them a little."
    : "They partly point against each other, so the sum mixes them a little.";
}

/**
 * A line through a number of all three; none for null.
 * @param {HTMLElement} section
 * @param {number | null} k
 */
export function markNumber(section, k) {
  for (const svg of section.querySelectorAll(".vectors svg")) {
    svg.querySelector(".cursor")?.remove();
    if (k !== null) svg.append(make("line", { class: "cursor", x1: 10 * k + 4, x2: 10 * k + 4, y1: 0, y2: 200 }));
  }
}
