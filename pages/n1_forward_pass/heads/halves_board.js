// @ts-check
// Both halves of the definition of an induction head, as they were measured for each.

import { find, make } from "../../../ui/kit/elements.js";
import { percent, signed } from "../../../ui/kit/format.js";
import { mount } from "../../../ui/kit/mount.js";
import { named } from "./induction_steps.js";

/**
 * A head, counted from 0: its weight on what followed an earlier copy, on made-up repeats and on everyday
 * sentences, and by how many logits it raises that token there; `verdict`: which halves hold there.
 * @typedef {{
 *   layer: number, head: number, repeated: number, prefix: number, copying: number, verdict: string,
 * }} HalfFacts
 */
/**
 * `trained`: what was measured, and whether made-up repeats were part of the training.
 * @typedef {{halves: HalfFacts[], trained: string}} MeasuredHalves
 */

export default mount((root, page) => ({
  receive(/** @type {MeasuredHalves} */ { halves, trained }) {
    find(root, ".trained").textContent = trained;
    const titles = ["head", "attends: made-up repeats", "attends: everyday text", "copies: logits", "on everyday text"];
    const top = line(
      "head",
      titles.map((title) => ["", title]),
    );
    const rows = halves.map((half) =>
      line("", [
        ["", named([half.layer, half.head])],
        ["", percent(half.repeated)],
        ["", percent(half.prefix)],
        ["", signed(half.copying)],
        [half.verdict === "both halves" ? "yes" : "no", half.verdict],
      ]),
    );
    find(root, ".halves").replaceChildren(...(rows.length ? [top, ...rows] : []));
    page.drawn();
  },
}));

/**
 * @param {string} kind
 * @param {readonly (readonly string[])[]} cells the kind and the text of each
 */
const line = (kind, cells) =>
  make(
    "div",
    { class: `row ${kind}`, role: "row" },
    ...cells.map(([c, text]) => make("div", { class: c, role: "cell" }, text)),
  );
