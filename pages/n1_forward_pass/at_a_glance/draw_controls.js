// @ts-check
// How the next token is chosen: the likeliest is written, or one is drawn; how, is folded below.

import { slider } from "../../../ui/kit/controls.js";
import { make } from "../../../ui/kit/elements.js";
import { number } from "../../../ui/kit/format.js";
import { quote } from "../../../ui/kit/words.js";
import { Hold } from "./holding.js";
import { button } from "./nodes.js";

/** @import { Sampling } from "./state.js" */
/** @import { Trace } from "./trace.js" */

const HINTS = {
  write: "Append the most probable token. Hold the button to go on writing.",
  draw: "Draw a token with these probabilities. Hold the button to go on.",
  temperature: "Below 1, probable tokens gain; above 1, improbable ones. At 0 the most probable token is always taken.",
  topP: "Only the most probable tokens are kept whose probabilities add up to this value.",
};

/** The settings in words, while they are folded. */
const told = (/** @type {Sampling} */ { temperature, topP }) =>
  `temperature ${number(temperature)} · top-p ${topP < 1 ? number(topP) : "off"} · `;

export class DrawControls {
  /** @type {Trace | null} */
  #trace = null;

  /**
   * @param {Sampling} now
   * @param {{write: () => void, draw: () => void, shape: (change: Partial<Sampling>) => void}} acts
   */
  constructor(now, { write, draw, shape }) {
    this.temperature = slider({
      ...{ label: "temperature", min: 0, max: 2, step: 0.05, value: now.temperature },
      change: (value) => shape({ temperature: value }),
    });
    this.topP = slider({
      ...{ label: "top-p", min: 0.05, max: 1, step: 0.01, value: now.topP },
      change: (value) => shape({ topP: value }),
    });
    this.temperature.title = HINTS.temperature;
    this.topP.title = HINTS.topP;
    this.write = button({ class: "write", title: HINTS.write });
    this.draw = button({ class: "draw", title: HINTS.draw }, "Surprise me");
    const waiting = (/** @type {() => void} */ act) => () => {
      this.wait();
      act();
    };
    this.holds = [new Hold(this.write, waiting(write)), new Hold(this.draw, waiting(draw))];
    this.said = make("span");
    this.fold = make("details", {}, make("summary", {}, this.said, make("u", {}, "change")));
    this.fold.append(this.temperature, this.topP);
    this.box = make("div", { class: "choosing" }, make("div", { class: "buttons" }, this.write, this.draw), this.fold);
  }

  /** A token is on its way. Not `disabled`, which would take the focus away between two draws. */
  wait() {
    for (const each of [this.write, this.draw]) each.ariaDisabled = "true";
  }

  /** @param {Sampling} now */
  show(now) {
    const said = told(now);
    if (this.said.textContent === said) return;
    this.said.textContent = said;
    this.temperature.set(now.temperature);
    this.topP.set(now.topP);
  }

  /**
   * A pass has come: the next token can be chosen, if there is room for it.
   * @param {Trace} trace
   */
  ready(trace) {
    if (this.#trace === trace) return;
    this.#trace = trace;
    const full = trace.n >= trace.model.most_tokens;
    const [first] = trace.guesses(trace.n - 1);
    this.write.textContent = full ? "Context is full" : `Write ${quote(trace.piece(first.id))}`;
    for (const each of [this.write, this.draw]) each.ariaDisabled = String(full);
    for (const hold of this.holds) hold.ready();
  }
}
