// @ts-check
// Parts of a pass that did not come with it, asked for when they are looked at: another layer's
// numbers, what the layers would have guessed after another token.

import { ask } from "../../../ui/kit/asking.js";

/** @import { Sentence } from "./pass_message.js" */
/** @import { Trace } from "./trace.js" */

export class Asking {
  /** @type {Map<string, Promise<boolean>>} by part: asked for once */
  #asked = new Map();

  /**
   * @param {Trace} trace
   * @param {string} passes the address of passes
   * @param {Sentence} sentence
   */
  constructor(trace, passes, sentence) {
    this.trace = trace;
    this.passes = passes;
    this.sentence = sentence;
  }

  /**
   * Whether a layer's numbers are here, once that is known.
   * @param {number} l
   */
  async layer(l) {
    if (this.trace.hasLayer(l)) return true;
    return this.#part("layer", String(l + 1), (bytes) => this.trace.addLayer(bytes));
  }

  /**
   * Whether the layers' guesses after a token are here, once that is known.
   * @param {number} i
   */
  async lens(i) {
    if (this.trace.hasLens(i)) return true;
    const wanted = this.trace.header.every_lens ? "" : String(i + 1);
    return this.#part("token", wanted, (bytes) => this.trace.addLens(bytes));
  }

  /** Ask for the guesses after all tokens before one is chosen, where they cost little. */
  async lenses() {
    if (this.trace.header.every_lens) await this.#part("token", "", (bytes) => this.trace.addLens(bytes));
  }

  /**
   * @param {"layer" | "token"} name
   * @param {string} value from 1; "" for all
   * @param {(bytes: Uint8Array) => void} add
   */
  #part(name, value, add) {
    const key = `${name} ${value}`;
    const asked = this.#asked.get(key) ?? this.#fetched(name, value, add);
    this.#asked.set(key, asked);
    asked.then((here) => here || this.#asked.delete(key));
    return asked;
  }

  /**
   * @param {"layer" | "token"} name
   * @param {string} value from 1; "" for all
   * @param {(bytes: Uint8Array) => void} add
   */
  async #fetched(name, value, add) {
    const below = name === "layer" ? "layer" : "lens";
    const bytes = await ask(`${this.passes}/${below}`, { ...this.sentence, [name]: value });
    if (!bytes) return false;
    try {
      add(bytes);
      return true;
    } catch {
      return false; // cut short
    }
  }
}
