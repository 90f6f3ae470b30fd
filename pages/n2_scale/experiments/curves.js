// Curves that share their axes, and their names with the last value of each. A name under the
// pointer shows its curve alone; pressed, it stays so, and several can be compared.

import { make } from "../../../ui/kit/elements.js";
import { follow } from "../../../ui/kit/follow.js";
import { number, short } from "../../../ui/kit/format.js";
import { Palette } from "../../../ui/kit/palette.js";
import { fit, plot } from "../../../ui/kit/plot.js";

/* The end of a curve with three digits. */
const last = (y) => Math.abs(y) >= 1e4 ? short(y) : number(y, Math.abs(y) < 0.1 ? 4 : Math.abs(y) < 1 ? 3 : 2);
const coloured = ({ line, marker, meta: { colour } }) => ({ line: { ...line, color: colour }, marker: { ...marker, color: colour } });
const FAINT = 0.1, DASHES = { dash: "5 3", dot: "2 2", dashdot: "6 2 2 2", longdash: "8 3", longdashdot: "8 2 2 2" };

class Curves {
  constructor(root) {
    this.find = (selector) => root.querySelector(selector);
    this.palette = new Palette(root);
    this.node = this.find(".plot");
    this.legend = this.find(".legend");
    this.kept = new Set();
    this.pointed = null;
    this.find(".save").addEventListener("click", () => this.save());
    this.find(".all").addEventListener("click", () => { this.kept.clear(); this.pointed = null; this.show(); });
    this.stop = follow(root, () => { this.palette.forget(); this.draw().then(() => fit(this.node)); });
  }

  receive(data) {
    if (this.data && JSON.stringify(this.data) === JSON.stringify(data)) return this.draw();
    this.data = data;
    this.kept.clear();
    this.pointed = null;
    this.find(".finding").textContent = data.finding;
    this.find(".both").classList.toggle("many", data.many);
    this.node.setAttribute("aria-label", data.alt);
    this.node.style.height = `${data.height}px`;
    Object.assign(this.find(".tag"), { className: `tag ${data.kind}`, textContent: data.kind, title: data.meaning });
    this.curves = data.figure.data;
    this.legend.replaceChildren(...this.curves.map((curve, i) => make("li", {}, this.entry(curve, i))));
    this.show();
  }

  entry(curve, i) {
    const point = (at) => () => { if (this.pointed !== at) { this.pointed = at; this.draw(); } };
    return make("button", { type: "button", "aria-pressed": "false", onclick: () => this.keep(i), onpointerenter: (e) => e.pointerType === "mouse" && point(i)(), onpointerleave: point(null) },
      make("svg", { "aria-hidden": "true" }, make("line", { x1: 0, x2: 22, y1: 5, y2: 5, style: `stroke: ${curve.meta.colour}`, "stroke-dasharray": DASHES[curve.line.dash] })),
      make("span", { class: "name" }, curve.meta.name),
      make("output", {}, last(curve.y.at(-1))));
  }

  keep(i) {
    if (!this.kept.delete(i)) this.kept.add(i);
    if (this.kept.size === this.curves.length) this.kept.clear();
    this.show();
  }

  show() {
    this.legend.classList.toggle("some", this.kept.size > 0);
    this.legend.querySelectorAll("button").forEach((button, i) => button.setAttribute("aria-pressed", this.kept.has(i)));
    this.find(".all").hidden = !this.kept.size;
    this.draw();
  }

  opacity(i) { return (!this.kept.size && this.pointed === null) || this.kept.has(i) || this.pointed === i ? 1 : FAINT; }

  /* On screen the title says what is measured and the list which curve is which; a saved picture says both itself. */
  async draw() {
    if (!this.data) return;
    const { data, layout } = this.data.figure, yaxis = { ...layout.yaxis, title: { text: "" } };
    const curves = data.map((curve, i) => ({ ...curve, ...coloured(curve), opacity: this.opacity(i) }));
    const node = await plot(this.node, { data: curves, layout: { ...layout, yaxis, showlegend: false } }, this.palette);
    if (this.heard || !node.on) return;
    this.heard = true;
    const mark = (at) => this.legend.querySelectorAll("button").forEach((button, i) => button.classList.toggle("seen", i === at));
    node.on("plotly_hover", (event) => mark(event.points[0].curveNumber));
    node.on("plotly_unhover", () => mark(null));
  }

  save() {
    const { node } = this, layout = { ...node.layout, showlegend: true, margin: { ...node.layout.margin, r: 48 }, yaxis: { ...node.layout.yaxis, title: this.data.figure.layout.yaxis.title } };
    window.Plotly?.downloadImage({ data: node.data, layout }, { format: "svg", filename: this.data.name, width: Math.max(node.clientWidth, 720), height: node.clientHeight });
  }
}

export default function ({ data, parentElement }) {
  const root = parentElement.querySelector(".board");
  root.curves ??= new Curves(root);
  if (data) root.curves.receive(data);
  return () => root.curves?.stop();
}
