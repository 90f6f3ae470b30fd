// @ts-check
// Controls: one choice of several, a number on a slider. The browser's own inputs, so that keys, focus
// and screen readers find what they know.

import { range } from "./arithmetic.js";
import { make } from "./elements.js";
import { number } from "./format.js";

const ARROWS = /^Arrow/;
let groups = 0;

/**
 * One choice of several: a radio group, in which each label holds its own input.
 * @param {HTMLElement} box
 * @param {string} name of the choice
 * @param {number} n
 * @param {(i: number) => import("./elements.js").Child} content a label, or what stands in its place
 * @param {(i: number) => void} choose called when the reader's choice has changed
 */
export function radios(box, name, n, content, choose) {
  const group = `radios-${groups++}`;
  box.setAttribute("role", "radiogroup");
  box.setAttribute("aria-label", name);
  box.replaceChildren(
    ...range(n).map((i) => {
      const inside = content(i);
      const said = typeof inside === "string" && !/^\d+$/.test(inside) ? inside : `${name.toLowerCase()} ${i + 1}`;
      return radio({ group, label: said, choose: () => choose(i) }, inside);
    }),
  );
}

/**
 * One radio of a group that a board lays out by itself (a table of heads): those that share `group`
 * are one choice. It fills its label unseen, so that a click anywhere on it counts.
 * @param {{group: string, label: string, choose: () => void, disabled?: boolean}} option
 * @param {...import("./elements.js").Child} inside
 */
export function radio({ group, label, choose, disabled = false }, ...inside) {
  const input = make("input", { type: "radio", name: group, "aria-label": label, disabled });
  input.addEventListener("keydown", (event) => {
    if (ARROWS.test(event.key)) event.stopPropagation(); // they move in the group, and nothing around it
  });
  input.addEventListener("change", () => {
    const box = input.closest('[role="radiogroup"]');
    choose();
    // A group that was made anew by its own choice keeps the focus.
    if (!input.isConnected) chosen(box)?.focus();
  });
  return make("label", { class: "radio" }, input, ...inside);
}

/** @param {Element | null} box */
const chosen = (box) => /** @type {HTMLInputElement | null | undefined} */ (box?.querySelector("input:checked"));

/**
 * Mark what is chosen; −1 for nothing.
 * @param {ParentNode} box
 * @param {number} i
 */
export function check(box, i) {
  const inputs = /** @type {NodeListOf<HTMLInputElement>} */ (box.querySelectorAll('input[type="radio"]'));
  inputs.forEach((input, j) => {
    input.checked = j === i;
  });
}

/**
 * `show(value)` is the text beside the slider, `change(value)` is called as it moves.
 * @typedef {{label: string, min: number, max: number, step: number | "any", value: number,
 *   show?: (value: number) => string, change: (value: number) => void}} Slide
 */
/** @typedef {HTMLLabelElement & {set: (value: number) => void}} Slider */

/**
 * A labelled slider; `set` moves it without calling `change`.
 * @param {Slide} slide
 * @returns {Slider}
 */
export function slider({ label, min, max, step, value, show = number, change }) {
  const shown = make("output");
  const input = make("input", { type: "range", min, max, step, value, "aria-label": label });
  const write = (/** @type {number} */ to) => {
    shown.textContent = show(to);
    input.setAttribute("aria-valuetext", show(to));
  };
  write(value);
  input.addEventListener("input", () => {
    write(Number(input.value));
    change(Number(input.value));
  });
  const set = (/** @type {number} */ to) => {
    input.value = String(to);
    write(to);
  };
  return Object.assign(make("label", { class: "slider" }, make("span", {}, label), input, shown), { set });
}
