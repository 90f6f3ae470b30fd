// @ts-check
// The canvas with its rows: it stands and scrolls as the layout says, and tells what lies under the
// pointer.

import { find, make } from "../../../ui/kit/elements.js";
import { closeUpBox } from "./close_up.js";
import { mapAt } from "./heat_map.js";
import { boxes, cellAt, columnAt, scrolledTo } from "./layout.js";
import { Legend } from "./legend.js";
import { penOf, put } from "./nodes.js";
import { paintPicture } from "./painting.js";

/** @import { Scene } from "./lanes.js" */
/** @import { Geometry } from "./layout.js" */
/** @import { Hover } from "./state.js" */
/** @import { Column } from "./stages.js" */

/**
 * @typedef {object} Acts
 * @property {(hover: Hover, event: PointerEvent | null) => void} hover
 * @property {(row: number, column: Column | null) => void} click
 * @property {() => void} scrolled
 */

export class Picture {
  /** @type {Geometry | null} */
  #geometry = null;
  #ratio = 1;

  /**
   * @param {HTMLElement} rows
   * @param {Acts} acts
   */
  constructor(rows, { hover, click, scrolled }) {
    const canvas = find(rows, "canvas", HTMLCanvasElement);
    this.rows = rows;
    this.canvas = canvas;
    this.over = make("canvas", { class: "close-up", "aria-hidden": "true" });
    rows.after(this.over);
    this.legend = new Legend(rows);
    rows.addEventListener("scroll", scrolled);
    canvas.addEventListener("pointermove", (event) => hover(this.#under(event), event));
    canvas.addEventListener("pointerdown", (event) => hover(this.#under(event), event)); // a finger does not move
    canvas.addEventListener("pointerleave", () => hover({ row: null, key: null }, null));
    canvas.addEventListener("click", (event) => {
      const { row, column } = this.#under(event);
      if (row !== null) click(row, column);
    });
  }

  /** @param {MouseEvent} event */
  #under(event) {
    if (!this.#geometry) return { row: null, key: null, column: null };
    const { left, top } = this.canvas.getBoundingClientRect();
    const g = this.#geometry;
    const [x, y] = [event.clientX - left, event.clientY - top];
    const under = g.lanes.long ? mapAt(g, this.#scrolled, g.lanes.slots.length, { x, y }) : null;
    return { ...(under ?? cellAt(g, x, y)), column: columnAt(g, x) };
  }

  /**
   * @param {Geometry} geometry
   * @param {number} ratio pixels of the screen to one of CSS
   */
  place(geometry, ratio) {
    this.#geometry = geometry;
    this.#ratio = ratio;
    const places = boxes(geometry);
    put(this.rows, places.rows);
    this.legend.place(geometry);
    const over = closeUpBox(geometry);
    this.#size(this.canvas, places.canvas);
    this.#size(this.over, { ...over, top: places.rows.top + over.top });
  }

  /**
   * @param {HTMLCanvasElement} canvas
   * @param {import("./layout.js").Box} box
   */
  #size(canvas, box) {
    put(canvas, box);
    const width = Math.round(box.width * this.#ratio);
    const height = Math.round(box.height * this.#ratio);
    if (canvas.width === width && canvas.height === height) return;
    canvas.width = width;
    canvas.height = height;
  }

  /** @param {number} i */
  keepInSight(i) {
    if (this.#scrolls) this.rows.scrollTop = scrolledTo(this.#scrolls, i, this.rows.scrollTop);
  }

  get #scrolled() {
    return this.#scrolls ? this.rows.scrollTop : 0;
  }

  /** The layout, where its rows do not all fit. */
  get #scrolls() {
    return this.#geometry && this.#geometry.full > this.#geometry.rowsHeight ? this.#geometry : null;
  }

  /** @param {Omit<Scene, "scroll">} scene */
  paint(scene) {
    paintPicture(
      { pen: penOf(this.canvas), over: penOf(this.over) },
      { ...scene, scroll: this.#scrolled },
      this.#ratio,
    );
  }
}
