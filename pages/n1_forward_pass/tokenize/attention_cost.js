// @ts-check
// The grid of attention scores under one cut and under the model's own: two squares to scale.

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
    ? "Choose another row above to compare its cost"
    : `Read as ${readAs(row)}, the text would need ${asMany((n / ours) ** 2)}`;
  find(section, ".squares").replaceChildren(squares(n, ours, same));
  find(section, ".facts").replaceChildren(
    make("p", { class: "times" }, same ? squared(ours) : `(${count(n)} ÷ ${count(ours)})² = ${times((n / ours) ** 2)}`),
    make("p", {}, mine(squared(ours)), " scores here", ...compared(same, ", ", squared(n), readAs(row))),
    make("p", {}, ...masked(ours)),
    make("p", {}, ...reach(comparison, row, own)),
  );
}

/** @param {CutRow} row */
const readAs = ({ name, title }) => (["characters", "bytes"].includes(name) ? name : `${title}’s tokens`);

/** @param {number} ratio */
function asMany(ratio) {
  if (ratio === 1) return "as many scores";
  return ratio > 1 ? `${times(ratio)} times as many scores` : `${percent(ratio)} of the scores`;
}

/** @param {number} n */
const squared = (n) => `${count(n)}² = ${count(n ** 2)}`;

/**
 * What the causal mask leaves of the grid.
 * @param {number} n
 * @returns {Child[]}
 */
const masked = (n) => [
  "The mask hides the later tokens from each token. So ",
  mine(`${count(n)} · ${count(n + 1)} ÷ 2 = ${count((n * (n + 1)) / 2)}`),
  " of these scores count.",
];

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
    `The context window holds ${count(context)} pieces. That is about `,
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
      "aria-label": `${n} times ${n} scores beside ${own} times ${own}`,
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
