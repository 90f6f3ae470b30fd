// @ts-check
// Above the rows the layers, below them the heads of the layer in front with their maps.

import { range } from "../../../ui/kit/arithmetic.js";
import { make } from "../../../ui/kit/elements.js";
import { button, penOf, press } from "./nodes.js";
import { headName } from "./shares.js";

/** @import { Maps } from "./maps.js" */
/** @import { Look } from "./state.js" */
/** @import { Trace } from "./trace.js" */

export class Layers {
  /** @type {HTMLButtonElement[]} */
  #buttons = [];

  /**
   * @param {HTMLElement} box
   * @param {(layer: number) => void} select
   */
  constructor(box, select) {
    this.box = box;
    this.select = select;
  }

  /** @param {number} layers */
  build(layers) {
    this.#buttons = range(layers).map((l) =>
      button({ "aria-label": `Layer ${l + 1}`, onclick: () => this.select(l) }, l + 1),
    );
    const after = make("span", { class: "depth" }, "one after the other");
    this.box.replaceChildren(make("span", {}, "Layer"), ...this.#buttons, after);
  }

  /** @param {number} layer */
  show(layer) {
    press(this.#buttons, layer);
  }
}

const MAP = { left: 0, top: 0, width: 84, height: 84 };

export class Heads {
  /** @type {{button: HTMLButtonElement, canvas: HTMLCanvasElement, name: HTMLElement}[]} */
  #heads = [];
  /** @type {{maps: Maps, layer: number} | null} what the canvases show */
  #shown = null;

  /**
   * @param {HTMLElement} box
   * @param {(head: number) => void} select
   */
  constructor(box, select) {
    this.box = box;
    this.select = select;
  }

  /** @param {number} heads */
  build(heads) {
    this.#heads = range(heads).map((h) => {
      const canvas = make("canvas", { width: MAP.width, height: MAP.height });
      const name = make("small");
      return { canvas, name, button: button({ onclick: () => this.select(h) }, canvas, name) };
    });
    const after = make("span", { class: "depth" }, "all at the same time");
    this.box.replaceChildren(make("span", {}, "Heads"), ...this.#heads.map((head) => head.button), after);
    this.#shown = null;
  }

  /**
   * @param {Trace} trace
   * @param {Look} look
   * @param {Maps} maps
   * @param {boolean} narrow
   */
  show({ header }, { layer, head }, maps, narrow) {
    press(
      this.#heads.map((each) => each.button),
      head,
    );
    this.#heads.forEach(({ button: each, name }, h) => {
      const role = narrow ? null : header.roles[layer]?.[h];
      each.title = headName(header.roles, layer, h);
      each.ariaLabel = each.title;
      name.textContent = role ?? (h === head && !narrow ? `head ${h + 1}` : String(h + 1));
    });
    if (this.#shown?.maps !== maps || this.#shown.layer !== layer) this.#draw(maps, layer);
  }

  /**
   * @param {Maps} maps
   * @param {number} layer
   */
  #draw(maps, layer) {
    this.#heads.forEach(({ canvas }, h) => {
      const pen = penOf(canvas);
      pen.clearRect(0, 0, canvas.width, canvas.height);
      maps.draw(pen, layer, h, MAP);
    });
    this.#shown = { maps, layer };
  }
}
