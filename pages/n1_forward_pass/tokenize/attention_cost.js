// @ts-check
// What attention compares under one cut and under the model's own: two squares to scale.

import { range } from "../../../ui/kit/arithmetic.js";
import { find, make } from "../../../ui/kit/elements.js";
import { count, percent } from "../../../ui/kit/format.js";
import { times } from "./wording.js";

/** @import { Child } from "../../../ui/kit/elements.js" */
/** @import { CutComparison, CutRow } from "./cut_rows.js" */

const SIDE = 220;
const FINEST = 3; // px of a cell below which no grid is drawn

/**
 * @param {HTMLElement} section
 * @param {CutComparison} comparison
 * @param {CutRow} row the chosen one
 * @param {CutRow} own
 */
export function drawCost(section, comparison, row, own) {
  const [n, ours, same] = [row.pieces.length, own.pieces.length, row === own];
  find(section, "h4").textContent = same
    ? "Choose another row to compare its cost"
    : `Read as ${readAs(row)}, attention would make ${asMany((n / ours) ** 2)}`;
  find(section, ".squares").replaceChildren(squares(n, ours, same));
  find(section, ".facts").replaceChildren(
    make("p", { class: "times" }, same ? squared(ours) : `(${count(n)} ÷ ${count(ours)})² = ${times((n / ours) ** 2)}`),
    make("p", {}, mine(squared(ours)), " comparisons here", ...compared(same, ", ", squared(n), readAs(row))),
    make("p", {}, ...reach(comparison, row, own)),
  );
}

/** @param {CutRow} row */
const readAs = ({ name, title }) => (["characters", "bytes"].includes(name) ? name : `${title}’s tokens`);

/** @param {number} ratio */
function asMany(ratio) {
  if (ratio === 1) return "as many comparisons";
  return ratio > 1 ? `${times(ratio)} times as many comparisons` : `${percent(ratio)} of the comparisons`;
}

/** @param {number} n */
const squared = (n) => `${count(n)}² = ${count(n ** 2)}`;

/** @param {string} text */
const mine = (text) => make("b", { class: "mine" }, text);

/**
 * @param {boolean} same whether there is nothing to compare with
 * @param {string} before
 * @param {string} other
 * @param {string} what
 * @returns {Child[]}
 */
const compared = (same, before, other, what) =>
  same ? ["."] : [before, make("b", { class: "of" }, other), ` as ${what}.`];

/**
 * How much text the model reads at once.
 * @param {CutComparison} comparison
 * @param {CutRow} row
 * @param {CutRow} own
 */
function reach({ context, characters }, row, own) {
  const [n, ours] = [row.pieces.length, own.pieces.length];
  const places = (/** @type {number} */ pieces) => count(context * (characters / pieces));
  return [
    `The model reads at most ${count(context)} pieces at once: about `,
    mine(`${places(ours)} characters`),
    " of text like yours",
    ...compared(row === own, n > ours ? ", but only " : ", or ", places(n), readAs(row)),
  ];
}

/**
 * @param {number} n
 * @param {number} own
 * @param {boolean} same
 */
function squares(n, own, same) {
  const cell = SIDE / Math.max(n, own);
  /** @type {[string, number][]} */
  const both = [
    ["other", n],
    ["own", own],
  ];
  const drawn = same ? both.slice(1) : n < own ? both.reverse() : both; // the larger one below
  return make(
    "svg",
    {
      viewBox: `0 -18 ${SIDE} ${SIDE + 20}`,
      role: "img",
      "aria-label": `${n} times ${n} comparisons beside ${own} times ${own}`,
    },
    ...drawn.map(([kind, k]) => square(kind, k, cell)),
    ...drawn.map(([kind, k], i) => (i === 0 || n !== own) && label(kind, k, i ? "end" : "start")),
  );
}

/**
 * @param {string} kind
 * @param {number} k
 * @param {number} cell
 */
function square(kind, k, cell) {
  const edge = k * cell;
  const lines = cell < FINEST ? [] : range(k - 1).map((i) => (i + 1) * cell);
  const d = lines.map((at) => `M${at} ${SIDE}v${-edge}M0 ${SIDE - at}h${edge}`).join("");
  const rect = make("rect", { class: kind, x: 0, y: SIDE - edge, width: edge, height: edge });
  return make("g", {}, rect, make("path", { class: "grid", d }));
}

/**
 * @param {string} kind
 * @param {number} k
 * @param {"start" | "end"} anchor
 */
const label = (kind, k, anchor) =>
  make(
    "text",
    { class: `t-${kind}`, x: anchor === "end" ? SIDE : 0, y: -6, "text-anchor": anchor },
    `${count(k)} × ${count(k)}`,
  );
