// @ts-check
// From which length on scores and mixing cost more than the matrices, for each shape.

import { find, make } from "../../../ui/kit/elements.js";
import { count } from "../../../ui/kit/format.js";

/** @typedef {import("./costs.js").ShapeCosts} ShapeCosts */

/**
 * @param {HTMLElement} root
 * @param {readonly ShapeCosts[]} shapes
 * @param {number} chosen
 */
export function drawCrossovers(root, shapes, chosen) {
  const heads = ["model", "crossover, tokens", "longest text, tokens"];
  const rows = shapes.map(({ title, crossover, context_length }, i) =>
    make(
      "tr",
      { class: i === chosen && "lit" },
      make("th", { scope: "row" }, title),
      make("td", {}, count(crossover)),
      make("td", {}, count(context_length)),
    ),
  );
  find(root, ".crossovers").replaceChildren(
    make("thead", {}, make("tr", {}, ...heads.map((head) => make("th", { scope: "col" }, head)))),
    make("tbody", {}, ...rows),
  );
}
