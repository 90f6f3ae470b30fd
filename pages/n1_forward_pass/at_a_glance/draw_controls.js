// @ts-check
// How the next token is drawn: temperature, top-p, and the button that draws it.

import { slider } from "../../../ui/kit/controls.js";
import { make } from "../../../ui/kit/elements.js";
import { button } from "./nodes.js";

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
   * @param {Sampling} now
   * @param {{draw: () => void, shape: (change: Partial<Sampling>) => void}} acts
   */
  constructor(now, { draw, shape }) {
    const temperature = slider({
      ...{ label: "temperature", min: 0, max: 2, step: 0.05, value: now.temperature },
      change: (value) => shape({ temperature: value }),
    });
    const topP = slider({
      ...{ label: "top-p", min: 0.05, max: 1, step: 0.01, value: now.topP },
      change: (value) => shape({ topP: value }),
    });
    temperature.title = HINTS.temperature;
    topP.title = HINTS.topP;
    this.go = button({ class: "go" });
    this.go.addEventListener("click", () => {
      if (this.go.ariaDisabled === "true") return;
      this.wait();
      draw();
    });
    this.box = make("div", {}, temperature, topP, this.go);
  }

  /** A token is on its way. Not `disabled`, which would take the focus away between two draws. */
  wait() {
    this.go.ariaDisabled = "true";
  }

  /**
   * A pass has come: the next token can be drawn, if there is room for it.
   * @param {Trace} trace
   */
  ready(trace) {
    if (this.#trace === trace) return;
    this.#trace = trace;
    const full = trace.n >= trace.model.most_tokens;
    this.go.ariaDisabled = String(full);
    this.go.textContent = full ? "Context is full" : "Sample next token";
  }
}
