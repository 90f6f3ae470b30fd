// @ts-check
// An opened part: its numbers over the picture, drawn from what cards.js says it holds.

import { clamp } from "../../../ui/kit/arithmetic.js";
import { find, make } from "../../../ui/kit/elements.js";
import { number } from "../../../ui/kit/format.js";
import { CARDS, TITLES } from "./cards.js";
import { cardPlace } from "./layout.js";
import { button, nodes, penOf } from "./nodes.js";
import { depth, opposite, paint } from "./strip.js";

/** @import { Palette } from "../../../ui/kit/palette.js" */
/** @import { Line, Part, Table } from "./cards.js" */
/** @import { Facts } from "./facts.js" */
/** @import { Geometry } from "./layout.js" */
/** @import { Note } from "./note.js" */
/** @import { Column } from "./stages.js" */
/** @import { Tip } from "./tip.js" */

export class Card {
  /**
   * @param {HTMLElement} root
   * @param {{palette: Palette, tip: Tip, close: () => void}} around
   */
  constructor(root, { palette, tip, close }) {
    this.box = find(root, ".card");
    this.veil = find(root, ".veil");
    this.figure = find(root, ".figure");
    this.palette = palette;
    this.tip = tip;
    this.cross = button({ class: "close", "aria-label": "Close", title: "Close (Esc)", onclick: close }, "×");
    this.veil.addEventListener("click", close);
  }

  /**
   * @param {Column} column
   * @param {Facts} facts
   * @param {Note} note of the step that the part belongs to
   * @param {Geometry} geometry
   */
  open(column, facts, note, geometry) {
    const firstTime = this.box.hidden;
    const title = TITLES[column](facts);
    const parts = CARDS[column](facts);
    const cells = parts.some(({ kind }) => kind === "line") ? "Hover a cell for its number. " : "";
    const hint = `${cells}Choose another token, layer or head: this card follows.`;
    this.box.replaceChildren(
      make("header", {}, make("h3", {}, title), this.cross),
      ...(note.formula ? [make("div", { class: "box formula" }, ...nodes(note.formula))] : []),
      ...parts.map((part) => this.#part(part)),
      make("p", { class: "hint" }, hint),
    );
    this.box.ariaLabel = title;
    this.#appear(true);
    const { left, top, height } = cardPlace(geometry, column, this.box.offsetWidth);
    this.box.style.left = `${left}px`;
    this.box.style.top = `${top}px`;
    this.box.style.maxHeight = `${height}px`;
    for (const table of this.box.querySelectorAll(".scroll")) showChosen(/** @type {HTMLElement} */ (table));
    if (firstTime) this.cross.focus({ preventScroll: true });
  }

  close() {
    this.#appear(false);
  }

  /** @param {boolean} there */
  #appear(there) {
    this.figure.classList.toggle("opened", there);
    this.veil.hidden = !there;
    this.box.hidden = !there;
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
      const colour = x < 0 ? opposite(this.palette, role) : this.palette.rgb(role);
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
