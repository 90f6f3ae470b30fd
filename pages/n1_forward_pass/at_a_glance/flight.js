// @ts-check
// A word that is written flies from its place among the guesses to the end of the rows.

import { find, make } from "../../../ui/kit/elements.js";
import { put } from "./nodes.js";

/** @import { Box } from "./layout.js" */

const FLIGHT_MS = 400;
const PATIENCE_MS = 5000; // as long as its row may take to come
const LEAST = { width: 40, height: 16 };

export class Flight {
  /** @type {HTMLElement | null} */
  #word = null;
  #timer = 0;

  /** @param {HTMLElement} root */
  constructor(root) {
    this.root = root;
    this.still = matchMedia("(prefers-reduced-motion: reduce)");
    this.chips = find(root, ".chips");
    this.rows = find(root, ".rows");
  }

  /**
   * To where the next row is going to be.
   * @param {string} word
   * @param {Element} from
   */
  launch(word, from) {
    const last = this.chips.lastElementChild?.getBoundingClientRect();
    if (!last) return;
    const rows = this.rows.getBoundingClientRect();
    const before = this.chips.lastElementChild?.previousElementSibling?.getBoundingClientRect();
    const apart = before ? last.top - before.top : last.height + 8;
    const top = Math.min(last.top + apart, rows.bottom - last.height);
    this.#fly(word, from.getBoundingClientRect(), { left: last.left, top, width: last.width, height: last.height });
  }

  /**
   * Its row is there: a word on its way has arrived; one that was drawn flies to it now.
   * @param {string} word
   * @param {Element | null} from
   */
  land(word, from) {
    const chip = this.chips.lastElementChild;
    if (this.#word) this.#end();
    else if (from && chip) {
      this.#fly(word, from.getBoundingClientRect(), chip.getBoundingClientRect());
      window.setTimeout(() => this.#end(), FLIGHT_MS);
    }
  }

  /**
   * @param {string} word
   * @param {Box} from
   * @param {Box} to
   */
  #fly(word, from, to) {
    this.#end();
    if (this.still.matches || !from.width) return;
    const root = this.root.getBoundingClientRect();
    const flying = make("b", { class: "flight", "aria-hidden": "true" }, word);
    const [width, height] = [Math.max(to.width, LEAST.width), Math.max(to.height, LEAST.height)];
    put(flying, { left: to.left - root.left, top: to.top - root.top, width, height });
    this.root.append(flying);
    const [x, y] = [from.left + from.width / 2 - to.left - width / 2, from.top + from.height / 2 - to.top - height / 2];
    const size = Math.max(1, from.height / height);
    flying.animate(
      [
        { transform: `translate(${x}px, ${y}px) scale(${size})`, opacity: 0.4 },
        { transform: `translate(${x * 0.55}px, ${y * 0.5 - 36}px) scale(${(1 + size) / 2})`, opacity: 1, offset: 0.4 },
        { transform: "none", opacity: 1 },
      ],
      { duration: FLIGHT_MS, easing: "cubic-bezier(0.3, 0.1, 0.3, 1)" },
    );
    this.#word = flying;
    this.#timer = window.setTimeout(() => this.#end(), PATIENCE_MS);
  }

  #end() {
    clearTimeout(this.#timer);
    this.#word?.remove();
    this.#word = null;
  }
}
