// @ts-check
// One pass as it was sent: its tokens and its numbers, each vector read where it lies. Of the layers and
// of what they would have guessed, those are here that were asked for.

import { dot, range } from "../../../ui/kit/arithmetic.js";
import { slice, times, unpack } from "../../../ui/kit/tensors.js";
import { visible } from "../../../ui/kit/words.js";

/** @import { Tensor } from "../../../ui/kit/tensors.js" */
/** @import { LayerArrays, LayerHeader, LensArrays, LensHeader, PassArrays, PassHeader } from "./pass_message.js" */
/** @typedef {{id: number, logit: number, share: number}} Guess */
/** @typedef {{id: number, share: number}} LayerGuess */
/** @typedef {Exclude<keyof PassArrays, "token_ids" | "next_ids" | "maps" | `${string}_scale`>} WholeVector */
/** @typedef {Exclude<keyof LayerArrays, "shares" | `${string}_scale`>} LayerVector */

const WHOLE = 65535; // a share of 1

export class Trace {
  /** @type {Map<number, LayerArrays>} */
  #layers = new Map();
  /** @type {Map<number, LayerGuess[]>} by token */
  #lenses = new Map();
  /** @type {Map<string, number>} */
  #peaks = new Map();
  /** @type {{head: string, keys: Float32Array[], rows: Map<number, Float32Array>}} */
  #scores = { head: "", keys: [], rows: new Map() };

  /**
   * @param {Uint8Array} bytes
   * @throws {Error} if they were cut short or are something else
   */
  constructor(bytes) {
    const { header, arrays } = /** @type {{header: PassHeader, arrays: PassArrays & LayerArrays & LensArrays}} */ (
      unpack(bytes)
    );
    this.header = header;
    this.arrays = /** @type {PassArrays} */ (arrays);
    this.model = header.model;
    this.ids = arrays.token_ids.values;
    this.n = this.ids.length;
    this.#layers.set(header.layer, arrays);
    this.#keepLens(header.tokens, arrays);
  }

  // ---- what comes later

  /** @param {number} l */
  hasLayer(l) {
    return this.#layers.has(l);
  }

  /** @param {Uint8Array} bytes */
  addLayer(bytes) {
    const { header, arrays } = /** @type {{header: LayerHeader, arrays: LayerArrays}} */ (unpack(bytes));
    this.#layers.set(header.layer, arrays);
  }

  /** @param {number} i */
  hasLens(i) {
    return this.#lenses.has(i);
  }

  /** @param {Uint8Array} bytes */
  addLens(bytes) {
    const { header, arrays } = /** @type {{header: LensHeader, arrays: LensArrays}} */ (unpack(bytes));
    this.header.pieces = { ...this.header.pieces, ...header.pieces };
    this.#keepLens(header.tokens, arrays);
  }

  /**
   * @param {number[]} tokens
   * @param {LensArrays} arrays
   */
  #keepLens(tokens, { lens_ids, lens_shares }) {
    tokens.forEach((token, k) => {
      const shares = slice(lens_shares, k);
      this.#lenses.set(
        token,
        Array.from(slice(lens_ids, k), (id, l) => ({ id, share: shares[l] })),
      );
    });
  }

  /** @param {number} l */
  #layer(l) {
    const arrays = this.#layers.get(l);
    if (!arrays) throw new Error(`The numbers of layer ${l + 1} have not come yet`);
    return arrays;
  }

  // ---- numbers

  /**
   * A vector of a position that belongs to no layer.
   * @param {WholeVector} name
   * @param {number} i
   * @returns {Float32Array}
   */
  whole(name, i) {
    return read(this.arrays, name, i);
  }

  /**
   * A vector of a position in a layer, at these further indices.
   * @param {LayerVector} name
   * @param {number} i
   * @param {number} l
   * @param {...number} outer
   * @returns {Float32Array}
   */
  vector(name, i, l, ...outer) {
    return read(this.#layer(l), name, i, ...outer);
  }

  /** @param {number} h the head that asks */
  kvHead(h) {
    return Math.floor(h / (this.model.n_heads / this.model.n_kv_heads));
  }

  /**
   * @param {number} i
   * @param {number} l
   * @param {number} h
   */
  q(i, l, h) {
    return this.vector("q", i, l, h);
  }

  /**
   * @param {number} i
   * @param {number} l
   * @param {number} h
   */
  k(i, l, h) {
    return this.vector("k", i, l, this.kvHead(h));
  }

  /**
   * @param {number} i
   * @param {number} l
   * @param {number} h
   */
  v(i, l, h) {
    return this.vector("v", i, l, this.kvHead(h));
  }

  /**
   * q · k of one query with every key, later ones too. What was worked out of the last head is kept.
   * @param {number} i
   * @param {number} l
   * @param {number} h
   */
  scores(i, l, h) {
    const head = `${l},${h}`;
    if (this.#scores.head !== head) {
      this.#scores = { head, keys: range(this.n).map((j) => this.k(j, l, h)), rows: new Map() };
    }
    const { keys, rows } = this.#scores;
    const known = rows.get(i);
    if (known) return known;
    const q = this.q(i, l, h);
    const row = new Float32Array(keys.map((key) => dot(q, key)));
    rows.set(i, row);
    return row;
  }

  /**
   * The attention of a query to itself and all before it.
   * @param {number} i
   * @param {number} l
   * @param {number} h
   */
  weights(i, l, h) {
    return times(this.#shares(i, l, h), 1 / WHOLE);
  }

  /**
   * The key that a query reads most.
   * @param {number} i
   * @param {number} l
   * @param {number} h
   * @param {boolean} [aside] whether the first token does not count
   */
  strongest(i, l, h, aside = false) {
    const row = this.#shares(i, l, h);
    const first = aside && i > 0 ? 1 : 0;
    return row.reduce((best, share, j) => (share > row[best] && j >= first ? j : best), first);
  }

  /**
   * @param {number} i
   * @param {number} l
   * @param {number} h
   */
  #shares(i, l, h) {
    return slice(this.#layer(l).shares, h).subarray((i * (i + 1)) / 2, ((i + 1) * (i + 2)) / 2);
  }

  /**
   * What a head collects for a query: the values it reads, each times its share.
   * @param {number} i
   * @param {number} l
   * @param {number} h
   */
  mixed(i, l, h) {
    const out = new Float32Array(this.model.d_head);
    this.weights(i, l, h).forEach((weight, j) => {
      this.v(j, l, h).forEach((x, d) => {
        out[d] += weight * x;
      });
    });
    return out;
  }

  /**
   * The strongest hidden units of a layer's MLP.
   * @param {number} i
   * @param {number} l
   */
  neurons(i, l) {
    const pairs = this.vector("neurons", i, l);
    return range(pairs.length / 2).map((k) => ({ index: pairs[2 * k], value: pairs[2 * k + 1] }));
  }

  /**
   * Largest magnitude of a kind of vector over all positions: one colour scale per row of strips.
   * @param {LayerVector} name
   * @param {number} l
   * @param {...number} outer
   */
  peak(name, l, ...outer) {
    return this.#peak(`${name}${[l, ...outer]}`, (i) => this.vector(name, i, l, ...outer));
  }

  /** @param {WholeVector} name */
  wholePeak(name) {
    return this.#peak(name, (i) => this.whole(name, i));
  }

  /**
   * The same of a head's scores; `masked` leaves out what the mask hides.
   * @param {number} l
   * @param {number} h
   * @param {boolean} masked
   */
  scorePeak(l, h, masked) {
    return this.#peak(`scores${l},${h},${masked}`, (i) => this.scores(i, l, h).subarray(0, masked ? i + 1 : this.n));
  }

  /**
   * @param {string} key
   * @param {(i: number) => Float32Array} row
   */
  #peak(key, row) {
    let top = this.#peaks.get(key);
    if (top === undefined) {
      top = 1e-9;
      for (let i = 0; i < this.n; i++) for (const x of row(i)) top = Math.max(top, Math.abs(x));
      this.#peaks.set(key, top);
    }
    return top;
  }

  // ---- tokens

  /**
   * The likeliest tokens after a position.
   * @param {number} i
   * @returns {Guess[]}
   */
  guesses(i) {
    const logits = slice(this.arrays.next_logits, i);
    const logSum = this.arrays.log_sum.values[i];
    return Array.from(slice(this.arrays.next_ids, i), (id, k) => ({
      id,
      logit: logits[k],
      share: Math.exp(logits[k] - logSum),
    }));
  }

  /**
   * What each layer would have guessed after a position; null as long as it has not come.
   * @param {number} i
   */
  lens(i) {
    return this.#lenses.get(i) ?? null;
  }

  /** @param {number} id as it is in the text */
  raw(id) {
    return this.header.pieces[id] ?? `#${id}`;
  }

  /** @param {number} id as people can see it */
  piece(id) {
    return visible(this.raw(id));
  }

  /** @param {number} i */
  word(i) {
    return this.piece(this.ids[i]);
  }

  /**
   * Tokens side by side; of two that look alike, the one with a space before it shows it.
   * @param {readonly number[]} ids
   */
  distinct(ids) {
    const words = ids.map((id) => this.piece(id));
    const twice = (/** @type {string} */ word) => words.indexOf(word) !== words.lastIndexOf(word);
    return words.map((word, k) => (twice(word) && this.raw(ids[k]).startsWith(" ") ? `␣${word}` : word));
  }

  /**
   * Whether this is the same text in the same model as another pass, or that and more.
   * @param {Trace} other
   */
  continues(other) {
    return this.model.name === other.model.name && other.n <= this.n && other.ids.every((id, i) => id === this.ids[i]);
  }
}

/**
 * @param {Record<string, Tensor<any>>} arrays
 * @param {string} name
 * @param {...number} at
 * @returns {Float32Array}
 */
function read(arrays, name, ...at) {
  const steps = slice(arrays[name], ...at);
  return steps instanceof Float32Array ? steps : times(steps, slice(arrays[`${name}_scale`], ...at)[0]);
}
