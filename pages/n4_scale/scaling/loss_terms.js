// @ts-check
// What the loss at the point is made of, as bars that begin where the one before ends.

import { find, make } from "../../../ui/kit/elements.js";
import { formula, terms, waste } from "./scaling_text.js";

/** @typedef {import("./scaling_laws.js").Law} Law */

const WHOLE = 3; // nats that a bar has room for, at least

/**
 * @param {HTMLElement} root
 * @param {Law} law
 * @param {number} n
 * @param {number} d
 */
export function drawTerms(root, law, n, d) {
  const rows = terms(law, n, d);
  const scale = 100 / Math.max(WHOLE, rows[rows.length - 1].value);
  find(root, ".terms-title").textContent =
    law.kind === "kaplan" ? "The loss if only one limit applied" : "The terms of the loss";
  const bars = rows.map(({ kind, name, value, from, text }) =>
    make(
      "div",
      { class: kind === "total" ? "term sum" : "term" },
      make("span", {}, name),
      make("i", { class: kind, style: `margin-left:${scale * from}%;width:${scale * value}%` }),
      make("b", {}, text),
    ),
  );
  find(root, ".terms").replaceChildren(...bars);
  find(root, ".formula").textContent = formula(law, n, d);
  find(root, ".waste").textContent = waste(law, n, d);
}
