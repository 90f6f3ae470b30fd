// The activation functions side by side over the pre-activations of the reader's sentence, and what
// becomes of one layer's output if another of them stood in its place.

import { hear } from "../../../ui/kit/address.js";
import { ACTIVATIONS, clamp, range } from "../../../ui/kit/arithmetic.js";
import { make } from "../../../ui/kit/elements.js";
import { count, number, percent } from "../../../ui/kit/format.js";
import { slice, unpack } from "../../../ui/kit/tensors.js";
import { labels, quote } from "../../../ui/kit/words.js";

const KINDS = [
  { id: "relu", name: "ReLU", formula: "max(0, x)" },
  { id: "gelu_tanh", name: "GELU", formula: "x · Φ(x), the normal distribution’s share below x" },
  { id: "swiglu", name: "SiLU", formula: "x · σ(x), σ(x) = 1 / (1 + e⁻ˣ)" },
  { id: "gated", name: "SwiGLU", formula: "SiLU(gate) · up: a product of two numbers" },
];
const W = 250, H = 176, BASE = 138, RANGE = 5, TOP = 5, LOW = -1.15; // of a picture; of x and f(x)
const UPS = [2, 1, -1];
const x2px = (x) => (W * (x + RANGE)) / (2 * RANGE), y2px = (y) => 100 - (y * 94) / TOP, inside = (y) => y >= LOW && y <= TOP;
const slopeOf = (f, x) => (f(x + 1e-4) - f(x - 1e-4)) / 2e-4;

class Board {
  constructor(root) {
    Object.assign(this, { root, find: (selector) => root.querySelector(selector), x: -1 });
    hear(root, (name, value) => { if (name === "layer" || name === "token") this.follow(name, value); });
    const box = this.find(".curves");
    box.addEventListener("keydown", (event) => {
      const step = { ArrowRight: 0.1, ArrowUp: 0.1, ArrowLeft: -0.1, ArrowDown: -0.1 }[event.key];
      if (!step) return;
      event.preventDefault();
      this.point(clamp(Math.round(10 * (this.x + step)) / 10, -RANGE, RANGE));
    });
  }

  receive(bytes) {
    const { header, arrays } = unpack(bytes), was = this.header ?? {};
    Object.assign(this, { header, arrays, labels: labels(header.pieces) });
    if (header.pass !== was.pass || header.layer !== was.layer) this.layer = header.layer;
    if (header.pass !== was.pass || header.token !== was.token) this.token = header.token;
    this.draw();
  }
  follow(name, to) {
    const count = { layer: this.header?.n_layers, token: this.header?.pieces.length }[name], at = Number(to) - 1;
    if (!(at >= 0 && at < count) || at === this[name]) return;
    this[name] = at;
    this.draw();
  }

  used(kind) { return this.header.activation === "swiglu" ? kind.id === "gated" : kind.id === this.header.activation || (kind.id === "gelu_tanh" && this.header.activation === "gelu"); }

  draw() {
    const { header, layer } = this, gated = header.activation === "swiglu", counts = slice(this.arrays.counts, layer), total = counts.reduce((a, b) => a + b, 0);
    const negative = this.arrays.negative.values[layer], name = KINDS.find((kind) => this.used(kind)).name;
    this.find(".finding").replaceChildren(`${percent(negative)} of layer ${layer + 1}’s ${gated ? "gate values" : "pre-activations"} are below zero: `, make("b", { class: "feed-forward" }, gated ? "SiLU" : name), ` flattens them to ${{ ReLU: "0", GELU: "between −0.17 and 0" }[name] ?? "between −0.28 and 0"}`);
    this.find(".intro").textContent = `Below each curve, the same ${count(total)} numbers: all ${gated ? "gate values" : "pre-activations"} of your ${header.pieces.length} token${header.pieces.length > 1 ? "s" : ""} in this layer (outermost columns: everything beyond ±${RANGE}). ${gated ? "Without the bend, each neuron would be the plain product of two sums." : "Without the bend, W_up and W_down would be one matrix, and the network could only stretch, turn and shift its input."}`;
    this.find(".curves").replaceChildren(...KINDS.map((kind) => this.curve(kind, counts)));
    this.find(".caption").textContent = "Dashed: the slope f′(x), by which a gradient is multiplied on its way back; where it is 0, that neuron learns nothing from that token. GELU is drawn by its tanh formula, which differs from the exact one by less than 0.0005. “Swapped in” is a change that the weights were not trained for: it shows how far this layer’s output would move, not how well a model trained with it would do.";
    this.point(this.x);
  }

  curve(kind, counts) {
    const f = ACTIVATIONS[kind.id === "gated" ? "swiglu" : kind.id], xs = range(121).map((i) => -RANGE + (i * RANGE) / 60), peak = Math.max(...counts, 1);
    const line = (cls, g) => make("path", { class: cls, d: xs.filter((x) => inside(g(x))).map((x, i) => `${i ? "L" : "M"}${x2px(x).toFixed(1)} ${y2px(g(x)).toFixed(1)}`).join("") });
    const text = (x, y, words, cls = "", anchor = "start") => make("text", { x, y, class: cls, "text-anchor": anchor }, words);
    const svg = make("svg", { viewBox: `0 0 ${W} ${H}`, "aria-hidden": "true" },
      ...[0, 2, 4].map((y) => make("line", { class: y ? "grid" : "axis", x1: 0, x2: W, y1: y2px(y), y2: y2px(y) })), ...[2, 4].map((y) => text(2, y2px(y) - 3, String(y))),
      make("line", { class: "grid", x1: x2px(0), x2: x2px(0), y1: 6, y2: BASE + 24 }),
      ...Array.from(counts, (n, i) => make("rect", { class: "column", x: (i * W) / counts.length, width: W / counts.length - 0.7, y: BASE + 24 - (36 * n) / peak, height: (36 * n) / peak })),
      ...[-4, -2, 0, 2, 4].map((x) => text(x2px(x), H, String(x).replace("-", "−"), "", "middle")));
    if (kind.id === "gated") UPS.forEach((up) => svg.append(line(`f ${up === 1 ? "" : "other"}`, (x) => up * f(x)), up === -1 ? text(x2px(1.7), y2px(-1) + 2, "up −1", "tagged") : text(x2px(up === 2 ? 1.6 : 3.2), y2px(up === 2 ? 3.6 : 2.4), `up ${up}`, "tagged", up === 2 ? "end" : "start")));
    else svg.append(line("slope", (x) => slopeOf(f, x)), line("f", f), text(W - 2, y2px(1) + (kind.id === "relu" ? 12 : 14), "slope", "", "end"));
    const cursor = make("line", { class: "cursor", y1: 4, y2: BASE + 24 }), dot = make("circle", { r: 3.5 }), read = make("div", { class: "read" });
    svg.append(cursor, dot);
    svg.addEventListener("pointermove", (event) => { const box = svg.getBoundingClientRect(); this.point(clamp(((event.clientX - box.left) / box.width) * 2 * RANGE - RANGE, -RANGE, RANGE)); });
    const node = make("div", { class: `curve${this.used(kind) ? " used" : ""}` }, make("header", {}, make("b", {}, kind.name), this.used(kind) && make("span", {}, "this model’s")),
      make("div", { class: "formula", title: kind.formula }, kind.formula), svg, read, make("div", { class: "swap" }, ...this.swap(kind)));
    node.point = (x) => {
      cursor.setAttribute("x1", x2px(x)); cursor.setAttribute("x2", x2px(x));
      dot.setAttribute("cx", x2px(x)); dot.setAttribute("cy", y2px(f(x)));
      read.textContent = kind.id === "gated" ? `x ${number(x)} → ${UPS.map((up) => number(up * f(x))).join(", ")} for up ${UPS.join(", ").replace("-", "−")}` : `f(${number(x)}) = ${number(f(x))}, slope ${number(slopeOf(f, x))}`;
    };
    return node;
  }

  /* How far the layer's output moves with this function in the place of its own. */
  swap(kind) {
    const { header, layer, token } = this, gated = header.activation === "swiglu", word = quote(this.labels[token]);
    if (this.used(kind)) return [`The weights were trained with it. ${gated ? "SiLU(gate) decides how much of “up” passes." : ""}`];
    if (gated && kind.id === "swiglu") return ["This is the bend inside this model’s SwiGLU."];
    if (kind.id === "gated") return ["Needs a third matrix, W_gate, which this model does not have. fable-modern is built so."];
    const [cosine, change] = slice(this.arrays.swapped, layer, header.swaps.indexOf(kind.id), token);
    return [make("b", {}, gated ? "Swapped in for SiLU: " : "Swapped in: "), `the output for ${word} moves by ${percent(change)} of its length (cosine ${number(cosine)}).`];
  }

  point(x) {
    this.x = x;
    const box = this.find(".curves");
    for (const curve of box.children) curve.point(x);
    for (const [name, value] of [["valuemin", -RANGE], ["valuemax", RANGE], ["valuenow", x], ["label", "x, for all functions"], ["valuetext", Array.from(box.children, (node, i) => `${KINDS[i].name}: ${node.querySelector(".read").textContent}`).join("; ")]]) box.setAttribute(`aria-${name}`, value);
  }
}

export default function ({ data, parentElement }) {
  const root = parentElement.querySelector(".board");
  root.board ??= new Board(root);
  if (data) root.board.receive(data);
}
