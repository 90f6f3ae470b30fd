// @ts-check
// An opened part: its numbers in its place, drawn from what cards.js says it holds.

import { clamp } from "../../../ui/kit/arithmetic.js";
import { find, make } from "../../../ui/kit/elements.js";
import { number } from "../../../ui/kit/format.js";
import { CARDS, TITLES } from "./cards.js";
import { FourMaps } from "./four_maps.js";
import { button, penOf, put } from "./nodes.js";
import { depth, paint } from "./strip.js";

/** @import { Palette } from "../../../ui/kit/palette.js" */
/** @import { Line, Part, Table } from "./cards.js" */
/** @import { Facts } from "./facts.js" */
/** @import { Geometry } from "./layout.js" */
/** @import { Column } from "./stages.js" */
/** @import { Hover } from "./state.js" */
/** @import { Tip } from "./tip.js" */

export class Card {
  /**
   * @param {HTMLElement} root
   * @param {{palette: Palette, tip: Tip, close: () => void, hover: (hover: Hover) => void}} around
   */
  constructor(root, { palette, tip, close, hover }) {
    this.box = find(root, ".card");
    this.figure = find(root, ".figure");
    this.palette = palette;
    this.tip = tip;
    this.maps = new FourMaps(palette, hover);
    this.cross = button({ class: "close", "aria-label": "Close", title: "Close (Esc)", onclick: close }, "×");
  }

  /**
   * @param {Column} column
   * @param {Facts} facts
   */
  open(column, facts) {
    const firstTime = this.box.hidden;
    const title = TITLES[column](facts);
    const parts = CARDS[column](facts).map((part) => this.#part(part));
    const all = make("details", {}, make("summary", {}, "All numbers"), ...parts);
    all.open = this.#unfolded;
    all.addEventListener("toggle", () => {
      this.#unfolded = all.open;
    });
    this.box.replaceChildren(
      make("header", {}, make("h3", {}, title), this.cross),
      ...(column === "attention" ? [this.maps.box, all] : parts),
    );
    this.box.ariaLabel = title;
    this.figure.classList.add("opened");
    this.box.hidden = false;
    for (const table of this.box.querySelectorAll(".scroll")) showChosen(/** @type {HTMLElement} */ (table));
    if (firstTime) this.cross.focus({ preventScroll: true });
  }

  #unfolded = false;

  close() {
    this.figure.classList.remove("opened");
    this.box.hidden = true;
  }

  /**
   * Stand where the part has grown to.
   * @param {Geometry} g
   * @param {{left: number, width: number}} place
   */
  place(g, { left, width }) {
    put(this.box, { left, top: g.top - 6, width, height: g.rowsHeight + g.labels + 10 });
  }

  /**
   * The numbers under the pointer.
   * @param {Facts} facts
   * @param {number} ratio pixels of the screen to one of CSS
   */
  point(facts, ratio) {
    if (!this.maps.box.isConnected) return;
    const room = { width: this.box.clientWidth - 28, height: this.box.clientHeight - 64 };
    this.maps.show(facts, room, ratio);
  }

  /** @param {Part} part */
  #part(part) {
    if (part.kind === "line") return this.#line(part);
    return part.kind === "table" ? table(part) : make("div", { class: "shapes" }, part.text);
  }

  /**
   * A labelled strip with all the numbers there are; hovering tells each.
   * @param {Line} line
   */
  #line({ label, vector, role, text, peak }) {
    const said =
      `${label}: ${vector.length} numbers from ${number(Math.min(...vector))} to ` + `${number(Math.max(...vector))}`;
    const canvas = make("canvas", { width: 560, height: 36, role: "img", "aria-label": said });
    const pen = penOf(canvas);
    const cell = canvas.width / vector.length;
    vector.forEach((x, k) => {
      const colour = x < 0 ? this.palette.rgb("negative") : this.palette.rgb(role);
      pen.fillStyle = paint(colour, 0.06 + 0.94 * depth(x, peak));
      pen.fillRect(k * cell, 0, cell - (cell > 5 ? 1 : 0), 36);
    });
    canvas.addEventListener("pointermove", (event) => {
      const k = clamp(Math.floor((event.offsetX / canvas.clientWidth) * vector.length), 0, vector.length - 1);
      this.tip.show(event, make("b", {}, `${label} [${k + 1}]`), make("code", {}, number(vector[k])));
    });
    canvas.addEventListener("pointerleave", () => this.tip.hide());
    return make("div", { class: "line" }, make("span", {}, label), canvas, make("span", {}, text));
  }
}

/** @param {Table} table */
function table({ head, rows, chosen, shares }) {
  const headings = head.map((text) => make("th", {}, text));
  const lines = rows.map((cells, k) => {
    const attributes = { class: k === chosen && "on", style: `--share: ${shares?.[k] ?? 0}` };
    return make("tr", attributes, ...cells.map((text) => make("td", {}, text)));
  });
  const body = make("table", {}, make("thead", {}, make("tr", {}, ...headings)), make("tbody", {}, ...lines));
  return make("div", { class: "scroll" }, body);
}

/**
 * The chosen row is in sight.
 * @param {HTMLElement} box
 */
function showChosen(box) {
  const chosen = /** @type {HTMLElement | null} */ (box.querySelector(".on"));
  box.scrollTop = Math.max(0, (chosen?.offsetTop ?? 0) - 90);
}
