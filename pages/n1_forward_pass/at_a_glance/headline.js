// @ts-check
// Over the picture, the finding: of the whole pass, or of the step looked at.

import { find } from "../../../ui/kit/elements.js";
import { finding } from "./findings.js";
import { NOTES, place, subject } from "./notes.js";

/** @import { Facts } from "./facts.js" */
/** @import { State } from "./state.js" */
/** @import { Trace } from "./trace.js" */

const NUMBERS = [
  "no",
  "one",
  "two",
  "three",
  "four",
  "five",
  "six",
  "seven",
  "eight",
  "nine",
  "ten",
  "eleven",
  "twelve",
];

/** @param {number} n */
const inWords = (n) => NUMBERS[n] ?? String(n);

export class Headline {
  /** @param {HTMLElement} box */
  constructor(box) {
    this.title = find(box, "h2");
    this.below = find(box, "p");
  }

  /**
   * @param {Trace} trace
   * @param {State} state
   * @param {Facts} f
   */
  show(trace, state, f) {
    const about = subject(state);
    const whole = about === "overview";
    const title = whole ? finding(trace, state.token) : NOTES[about](f).title;
    const said = `${title.replaceAll(" %", "\u00a0%")}.`;
    if (this.title.textContent !== said) this.title.textContent = said;
    this.below.textContent = whole ? this.#legend(trace) : place(about, f);
  }

  /** @param {Trace} trace */
  #legend({ n }) {
    const tokens = n === 1 ? "your one token" : `your ${inWords(n)} tokens`;
    return (
      `Each column is a layer. Each square in it is a head: it shows which of ${tokens} attends to which. The ` +
      "logit lens (nostalgebraist 2020) reads each layer as if it were the last: a rough view."
    );
  }
}
