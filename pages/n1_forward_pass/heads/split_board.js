// One layer for one word, as strips of real numbers: the width is cut into bands, one per head, and
// put together again. Layer, head and word follow those looked at anywhere on the page.

import { hear, remember } from "../../../ui/kit/address.js";
import { clamp, largest, range } from "../../../ui/kit/arithmetic.js";
import { make, rich } from "../../../ui/kit/elements.js";
import { follow } from "../../../ui/kit/follow.js";
import { count, number, percent } from "../../../ui/kit/format.js";
import { Palette } from "../../../ui/kit/palette.js";
import { bars } from "../../../ui/kit/pictures.js";
import { causalRow, slice, unpack } from "../../../ui/kit/tensors.js";
import { labels, quote, visible } from "../../../ui/kit/words.js";

class Board {
  constructor(root) {
    this.root = root;
    this.find = (selector) => root.querySelector(selector);
    this.state = { layer: 0, head: 0, token: 0 };
    this.palette = new Palette(root);
    hear(root, (name, value) => { if (this.header && name in this.state && value) this.take({ [name]: clamp(value - 1, 0, this.limit(name)) }); });
    this.stop = follow(root, () => { this.palette.forget(); if (this.header) this.draw(); });
  }

  limit(name) { return (name === "token" ? this.header.pieces.length : this.header[`n_${name}s`]) - 1; }

  receive(bytes) {
    const { header, arrays } = unpack(bytes), was = this.header ?? {}, s = this.state;
    const fresh = header.pass !== was.pass;
    if (!fresh && Object.keys(s).every((name) => header[name] === was[name])) return;
    Object.assign(this, { header, arrays, labels: labels(header.pieces) });
    for (const name of Object.keys(s)) s[name] = fresh && name === "token" ? header.token : clamp(header[name] !== was[name] ? header[name] : s[name], 0, this.limit(name));
    this.draw();
  }

  take(change) {
    const [[name, value]] = Object.entries(change);
    if (this.state[name] === value) return;
    this.state[name] = value;
    this.draw();
  }

  draw() {
    const { header: h, arrays, state: { layer, head, token } } = this, n = h.pieces.length;
    const at = (name, ...more) => Array.from(slice(arrays[name], layer, token, ...more));
    const heads = range(h.n_heads), shared = range(h.n_kv_heads), group = h.n_heads / h.n_kv_heads;
    const word = ["query", quote(this.labels[token])], written = at("written"), loudest = written.indexOf(Math.max(...written));
    const peak = (rows) => largest(rows.flat()), q = heads.map((i) => at("q", i)), k = shared.map((i) => at("k", i)), mixed = heads.map((i) => at("mixed", i));
    const rows = heads.map((i) => Array.from(causalRow(arrays.weights, layer, i, token), (x) => x / 255)), peaks = at("most"), tops = [peak(q), peak(k), peak(mixed)];
    this.find(".finding").replaceChildren(...rich([`Layer ${layer + 1} cuts `, word, `’s query into ${h.n_heads} × ${h.d_head} numbers; head ${loudest + 1} then writes the most into its stream`]));
    const drawn = n > 1 ? `Shapes are those of all ${n} tokens; drawn is the row of ${quote(this.labels[token])}.` : "";
    this.find(".about").textContent = group === 1
      ? `Each head works in a band of its own and knows nothing of the others; only the last matrix, W_O, adds up what they found. Click a band to look at that head. ${drawn}`
      : `Each head has a query of its own, but ${group} heads share one key and one value (grouped-query attention): they search the same ${h.d_head} numbers in ${group} ways. Click a band to look at that head. ${drawn}`;
    const strip = (name, role) => make("div", { class: "band" }, bars(at(name), largest(at(name)), role, 34));
    const bands = (number, inside, extra = "") => {
      const box = make("div", { class: `bands ${extra}`, style: `--bands:${number}` });
      box.append(...range(number).map((i) => inside(i)));
      return box;
    };
    const button = (i, ...content) => make("button", { type: "button", class: `band ${i === head ? "here" : ""}`, "aria-label": `layer ${layer + 1} head ${i + 1}`, "aria-pressed": String(i === head), onclick: () => { this.take({ head: i }); remember("head", i + 1); } }, ...content);
    const name = (i, extra) => make("span", { class: "label" }, make("b", {}, h.n_heads > 8 ? String(i + 1) : `head ${i + 1}`), make("span", { class: "extra" }, extra));
    const what = (title, shape, role) => make("div", { class: "what" }, make("b", role ? { class: role } : {}, title), make("span", { class: "mono" }, shape));
    const step = (text) => make("div", { class: "step" }, text);
    const cells = (w) => make("span", { class: "cells" }, w.map((x) => make("i", { style: `background:rgb(${this.palette.magnitude(x)})` })));
    const best = (w) => w.indexOf(Math.max(...w)), most = Math.max(...written);
    this.find(".flow").replaceChildren(
      what("x: what the layer reads", `[${n}, ${h.d_model}]`, "residual"), strip("x", "residual"),
      step(`↓ times W_Q [${h.d_model}, ${h.d_model}], then cut into ${h.n_heads} bands of ${h.d_head}`),
      what("q: its queries", `[${h.n_heads}, ${n}, ${h.d_head}]`, "query"), bands(h.n_heads, (i) => button(i, name(i, ""), bars(q[i], tops[0], "query", 26))),
      step(group === 1 ? `↓ held against the keys of the same head [${h.n_kv_heads}, ${n}, ${h.d_head}]; below, the key of this word itself` : `↓ held against keys that ${group} heads share [${h.n_kv_heads}, ${n}, ${h.d_head}]; below, the key of this word itself`),
      what("k: its keys", `[${h.n_kv_heads}, ${n}, ${h.d_head}]`, "key"), bands(h.n_kv_heads, (i) => make("div", { class: "band" }, group > 1 ? make("span", { class: "label" }, make("b", {}, `for heads ${i * group + 1} to ${(i + 1) * group}`)) : null, bars(k[i], tops[1], "key", 26))),
      step("↓ softmax: one row of shares per head"),
      what("weights", `[${h.n_heads}, ${n}, ${n}]`, "attention"), bands(h.n_heads, (i) => button(i, cells(rows[i]), make("span", { class: "label" }, make("b", {}, visible(h.pieces[best(rows[i])])), make("span", { class: "extra" }, percent(peaks[i]))))),
      step("↓ times the values, whose shape is that of the keys: each head’s mixture"),
      what("mixed values", `[${h.n_heads}, ${n}, ${h.d_head}]`, "value"), bands(h.n_heads, (i) => button(i, bars(mixed[i], tops[2], "value", 26))),
      step(`↓ laid side by side again: ${h.n_heads} × ${h.d_head} = ${h.d_model} numbers, times W_O [${h.d_model}, ${h.d_model}]. Each head’s band meets its own ${h.d_head} rows of W_O, so the product is a sum with one summand per head, of these lengths`),
      what("summands", `${h.n_heads} × [${n}, ${h.d_model}]`), bands(h.n_heads, (i) => button(i, make("div", { class: "amount", style: `width:${(100 * written[i]) / most}%` }), name(i, number(written[i])))),
      what("output", `[${n}, ${h.d_model}]`, "residual"), strip("output", "residual"),
    );
    this.find(".caption").textContent = h.every > 1 ? `Of each vector every ${h.every}th number is drawn.` : "Each bar is one number, up or down from zero; each row of bands has one scale. The output is added to the stream.";
    this.cost(group);
  }

  /* Same multiplications as one wide head; what sharing keys saves. */
  cost(group) {
    const { n_heads: H, n_kv_heads: G, d_head: d, d_model: D, n_layers: L } = this.header;
    this.root.querySelector(".cost h4").textContent = "Many heads cost what one wide head would";
    const sums = [
      [`${H} × ${d} = ${D}`, `multiplications for one query with one key: ${H} heads of ${d}, or one head of ${D}. The same; only the number of softmaxes is ${H} times as large.`],
      [`${H} × ${D} × ${d} = ${count(D * D)}`, `numbers in W_Q, one narrow matrix per head side by side; one head of full width would have ${D} × ${D}, as many.`],
      group === 1
        ? [`2 × ${H} × ${d} × ${L} = ${count(2 * H * d * L)}`, `numbers kept per token while text is written: 2 (key, value) × ${H} heads × ${d} × ${L} layers, the KV cache. One head of ${D} would keep 2 × ${D} × ${L}, as many. In fable-modern three heads share a key and a value: a third.`]
        : [`2 × ${G} × ${d} × ${L} = ${count(2 * G * d * L)}`, `numbers kept per token while text is written: 2 (key, value) × ${G} shared heads × ${d} × ${L} layers, the KV cache. One head of ${D}, or a key and a value for each of the ${H}, would need ${count(2 * H * d * L)}, ${group} times as many. Llama 3 8B has 32 query heads on 8 (arXiv 2407.21783). `, make("span", { class: "tag published", title: "From a paper" }, "published")],
    ];
    this.find(".sums").replaceChildren(...sums.map(([big, ...said]) => make("div", {}, make("div", { class: "big" }, big), make("p", {}, said))));
  }
}

export default function ({ data, parentElement }) {
  const root = parentElement.querySelector(".board");
  root.board ??= new Board(root);
  if (data) root.board.receive(data);
  return () => root.board?.stop();
}
