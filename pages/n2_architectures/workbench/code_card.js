// @ts-check
// Both configurations as code, line against line.

import { find, make } from "../../../ui/kit/elements.js";
import { differences } from "./line_diff.js";
import { planCode } from "./plan_code.js";
import { titleOf } from "./workbench_text.js";

/** @typedef {import("./workbench_board.js").Side} Side */

/**
 * @param {HTMLElement} root
 * @param {readonly Side[]} sides
 */
export function drawCode(root, sides) {
  if (!find(root, ".code-card details", HTMLDetailsElement).open) return;
  const [a, b] = sides.map(({ plan }) => planCode(plan).trimEnd().split("\n"));
  const alone = differences(a, b);
  const listing = (/** @type {string[]} */ lines, /** @type {number} */ i) =>
    make(
      "div",
      {},
      make("h4", {}, titleOf(sides[i])),
      make(
        "pre",
        { class: "mono", tabindex: 0, "aria-label": `Code of ${titleOf(sides[i])}` },
        ...lines.map((line, j) => make("code", { class: alone[i][j] && line.trim() && "alone" }, `${line}\n`)),
      ),
    );
  find(root, ".codes").replaceChildren(...[a, b].map(listing));
}
