// @ts-check
// The words in their order, to be dragged, swapped by two clicks, or moved by the arrow keys.

import { make } from "../../../ui/kit/elements.js";
import { onKeys } from "../../../ui/kit/keys.js";

/** @typedef {import("./orders.js").Order} Order */
/**
 * By places: `pick` for one that is clicked, `move` from one to another.
 * @typedef {{pick: (at: number) => void, move: (from: number, to: number) => void}} Acts
 */

/**
 * @param {HTMLElement} box
 * @param {readonly string[]} labels
 * @param {Order} order of all words but the last
 * @param {number | null} picked
 * @param {Acts} acts
 */
export function drawOrder(box, labels, order, picked, { pick, move }) {
  const root = /** @type {Document | ShadowRoot} */ (box.getRootNode());
  const focused = Array.from(box.children).indexOf(/** @type {Element} */ (root.activeElement));
  const end = order.length;
  const words = order.map((word, at) => movable(labels[word], word, at, picked === at));
  for (const [at, button] of words.entries()) {
    button.addEventListener("click", () => pick(at));
    onKeys(button, { ArrowLeft: () => move(at, at - 1), ArrowRight: () => move(at, at + 1) });
  }
  box.replaceChildren(...words, staying(labels[end]));
  dragging(/** @type {HTMLElement[]} */ (Array.from(box.children)), (from, to) => move(from, Math.min(to, end - 1)));
  if (focused >= 0) focusOn(box, focused);
}

/**
 * @param {HTMLElement} box
 * @param {number} at
 */
export const focusOn = (box, at) => /** @type {HTMLElement | undefined} */ (box.children[at])?.focus();

/**
 * @param {string} label
 * @param {number} word
 * @param {number} at
 * @param {boolean} picked
 */
function movable(label, word, at, picked) {
  const kind = word === at ? "" : "moved";
  const title = `Token ${word + 1} as typed`;
  return make(
    "button",
    { type: "button", draggable: "true", class: kind, "aria-pressed": String(picked), title },
    label,
  );
}

/** @param {string} label */
function staying(label) {
  const title = "The last one stays last: its prediction is what is compared";
  return make("button", { type: "button", disabled: true, title }, label);
}

/**
 * One of them may be dragged onto another.
 * @param {HTMLElement[]} buttons
 * @param {(from: number, to: number) => void} drop
 */
function dragging(buttons, drop) {
  /** @type {number | null} */
  let dragged = null;
  for (const [at, button] of buttons.entries()) {
    button.addEventListener("dragstart", ({ dataTransfer }) => {
      dragged = at;
      dataTransfer?.setData("text/plain", ""); // without any, some browsers drag nothing
      if (dataTransfer) dataTransfer.effectAllowed = "move";
    });
    button.addEventListener("dragover", (event) => {
      event.preventDefault();
      button.classList.add("over");
    });
    button.addEventListener("dragleave", () => button.classList.remove("over"));
    button.addEventListener("drop", (event) => {
      event.preventDefault();
      button.classList.remove("over");
      if (dragged !== null) drop(dragged, at);
    });
  }
}
