// @ts-check
// Which layer: a button each where they are few; of a deep model one slim row, with a step to either side.

import { clamp } from "./arithmetic.js";
import { radios } from "./controls.js";
import { make } from "./elements.js";

const FEW = 12;

/**
 * Lay out the choice; `check(box, layer)` marks the one that is chosen.
 * @param {HTMLElement} box
 * @param {string} name of the choice
 * @param {number} n layers
 * @param {(layer: number) => void} choose
 */
export function layerChoice(box, name, n, choose) {
  const row = make("div", { class: "row" });
  radios(row, name, n, (i) => String(i + 1), choose);
  box.classList.toggle("deep", n > FEW);
  if (n <= FEW) {
    box.replaceChildren(row);
    return;
  }
  const step = (/** @type {1 | -1} */ by) => {
    const inputs = [...row.querySelectorAll("input")];
    inputs[clamp(inputs.findIndex((input) => input.checked) + by, 0, n - 1)].click();
  };
  const arrow = (/** @type {string} */ label, /** @type {string} */ sign, /** @type {1 | -1} */ by) =>
    make("button", { class: "plain", type: "button", "aria-label": label, onclick: () => step(by) }, sign);
  box.replaceChildren(arrow("One layer down", "‹", -1), row, arrow("One layer up", "›", 1));
}
