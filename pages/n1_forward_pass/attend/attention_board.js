// One attention layer, cell by cell. Fed once per text and model with all q, k and v as 16-bit
// floats; layer, head, token and pointer are answered here, and the address follows (`remember`).

import { remember } from "../../../ui/kit/address.js";
import { largest, range, softmax, sum } from "../../../ui/kit/arithmetic.js";
import { check, radios } from "../../../ui/kit/controls.js";
import { make } from "../../../ui/kit/elements.js";
import { follow } from "../../../ui/kit/follow.js";
import { bracketed, number, percent } from "../../../ui/kit/format.js";
import { Palette } from "../../../ui/kit/palette.js";
import { bars, heatmap } from "../../../ui/kit/pictures.js";
import { slice, unpack } from "../../../ui/kit/tensors.js";
import { labels, quote, visible } from "../../../ui/kit/words.js";

const STEPS = [
  { id: "scores", title: "Q Kᵀ", sub: "every query with every key" },
  { id: "scaled", title: "÷ √d", sub: "the same pattern, smaller numbers" },
  { id: "masked", title: "mask", sub: "later words are hidden" },
  { id: "softmax", title: "softmax", sub: "shares: each row adds up to 1" },
];
const LISTED = 16; // words of a row that are listed; the others are added up

const power = (x) => number(x, 2, 0.1); // of e: its small values must not read 0.00
const share = (x) => (x < 0.005 ? "< 0.01" : number(x));
const dot = (a, b) => a.reduce((total, x, i) => total + x * b[i], 0);
const entropy = (w) => -w.reduce((total, p) => total + (p > 0 ? p * Math.log(p) : 0), 0);
const slope = (w) => 1 - w.reduce((total, p) => total + p * p, 0); // trace of the softmax's Jacobian

class Board {
  constructor(root) {
    this.root = root;
    this.find = (selector) => root.querySelector(selector);
    this.state = { layer: 0, head: 0, query: 0, key: 0, divide: true, brighten: true };
    this.hover = null;
    this.maps = this.find(".maps");
    this.planes = STEPS.map((step, i) => this.buildMap(step, i));
    this.listen();
  }

  buildMap(step, i) {
    if (i) this.maps.append(make("div", { class: "arrow", "aria-hidden": "true" }, "⟶"));
    // Where two maps stand side by side (narrow), each line of them has its own labels.
    if (i % 2 === 0) this.maps.append(make("div", { class: `row-labels ${i ? "again" : ""}`, "aria-hidden": "true" }));
    const canvas = make("canvas", { role: "img" }), columns = make("div", { class: "col-labels", "aria-hidden": "true" });
    const q = make("div", { class: "ring q" }), k = make("div", { class: "ring k" });
    const name = make("b", {}, step.title), sub = make("span", {}, step.sub);
    const plane = make("div", { class: "plane" }, columns, canvas, k, q);
    const range = make("div", { class: "range" }), sum = make("div", { class: "sum" });
    this.maps.append(make("div", { class: `map ${step.id}` }, make("div", { class: "title" }, name, sub), plane, range, sum));
    canvas.addEventListener("pointermove", (event) => this.point(event, canvas));
    canvas.addEventListener("pointerleave", () => { this.hover = null; this.follow(); });
    canvas.addEventListener("click", (event) => { this.point(event, canvas); this.pin(this.hover); });
    return { ...step, canvas, columns, q, k, name, sub, plane, range, sum };
  }

  listen() {
    this.find(".divide").addEventListener("change", (e) => { this.state.divide = e.target.checked; this.paintAll(); });
    this.find(".brighten").addEventListener("change", (e) => { this.state.brighten = e.target.checked; this.paintAll(); });
    this.maps.addEventListener("keydown", (event) => this.press(event));
    this.palette = new Palette(this.root);
    this.stop = follow(this.root, () => { if (this.n) this.draw(); });
  }

  receive(bytes) {
    const { header, arrays } = unpack(bytes), was = this.header ?? {};
    const fresh = header.pass !== was.pass;
    if (!fresh && ["layer", "head", "token"].every((name) => header[name] === was[name])) return;
    Object.assign(this, { header, n: header.pieces.length, d: header.d_head, pieces: header.pieces });
    if (fresh) Object.assign(this, { arrays, labels: labels(header.pieces), known: new Map() });
    const s = this.state;
    for (const name of ["layer", "head"]) if (header[name] !== was[name]) s[name] = header[name];
    s.layer = Math.min(s.layer, header.n_layers - 1);
    s.head = Math.min(s.head, header.n_heads - 1);
    if (fresh || header.token !== was.token) s.query = header.token;
    if (fresh) this.choices();
    this.mark();
    s.key = this.strongest(s.query);
    this.draw();
  }

  /* q, k, v and all scores of one head, computed once; q, k and v hold one vector per token. */
  head(layer, head) {
    const at = `${layer}.${head}`;
    if (!this.known.has(at)) {
      const { q, k, v } = this.arrays, shared = Math.floor(head / (q.shape[1] / k.shape[1]));
      const rows = (array, h) => range(this.n).map((i) => Array.from(slice(array, layer, h, i)));
      const found = { q: rows(q, head), k: rows(k, shared), v: rows(v, shared) };
      found.scores = found.q.map((query) => found.k.map((key) => dot(query, key)));
      found.largest = Math.max(...found.scores.map(largest));
      found.shares = found.scores.map((_, i) => this.weights(i, found, Math.sqrt(this.d)));
      this.known.set(at, found);
    }
    return this.known.get(at);
  }

  quote(i) { return quote(this.labels[i]); }

  get now() { return this.head(this.state.layer, this.state.head); }
  get divisor() { return this.state.divide ? Math.sqrt(this.d) : 1; }
  get name() { return `${this.state.layer + 1}.${this.state.head + 1}`; }
  weights(row, from = this.now, divisor = this.divisor) { return softmax(from.scores[row].slice(0, row + 1), divisor); }
  strongest(row) { const w = this.weights(row); return w.indexOf(Math.max(...w)); }

  value(step, i, j) {
    if (step === "scores") return this.now.scores[i][j];
    if (step === "scaled" || (step === "masked" && j <= i)) return this.now.scores[i][j] / this.divisor;
    if (step === "masked") return -Infinity;
    return j <= i ? this.table[i][j] : 0;
  }

  choose(name, to) {
    const count = this.header[`n_${name}s`];
    this.state[name] = (to + count) % count;
    remember(name, this.state[name] + 1);
    this.mark();
    this.state.key = this.strongest(this.state.query);
    this.paintAll();
  }

  /* Which layer and head are chosen. */
  mark() {
    for (const name of ["layer", "head"]) check(this.find(`.${name}s`), this.state[name]);
  }

  pin(cell) {
    if (!cell) return;
    if (cell.i !== this.state.query) remember("token", cell.i + 1);
    Object.assign(this.state, { query: cell.i, key: cell.j });
    this.reread();
  }

  point(event, canvas) {
    const box = canvas.getBoundingClientRect(), at = (x, size) => Math.max(0, Math.min(this.n - 1, Math.floor((x / size) * this.n)));
    const cell = { i: at(event.clientY - box.top, box.height), j: at(event.clientX - box.left, box.width) };
    if (this.hover && this.hover.i === cell.i && this.hover.j === cell.j) return;
    this.hover = cell;
    this.follow();
  }

  press(event) {
    const { query, key, head, layer } = this.state, last = this.n - 1;
    const moves = {
      ArrowUp: () => this.pin({ i: Math.max(0, query - 1), j: key }), ArrowDown: () => this.pin({ i: Math.min(last, query + 1), j: key }),
      ArrowLeft: () => this.pin({ i: query, j: Math.max(0, key - 1) }), ArrowRight: () => this.pin({ i: query, j: Math.min(last, key + 1) }),
      "[": () => this.choose("head", head - 1), "]": () => this.choose("head", head + 1),
      "-": () => this.choose("layer", layer - 1), "+": () => this.choose("layer", layer + 1),
    };
    if (!moves[event.key] || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    event.stopPropagation();
    this.hover = null;
    moves[event.key]();
    this.find(".spoken").textContent = this.tell(this.state.query, this.state.key);
  }

  choices() {
    const { n_layers, n_heads } = this.header;
    radios(this.find(".layers"), "Layer", n_layers, (i) => String(i + 1), (i) => this.choose("layer", i));
    radios(this.find(".heads"), "Head", n_heads, (i) => [make("canvas"), make("span", {}, String(i + 1))], (i) => this.choose("head", i));
  }

  /* A new text, size or theme. */
  draw() {
    this.width = this.root.clientWidth;
    this.palette.forget();
    this.measure();
    this.paintAll();
  }

  /* Another head, layer or setting. */
  paintAll() {
    this.table = Array.from({ length: this.n }, (_, i) => this.weights(i));
    this.thumbnails();
    this.source();
    this.planes.forEach((plane) => this.paint(plane));
    this.reread();
  }

  /* Another row or cell of the same maps. */
  reread() {
    this.follow();
    this.ledger();
    this.divide();
    const told = this.tell(this.state.query, this.state.key);
    this.maps.setAttribute("aria-label", `${this.find(".finding").textContent} ${told} Arrow keys move through the cells.`);
  }

  /* A cell's colour; null where the mask hides it. */
  shade(id, i, j, top) {
    if (j > i && (id === "softmax" || id === "masked")) return null;
    return id === "softmax" ? this.palette.magnitude(this.table[i][j] / top) : this.palette.sign(this.now.scores[i][j] / top);
  }

  finding(i, j) {
    const from = make("b", { class: "query" }, this.quote(i)), to = make("b", { class: "key" }, j === i ? "itself" : this.quote(j));
    if (j > i) return [to, " comes after ", from, ": the mask hides it"];
    if (i === 0) return [`The first word has only itself to read: head ${this.name} gives it 100 %`];
    return [this.state.divide ? `Head ${this.name} gives ` : `Undivided, head ${this.name} would give `, make("b", { class: "attention" }, percent(this.table[i][j])), " of ", from, "’s attention to ", to];
  }

  /* Where the chosen head's queries, keys and values come from. */
  source() {
    const { d_model, bias, normed, rotary } = this.header, { layer, head } = this.state, group = this.arrays.q.shape[1] / this.arrays.k.shape[1];
    const made = (role, name, matrix) => [make("b", { class: role }, name), " = x W", make("sub", {}, matrix), ...(bias ? [" + b", make("sub", {}, matrix)] : [])];
    const first = head - (head % group) + 1;
    this.find(".source").replaceChildren(
      `Head ${this.name} (layer ${layer + 1}, head ${head + 1}) makes three vectors of each token’s vector x (${d_model} numbers${normed ? ", rescaled by a norm" : ""}) by learnt matrices: query `,
      ...made("query", "q", "Q"), ", key ", ...made("key", "k", "K"), ", value ", ...made("value", "v", "V"), `, ${this.d} numbers each (d`, make("sub", {}, "head"), ").",
      group > 1 ? ` Heads ${first} to ${first + group - 1} share k and v.` : "", rotary ? " Then q and k are turned by their position: RoPE, see the lesson Positions." : "",
    );
  }

  tell(i, j) {
    const pair = `Head ${this.name}: query ${visible(this.pieces[i])}, key ${visible(this.pieces[j])}: q·k ${number(this.value("scores", i, j))}, `;
    return j > i ? `${pair}hidden by the mask, since the key comes later.`
      : `${pair}divided ${number(this.value("scaled", i, j))}, weight ${number(this.table[i][j])}.`;
  }

  thumbnails() {
    const { n, palette } = this;
    this.root.querySelectorAll(".heads canvas").forEach((canvas, head) => {
      const { shares } = this.head(this.state.layer, head), side = this.width > 760 ? 34 : 27;
      heatmap(canvas, { rows: n, columns: n, width: side, height: side, tiles: false, colour: (i, j) => palette.magnitude(shares[i][j] ?? 0) });
    });
  }

  measure() {
    this.rowLabels(true);
    const room = Math.min(...this.planes.map((plane) => plane.plane.clientWidth)) - 2;
    const tallest = this.width > 1500 ? 370 : 300;
    this.cell = Math.min(Math.max(room, 60) / this.n, 56, tallest / this.n);
    const size = this.cell * this.n;
    this.root.style.setProperty("--side", `${size}px`);
  }

  paint(plane) {
    const { n, cell, palette } = this, { id, canvas } = plane, size = cell * n;
    const softmaxed = id === "softmax", rowTop = (i) => (softmaxed ? (this.state.brighten ? Math.max(...this.table[i]) : 1) : this.now.largest);
    heatmap(canvas, { rows: n, columns: n, width: size, height: size, hidden: palette.colour("line", 0.6), colour: (i, j) => this.shade(id, i, j, rowTop(i)) });
    this.caption(plane, softmaxed ? 1 : this.now.largest / (id === "scores" ? 1 : this.divisor));
    canvas.setAttribute("aria-label", `${plane.title}, ${n} queries by ${n} keys. ${this.tell(this.state.query, this.state.key)}`);
  }

  caption(plane, largest) {
    const root = `√${this.d}`, softmaxed = plane.id === "softmax";
    if (plane.id === "scaled") {
      plane.name.textContent = this.state.divide ? `÷ ${root}` : `÷ ${root} left out`;
      plane.sub.textContent = this.state.divide ? "the same pattern, smaller numbers" : "the scores as they are";
    }
    const perRow = softmaxed && this.state.brighten;
    const ends = softmaxed ? ["0", perRow ? "the row’s largest" : "1"] : [number(-largest, 1), number(largest, 1)];
    const bar = make("i");
    bar.style.background = softmaxed ? "linear-gradient(90deg, var(--panel), var(--attention))" : "linear-gradient(90deg, var(--negative), var(--panel), var(--positive))";
    plane.range.replaceChildren(ends[0], bar, ends[1]);
  }

  /* Which labels fit: all, or every few; always the one that is lit. */
  shown(lit, room) {
    const every = Math.ceil(room / this.cell);
    return this.pieces.map((_, i) => i).filter((i) => i === lit || (i % every === 0 && (every === 1 || Math.abs(i - lit) >= every)));
  }

  rowLabels(measuring = false) {
    const lit = this.hover?.i ?? this.state.query;
    for (const box of this.maps.querySelectorAll(".row-labels")) {
      // Unseen copies of all words give the column its width.
      if (measuring) box.replaceChildren(...this.labels.map((word) => make("span", { class: "ghost" }, word)));
      else {
        box.querySelectorAll(":not(.ghost)").forEach((label) => label.remove());
        box.append(...this.shown(lit, 14).map((i) => make("span", { class: i === lit ? "here" : "", style: `top: ${(i + 0.5) * this.cell}px` }, this.labels[i])));
      }
    }
  }

  /* What follows the pointer: crosshair, labels, arithmetic. */
  follow() {
    const { i, j } = this.hover ?? { i: this.state.query, j: this.state.key }, { cell, n } = this, size = cell * n;
    const place = (node, x, y, w, h) => Object.assign(node.style, { left: `${x}px`, top: `${y}px`, width: `${w}px`, height: `${h}px` });
    const edge = cell > 9 ? 3 : 2;
    for (const plane of this.planes) {
      place(plane.q, -edge, i * cell - edge, size + 2 * edge, cell + 2 * edge - (cell > 9 ? 1.6 : 0));
      place(plane.k, j * cell - edge, -edge, cell + 2 * edge - (cell > 9 ? 1.6 : 0), size + 2 * edge - (cell > 9 ? 1.6 : 0));
      plane.columns.replaceChildren(...this.shown(j, 17).map((c) => {
        const label = make("span", c === j ? { class: "here" } : {}, this.labels[c]);
        label.style.left = `${(c + 0.5) * cell}px`;
        return label;
      }));
    }
    this.rowLabels();
    this.find(".finding").replaceChildren(...this.finding(i, j));
    this.arithmetic(i, j);
    this.root.querySelectorAll(".ledger .row").forEach((row) => row.classList.toggle("here", i === this.state.query && row.dataset.key === String(j)));
  }

  arithmetic(i, j) {
    const [a, b, c, e] = this.planes.map((plane) => plane.sum), { d, now, divisor } = this;
    const q = now.q[i], k = now.k[j], products = q.map((x, t) => x * k[t]);
    const line = (...content) => make("div", { class: "line" }, ...content), result = (x) => make("div", { class: "result" }, x);
    const from = this.quote(i), to = this.quote(j), top = largest([...q, ...k]);
    const strip = (name, role, values, top) => make("div", { class: "strip" }, make("b", { class: role }, name), bars(values, top, role, 20));
    const raw = this.value("scores", i, j), scaled = raw / divisor;
    a.replaceChildren(
      strip("q", "query", q, top), strip("k", "key", k, top), strip("×", "product", products, largest(products)),
      line(`${number(q[0])} · ${bracketed(k[0])} + ${bracketed(q[1])} · ${bracketed(k[1])} + … ${d} terms`), result(number(raw)),
    );
    b.replaceChildren(line(this.state.divide ? `${number(raw)} ÷ √${d} = ${number(raw)} ÷ ${number(divisor)}` : `${number(raw)}, not divided`), result(number(scaled)));
    if (j > i) {
      c.replaceChildren(line(make("b", { class: "key" }, to), " comes after ", make("b", { class: "query" }, from), ": hidden"), result("−∞"));
      e.replaceChildren(line("e", make("sup", {}, "−∞"), " = 0, so nothing is read"), result("0"));
      return;
    }
    const row = now.scores[i].slice(0, i + 1).map((s) => Math.exp(s / divisor)), total = sum(row);
    c.replaceChildren(line(make("b", { class: "key" }, i === j ? "itself" : to), i === j ? " may always be read" : " is already there: may be read"), result(number(scaled)));
    e.replaceChildren(line("e", make("sup", {}, number(scaled)), " ÷ the row’s sum of e", make("sup", {}, "score"), ` = ${power(row[j])} ÷ ${power(total)}`), result(number(this.table[i][j], 3)));
  }

  /* One row: shares, values, and their mixture. */
  ledger() {
    const { query } = this.state, { now, d } = this, w = this.table[query], name = this.quote(query);
    const order = w.map((_, j) => j).sort((x, y) => w[y] - w[x]), many = order.length > LISTED + 1 ? LISTED - 3 : order.length;
    const listed = order.slice(0, many).sort((x, y) => x - y), others = order.slice(many);
    const { v } = now, peak = largest(v.slice(0, w.length).flat());
    const mixed = range(d).map((t) => sum(w.map((share, j) => share * v[j][t])));
    this.find(".read h4").replaceChildren("What ", make("b", { class: "query" }, name), " takes home");
    this.find(".read .sub").replaceChildren("Each word’s ", make("b", { class: "value" }, "value"), ` is multiplied by its share; the sum, the last line, is what head ${this.name} hands on. One more matrix then joins the heads.`);
    const cells = (kind, ...content) => make("div", { class: kind, role: "row" }, ...content);
    const cell = (kind, ...content) => make("div", { class: kind, role: "cell" }, ...content);
    const rows = listed.map((j) => {
      const bar = make("i");
      bar.style.width = `${100 * w[j]}%`;
      const row = cells("row", cell("word", this.labels[j]), cell("bar", bar), cell("share", share(w[j])),
        cell("v", bars(v[j], peak, "value", 24)), cell("times", "→"), cell("mixed", bars(v[j].map((x) => x * w[j]), peak, "value", 24)));
      row.dataset.key = j;
      row.addEventListener("pointerover", () => { if (this.hover?.j !== j) { this.hover = { i: query, j }; this.follow(); } });
      row.addEventListener("pointerout", () => { this.hover = null; this.follow(); });
      row.addEventListener("click", () => this.pin({ i: query, j }));
      return row;
    });
    if (others.length) {
      const total = sum(others.map((j) => w[j])), bar = make("i");
      bar.style.width = `${100 * total}%`;
      const part = range(d).map((t) => sum(others.map((j) => w[j] * v[j][t])));
      rows.push(cells("row rest", cell("word", `${others.length} more`), cell("bar", bar), cell("share", number(total)), cell("v"), cell("times", "→"), cell("mixed", bars(part, peak, "value", 24))));
    }
    const top = cells("row head", cell("word", "word"), cell("", "share of attention"), cell("share"), cell("v", "its value"), cell("times"), cell("mixed", "share × value"));
    const total = cells("row total", cell("word", "Σ"), cell("bar"), cell("share", number(sum(w))), cell("v", this.width <= 760 ? bars(mixed, peak, "value", 24) : ""), cell("times", "="), cell("mixed", bars(mixed, peak, "value", 24)));
    this.find(".ledger").replaceChildren(top, ...rows, total);
    this.find(".ledger").setAttribute("aria-label", `Shares of ${visible(this.pieces[query])}: ` + listed.map((j) => `${visible(this.pieces[j])} ${number(w[j])}`).join(", "));
  }

  /* Why divide: entropy and slope of this row for every divisor from 1 to d. */
  divide() {
    const { query } = this.state, { d } = this, root = Math.sqrt(d), n = query + 1;
    const points = range(61).map((i) => d ** (i / 60)), rows = points.map((p) => this.weights(query, this.now, p));
    const off = rows[0], on = this.weights(query, this.now, root), flat = rows[60], best = off.indexOf(Math.max(...off));
    this.find(".why h4").textContent = `Why divide by √${d}?`;
    this.find(".why .trained").hidden = n === 1;
    const reason = `A dot product of ${d} unrelated terms, each about 1 in size, is typically √${d} large; dividing by √${d} brings it back to about 1. `;
    if (n === 1) {
      this.find(".why .said").textContent = `${reason}A row of one word cannot show it: choose a later word.`;
      this.find(".why .axes").replaceChildren();
      return this.find(".chart").replaceChildren();
    }
    const slopes = slope(on) / slope(off), factor = (x) => (x > 100 ? "over 100" : number(x, 1));
    const tilt = slopes > 1.2 ? `, and the slope of its softmax would be ${factor(slopes)} times smaller` : slopes < 1 / 1.2 ? `, and the slope of its softmax would be ${factor(1 / slopes)} times larger` : "";
    const to = make("b", { class: "key" }, best === query ? "itself" : this.quote(best)), from = make("b", { class: "query" }, this.quote(query));
    this.find(".why .said").replaceChildren(reason, ...(off[best] - on[best] < 0.02 && !tilt
      ? ["In the row of ", from, " it hardly matters: ", to, ` gets ${percent(on[best])} with it, ${percent(off[best])} without.`]
      : ["Undivided, ", from, ` would give ${percent(off[best])} to `, to, ` instead of ${percent(on[best])}${tilt}; ÷ ${d} would leave ${percent(flat[best])}.`]));
    this.find(".why .axes").textContent = `With w the shares of the row: entropy, −Σ w ln w, says how evenly they are spread (${n} equal ones: ${number(Math.log(n))} nats). `
      + `Slope, 1 − Σ w², adds up how much each share moves with its own score (at most ${number(1 - 1 / n)}); near 0, training can hardly change the shares. The divisor’s scale is logarithmic.`;
    this.find(".chart").replaceChildren(this.sharpness(points, rows, n, on));
  }

  sharpness(points, rows, n, on) {
    const W = 360, H = 232, left = 34, right = W - 8, base = 176, topY = 26, { d } = this, root = Math.sqrt(d), off = rows[0], flat = rows[60];
    const x = (divisor) => left + (Math.log(divisor) / Math.log(d)) * (right - left), y = (part) => base - part * (base - topY);
    const curve = (f) => points.map((p, i) => `${i ? "L" : "M"}${x(p).toFixed(1)} ${y(f(rows[i])).toFixed(1)}`).join("");
    const h = (w) => entropy(w) / Math.log(n), s = (w) => slope(w) / (1 - 1 / n);
    const text = (cls, px, py, anchor, content) => make("text", { class: cls, x: px, y: py, "text-anchor": anchor }, content);
    const svg = make("svg", { viewBox: `0 0 ${W} ${H}`, role: "img", "aria-label": `Entropy ${number(entropy(off))} nats undivided, ${number(entropy(on))} divided by root ${d}; softmax slope ${number(slope(off))} against ${number(slope(on))}.` });
    for (const part of [0, 0.5, 1]) svg.append(make("line", { class: "grid", x1: left, x2: right, y1: y(part), y2: y(part) }), text("", left - 5, y(part) + 4, "end", `${100 * part} %`));
    svg.append(
      make("line", { class: "off", x1: x(1), x2: x(1), y1: topY - 4, y2: base }), make("line", { class: "now", x1: x(root), x2: x(root), y1: topY - 4, y2: base }),
      make("path", { class: "entropy", d: curve(h) }), make("path", { class: "slope", d: curve(s) }),
      text("", 0, 10, "start", "of the largest possible"),
      text("t-entropy", right, y(h(flat)) + 16, "end", "entropy"), text("t-slope", right, y(h(flat)) + 30, "end", "softmax slope"),
      text("t-off", left, base + 15, "start", "÷ 1"), text("t-now", x(root), base + 15, "middle", `÷ √${d}`), text("", right, base + 15, "end", `÷ ${d}`),
      ...[[off, "t-off", left, "start"], [on, "t-now", x(root), "middle"], [flat, "", right, "end"]].flatMap(([w, cls, at, anchor]) => [
        text(cls, at, base + 34, anchor, `entropy ${entropy(w).toFixed(2)}`), text(cls, at, base + 50, anchor, `slope ${slope(w).toFixed(2)}`)]),
    );
    return svg;
  }
}

export default function ({ data, parentElement }) {
  const root = parentElement.querySelector(".board");
  root.board ??= new Board(root);
  if (data) root.board.receive(data);
  return () => root.board?.stop();
}
