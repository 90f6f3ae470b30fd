// @ts-check
// How much room the screen has, and the layout that fits it.

import { frameBox, scrolled } from "../../../ui/kit/address.js";
import { find } from "../../../ui/kit/elements.js";
import { boxes, heightIn, kindOf, layout, stackedHeight } from "./layout.js";
import { put } from "./nodes.js";

/** @import { Lanes } from "./lanes_shown.js" */
/** What the layout depends on beside the pass. */
/** @typedef {{width: number, height: number, ratio: number, figure: number}} Room `figure`: how high it was */

export class Fitting {
  /** @type {Room} */
  #room = { width: 0, height: 0, ratio: 0, figure: 0 };
  #figure = { width: 0, height: 0 };

  /** @param {HTMLElement} root */
  constructor(root) {
    this.root = root;
    this.figure = find(root, ".figure");
    this.frame = find(root, ".frame");
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
    sized.observe(this.figure); // what stands above it may need another line
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
    const { width, figure } = { width: this.root.clientWidth, figure: this.figure.clientHeight };
    return { width, figure, height: heightIn(innerHeight - top), ratio: devicePixelRatio || 1 };
  }

  /** @param {Room} room */
  has({ width, height, ratio, figure }) {
    const same = width === this.#room.width && height === this.#room.height && ratio === this.#room.ratio;
    return same && figure === this.#figure.height;
  }

  /**
   * Take the room. Before the figure is measured, `above` takes what stands over it.
   * @param {Room} room
   * @param {Lanes} lanes
   * @param {() => void} above
   */
  fit(room, lanes, above) {
    const kind = kindOf(room.width, room.height);
    const same = this.has(room);
    const { classList, style } = this.root;
    this.#room = room;
    if (!same) {
      for (const [name, is] of Object.entries(kind)) classList.toggle(name, is);
      style.setProperty("--height", `${room.height}px`);
    }
    if (kind.stacked) style.setProperty("--figure-height", `${stackedHeight(lanes.order.length, kind)}px`);
    above();
    this.#figure = { width: this.figure.clientWidth, height: this.figure.clientHeight };
    const geometry = layout(this.#figure, lanes, kind);
    return geometry;
  }

  /** @param {import("./layout.js").Geometry} geometry */
  frameTo(geometry) {
    put(this.frame, boxes(geometry).frame);
  }
}
