// @ts-check
// All heads as one choice: a table of radios, layers downwards and heads across, in which the arrows
// move from row to row and from column to column.

import { range } from "../../../ui/kit/arithmetic.js";
import { check, radio } from "../../../ui/kit/controls.js";
import { find, make } from "../../../ui/kit/elements.js";
import { across, onKeys } from "../../../ui/kit/keys.js";
import { goTo } from "./head_place.js";
import { everyHead } from "./head_rows.js";

/** @import { HeadsView } from "./head_place.js" */
/** @import { HeadAt } from "./head_rows.js" */
/** @import { Child } from "../../../ui/kit/elements.js" */

/**
 * @param {HTMLElement} box
 * @param {HeadsView} view
 * @param {{
 *   group: string, short: boolean, label: (at: HeadAt) => string, inside: (at: HeadAt) => readonly Child[],
 * }} table
 *   `short` where there is no room for "head 1" above its column
 * @returns {HTMLElement[]} the radios, layer by layer
 */
export function buildHeadTable(box, view, { group, short, label, inside }) {
  const { n_layers, n_heads } = view;
  const cells = everyHead(view).map((at) => {
    const cell = radio({ group, label: label(at), choose: () => goTo(at) }, ...inside(at));
    onKeys(
      find(cell, "input"),
      across((rows, columns) => {
        const to = { layer: turned(at.layer + rows, n_layers), head: turned(at.head + columns, n_heads) };
        goTo(to);
        find(cells[to.layer * n_heads + to.head], "input").focus();
      }),
    );
    return cell;
  });
  const axis = (/** @type {string} */ text, kind = "axis") => make("span", { class: kind }, text);
  box.replaceChildren(
    axis("layer"),
    ...range(n_heads).map((head) => axis(head || short ? String(head + 1) : "head 1")),
    ...range(n_layers).flatMap((layer) => [
      axis(String(layer + 1), "axis down"),
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
