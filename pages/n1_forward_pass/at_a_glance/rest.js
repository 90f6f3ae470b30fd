// @ts-check
// Below the band: how much attention rests on the first token, and whether it is set aside.

import { make } from "../../../ui/kit/elements.js";
import { percent } from "../../../ui/kit/format.js";
import { button } from "./nodes.js";

/** @import { Trace } from "./trace.js" */

const MUCH = 0.4; // from this mean share on it is set aside at first

/** @param {Trace} trace */
export const restsMuch = ({ header }) => header.resting >= MUCH;

export class Rest {
  #said = make("p");
  #aside = button({}, "first token set aside");
  #all = button({}, "all weights");

  /**
   * @param {HTMLElement} box
   * @param {(aside: boolean) => void} choose
   */
  constructor(box, choose) {
    this.#aside.addEventListener("click", () => choose(true));
    this.#all.addEventListener("click", () => choose(false));
    const both = make("div", { class: "switch", role: "group", "aria-label": "Attention on the first token" });
    both.append(this.#aside, this.#all);
    box.replaceChildren(this.#said, both);
  }

  /**
   * @param {Trace} trace
   * @param {boolean} aside
   */
  show({ header, n }, aside) {
    const share = percent(header.resting);
    const why = "Heads that find little to read attend to it instead.";
    this.#said.textContent =
      n < 2
        ? ""
        : aside
          ? `Grey edges: ${share} of all attention goes to the first token. ${why}`
          : `${share} of all attention goes to the first token. ${why}`;
    this.#aside.ariaPressed = String(aside);
    this.#all.ariaPressed = String(!aside);
  }
}
