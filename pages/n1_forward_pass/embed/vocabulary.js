// The embedding matrix in the browser: fetched once per model, shared by the parts of the Embed lesson.

import { unpack } from "../../../ui/kit/tensors.js";
import { visible } from "../../../ui/kit/words.js";

const tables = new Map();

/* The vocabulary at an address of ui/embedding_table.py. */
export function vocabulary(address) {
  if (!tables.has(address)) tables.set(address, fetched(address).catch((error) => { tables.delete(address); throw error; }));
  return tables.get(address);
}

async function fetched(address) {
  const answer = await fetch(new URL(address, location.origin));
  if (!answer.ok) throw new Error(`${answer.status} for the embedding matrix`);
  const { header, arrays } = unpack(new Uint8Array(await answer.arrayBuffer()));
  return new Vocabulary(header, arrays);
}

/* Between the parts of the page: the token of the sentence that the reader has chosen. */
export const choice = new EventTarget();
export const announce = (index) => choice.dispatchEvent(new CustomEvent("token", { detail: index }));

export const dot = (a, b) => { let total = 0; for (let i = 0; i < a.length; i++) total += a[i] * b[i]; return total; };
export const size = (v) => Math.sqrt(dot(v, v));
export const cosine = (a, b) => dot(a, b) / (size(a) * size(b) || 1);

/* A token as it is shown here: its space as a sign, a control character as its byte. */
export const spaced = (piece) => piece === "<|endoftext|>" ? "⟨end of text⟩" : /^[\x00-\x08\x0b-\x1f\x7f]$/.test(piece) ? `⟨${piece.charCodeAt(0).toString(16).padStart(2, "0")}⟩`
  : (/^ \S/.test(piece) ? "␣" : "") + visible(piece);

class Vocabulary {
  constructor(header, { rows, mean, axes }) {
    [this.n, this.d] = rows.shape;
    Object.assign(this, { rows: rows.values, mean: mean.values, axes: axes.values, shares: header.shares, total: header.vocab_size });
    this.pieces = header.pieces;
    this.shown = header.pieces.map(visible);
    this.lower = this.shown.map((piece) => piece.toLowerCase());
    this.sizes = { raw: new Float32Array(this.n), centred: new Float32Array(this.n) };
    for (let i = 0; i < this.n; i++) {
      this.sizes.raw[i] = size(this.row(i)) || 1;
      this.sizes.centred[i] = size(this.centre(this.row(i))) || 1;
    }
  }

  /* The mean cosine of two different rows: the squared length of the mean unit row, less each with itself. */
  get typical() {
    if (this.known === undefined) {
      const mean = new Float64Array(this.d);
      for (let i = 0; i < this.n; i++) this.row(i).forEach((x, k) => { mean[k] += x / this.sizes.raw[i] / this.n; });
      this.known = (this.n * dot(mean, mean) - 1) / (this.n - 1);
    }
    return this.known;
  }

  row(i) { return this.rows.subarray(i * this.d, (i + 1) * this.d); }
  centre(vector) { return vector.map((x, i) => x - this.mean[i]); }
  unit(i) { return this.row(i).map((x) => x / this.sizes.raw[i]); }

  /* Cosine with every row; `centred`: the average row taken from all of them first. */
  cosines(vector, centred = false) {
    const v = centred ? this.centre(vector) : vector, sizes = centred ? this.sizes.centred : this.sizes.raw;
    const shift = centred ? dot(this.mean, v) : 0, length = size(v) || 1, found = new Float32Array(this.n);
    for (let i = 0; i < this.n; i++) found[i] = (dot(this.row(i), v) - shift) / (sizes[i] * length);
    return found;
  }

  /* The highest of some cosines, best first, but for those left out. */
  best(cosines, count, leaveOut = []) {
    const out = new Set(leaveOut), top = [];
    for (let i = 0; i < this.n; i++) {
      if (out.has(i) || (top.length === count && cosines[i] <= cosines[top[count - 1]])) continue;
      let at = top.length;
      while (at > 0 && cosines[top[at - 1]] < cosines[i]) at--;
      top.splice(at, 0, i);
      top.length = Math.min(top.length, count);
    }
    return top;
  }

  /* Where a vector stands on the map, along all of its axes. */
  place(vector) {
    const centred = this.centre(vector);
    return Array.from({ length: this.axes.length / this.d }, (_, k) => dot(this.axes.subarray(k * this.d, (k + 1) * this.d), centred));
  }

  /* Tokens that hold a text: the same word first (with its space before it), then beginnings, then the rest. */
  find(text, count = 12) {
    const wanted = text.trim(), lower = wanted.toLowerCase();
    if (!wanted) return [];
    const rank = (i) => this.lower[i] === lower ? (this.shown[i] === wanted ? 0 : 2) + (this.pieces[i].startsWith(" ") ? 0 : 1)
      : this.lower[i].startsWith(lower) ? 4 : 5;
    const hits = [];
    for (let i = 0; i < this.n; i++) if (this.lower[i].includes(lower)) hits.push(i);
    return hits.map((i) => [rank(i), i]).sort((a, b) => a[0] - b[0] || a[1] - b[1]).slice(0, count).map(([, i]) => i);
  }
}
