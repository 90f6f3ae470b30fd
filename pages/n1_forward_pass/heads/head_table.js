// @ts-check
// All heads as one choice: a table of radios, layers downwards and heads across, or of a deep model
// layers across and heads downwards. The arrows move from row to row and from column to column.

import { range } from "../../../ui/kit/arithmetic.js";
import { check, radio } from "../../../ui/kit/controls.js";
import { find, make } from "../../../ui/kit/elements.js";
import { across, onKeys } from "../../../ui/kit/keys.js";
import { goTo } from "./head_place.js";
import { everyHead } from "./head_rows.js";

/** @import { HeadsView } from "./head_place.js" */
/** @import { HeadAt } from "./head_rows.js" */
/** @import { Child } from "../../../ui/kit/elements.js" */

const DEEP = 12; // layers from which on there is no room for them below one another

/** @param {HeadsView} view */
export const isDeep = ({ n_layers }) => n_layers > DEEP;

/**
 * @typedef {{
 *   group: string, narrow: boolean, label: (at: HeadAt) => string, inside: (at: HeadAt) => readonly Child[],
 * }} Table
 */

/**
 * @param {HTMLElement} box
 * @param {HeadsView} view
 * @param {Table} table `narrow` where there is no room for "head 1" above its column, nor for many of them
 * @returns {HTMLElement[]} the radios, layer by layer
 */
export function buildHeadTable(box, view, { group, narrow, label, inside }) {
  const { n_layers, n_heads } = view;
  const deep = isDeep(view) && !narrow;
  box.classList.toggle("deep", deep);
  box.classList.toggle("tall", isDeep(view) && narrow);
  box.style.gridTemplateColumns = `auto repeat(${deep ? n_layers : n_heads}, auto)`;
  box.style.gridTemplateRows = deep ? `auto repeat(${n_heads}, auto)` : "";
  const cells = everyHead(view).map((at) => {
    const cell = radio({ group, label: label(at), choose: () => goTo(at) }, ...inside(at));
    onKeys(
      find(cell, "input"),
      across((rows, columns) => {
        const [layers, heads] = deep ? [columns, rows] : [rows, columns];
        const to = { layer: turned(at.layer + layers, n_layers), head: turned(at.head + heads, n_heads) };
        goTo(to);
        find(cells[to.layer * n_heads + to.head], "input").focus();
      }),
    );
    return cell;
  });
  const axis = (/** @type {string} */ text, kind = "axis") => make("span", { class: kind }, text);
  box.replaceChildren(
    axis(deep ? "" : "layer"),
    ...range(n_heads).map((head) => axis(head || narrow ? String(head + 1) : "head 1", deep ? "axis down" : "axis")),
    ...range(n_layers).flatMap((layer) => [
      axis(String(layer + 1), deep ? "axis" : "axis down"),
      ...cells.slice(layer * n_heads, (layer + 1) * n_heads),
    ]),
  );
  return cells;
}

/**
 * From the last on to the first.
 * @param {number} i
 * @param {number} n
 */
const turned = (i, n) => (i + n) % n;

/**
 * @param {HTMLElement} box
 * @param {HeadsView} view
 * @param {HeadAt} at
 */
export const markHead = (box, { n_heads }, { layer, head }) => check(box, layer * n_heads + head);
