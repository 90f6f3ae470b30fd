// @ts-check
// The order of temperature and filters: what is left where the temperature comes first, and where it comes last.

import { range } from "../../../ui/kit/arithmetic.js";
import { candidate } from "../../../ui/kit/candidate.js";
import { find, make } from "../../../ui/kit/elements.js";
import { count } from "../../../ui/kit/format.js";
import { share, temperatureLast, tokens, viewOf } from "./prediction.js";
import { inUse, OFF } from "./sampling_settings.js";

/** @typedef {import("./prediction.js").Left} Left */
/** @typedef {import("./prediction.js").View} View */
/** @typedef {import("./sampling_settings.js").SamplingSettings} SamplingSettings */

const SHOWN = 6; // tokens of each order
const EXAMPLE = { ...OFF, temperature: 1.6, top_p: 0.9 };

/**
 * Whether the order can change anything: only a temperature that changes probabilities, and a filter that
 * compares them.
 * @param {SamplingSettings} settings
 */
export const matters = ({ temperature, top_p, min_p }) =>
  temperature > 0 && temperature !== 1 && (top_p !== OFF.top_p || min_p !== OFF.min_p);

/**
 * @param {HTMLElement} root
 * @param {View} view
 */
export function drawOrder(root, view) {
  const own = matters(view.settings);
  const seen = own ? view : viewOf(view.sent, view.at, view, { ...view.settings, ...EXAMPLE });
  const last = temperatureLast(seen);
  const left = (/** @type {Left} */ { n }) => count(tokens(seen, n));
  const [before, after] = [left(seen.left), left(last)];
  find(root, ".order h4").textContent =
    before === after
      ? `Temperature first or last: with ${inUse(seen.settings)}, the same ${after} tokens are left here`
      : `The order matters: with ${inUse(seen.settings)}, ${before} tokens are left if the temperature comes first, ` +
        `${after} if it comes last`;
  find(root, ".order .sub").textContent =
    "Top-p and min-p compare probabilities, and the temperature changes these. So the same settings give different " +
    `results in different programs.${own ? "" : " Your own settings do not depend on the order: an example is shown."}`;
  find(root, ".orders").replaceChildren(
    side("Temperature first, then the filters: Hugging Face, and this page", seen, seen.left),
    side("Filters first, then the temperature: llama.cpp", seen, last),
  );
}

/**
 * @param {string} name
 * @param {View} view
 * @param {Left} left
 */
function side(name, view, left) {
  const lines = range(Math.min(SHOWN, left.n, view.listed.length)).map((rank) =>
    candidate(view.listed[rank].word, share({ left }, rank), rank === 0 && "chosen"),
  );
  return make("div", {}, make("h5", {}, name), make("div", { class: "few" }, lines));
}
