// @ts-check
// What a designer may change at a step: buttons, of which one at a time tells what it changes.

import { make } from "../../../ui/kit/elements.js";
import { button } from "./nodes.js";

/** @import { Lever } from "./levers.js" */

const HEADING = "What a designer may change";

export class LeversBox {
  /** @type {string | null} */
  #open = null;

  close() {
    this.#open = null;
  }

  /**
   * The box of these levers; one that is open by its name stays open.
   * @param {readonly Lever[]} levers
   */
  fill(levers) {
    const text = make("p");
    const buttons = levers.map(([name]) => button({ onclick: () => toggle(name) }, name));
    const show = () => {
      const open = levers.find(([name]) => name === this.#open);
      text.hidden = !open;
      text.textContent = open?.[1] ?? "";
      levers.forEach((lever, k) => {
        buttons[k].ariaExpanded = String(lever === open);
      });
    };
    const toggle = (/** @type {string} */ name) => {
      this.#open = this.#open === name ? null : name;
      show();
      text.scrollIntoView({ block: "nearest" });
    };
    show();
    const named = { class: "levers", role: "group", "aria-label": HEADING };
    return make("div", named, make("span", {}, HEADING), ...buttons, text);
  }
}
