// What a text of n tokens costs in a known shape. Python sends each part's cost for one token or one
// pair of tokens (transformer_core/laws/costs.py); here it is multiplied by n or n².

import { remember } from "../../../ui/kit/address.js";
import { range } from "../../../ui/kit/arithmetic.js";
import { check, radios, slider } from "../../../ui/kit/controls.js";
import { make } from "../../../ui/kit/elements.js";
import { follow } from "../../../ui/kit/follow.js";
import { count, flops, memory, number, percent } from "../../../ui/kit/format.js";
import { Palette } from "../../../ui/kit/palette.js";
import { fit, plot } from "../../../ui/kit/plot.js";

const LONGEST = 20; // powers of two
const FIRST = new Set(["GPT-2 small", "Llama 2 70B", "Llama 3 8B"]); // shown at once, after this model
const GPUS = [24, 80]; // GB
const PRECISIONS = [[4, "32-bit"], [2, "16-bit"], [1, "8-bit"]];

const small = (share) => (share < 0.001 ? `${(100 * share).toPrecision(1)} %` : share < 0.1 ? `${number(100 * share, 1)} %` : percent(share));

class Board {
  constructor(root) {
    this.root = root;
    this.find = (selector) => root.querySelector(selector);
    this.palette = new Palette(root);
    this.state = { all: false, shape: 0, context: 4096, batch: 1, precision: 1 };
    const power = (x) => count(2 ** x);
    this.length = slider({ label: "tokens n", min: 0, max: LONGEST, step: 0.05, value: 4, show: power, change: (to) => this.choose(Math.round(2 ** to)) });
    this.find(".length").append(this.length);
    this.find(".mine").addEventListener("click", () => this.choose(this.data.tokens));
    this.find(".more").addEventListener("click", () => { this.state.all = !this.state.all; this.caches(); });
    const precision = make("div", { class: "chips" });
    radios(precision, "Numbers", PRECISIONS.length, (i) => PRECISIONS[i][1], (i) => { this.state.precision = i; check(precision, i); this.caches(); });
    check(precision, 1);
    this.find(".settings").append(
      slider({ label: "tokens each", min: 5, max: 17, step: 1, value: 12, show: power, change: (to) => { this.state.context = 2 ** to; this.caches(); } }),
      slider({ label: "conversations", min: 0, max: 8, step: 1, value: 0, show: power, change: (to) => { this.state.batch = 2 ** to; this.caches(); } }), precision);
    this.stop = follow(root, () => { if (this.data) { this.palette.forget(); this.draw(); fit(this.find(".curves")); } });
  }

  receive(data) {
    const was = this.data;
    this.data = data;
    if (was && was.tokens !== data.tokens) this.choose(data.tokens, false); // another text
    else if (!was || was.n !== data.n) this.n = data.n;
    if (!was || was.model !== data.model) radios(this.find(".shapes"), "Shape", data.shapes.length, (i) => data.shapes[i].title, (i) => { this.state.shape = i; this.draw(); });
    this.draw();
  }

  get shape() { return this.data.shapes[this.state.shape]; }

  choose(n, draw = true) {
    this.n = n;
    clearTimeout(this.remembering);
    this.remembering = setTimeout(() => remember("length", n), 200);
    if (draw) this.arithmetic();
  }

  /* FLOP of the three parts at n tokens. */
  parts(n) {
    const { qkv, scores, mixing, out_proj, feed_forward, unembedding } = this.shape.flops;
    return { linear: (qkv + out_proj + feed_forward) * n, attention: (scores + mixing) * n * n, unembedding: unembedding * n };
  }

  draw() {
    check(this.find(".shapes"), this.state.shape);
    const own = this.state.shape === 0;
    Object.assign(this.find(".source"), { className: `tag ${own ? "live" : "published"} source`, textContent: own ? "live" : this.shape.source });
    this.arithmetic();
    this.caches();
  }

  arithmetic() {
    const { n, shape } = this, parts = this.parts(n), total = parts.linear + parts.attention + parts.unembedding;
    const { d_model: d, n_layers: layers } = shape, share = parts.attention / (parts.attention + parts.linear);
    this.length.set(Math.log2(n));
    const own = this.state.shape === 0, text = own && n === this.data.tokens ? "your text" : "a text";
    const beyond = own && shape.crossover > shape.context_length ? ` (beyond this model’s ${count(shape.context_length)})` : "";
    this.find(".finding").replaceChildren(`At ${count(n)} ${n === 1 ? "token" : "tokens"}, ${text} spends `, make("b", { class: "attention" }, small(share)),
      " of the blocks’ arithmetic on comparing tokens with each other; ", make("b", { class: "attention" }, `from ${count(shape.crossover)} tokens on it is more than half`), beyond);
    const names = { linear: "the matrices", attention: "scores and mixing", unembedding: "unembedding" };
    const how = {
      linear: `${flops(this.parts(1).linear)} × ${count(n)}`,
      attention: `${layers} layers × 2 × 2·d·n² = ${layers} × 4·${count(d)}·${count(n)}²`,
      unembedding: `${flops(this.parts(1).unembedding)} × ${count(n)}`,
    };
    const bar = this.find(".share");
    bar.replaceChildren(...Object.entries(parts).map(([name, cost]) => make("i", { class: `part-${name}`, style: `width:${(100 * cost) / total}%`, title: `${names[name]}: ${percent(cost / total)}` })));
    bar.setAttribute("aria-label", Object.entries(parts).map(([name, cost]) => `${names[name]} ${percent(cost / total)}`).join(", "));
    this.find(".lines").replaceChildren(
      ...Object.entries(parts).map(([name, cost]) => make("div", { class: "line" }, make("i", { class: `part-${name}` }), make("span", {}, names[name]), make("span", { class: "mono" }, how[name]), make("b", {}, flops(cost)))),
      make("div", { class: "line" }, make("i", { class: "memory" }), make("span", {}, "score matrices"), make("span", { class: "mono" }, `per layer: ${shape.n_heads} heads × n² × 4 bytes, if written out`), make("b", {}, memory(shape.score_bytes * n * n))));
    this.curves(parts);
  }

  curves(parts) {
    const node = this.find(".curves"), lengths = range(81).map((i) => 2 ** ((i * LONGEST) / 80)), all = lengths.map((x) => this.parts(x));
    const roles = { linear: "feed-forward", attention: "attention", unembedding: "residual" }, names = { linear: "matrices", attention: "scores, mixing", unembedding: "unembedding" };
    const last = all[all.length - 1], { n, shape } = this;
    const lines = Object.entries(roles).map(([name, role]) => ({ x: lengths, y: all.map((each) => each[name]), mode: "lines", line: { color: `var(--${role})`, width: 2.5 }, hovertemplate: `${names[name]}: %{y:.3s}FLOP at %{x:.3s} tokens<extra></extra>` }));
    const dots = { x: [n, n, n], y: Object.keys(roles).map((name) => parts[name]), mode: "markers", marker: { size: 9, color: Object.values(roles).map((role) => `var(--${role})`), line: { width: 2, color: "var(--page)" } }, hoverinfo: "skip" };
    const rule = (x, color, dash) => ({ type: "line", x0: x, x1: x, yref: "paper", y0: 0, y1: 1, line: { color: `var(--${color})`, width: 1.2, dash } });
    const ticks = this.root.clientWidth > 760 ? [1, 16, 256, 4096, 65536, 1048576] : [1, 256, 65536];
    node.setAttribute("aria-label", `Arithmetic against length, both on logarithmic scales. Scores and mixing grow with the square and pass the matrices at ${count(shape.crossover)} tokens.`);
    plot(node, { data: [...lines, dots], layout: { margin: { r: 98, t: 22 }, xaxis: { type: "log", title: { text: "tokens n" }, tickvals: ticks, ticktext: ticks.map(count) }, yaxis: { type: "log", title: { text: "FLOP of one pass" }, dtick: 3, exponentformat: "power" },
      shapes: [rule(n, "ink", "solid"), rule(shape.crossover, "attention", "dot"), rule(shape.context_length, "muted", "dash")],
      annotations: [...Object.entries(roles).map(([name, role]) => ({ x: 1, xref: "paper", xanchor: "left", xshift: 6, yshift: { linear: 5, unembedding: -8 }[name] ?? 0, y: Math.log10(last[name]), text: names[name], showarrow: false, font: { size: 12, color: `var(--${role})` } })),
        { x: Math.log10(shape.context_length), y: 0.02, yref: "paper", yshift: 8, xshift: 4, xanchor: "left", text: "its context ends", showarrow: false, font: { size: 11, color: "var(--muted)" } },
        { x: Math.log10(shape.crossover), y: 1, yref: "paper", yshift: 11, text: `equal at ${count(shape.crossover)}`, showarrow: false, font: { size: 11.5, color: "var(--attention)" } }] } }, this.palette);
  }

  caches() {
    const { context, batch, precision } = this.state, [size, kind] = PRECISIONS[precision], tokens = context * batch;
    const bytes = (shape, heads) => shape.cache_numbers_per_head * heads * size * tokens;
    const [own] = this.data.shapes, shapes = this.data.shapes.filter((shape, i) => this.state.all || i === 0 || FIRST.has(shape.title));
    Object.assign(this.find(".more"), { textContent: this.state.all ? "show fewer" : "show all shapes", ariaExpanded: this.state.all });
    this.find(".cached").replaceChildren(`${batch === 1 ? "One conversation" : `${batch} conversations`} of ${count(context)} tokens: Llama 3 8B keeps `,
      make("b", { class: "value" }, memory(bytes(this.data.shapes.find((s) => s.title === "Llama 3 8B"), 8))), `, ${own.title} would keep `, make("b", { class: "value" }, memory(bytes(own, own.n_kv_heads))));
    this.find(".caches").replaceChildren(make("div", { class: "cache head" }, make("span", {}, "shape"), make("span", {}, `${kind} keys and values`), make("span", { class: "fit" }, "conversations that fit a GPU beside 16-bit weights")), ...shapes.map((shape) => {
      const kinds = [["MHA", shape.n_heads], ["GQA", Math.max(1, shape.n_kv_heads < shape.n_heads && shape.n_kv_heads > 1 ? shape.n_kv_heads : Math.round(shape.n_heads / 4))], ["MQA", 1]];
      const fits = GPUS.map((gb) => Math.floor((gb * 1e9 - shape.parameters * 2) / bytes(shape, shape.n_kv_heads) * batch));
      return make("div", { class: "cache" },
        make("div", { class: "who" }, shape.title, make("small", {}, `${memory(shape.cache_numbers_per_head * shape.n_kv_heads * size)} per token${context > shape.context_length ? `; its context ends at ${count(shape.context_length)}` : ""}`)),
        make("div", {}, ...kinds.map(([name, heads]) => make("div", { class: `variant ${heads === shape.n_kv_heads ? "own" : ""}`, title: `${name}: ${heads} key-value head${heads === 1 ? "" : "s"}` }, make("span", {}, name),
          make("span", { class: "track" }, make("i", { style: `width:${(74 * heads) / shape.n_heads}%` }), memory(bytes(shape, heads)))))),
        make("div", { class: "fit" }, ...GPUS.map((gb, i) => make("div", {}, `${gb} GB: `, make("b", {}, shape.parameters * 2 > gb * 1e9 ? "weights too large" : fits[i] < 1 ? "none" : count(fits[i]))))));
    }));
    this.find(".caches").setAttribute("aria-label", `Cache in ${kind} numbers.`);
  }
}

export default function ({ data, parentElement }) {
  const root = parentElement.querySelector(".board");
  root.board ??= new Board(root);
  if (data) root.board.receive(data);
  return () => root.board?.stop();
}
