// @ts-check
// How much text for a model of a size: the rule of 20 beside each law.

import { find, make } from "../../../ui/kit/elements.js";
import { number, scientific, short } from "../../../ui/kit/format.js";

/** @typedef {import("./scaling_laws.js").Law} Law */
/** @typedef {{n: number, tokens: Record<string, number>}} SizeRule tokens by law */
/** @typedef {{flops: number, ratio: Record<string, number>}} BudgetRule tokens per parameter, by law */
/** @typedef {{laws: Record<string, Law>, sizes: SizeRule[], rule: number, chinchilla: BudgetRule}} Rules */

/**
 * @param {HTMLElement} root
 * @param {Rules} rules
 * @param {string} chosen law
 */
export function drawTable(root, { laws, sizes, rule, chinchilla }, chosen) {
  const names = Object.keys(laws);
  const column = (/** @type {string} */ name) => ({ class: name === chosen && "lit" });
  const row = (/** @type {string} */ title, /** @type {string | number} */ first, /** @type {string[]} */ cells) =>
    make(
      "tr",
      {},
      make("th", { scope: "row" }, title),
      make("td", {}, first),
      cells.map((cell, i) => make("td", column(names[i]), cell)),
    );
  const heads = names.map((name) => make("th", { scope: "col", ...column(name) }, laws[name].title));
  const title = [
    make("th", { scope: "col" }, "model size"),
    make("th", { scope: "col" }, "rule: 20 tokens per parameter"),
  ];
  const bodies = sizes.map(({ n, tokens }) => {
    const cells = names.map((name) => short(tokens[name]));
    return row(`${short(n)} parameters`, short(n * rule), cells);
  });
  const ratios = names.map((name) => ratio(chinchilla.ratio[name]));
  const last = row(`tokens per parameter for ${scientific(chinchilla.flops)} FLOP`, rule, ratios);
  find(root, "table").replaceChildren(make("thead", {}, make("tr", {}, title, heads)), make("tbody", {}, bodies, last));
}

const ratio = (/** @type {number} */ x) => number(x, x >= 10 ? 0 : 2);
