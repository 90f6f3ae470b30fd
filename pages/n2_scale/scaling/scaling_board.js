// The plane of model sizes and training tokens under a scaling law. The laws' constants come from
// transformer_core/laws/scaling.py; the formulas here are its, so that a drag is answered at once.

import { remember } from "../../../ui/kit/address.js";
import { clamp, range } from "../../../ui/kit/arithmetic.js";
import { check, radios, slider } from "../../../ui/kit/controls.js";
import { make } from "../../../ui/kit/elements.js";
import { follow } from "../../../ui/kit/follow.js";
import { number, percent, short } from "../../../ui/kit/format.js";
import { Palette } from "../../../ui/kit/palette.js";
import { fit, plot } from "../../../ui/kit/plot.js";

const log = Math.log10, tens = (x) => 10 ** x;
const X = [6, 12.5], Y = [7, 14.5]; // powers of ten shown: parameters, tokens
const PF_DAY = 8.64e19;
const SIZES = range(7).map((i) => tens(X[0] + i));
const SERVED = [9, 15];
const LABELS = { Gopher: [8, 4, "start"], "Llama 3.1 405B": [8, 4, "start"], "Llama 2 70B": [8, -6, "start"], Chinchilla: [-9, 17, "end"] }; // where a name stands
const LEVELS = [1.72, 1.75, 1.8, 1.85, 1.9, 1.95, 2, 2.1, 2.2, 2.35, 2.5, 2.75, 3, 3.5, 4, 5, 6];
const nats = (x) => number(x, 3);
const exponent = (x) => String(Number(x.toFixed(4)));
const round = (x) => short(x).replace(/\.0+(?= |$)/, "");

export const budget = (n, d) => 6 * n * d;

export function loss(law, n, d) {
  if (law.kind === "kaplan") return ((law.n_c / n) ** (law.alpha_n / law.alpha_d) + law.d_c / d) ** law.alpha_d;
  return law.e + law.a / n ** law.alpha + law.b / d ** law.beta;
}

export function best(law, c) {
  if (law.kind === "kaplan") return law.n_at_pf_day * (c / PF_DAY) ** law.growth;
  const both = law.alpha + law.beta;
  return ((law.alpha * law.a) / (law.beta * law.b)) ** (1 / both) * (c / 6) ** (law.beta / both);
}

export function tokensFor(law, n, target) {
  const left = law.kind === "kaplan" ? target ** (1 / law.alpha_d) - (law.n_c / n) ** (law.alpha_n / law.alpha_d)
    : target - law.e - law.a / n ** law.alpha;
  if (left <= 0) return Infinity;
  return law.kind === "kaplan" ? law.d_c / left : (law.b / left) ** (1 / law.beta);
}

/* Sizes that reach a loss at all, with their tokens and the compute of training and of serving. */
function lifetimes(law, target, served) {
  return range(1401).map((i) => tens(X[0] + (i * (X[1] - X[0])) / 1400)).map((n) => {
    const d = tokensFor(law, n, target);
    return { n, d, train: budget(n, d), serve: 2 * n * served };
  }).filter(({ d }) => d < 1e18);
}

class Board {
  constructor(root) {
    this.root = root;
    this.find = (selector) => root.querySelector(selector);
    this.palette = new Palette(root);
    this.state = { served: 1e13 };
    this.plane = this.find(".plane");
    this.controls();
    this.stop = follow(root, () => { if (this.facts) { this.palette.forget(); this.drawPlane(); this.update(); fit(this.find(".iso-plot")); fit(this.find(".serve-plot")); } });
  }

  controls() {
    const size = (x) => short(tens(x)), change = (name) => (to) => this.move({ [name]: tens(to) });
    this.sliders = {
      n: slider({ label: "parameters N", min: X[0], max: X[1], step: 0.01, value: 9, show: size, change: change("n") }),
      d: slider({ label: "tokens D", min: Y[0], max: Y[1], step: 0.01, value: 10, show: size, change: change("d") }),
      c: slider({ label: "budget C", min: 14, max: 28, step: 0.01, value: 20, show: (x) => this.power(tens(x)), change: (to) => this.spend(tens(to)) }),
    };
    this.find(".sliders").append(...Object.values(this.sliders));
    this.find(".served").append(slider({ label: "tokens served", min: SERVED[0], max: SERVED[1], step: 0.05, value: log(this.state.served), show: size, change: (to) => { this.state.served = tens(to); this.serve(); } }));
    this.find(".best").addEventListener("click", () => this.optimum());
    for (const name of ["Gopher", "Chinchilla"]) this.find(`.${name.toLowerCase()}`).addEventListener("click", () => {
      const model = this.facts.models.find((each) => each.name === name);
      this.move({ n: model.n_parameters, d: model.n_tokens });
    });
    this.plane.addEventListener("keydown", (event) => {
      const { n, d } = this.state, by = tens(event.shiftKey ? 0.2 : 0.04);
      const act = { ArrowRight: () => this.move({ n: n * by }), ArrowLeft: () => this.move({ n: n / by }), ArrowUp: () => this.move({ d: d * by }),
        ArrowDown: () => this.move({ d: d / by }), "+": () => this.spend(budget(n, d) * by * by), "-": () => this.spend(budget(n, d) / by / by), Enter: () => this.optimum() }[event.key];
      if (!act || event.ctrlKey || event.metaKey || event.altKey) return;
      event.preventDefault();
      event.stopPropagation();
      act();
      this.find(".spoken").textContent = this.find(".finding").textContent;
    });
    this.plane.addEventListener("pointerdown", (event) => {
      this.drag = event.target.classList.contains("grip") ? "budget" : "point";
      this.plane.setPointerCapture(event.pointerId);
      this.pull(event);
    });
    this.plane.addEventListener("pointermove", (event) => { if (this.drag) this.pull(event); });
    for (const end of ["pointerup", "pointercancel"]) this.plane.addEventListener(end, () => { this.drag = null; });
  }

  pull(event) {
    const box = this.svg.getBoundingClientRect(), { x, y } = this.at(event.clientX - box.left, event.clientY - box.top);
    if (this.drag === "point") this.move({ n: tens(x), d: tens(y) });
    else this.spend(budget(tens(x), tens(y)));
  }

  receive(data) {
    const again = this.facts && ["law", "n", "d"].every((name) => data[name] === this.sent[name]);
    this.sent = data;
    if (again) return;
    this.facts = data;
    Object.assign(this.state, { law: data.law, n: data.n, d: data.d });
    const names = Object.keys(data.laws);
    radios(this.find(".laws"), "Law", names.length, (i) => data.laws[names[i]].title, (i) => this.choose(names[i]));
    this.drawPlane();
    this.update();
  }

  get law() { return this.facts.laws[this.state.law]; }

  choose(name) {
    this.state.law = name;
    remember("law", name);
    this.drawPlane();
    this.update();
  }

  /* The reader's point; it stays on the plane. */
  move(to) {
    const s = Object.assign(this.state, to);
    s.n = clamp(s.n, tens(X[0]), tens(X[1]));
    s.d = clamp(s.d, tens(Y[0]), tens(Y[1]));
    clearTimeout(this.remembering);
    this.remembering = setTimeout(() => { remember("params", s.n.toPrecision(4)); remember("train", s.d.toPrecision(4)); }, 200);
    this.update();
  }

  /* Another budget at the same tokens per parameter. */
  spend(c) {
    const ratio = this.state.d / this.state.n, n = Math.sqrt(c / 6 / ratio);
    this.move({ n, d: n * ratio });
  }

  optimum() {
    const c = budget(this.state.n, this.state.d), n = best(this.law, c);
    this.move({ n, d: c / 6 / n });
  }

  x(power) { return this.left + ((power - X[0]) / (X[1] - X[0])) * (this.right - this.left); }
  y(power) { return this.bottom - ((power - Y[0]) / (Y[1] - Y[0])) * (this.bottom - this.top); }
  at(px, py) { return { x: X[0] + ((px - this.left) / (this.right - this.left)) * (X[1] - X[0]), y: Y[0] + ((this.bottom - py) / (this.bottom - this.top)) * (Y[1] - Y[0]) }; }
  power(value) { const e = Math.floor(log(value) + 1e-9); return `${(value / tens(e)).toFixed(2)}·10${String(e).replace(/\d/g, (c) => "⁰¹²³⁴⁵⁶⁷⁸⁹"[c])}`; }

  /* What only the law decides: axes, lines of equal loss, the optima, the published models. */
  drawPlane() {
    const width = this.plane.clientWidth, height = clamp(width * 0.58, 320, 470);
    Object.assign(this, { left: 46, right: width - 12, top: 12, bottom: height - 38 });
    const text = (cls, px, py, anchor, content) => make("text", { class: cls, x: px, y: py, "text-anchor": anchor }, content);
    const line = (cls, x1, y1, x2, y2) => make("line", { class: cls, x1, y1, x2, y2 });
    const clip = make("clipPath", { id: "plane" }, make("rect", { x: this.left, y: this.top, width: this.right - this.left, height: this.bottom - this.top }));
    const narrow = width < 520, marks = [];
    for (let p = X[0]; p <= X[1]; p++) if (!narrow || p % 2 === 0) marks.push(line("grid", this.x(p), this.top, this.x(p), this.bottom), text("", this.x(p), this.bottom + 15, "middle", round(tens(p))));
    for (let p = Y[0]; p <= Y[1]; p++) if (!narrow || p % 2) marks.push(line("grid", this.left, this.y(p), this.right, this.y(p)), text("", this.left - 6, this.y(p) + 4, "end", round(tens(p))));
    marks.push(text("", (this.left + this.right) / 2, this.bottom + 32, "middle", "parameters N"), text("", this.left + 4, this.top + 10, "start", "tokens D"));
    const inside = make("g", { "clip-path": "url(#plane)" }), above = make("g");
    this.labelled = Infinity;
    for (const level of LEVELS) this.isoline(level, inside, above, text);
    const locus = range(2).map((i) => { const c = tens([12, 30][i]), n = best(this.law, c); return [this.x(log(n)), this.y(log(c / 6 / n))]; });
    inside.append(line("rule", this.x(0), this.y(log(this.facts.rule)), this.x(14), this.y(14 + log(this.facts.rule))), line("locus", ...locus.flat()));
    for (const [models, cls] of [[this.facts.models, "model"], [this.facts.ours, "model ours"]]) models.forEach((model, i) => {
      const px = this.x(log(model.n_parameters)), py = this.y(log(model.n_tokens));
      const last = cls !== "model" && i === models.length - 1 && models.length > 1; // our two lie on one spot
      const side = LABELS[model.name] ?? [-8, 4, "end"];
      const label = cls === "model" ? model.name : "our two models";
      above.append(make("g", { class: cls }, make("circle", { cx: px, cy: py, r: 4 }, make("title", {}, `${model.name}: ${short(model.n_parameters)} parameters, ${short(model.n_tokens)} tokens${model.source ? ` (${model.source})` : ""}`)),
        last || (narrow && cls === "model" && !["Gopher", "Chinchilla", "Llama 3 8B"].includes(model.name)) ? null : cls === "model" ? text("", px + side[0], py + side[1], side[2], label) : text("", px + 8, py + 4, "start", label)));
    });
    this.moving = make("g");
    this.svg = make("svg", { viewBox: `0 0 ${width} ${height}`, height }, make("defs", {}, clip), ...marks, inside, above, this.moving);
    this.plane.replaceChildren(this.svg);
  }

  isoline(level, inside, above, text) {
    const points = range(281).map((i) => X[0] + (i * (X[1] - X[0])) / 280).map((p) => [p, log(tokensFor(this.law, tens(p), level))]).filter(([, q]) => q < Y[1] + 3);
    if (points.length < 2) return;
    inside.append(make("path", { class: "iso", d: points.map(([p, q], i) => `${i ? "L" : "M"}${this.x(p).toFixed(1)} ${this.y(q).toFixed(1)}`).join("") }));
    const [p, q] = points[points.length - 1]; // nearly flat there: the label stands on the line
    if (q < Y[0] + 0.1 || q > Y[1] - 0.3 || Math.abs(this.y(q) - this.labelled) < 13) return;
    this.labelled = this.y(q);
    above.append(text("level", this.x(p) - 4, this.y(q) + 4, "end", number(level, 2)));
  }

  /* What follows the point. */
  update() {
    const { law } = this, { n, d } = this.state, c = budget(n, d), top = best(law, c), topD = c / 6 / top;
    for (const [name, value] of [["n", n], ["d", d], ["c", c]]) this.sliders[name].set(log(value));
    check(this.find(".laws"), Object.keys(this.facts.laws).indexOf(this.state.law));
    this.find(".source").textContent = law.source;
    const from = X[0] - 1, to = X[1] + 1, onLine = (p) => [this.x(p), this.y(log(c / 6) - p)];
    const grip = clamp(log(c / 6) - (Y[0] + 0.55), X[0] + 0.3, X[1] - 0.25), [gx, gy] = onLine(grip);
    const hx = this.x(log(n)), hy = this.y(log(d)), ox = this.x(log(top)), oy = this.y(log(topD));
    const on = (px, py) => px >= this.left && px <= this.right && py >= this.top && py <= this.bottom;
    this.moving.replaceChildren(...[
      make("line", { class: "budget", "clip-path": "url(#plane)", x1: onLine(from)[0], y1: onLine(from)[1], x2: onLine(to)[0], y2: onLine(to)[1] }),
      on(gx, gy) && make("circle", { class: "grip", cx: gx, cy: gy, r: 8 }),
      on(gx, gy) && make("text", { class: "budget-label", x: gx - 13, y: gy + 4, "text-anchor": "end" }, `C = 6 N D = ${this.power(c)} FLOP`),
      on(ox, oy) && make("path", { class: "optimum", d: `M${ox} ${oy - 8}l8 8l-8 8l-8 -8z` }, make("title", {}, "the best point on this budget line")),
      make("circle", { class: "halo", cx: hx, cy: hy, r: 15 }), make("circle", { class: "here", cx: hx, cy: hy, r: 7.5 }),
    ].filter(Boolean));
    const ratio = topD / top, per = ratio >= 10 ? Math.round(ratio) : number(ratio, ratio < 1 ? 2 : 1);
    this.find(".finding").replaceChildren("For ", make("b", { class: "feed-forward" }, `${this.power(c)} FLOP`), ", this law would train ", make("b", { class: "attention" }, `${short(top)} parameters on ${short(topD)} tokens`), `: ${per} tokens per parameter`);
    this.plane.setAttribute("aria-label", `Plane of parameters and tokens. The point: ${short(n)} parameters, ${short(d)} tokens, loss ${nats(loss(law, n, d))} nats. ${this.find(".finding").textContent}.`);
    this.terms(law, n, d);
    const here = loss(law, n, d), there = loss(law, top, topD), less = this.same(law, here);
    this.find(".waste").textContent = law.kind === "kaplan"
      ? "This law’s optimum is read from learning curves of runs that are stopped early, not from its loss formula, so the point of least loss on the line is another one."
      : less > 0.995 ? "You are at the best point of this budget."
        : `The best point of this budget has ${nats(there)} nats, ${nats(Number(here.toFixed(3)) - Number(there.toFixed(3)))} less. Your ${nats(here)} could be had with ${percent(1 - less)} less compute.`;
    this.table();
    this.iso();
    this.serve();
  }

  /* The share of the budget with which the law's best model reaches the same loss. */
  same(law, target) {
    if (law.kind === "kaplan") return 1;
    const c = budget(this.state.n, this.state.d);
    let low = 1e-9, high = 1;
    for (let i = 0; i < 60; i++) {
      const share = Math.sqrt(low * high), n = best(law, c * share);
      if (loss(law, n, (c * share) / 6 / n) > target) low = share; else high = share;
    }
    return high;
  }

  terms(law, n, d) {
    const total = loss(law, n, d), scale = Math.max(total, 3), row = (cls, name, value, from = 0) => make("div", { class: `term ${cls === "total" ? "sum" : ""}` }, make("span", {}, name), make("i", { class: cls, style: `margin-left:${(100 * from) / scale}%;width:${(100 * value) / scale}%` }), make("b", {}, nats(value)));
    this.find(".terms-title").textContent = law.kind === "kaplan" ? "What each limit alone would leave" : "What the loss is made of";
    if (law.kind === "kaplan") {
      this.find(".terms").replaceChildren(row("size", "this N, all text", loss(law, n, 1e40)), row("data", "this D, any size", loss(law, 1e40, d)), row("total", "this N and D", total));
      this.find(".formula").textContent = "L = ((6.4·10¹³/N)^(0.076/0.103) + 1.8·10¹³/D)^0.103";
      return;
    }
    const a = law.a / n ** law.alpha, b = law.b / d ** law.beta;
    this.find(".terms").replaceChildren(row("floor", "the text itself", law.e), row("size", "too small", a, law.e), row("data", "too little text", b, law.e + a), row("total", "loss, in nats", total));
    this.find(".formula").textContent = `${nats(law.e)} + ${number(law.a, 1)}/N^${exponent(law.alpha)} + ${number(law.b, 1)}/D^${exponent(law.beta)} ≈ ${nats(law.e)} + ${nats(a)} + ${nats(b)}`;
  }

  iso() {
    const { law } = this, here = budget(this.state.n, this.state.d), node = this.find(".iso-plot"), budgets = [-3, -2, -1, 0, 1].map((p) => here * tens(p));
    const sizes = range(261).map((i) => tens(X[0] + (i * (X[1] - X[0])) / 260));
    const curves = budgets.map((c) => ({ c, points: sizes.map((n) => [n, loss(law, n, c / 6 / n)]) }));
    const least = (c, points) => law.kind === "kaplan" ? points.reduce((low, point) => (point[1] < low[1] ? point : low)) : [best(law, c), loss(law, best(law, c), c / 6 / best(law, c))];
    const minima = curves.map(({ c, points }) => least(c, points));
    const ceiling = minima[0][1] * 1.18, floor = minima[minima.length - 1][1] * 0.955;
    const shown = curves.map(({ c, points }, i) => ({ x: points.map(([n]) => n), y: points.map(([, l]) => (l <= ceiling ? l : null)), mode: "lines", hovertemplate: `%{x:.3s} parameters: %{y:.3f} nats<extra>${this.power(c)} FLOP</extra>`,
      line: { color: i === 3 ? "var(--feed-forward)" : "var(--residual)", width: i === 3 ? 3 : 1.5 } }));
    shown.push({ x: minima.map(([n]) => n), y: minima.map(([, l]) => l), mode: "lines+markers", line: { color: "var(--attention)", dash: "dot", width: 1.5 }, marker: { size: 7 }, hovertemplate: "least: %{x:.3s} parameters, %{y:.3f} nats<extra></extra>" });
    const annotations = minima.map(([n, l], i) => ({ x: log(n), y: l, text: `${this.power(budgets[i])}`, showarrow: false, ...(i < 4 ? { xanchor: "left", xshift: 3, yshift: 11 } : { yshift: -11 }), font: { size: 11, color: i === 3 ? "var(--feed-forward)" : "var(--muted)" } }));
    const [n0, l0] = minima[3];
    this.find(".iso-title").textContent = law.kind === "kaplan"
      ? `Spend ${this.power(here)} FLOP: this formula's own least loss is near ${short(n0)} parameters, not the ${short(best(law, here))} that the paper reads from learning curves`
      : `Spend ${this.power(here)} FLOP: the loss is least near ${short(n0)} parameters`;
    node.setAttribute("aria-label", `IsoFLOP curves: loss against parameters for five budgets; at ${this.power(here)} FLOP the least loss, ${nats(l0)} nats, is near ${short(n0)} parameters.`);
    plot(node, { data: shown, layout: { xaxis: { type: "log", range: X, tickvals: SIZES, ticktext: SIZES.map(round), title: { text: "parameters N" } }, yaxis: { title: { text: "loss, nats per token" }, range: [floor, ceiling] }, annotations } }, this.palette);
  }

  serve() {
    const { law } = this, { n, d, served } = this.state, target = loss(law, n, d), all = lifetimes(law, target, served), node = this.find(".serve-plot");
    const least = (cost) => all.reduce((low, each) => (cost(each) < cost(low) ? each : low)), total = (each) => each.train + each.serve;
    if (!all.length) return;
    const unused = least((each) => each.train), used = least(total), saved = 1 - total(used) / total(unused);
    const near = all.filter((each) => total(each) < 6 * total(used)), x = near.map((each) => each.n);
    this.find(".serve-title").textContent = `Served ${short(served)} tokens, the cheapest life is ${short(used.n)} parameters on ${short(used.d)} tokens: ${percent(saved)} less compute in all than for the model that is cheapest to train`;
    this.find(".serve-sub").textContent = `Training costs 6 N D once; every token served afterwards costs 2 N more. All these models reach the same loss, ${nats(target)} nats.`;
    node.setAttribute("aria-label", `${this.find(".serve-title").textContent}, which has ${short(unused.n)} parameters and ${short(unused.d)} tokens.`);
    const at = (each, name, role, shift) => ({ x: log(each.n), y: log(total(each)), text: name, showarrow: true, arrowcolor: `var(--${role})`, ax: shift, ay: -34, font: { size: 11.5, color: `var(--${role})` } });
    const curve = (cost, color, name, dash) => ({ x, y: near.map(cost), mode: "lines", line: { color, width: dash ? 1.5 : 2.5, dash }, customdata: near.map((each) => short(each.d)), hovertemplate: `${name}: %{y:.2e} FLOP<br>%{x:.3s} parameters on %{customdata} tokens<extra></extra>` });
    plot(node, { data: [curve((e) => e.train, "var(--query)", "training", "dot"), curve((e) => e.serve, "var(--key)", "serving", "dot"), curve(total, "var(--ink)", "whole life")],
      layout: { xaxis: { type: "log", title: { text: "parameters N" }, tickvals: SIZES, ticktext: SIZES.map(round) }, yaxis: { type: "log", title: { text: "compute, FLOP" }, range: [log(total(used)) - 1.2, log(total(used)) + 0.8], dtick: 1, exponentformat: "power" }, margin: { r: 62 },
        annotations: [at(used, "cheapest life", "ink", -30), at(unused, "cheapest training", "query", 40),
          ...[["training", "query", (e) => e.train], ["serving", "key", (e) => e.serve]].map(([name, role, cost]) => ({ x: log(near[near.length - 1].n), y: log(cost(near[near.length - 1])), text: name, showarrow: false, xanchor: "left", xshift: 4, font: { size: 11.5, color: `var(--${role})` } }))] } }, this.palette);
  }

  table() {
    const { laws, sizes, rule, chinchilla } = this.facts, names = Object.keys(laws), lit = (name) => (name === this.state.law ? { class: "lit" } : {});
    const ratio = (x) => (x >= 10 ? number(x, 0).replace(/\.\d$/, "") : number(x, 2));
    this.find("table").replaceChildren(
      make("thead", {}, make("tr", {}, make("th", { scope: "col" }, "model"), make("th", { scope: "col" }, "20 per parameter"), ...names.map((name) => make("th", { scope: "col", ...lit(name) }, laws[name].title)))),
      make("tbody", {}, ...sizes.map(({ n, tokens }) => make("tr", {}, make("th", { scope: "row" }, `${short(n)} parameters`), make("td", {}, short(n * rule)), ...names.map((name) => make("td", lit(name), short(tokens[name]))))),
        make("tr", {}, make("th", { scope: "row" }, `tokens per parameter at ${this.power(chinchilla.flops)} FLOP`), make("td", {}, rule), ...names.map((name) => make("td", lit(name), ratio(chinchilla.ratio[name]))))));
  }
}

export default function ({ data, parentElement }) {
  const root = parentElement.querySelector(".board");
  root.board ??= new Board(root);
  if (data) root.board.receive(data);
  return () => root.board?.stop();
}
