// @ts-check
// How the next token is drawn: temperature, top-p, and the button that draws it.

import { slider } from "../../../ui/kit/controls.js";
import { make } from "../../../ui/kit/elements.js";
import { button } from "./nodes.js";

/** @import { Append } from "./pass_message.js" */
/** @import { Sampling } from "./state.js" */
/** @import { Trace } from "./trace.js" */

const HINTS = {
  temperature: "Below 1 sharpens the choice, above 1 flattens it; 0 always takes the likeliest",
  topP: "Keeps the likeliest tokens that together reach this share",
};

export class DrawControls {
  /** @type {Trace | null} */
  #trace = null;

  /**
   * @param {Sampling} sampling
   * @param {{append: (choice: Omit<Append, "length">) => void, shape: (sampling: Sampling) => void}} acts
   */
  constructor(sampling, { append, shape }) {
    const now = { ...sampling };
    const change = (/** @type {Partial<Sampling>} */ changed) => shape({ ...Object.assign(now, changed) });
    const temperature = slider({
      ...{ label: "temperature", min: 0, max: 2, step: 0.05, value: now.temperature },
      change: (value) => change({ temperature: value }),
    });
    const topP = slider({
      ...{ label: "top-p", min: 0.05, max: 1, step: 0.01, value: now.topP },
      change: (value) => change({ topP: value }),
    });
    temperature.title = HINTS.temperature;
    topP.title = HINTS.topP;
    // Not `disabled`, which would take the focus away between two draws.
    this.go = button({ class: "go" });
    this.go.addEventListener("click", () => {
      if (this.go.ariaDisabled === "true") return;
      this.go.ariaDisabled = "true";
      append({ temperature: now.temperature, top_p: now.topP });
    });
    this.box = make("div", {}, temperature, topP, this.go);
  }

  /**
   * A pass has come: the next token can be drawn, if there is room for it.
   * @param {Trace} trace
   */
  ready(trace) {
    if (this.#trace === trace) return;
    this.#trace = trace;
    const full = trace.n >= trace.model.context_length;
    this.go.ariaDisabled = String(full);
    this.go.textContent = full ? "Context is full" : "Sample next token";
  }
}
