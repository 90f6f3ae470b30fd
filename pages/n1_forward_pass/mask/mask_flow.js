// From whom each token can have heard, layer by layer, and the gradients that confirm it.

import { hear } from "../../../ui/kit/address.js";
import { range } from "../../../ui/kit/arithmetic.js";
import { check, radios } from "../../../ui/kit/controls.js";
import { make, rich } from "../../../ui/kit/elements.js";
import { follow } from "../../../ui/kit/follow.js";
import { number } from "../../../ui/kit/format.js";
import { Palette } from "../../../ui/kit/palette.js";
import { cellAt, heatmap } from "../../../ui/kit/pictures.js";
import { slice, unpack } from "../../../ui/kit/tensors.js";
import { labels, quote, visible } from "../../../ui/kit/words.js";

const MAPS = ["reach", "trained", "other"];

class Flow {
  constructor(root) {
    this.root = root;
    this.find = (selector) => root.querySelector(selector);
    this.palette = new Palette(root);
    this.planes = MAPS.map((name) => {
      const canvas = make("canvas", { role: "img" }), ring = make("div", { class: "ring" }), side = make("div", { class: "row-labels side", "aria-hidden": "true" }), box = this.find(`.${name}`);
      box.append(make("div", { class: "plane" }, side, canvas, ring));
      canvas.addEventListener("pointermove", (event) => { this.hover = cellAt(event, canvas, this.n, this.n); this.point(); });
      canvas.addEventListener("pointerleave", () => { this.hover = null; this.point(); });
      return { name, canvas, ring, side, box, title: box.querySelector("b"), sub: box.querySelector(".title span") };
    });
    this.stop = follow(root, () => { if (this.n) this.draw(); });
    hear(root, (name, value) => { if (name === "token" && this.n) this.look(value - 1); });
  }

  receive(bytes) {
    if (bytes === this.bytes) return;
    this.bytes = bytes;
    const { header, arrays } = unpack(bytes), layers = this.header?.n_layers;
    Object.assign(this, { header, arrays, n: header.pieces.length, words: labels(header.pieces) });
    if (layers !== header.n_layers) {
      this.layer = header.n_layers - 1;
      radios(this.find(".layers"), "After layer", header.n_layers, (i) => String(i + 1), (i) => { this.layer = i; this.draw(); });
    }
    this.token = header.token;
    this.find("h4").textContent = `Where can information flow?${header.cut ? ` (first ${this.n} tokens)` : ""}`;
    this.draw();
  }

  look(token) {
    this.token = Math.min(token, this.header.last);
    this.point();
    this.say();
  }

  heard(i, j, layer = this.layer) { return slice(this.arrays.reach, layer, i)[j]; }
  gradient(name, i, j) { return slice(this.arrays[name], i)[j]; }

  draw() {
    const { n, palette, header } = this;
    palette.forget();
    check(this.find(".layers"), this.layer);
    this.find(".row-labels").replaceChildren(...this.words.map((word) => make("span", { class: "ghost" }, word)));
    this.cell = Math.min(Math.max(this.planes[0].box.clientWidth - 8, 60), 300, 52 * n) / n;
    const side = this.cell * n, size = { rows: n, columns: n, width: side, height: side, hidden: palette.colour("muted", 0.45) };
    const titles = { reach: [`Heard from after ${this.layer + 1} layer${this.layer ? "s" : ""}`, "dark: in one layer; pale: later, through others"],
      trained: ["Gradient, as trained", this.ahead("trained")], other: ["Gradient, this mask", this.ahead("other")] };
    for (const plane of this.planes) {
      [plane.title.textContent, plane.sub.textContent] = titles[plane.name];
      const shade = plane.name === "reach" ? (i, j) => (this.heard(i, j) ? palette.magnitude(this.heard(i, j, 0) ? 0.75 : 0.3) : null) : this.shades(plane.name);
      heatmap(plane.canvas, { ...size, colour: shade });
      plane.canvas.setAttribute("aria-label", `${plane.title.textContent}, ${n} queries by ${n} keys: ${plane.sub.textContent}`);
    }
    this.point();
    this.say();
  }

  say() { this.find(".finding-line").replaceChildren(...rich(this.finding())); }

  /* Square roots, so that small gradients can be seen; a dot is an exact 0. */
  shades(name) {
    const tops = range(this.n).map((i) => Math.max(...slice(this.arrays[name], i)));
    return (i, j) => (this.gradient(name, i, j) === 0 ? null : this.palette.magnitude(0.08 + 0.92 * Math.sqrt(this.gradient(name, i, j) / tops[i]), "positive"));
  }

  /* What the gradient says of the cells above the diagonal. */
  ahead(name) {
    const cells = range(this.n).flatMap((i) => range(this.n).filter((j) => j > i).map((j) => this.gradient(name, i, j))), felt = cells.filter((g) => g !== 0).length;
    if (!cells.length) return "a single token has no future";
    return felt ? `${felt} of ${cells.length} cells of the future are not 0` : `all ${cells.length} cells of the future are exactly 0`;
  }

  finding() {
    const { n, header, token } = this, seen = (layer) => range(n).filter((j) => this.heard(token, j, layer)).length, last = header.n_layers - 1;
    const most = Math.max(...range(n).map((i) => range(n).filter((j) => this.heard(i, j, last)).length)), span = (header.window - 1) * header.n_layers + 1;
    const law = header.window ? ` A window of ${header.window} reaches (${header.window} − 1) × ${header.n_layers} + 1 = ${span} tokens in all${span > n ? `, and your text has ${n}` : ""}.` : most < n ? ` No token hears from more than ${most} of ${n}.` : "";
    const tokens = (k) => `${k} token${k === 1 ? "" : "s"}`, from = this.arrays.itself.values[token] ? `hears from ${tokens(seen(0))}, itself included,` : `looks at ${tokens(seen(0) - 1)} and keeps its own vector by the residual path: it hears from ${seen(0)}`;
    return [["query", quote(this.words[token])], ` ${from} in one layer and from ${seen(last)} after ${header.n_layers}.`, law];
  }

  point() {
    const { hover, cell, n } = this, row = hover?.row ?? this.token, every = Math.ceil(15 / cell);
    for (const { ring } of this.planes) Object.assign(ring.style, { display: hover ? "" : "none", left: `${(hover?.column ?? 0) * cell - 2}px`, top: `${row * cell - 2}px`, width: `${cell + 2.5}px`, height: `${cell + 2.5}px` });
    const box = this.find(".row-labels");
    box.querySelectorAll(":not(.ghost)").forEach((label) => label.remove());
    const names = () => range(n).filter((i) => i === row || (i % every === 0 && (every === 1 || Math.abs(i - row) >= every))).map((i) => {
      const label = make("span", { class: i === row ? "here" : "" }, visible(this.header.pieces[i]));
      label.style.top = `${(i + 0.5) * cell}px`;
      return label;
    });
    box.append(...names());
    for (const { side } of this.planes) side.replaceChildren(...names());
    this.find(".hint").replaceChildren(...rich(this.tell(hover)));
  }

  tell(cell) {
    if (!cell) return ["Nudge one token’s vector (column) a little: how much does the score of each row’s likeliest next token move? Darker: more (square-root scale, each row by its own largest). A dot is an exact 0: nothing flows."];
    const { row: i, column: j } = cell, first = range(this.header.n_layers).find((layer) => this.heard(i, j, layer));
    const figure = (name) => (this.gradient(name, i, j) === 0 ? "0, exactly" : number(this.gradient(name, i, j), 3));
    return [["query", quote(this.words[i])], first === undefined ? " can never hear from " : ` can hear from layer ${first + 1} on from `, ["key", j === i ? "itself" : quote(this.words[j])], `. Gradient: ${figure("trained")} as trained, ${figure("other")} under this mask.`];
  }
}

export default function ({ data, parentElement }) {
  const root = parentElement.querySelector(".board");
  root.flow ??= new Flow(root);
  if (data) root.flow.receive(data);
  return () => root.flow?.stop();
}
