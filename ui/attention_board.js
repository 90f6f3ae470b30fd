// One attention layer, cell by cell. Fed once per text and model with all q, k and v as 16-bit
// floats; layer, head, token and pointer are answered here, and the address follows (`remember`).

const STEPS = [
  { id: "scores", title: "Q Kᵀ", sub: "every query with every key" },
  { id: "scaled", title: "÷ √d", sub: "keeps the softmax soft" },
  { id: "masked", title: "mask", sub: "the future is not known yet" },
  { id: "softmax", title: "softmax", sub: "each row adds up to 1" },
];
const LISTED = 16; // words of a row that are listed; the others are added up
const SVG = "http://www.w3.org/2000/svg";

function make(tag, attributes = {}, ...children) {
  const node = ["svg", "path", "line", "text", "circle"].includes(tag)
    ? document.createElementNS(SVG, tag) : document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
  node.append(...children);
  return node;
}

function halves(bytes, start, count) {
  const view = new DataView(bytes.buffer, bytes.byteOffset + start, 2 * count);
  return Float32Array.from({ length: count }, (_, i) => {
    const h = view.getUint16(2 * i, true), sign = h & 0x8000 ? -1 : 1, e = (h >> 10) & 31, f = h & 1023;
    return sign * (e ? 2 ** (e - 15) * (1 + f / 1024) : 2 ** -14 * (f / 1024));
  });
}

function number(x, digits = 2, smallest = 1e-3) {
  if (!Number.isFinite(x)) return x < 0 ? "−∞" : "∞";
  const size = Math.abs(x);
  if (size >= 1e5 || (size > 0 && size < smallest)) {
    const power = Math.floor(Math.log10(size));
    const raised = String(power).replace("-", "⁻").replace(/\d/g, (d) => "⁰¹²³⁴⁵⁶⁷⁸⁹"[d]);
    return `${x < 0 ? "−" : ""}${(size / 10 ** power).toFixed(1)}·10${raised}`;
  }
  return x.toFixed(size >= 100 ? 1 : digits).replace("-", "−");
}
const power = (x) => number(x, 2, 0.1); // of e: its small values must not read 0.00
const share = (x) => (x < 0.005 ? "< 0.01" : number(x));
const signed = (x) => (x < 0 ? `(${number(x)})` : number(x));
const percent = (x) => (x >= 0.995 && x < 1 ? "over 99 %" : x > 0 && x < 0.005 ? "under 1 %" : `${Math.round(100 * x)} %`);
const word = (piece) => piece.trim() || (piece.includes("\n") ? "⏎" : "␣");
const dot = (a, i, b, j, d) => { let s = 0; for (let x = 0; x < d; x++) s += a[i * d + x] * b[j * d + x]; return s; };

function softmax(scores, divisor) {
  const top = Math.max(...scores), e = scores.map((s) => Math.exp((s - top) / divisor));
  const total = e.reduce((a, b) => a + b, 0);
  return e.map((x) => x / total);
}
const entropy = (w) => -w.reduce((sum, p) => sum + (p > 0 ? p * Math.log(p) : 0), 0);
const slope = (w) => 1 - w.reduce((sum, p) => sum + p * p, 0); // trace of the softmax's Jacobian

/* Bars up and down from zero: one number each. */
function bars(values, largest, role, height = 18) {
  const width = 10 * values.length;
  const svg = make("svg", { height, viewBox: `0 0 ${width} ${height}`, preserveAspectRatio: "none", "aria-hidden": "true" });
  const step = width / values.length, mid = height / 2;
  let d = "";
  values.forEach((v, i) => {
    const h = (Math.max(-1, Math.min(1, v / (largest || 1)))) * (mid - 0.5);
    d += `M${(i * step).toFixed(1)} ${mid}v${(-h).toFixed(2)}h${(step * 0.74).toFixed(1)}V${mid}z`;
  });
  svg.append(make("line", { class: "zero", x1: 0, x2: width, y1: mid, y2: mid }), make("path", { class: role, d }));
  return svg;
}

class Board {
  constructor(root) {
    this.root = root;
    this.find = (selector) => root.querySelector(selector);
    this.state = { layer: 0, head: 0, query: 0, key: 0, divide: true, contrast: false };
    this.hover = null;
    this.maps = this.find(".maps");
    this.planes = STEPS.map((step, i) => this.buildMap(step, i));
    this.listen();
  }

  buildMap(step, i) {
    if (i) this.maps.append(make("div", { class: "arrow", "aria-hidden": "true" }, "⟶"));
    const canvas = make("canvas", { role: "img" }), columns = make("div", { class: "col-labels", "aria-hidden": "true" });
    const q = make("div", { class: "ring q" }), k = make("div", { class: "ring k" });
    const name = make("b", {}, step.title), sub = make("span", {}, step.sub);
    const plane = make("div", { class: "plane" }, columns, canvas, q, k);
    const range = make("div", { class: "range" }), sum = make("div", { class: "sum" });
    this.maps.append(make("div", { class: `map ${step.id}` }, make("div", { class: "title" }, name, sub), plane, range, sum));
    canvas.addEventListener("pointermove", (event) => this.point(event, canvas));
    canvas.addEventListener("pointerleave", () => { this.hover = null; this.follow(); });
    canvas.addEventListener("click", (event) => { this.point(event, canvas); this.pin(this.hover); });
    return { ...step, canvas, columns, q, k, name, sub, plane, range, sum };
  }

  listen() {
    this.find(".divide").addEventListener("change", (e) => { this.state.divide = e.target.checked; this.paintAll(); });
    this.find(".contrast").addEventListener("change", (e) => { this.state.contrast = e.target.checked; this.paintAll(); });
    this.maps.addEventListener("keydown", (event) => this.press(event));
    this.watch = new ResizeObserver(() => { if (this.n && this.root.clientWidth !== this.width) this.draw(); });
    this.watch.observe(this.root);
    // The theme's colours are read for the canvases; a change of theme starts this transition.
    this.root.style.transition = "color 1ms";
    this.root.addEventListener("transitionend", (e) => { if (e.target === this.root && this.n) this.draw(); });
  }

  receive(bytes) {
    const length = new DataView(bytes.buffer, bytes.byteOffset).getUint32(0, true);
    const head = JSON.parse(new TextDecoder().decode(bytes.subarray(4, 4 + length)));
    const first = !this.header, was = this.header ?? {};
    const fresh = head.pass !== was.pass;
    if (!fresh && ["layer", "head", "token"].every((name) => head[name] === was[name])) return;
    this.header = head;
    Object.assign(this, { n: head.pieces.length, d: head.d_head, pieces: head.pieces });
    if (fresh) this.unpack(bytes, 4 + length);
    const s = this.state;
    for (const name of ["layer", "head"]) if (first || head[name] !== was[name]) s[name] = head[name];
    s.layer = Math.min(s.layer, head.n_layers - 1);
    s.head = Math.min(s.head, head.n_heads - 1);
    if (fresh || head.token !== was.token) s.query = head.token;
    if (fresh) this.choices();
    this.mark();
    s.key = this.strongest(s.query);
    this.draw();
  }

  unpack(bytes, start) {
    const { n, d } = this, { n_layers, n_heads, n_kv_heads } = this.header;
    const numbers = halves(bytes, start, n_layers * (n_heads + 2 * n_kv_heads) * n * d);
    let at = 0;
    const take = () => numbers.subarray(at, (at += n * d));
    const heads = (count) => Array.from({ length: count }, take);
    this.layers = Array.from({ length: n_layers }, () => ({ q: heads(n_heads), k: heads(n_kv_heads), v: heads(n_kv_heads) }));
    this.known = new Map();
  }

  /* q, k, v and all scores of one head, computed once. */
  head(layer, head) {
    const at = `${layer}.${head}`;
    if (!this.known.has(at)) {
      const { n, d } = this, { q, k, v } = this.layers[layer], shared = Math.floor(head / (q.length / k.length));
      const scores = Array.from({ length: n }, (_, i) => Float32Array.from({ length: n }, (_, j) => dot(q[head], i, k[shared], j, d)));
      const largest = Math.max(...scores.map((row) => row.reduce((top, x) => Math.max(top, Math.abs(x)), 0)));
      const found = { q: q[head], k: k[shared], v: v[shared], scores, largest };
      found.shares = scores.map((_, i) => this.weights(i, found, Math.sqrt(d)));
      this.known.set(at, found);
    }
    return this.known.get(at);
  }

  /* A word; where it stands twice, with its position. */
  label(i) {
    const shown = word(this.pieces[i]);
    const twice = this.pieces.some((piece, j) => j !== i && word(piece) === shown);
    return twice ? shown + String(i + 1).replace(/\d/g, (d) => "₀₁₂₃₄₅₆₇₈₉"[d]) : shown;
  }
  quote(i) { return `“${this.label(i)}”`; }

  get now() { return this.head(this.state.layer, this.state.head); }
  get divisor() { return this.state.divide ? Math.sqrt(this.d) : 1; }
  get name() { return `${this.state.layer + 1}.${this.state.head + 1}`; }
  weights(row, from = this.now, divisor = this.divisor) { return softmax(Array.from(from.scores[row].subarray(0, row + 1)), divisor); }
  strongest(row) { const w = this.weights(row); return w.indexOf(Math.max(...w)); }
  vector(matrix, i) { return Array.from(matrix.subarray(i * this.d, (i + 1) * this.d)); }

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
    for (const name of ["layer", "head"]) this.root.querySelectorAll(`.${name}s button`).forEach((button, i) => {
      button.setAttribute("aria-checked", i === this.state[name]);
      button.tabIndex = i === this.state[name] ? 0 : -1;
    });
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
    moves[event.key]();
    this.find(".spoken").textContent = this.tell(this.state.query, this.state.key);
  }

  choices() {
    const radio = (name, i, ...content) => {
      const button = make("button", { role: "radio", "aria-label": `${name} ${i + 1}` }, ...content);
      button.addEventListener("click", () => this.choose(name, i));
      button.addEventListener("keydown", (event) => {
        const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
        if (!step) return;
        event.preventDefault();
        this.choose(name, i + step);
        this.find(`.${name}s [aria-checked="true"]`).focus();
      });
      return button;
    };
    const { n_layers, n_heads } = this.header, count = (k) => Array.from({ length: k }, (_, i) => i);
    this.find(".layers").replaceChildren(...count(n_layers).map((i) => radio("layer", i, String(i + 1))));
    this.find(".heads").replaceChildren(...count(n_heads).map((i) => radio("head", i, make("canvas"), make("span", {}, String(i + 1)))));
    this.mark();
  }

  /* A new text, size or theme. */
  draw() {
    this.width = this.root.clientWidth;
    this.palette();
    this.measure();
    this.paintAll();
  }

  /* Another head, layer or setting. */
  paintAll() {
    this.table = Array.from({ length: this.n }, (_, i) => this.weights(i));
    this.thumbnails();
    this.planes.forEach((plane) => this.paint(plane));
    this.reread();
  }

  /* Another row or cell of the same maps. */
  reread() {
    this.follow();
    this.ledger();
    this.divide();
    this.find(".finding").replaceChildren(...this.finding());
    const told = this.tell(this.state.query, this.state.key);
    this.maps.setAttribute("aria-label", `${this.find(".finding").textContent} ${told} Arrow keys move through the cells.`);
  }

  palette() {
    const probe = make("i", { style: "display:none" });
    this.root.append(probe);
    this.colours = {};
    for (const role of ["page", "panel", "line", "positive", "negative", "attention"]) {
      probe.style.color = `var(--${role})`;
      this.colours[role] = getComputedStyle(probe).color.match(/[\d.]+/g).slice(0, 3).map(Number);
    }
    probe.remove();
    this.ramps = Object.fromEntries(["line", "positive", "negative", "attention"].map((role) => [role, this.ramp(role)]));
  }

  /* 256 colours from the ground to a role's full colour, as numbers and as strings. */
  ramp(role) {
    const from = this.colours.panel, to = this.colours[role];
    const steps = Array.from({ length: 256 }, (_, t) => from.map((c, i) => Math.round(c + ((to[i] - c) * t) / 255)));
    return { steps, named: steps.map((rgb) => `rgb(${rgb.join()})`) };
  }

  /* The role and the step of a cell's colour; null where the mask hides it. */
  shade(id, i, j, largest) {
    if (j > i && (id === "softmax" || id === "masked")) return null;
    const v = id === "softmax" ? this.table[i][j] : this.now.scores[i][j];
    return { role: id === "softmax" ? "attention" : v < 0 ? "negative" : "positive", step: Math.min(255, Math.round((255 * Math.abs(v)) / largest)) };
  }

  finding() {
    const { query } = this.state, j = this.strongest(query), w = this.table[query][j];
    const said = [make("b", { class: "query" }, this.quote(query)), "’s attention to ", make("b", { class: "key" }, j === query ? "itself" : this.quote(j))];
    if (query === 0) return [`The first word has only itself to read: head ${this.name} gives it 100 %.`];
    return [this.state.divide ? `Head ${this.name} gives ` : `Undivided, head ${this.name} would give `, make("b", { class: "attention" }, percent(w)), " of ", ...said];
  }

  tell(i, j) {
    const pair = `Head ${this.name}: query ${word(this.pieces[i])}, key ${word(this.pieces[j])}: q·k ${number(this.value("scores", i, j))}, `;
    return j > i ? `${pair}hidden by the mask, since the key comes later.`
      : `${pair}divided ${number(this.value("scaled", i, j))}, weight ${number(this.table[i][j])}.`;
  }

  /* n by n coloured dots, to be drawn at any size; none where there is no colour. */
  dots(colour) {
    const { n } = this, image = new ImageData(n, n), canvas = make("canvas", { width: n, height: n });
    for (let i = 0; i < n; i++) for (let j = 0; j < n; j++) {
      const rgb = colour(i, j);
      if (rgb) image.data.set([...rgb, 255], 4 * (i * n + j));
    }
    canvas.getContext("2d").putImageData(image, 0, 0);
    return canvas;
  }

  thumbnails() {
    const { steps } = this.ramps.attention;
    this.root.querySelectorAll(".heads canvas").forEach((canvas, head) => {
      const { shares } = this.head(this.state.layer, head);
      canvas.width = canvas.height = 34 * this.ratio;
      const c = canvas.getContext("2d");
      c.imageSmoothingEnabled = false;
      c.drawImage(this.dots((i, j) => steps[Math.round(255 * (shares[i][j] ?? 0))]), 0, 0, canvas.width, canvas.width);
    });
  }

  measure() {
    this.ratio = window.devicePixelRatio || 1;
    this.rowLabels(true);
    const room = Math.min(...this.planes.map((plane) => plane.plane.clientWidth)) - 2;
    const tallest = this.width > 1500 ? 370 : 300;
    this.cell = Math.min(Math.max(room, 60) / this.n, 56, tallest / this.n);
    const size = this.cell * this.n;
    this.root.style.setProperty("--side", `${size}px`);
    for (const { canvas } of this.planes) {
      canvas.width = canvas.height = Math.round(size * this.ratio);
      canvas.style.width = canvas.style.height = `${size}px`;
    }
  }

  paint(plane) {
    const { n, cell, ramps } = this, { id, canvas } = plane, c = canvas.getContext("2d");
    const softmaxed = id === "softmax", rowTop = (i) => (softmaxed ? (this.state.contrast ? Math.max(...this.table[i]) : 1) : this.now.largest);
    c.setTransform(this.ratio, 0, 0, this.ratio, 0, 0);
    c.clearRect(0, 0, cell * n, cell * n);
    if (cell <= 9) {
      c.imageSmoothingEnabled = false;
      const image = this.dots((i, j) => { const at = this.shade(id, i, j, rowTop(i)); return at && ramps[at.role].steps[at.step]; });
      c.drawImage(image, 0, 0, cell * n, cell * n);
    } else {
      for (let i = 0; i < n; i++) for (let j = 0; j < n; j++) {
        const at = this.shade(id, i, j, rowTop(i));
        c.fillStyle = at ? ramps[at.role].named[at.step] : ramps.line.named[90];
        c.beginPath();
        if (at) c.roundRect(j * cell, i * cell, cell - 1.6, cell - 1.6, 3);
        else c.arc((j + 0.5) * cell, (i + 0.5) * cell, 1.6, 0, 7);
        c.fill();
      }
    }
    this.caption(plane, softmaxed ? 1 : this.now.largest / (id === "scores" ? 1 : this.divisor));
    canvas.setAttribute("aria-label", `${plane.title}, ${n} queries by ${n} keys. ${this.tell(this.state.query, this.state.key)}`);
  }

  caption(plane, largest) {
    const root = `√${this.d}`, softmaxed = plane.id === "softmax";
    if (plane.id === "scaled") {
      plane.name.textContent = this.state.divide ? `÷ ${root}` : `÷ ${root} left out`;
      plane.sub.textContent = this.state.divide ? "keeps the softmax soft" : "the scores stay large";
    }
    const perRow = softmaxed && this.state.contrast;
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
    const lit = this.hover?.i ?? this.state.query, box = this.find(".row-labels");
    // Unseen copies of all words give the column its width.
    if (measuring) return box.replaceChildren(...this.pieces.map((piece) => make("span", { class: "ghost" }, word(piece))));
    const labels = this.shown(lit, 14).map((i) => {
      const label = make("span", i === lit ? { class: "here" } : {}, word(this.pieces[i]));
      label.style.top = `${(i + 0.5) * this.cell}px`;
      return label;
    });
    box.querySelectorAll(":not(.ghost)").forEach((label) => label.remove());
    box.append(...labels);
  }

  /* What follows the pointer: crosshair, labels, arithmetic. */
  follow() {
    const { i, j } = this.hover ?? { i: this.state.query, j: this.state.key }, { cell, n } = this, size = cell * n;
    const place = (node, x, y, w, h) => Object.assign(node.style, { left: `${x}px`, top: `${y}px`, width: `${w}px`, height: `${h}px` });
    const edge = cell > 9 ? 3 : 2;
    for (const plane of this.planes) {
      place(plane.q, -edge, i * cell - edge, size + 2 * edge, cell + 2 * edge - (cell > 9 ? 1.6 : 0));
      place(plane.k, j * cell - edge, -edge, cell + 2 * edge - (cell > 9 ? 1.6 : 0), size + 2 * edge);
      plane.columns.replaceChildren(...this.shown(j, 17).map((c) => {
        const label = make("span", c === j ? { class: "here" } : {}, word(this.pieces[c]));
        label.style.left = `${(c + 0.5) * cell}px`;
        return label;
      }));
    }
    this.rowLabels();
    this.find(".pointed").replaceChildren("At ", make("b", { class: "query" }, this.quote(i)), " → ", make("b", { class: "key" }, this.quote(j)), ":");
    this.arithmetic(i, j);
    this.root.querySelectorAll(".ledger .row").forEach((row) => row.classList.toggle("here", i === this.state.query && row.dataset.key === String(j)));
  }

  arithmetic(i, j) {
    const [a, b, c, e] = this.planes.map((plane) => plane.sum), { d, now, divisor } = this;
    const q = this.vector(now.q, i), k = this.vector(now.k, j), products = q.map((x, t) => x * k[t]);
    const line = (...content) => make("div", { class: "line" }, ...content), result = (x) => make("div", { class: "result" }, x);
    const from = this.quote(i), to = this.quote(j), largest = Math.max(...q.map(Math.abs), ...k.map(Math.abs));
    const strip = (name, role, values, top) => make("div", { class: "strip" }, make("b", { class: role }, name), bars(values, top, role, 20));
    const raw = this.value("scores", i, j), scaled = raw / divisor;
    a.replaceChildren(
      strip("q", "query", q, largest), strip("k", "key", k, largest), strip("×", "product", products, Math.max(...products.map(Math.abs))),
      line(`${number(q[0])} · ${signed(k[0])} + ${signed(q[1])} · ${signed(k[1])} + … ${d} terms`), result(number(raw)),
    );
    b.replaceChildren(line(this.state.divide ? `${number(raw)} ÷ √${d} = ${number(raw)} ÷ ${number(divisor)}` : `${number(raw)}, not divided`), result(number(scaled)));
    if (j > i) {
      c.replaceChildren(line(make("b", { class: "key" }, to), " comes after ", make("b", { class: "query" }, from), ": hidden"), result("−∞"));
      e.replaceChildren(line("e", make("sup", {}, "−∞"), " = 0, so nothing is read"), result("0"));
      return;
    }
    const row = Array.from(now.scores[i].subarray(0, i + 1), (s) => Math.exp(s / divisor)), total = row.reduce((x, y) => x + y, 0);
    c.replaceChildren(line(make("b", { class: "key" }, i === j ? "itself" : to), i === j ? " may always be read" : " is already there: may be read"), result(number(scaled)));
    e.replaceChildren(line("e", make("sup", {}, number(scaled)), ` ÷ Σ = ${power(row[j])} ÷ ${power(total)}`), result(number(this.table[i][j], 3)));
  }

  /* One row: shares, values, and their mixture. */
  ledger() {
    const { query } = this.state, { now, d } = this, w = this.table[query], name = this.quote(query);
    const order = w.map((_, j) => j).sort((x, y) => w[y] - w[x]), many = order.length > LISTED + 1 ? LISTED - 3 : order.length;
    const listed = order.slice(0, many).sort((x, y) => x - y), others = order.slice(many);
    const v = w.map((_, j) => this.vector(now.v, j)), largest = Math.max(...v.flat().map(Math.abs));
    const mixed = Array.from({ length: d }, (_, t) => w.reduce((sum, share, j) => sum + share * v[j][t], 0));
    this.find(".read h4").replaceChildren("What ", make("b", { class: "query" }, name), " takes home");
    this.find(".read .sub").replaceChildren("Each word’s ", make("b", { class: "value" }, "value"), ` (${d} numbers) is multiplied by its share; the sum is what head ${this.name} hands on to the output projection.`);
    const cells = (kind, ...content) => make("div", { class: kind, role: "row" }, ...content);
    const cell = (kind, ...content) => make("div", { class: kind, role: "cell" }, ...content);
    const rows = listed.map((j) => {
      const bar = make("i");
      bar.style.width = `${100 * w[j]}%`;
      const row = cells("row", cell("word", this.label(j)), cell("bar", bar), cell("share", share(w[j])),
        cell("v", bars(v[j], largest, "value", 24)), cell("times", "→"), cell("mixed", bars(v[j].map((x) => x * w[j]), largest, "value", 24)));
      row.dataset.key = j;
      row.addEventListener("pointerover", () => { if (this.hover?.j !== j) { this.hover = { i: query, j }; this.follow(); } });
      row.addEventListener("pointerout", () => { this.hover = null; this.follow(); });
      row.addEventListener("click", () => this.pin({ i: query, j }));
      return row;
    });
    if (others.length) {
      const total = others.reduce((sum, j) => sum + w[j], 0), bar = make("i");
      bar.style.width = `${100 * total}%`;
      const part = Array.from({ length: d }, (_, t) => others.reduce((sum, j) => sum + w[j] * v[j][t], 0));
      rows.push(cells("row rest", cell("word", `${others.length} more`), cell("bar", bar), cell("share", number(total)), cell("v"), cell("times", "→"), cell("mixed", bars(part, largest, "value", 24))));
    }
    const top = cells("row head", cell("word", "word"), cell("", "share of attention"), cell("share"), cell("v", "its value"), cell("times"), cell("mixed", "share × value"));
    const sum = cells("row total", cell("word", "Σ"), cell("bar"), cell("share", number(w.reduce((x, y) => x + y, 0))), cell("v", this.width <= 760 ? bars(mixed, largest, "value", 24) : ""), cell("times", "="), cell("mixed", bars(mixed, largest, "value", 24)));
    this.find(".ledger").replaceChildren(top, ...rows, sum);
    this.find(".ledger").setAttribute("aria-label", `Shares of ${word(this.pieces[query])}: ` + listed.map((j) => `${word(this.pieces[j])} ${number(w[j])}`).join(", "));
  }

  /* Why divide: entropy and slope of this row for every divisor from 1 to d. */
  divide() {
    const { query } = this.state, { d } = this, root = Math.sqrt(d), count = query + 1;
    const on = this.weights(query, this.now, root), off = this.weights(query, this.now, 1), best = off.indexOf(Math.max(...off));
    this.find(".why h4").textContent = `Why divide by √${d}?`;
    const said = this.find(".why .sub"), chart = this.find(".chart");
    if (count === 1) {
      said.textContent = "A row of one word cannot show it: choose a later word.";
      return chart.replaceChildren();
    }
    said.replaceChildren("Undivided, ", make("b", { class: "query" }, this.quote(query)), ` would give ${percent(off[best])} to `,
      make("b", { class: "key" }, best === query ? "itself" : this.quote(best)), ` instead of ${percent(on[best])}, and a nudge of its scores would change the shares `,
      slope(off) < slope(on) ? `${slope(on) > 100 * slope(off) ? "over 100" : number(slope(on) / slope(off), 1)} times less: that much less of a gradient passes back through the softmax.` : "more, in this row.");
    const W = 360, H = 232, left = 8, right = W - 8, base = 176, topY = 14;
    const x = (divisor) => left + (Math.log(divisor) / Math.log(d)) * (right - left), y = (share) => base - share * (base - topY);
    const points = Array.from({ length: 61 }, (_, i) => d ** (i / 60)), rows = points.map((p) => this.weights(query, this.now, p));
    const curve = (f) => points.map((p, i) => `${i ? "L" : "M"}${x(p).toFixed(1)} ${y(f(rows[i])).toFixed(1)}`).join("");
    const h = (w) => entropy(w) / Math.log(count), s = (w) => slope(w) / (1 - 1 / count);
    const text = (cls, px, py, anchor, content) => make("text", { class: cls, x: px, y: py, "text-anchor": anchor }, content);
    const svg = make("svg", { viewBox: `0 0 ${W} ${H}`, role: "img", "aria-label": `Entropy ${number(entropy(off))} nats undivided, ${number(entropy(on))} divided by root ${d}; softmax slope ${number(slope(off))} against ${number(slope(on))}.` });
    for (const share of [0, 0.5, 1]) svg.append(make("line", { class: "grid", x1: left, x2: right, y1: y(share), y2: y(share) }));
    svg.append(
      make("line", { class: "off", x1: x(1), x2: x(1), y1: topY - 8, y2: base }), make("line", { class: "now", x1: x(root), x2: x(root), y1: topY - 8, y2: base }),
      make("path", { class: "entropy", d: curve(h) }), make("path", { class: "slope", d: curve(s) }),
      text("t-entropy", right, y(h(rows[60])) + 16, "end", "entropy"), text("t-slope", right, y(h(rows[60])) + 30, "end", "softmax slope"),
      text("t-off", left, base + 15, "start", "÷ 1"), text("t-now", x(root), base + 15, "middle", `÷ √${d}`), text("", right, base + 15, "end", `÷ ${d}`),
      ...[[off, "t-off", left, "start"], [on, "t-now", x(root), "middle"], [rows[60], "", right, "end"]].flatMap(([w, cls, at, anchor]) => [
        text(cls, at, base + 34, anchor, `entropy ${entropy(w).toFixed(2)}`), text(cls, at, base + 50, anchor, `slope ${slope(w).toFixed(2)}`)]),
    );
    chart.replaceChildren(svg);
  }
}

export default function ({ data, parentElement }) {
  const root = parentElement.querySelector(".board");
  root.board ??= new Board(root);
  if (data) root.board.receive(data);
  return () => root.board?.watch.disconnect();
}
