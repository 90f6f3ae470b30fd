// @ts-check
// How much room the screen has, and the layout that fits it.

import { frameBox, scrolled } from "../../../ui/kit/address.js";
import { heightIn, kindOf, layout, stackedHeight } from "./layout.js";

/** What the layout depends on beside the pass. */
/** @typedef {{width: number, height: number, ratio: number}} Room */

export class Fitting {
  /** @type {Room} */
  #room = { width: 0, height: 0, ratio: 0 };
  #figure = { width: 0, height: 0 };

  /**
   * @param {HTMLElement} root
   * @param {HTMLElement} figure
   */
  constructor(root, figure) {
    this.root = root;
    this.figure = figure;
  }

  /**
   * Call `changed` when there may be another room.
   * @param {() => void} changed
   * @param {AbortSignal} gone
   */
  watch(changed, gone) {
    const sized = new ResizeObserver(changed);
    const above = frameBox(); // it may need another line
    sized.observe(this.root);
    if (above) sized.observe(above);
    window.addEventListener("resize", changed, { signal: gone });
    gone.addEventListener("abort", () => sized.disconnect());
  }

  /**
   * The room there is now; the place at rest decides the height, however far the page is scrolled.
   * @returns {Room}
   */
  measure() {
    const top = this.root.getBoundingClientRect().top + scrolled();
    return { width: this.root.clientWidth, height: heightIn(innerHeight - top), ratio: devicePixelRatio || 1 };
  }

  /** @param {Room} room */
  has({ width, height, ratio }) {
    return width === this.#room.width && height === this.#room.height && ratio === this.#room.ratio;
  }

  /**
   * Take the room; returns the layout for so many tokens.
   * @param {Room} room
   * @param {number} n tokens
   * @param {number} layers
   */
  fit(room, n, layers) {
    const kind = kindOf(room.width);
    const same = this.has(room);
    const { classList, style } = this.root;
    this.#room = room;
    if (!same) {
      classList.toggle("narrow", kind.narrow);
      classList.toggle("large", kind.large);
      style.setProperty("--height", `${room.height}px`);
    }
    if (kind.narrow) style.setProperty("--figure-height", `${stackedHeight(n, layers)}px`);
    // Only what may have changed is asked for: it makes the browser lay out.
    if (kind.narrow || !same) this.#figure = { width: this.figure.clientWidth, height: this.figure.clientHeight };
    return layout(this.#figure, n, layers, kind);
  }
}
