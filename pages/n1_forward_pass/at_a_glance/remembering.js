// @ts-check
// Settings on their way into the address: written when the reader's hand rests.

import { remember } from "../../../ui/kit/address.js";

export class Remembering {
  #timer = 0;

  /** @param {AbortSignal} gone on another page the address is that page's */
  constructor(gone) {
    this.gone = gone;
  }

  /**
   * What is asked for later takes the place of what was asked for before.
   * @param {number} ms
   * @param {() => Record<string, string | number>} settings
   */
  in(ms, settings) {
    clearTimeout(this.#timer);
    this.#timer = window.setTimeout(() => {
      if (this.gone.aborted) return;
      for (const [name, value] of Object.entries(settings())) remember(name, value);
    }, ms);
  }
}
