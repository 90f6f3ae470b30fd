// @ts-check
// The likeliest next tokens after the one looked at, as trained and under the mask.

import { range } from "../../../ui/kit/arithmetic.js";
import { find, make } from "../../../ui/kit/elements.js";
import { percent } from "../../../ui/kit/format.js";
import { slice } from "../../../ui/kit/tensors.js";
import { quote, visible } from "../../../ui/kit/words.js";
import { OTHER, TRAINED } from "./mask_pass.js";
import { isPicture, tokenOf } from "./mask_view.js";

/** @typedef {import("./mask_view.js").MaskView} MaskView */

const LOOK = ["was", "is"]; // of the numbers as trained, and of those under the mask

/**
 * @param {HTMLElement} box
 * @param {MaskView} view
 * @param {number} most rows
 */
export function drawNextTokens(box, view, most) {
  const { header, arrays, words } = view.pass;
  const token = tokenOf(view);
  const ids = slice(arrays.guesses, token);
  const passes = isPicture(view) ? [TRAINED] : [TRAINED, OTHER];
  const shares = [TRAINED, OTHER].map((which) => slice(arrays.shares, which, token));
  const order = range(ids.length).sort((a, b) => shares[OTHER][b] - shares[OTHER][a]);
  const real = token < header.counted ? header.pieces[token + 1] : undefined;
  find(box, ".title b").textContent = `After ${quote(words[token])}`;
  find(box, ".title span").textContent =
    real === undefined ? "what the model predicts next" : `your text continues with ${quote(visible(real))}`;
  const rows = order.slice(0, most).map((k) => {
    const piece = header.named[ids[k]];
    const both = passes.map((which) => shares[which][k]);
    return row(piece, both, piece === real);
  });
  const table = find(box, ".guesses");
  table.replaceChildren(heading(passes), ...rows);
  table.setAttribute("aria-label", `Next token after ${words[token]}`);
}

/** @param {number[]} passes */
const heading = (passes) =>
  make(
    "div",
    { class: "head" },
    passes.map((which) => make("span", { class: LOOK[which] }, ["as trained", "under this mask"][which])),
  );

/**
 * @param {string} piece
 * @param {number[]} shares
 * @param {boolean} isReal whether the text goes on with it
 */
function row(piece, shares, isReal) {
  const bars = shares.map((share, which) => make("i", { class: LOOK[which], style: `width:${100 * share}%` }));
  const told = shares.map((share, which) => make("span", { class: LOOK[which] }, percent(share)));
  return make(
    "div",
    { class: isReal ? "row real" : "row", role: "row" },
    make("div", { class: "word", role: "cell" }, visible(piece)),
    make("div", { class: "two" }, bars),
    make("div", { class: "share", role: "cell" }, told),
  );
}
