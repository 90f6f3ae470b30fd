// @ts-check
// Parts of an answer that come when they are looked at, as a layer's numbers do; while one is on its
// way, the board says so.

import { ask, busyDuring } from "./asking.js";
import { unpack } from "./tensors.js";

/** @import { Packed } from "./tensors.js" */

/**
 * @template V
 */
export class Parts {
  /** @type {Map<string, V>} */
  #here = new Map();
  /** @type {Map<string, Promise<boolean>>} asked for once */
  #asked = new Map();

  /**
   * @param {HTMLElement} root whose style shows a sign while it is busy
   * @param {string} address
   * @param {Record<string, string>} parameters of every question
   * @param {(packed: Packed) => V} read
   */
  constructor(root, address, parameters, read) {
    this.root = root;
    this.address = address;
    this.parameters = parameters;
    this.read = read;
  }

  /**
   * @param {number | string} name
   * @param {V} part
   */
  add(name, part) {
    this.#here.set(String(name), part);
  }

  /** @param {number | string} name */
  get(name) {
    return this.#here.get(String(name));
  }

  /**
   * Whether a part is here, once that is known.
   * @param {number | string} name
   * @param {Record<string, string | number>} parameters that ask for it
   */
  ask(name, parameters) {
    const key = String(name);
    if (this.#here.has(key)) return Promise.resolve(true);
    const asked = this.#asked.get(key) ?? this.#fetched(key, parameters);
    this.#asked.set(key, asked);
    return asked;
  }

  /**
   * @param {string} key
   * @param {Record<string, string | number>} parameters
   */
  async #fetched(key, parameters) {
    const wanted = Object.entries({ ...this.parameters, ...parameters }).map(([name, value]) => [name, String(value)]);
    const bytes = await busyDuring(this.root, ask(this.address, Object.fromEntries(wanted)));
    try {
      if (bytes) this.add(key, this.read(unpack(bytes)));
    } catch {
      // cut short: it can be asked for again
    }
    this.#asked.delete(key);
    return this.#here.has(key);
  }
}
