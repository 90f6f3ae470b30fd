// @ts-check
// What is said beside the pointer.

import { clamp } from "../../../ui/kit/arithmetic.js";
import { make } from "../../../ui/kit/elements.js";
import { score, shareLines } from "./formulas.js";
import { nodes, px } from "./nodes.js";

/** @import { Facts } from "./facts.js" */

export class Tip {
  /**
   * @param {HTMLElement} box
   * @param {HTMLElement} figure it stays inside of
   */
  constructor(box, figure) {
    this.box = box;
    this.figure = figure;
  }

  hide() {
    this.box.hidden = true;
  }

  /**
   * @param {PointerEvent} event
   * @param {...(Node | string)} content
   */
  show(event, ...content) {
    const { left, top, width } = this.figure.getBoundingClientRect();
    this.box.replaceChildren(...content);
    this.box.hidden = false;
    const [x, y] = [event.clientX - left, event.clientY - top];
    const above = y - this.box.offsetHeight - 14;
    this.box.style.left = px(clamp(x + 14, 4, width - this.box.offsetWidth - 4));
    this.box.style.top = px(above < 0 ? y + 18 : above);
  }
}

/**
 * How the share of a dot follows from its score.
 * @param {Facts} f
 */
export const reading = (f) => [
  make("b", {}, `${f.word} attends to ${f.keyWord}`),
  ...shareLines(f).map((line) => make("code", {}, ...nodes(line))),
  `${score(f.top)}: the largest score of the row; Σ: the sum over the row`,
];
