// The forward pass at a glance. One answer holds one trace; every hover, step, layer and head is
// answered from it here. The picture is a function of (trace, selection, stage, share of the stage).

import { clamp, count, half, quote, remember, visible } from "../../../ui/drawing.js";

const STAGES = [
  ["tokens", "tokens", "tokens"], ["embed", "embed", "embed"], ["norm", "norm", "qkv"],
  ["qkv", "Q K V", "qkv"], ["scores", "QKᵀ", "attention"], ["scale", "÷ √d", "attention"],
  ["mask", "mask", "attention"], ["softmax", "softmax", "attention"], ["mix", "· V", "attention"],
  ["add", "+ residual", "attention"], ["mlp", "MLP", "mlp"], ["add2", "+ residual", "mlp"],
  ["layers", "× N", "mlp"], ["unembed", "unembed", "predict"], ["sample", "sample", "predict"],
].map(([id, label, column], index) => ({ id, label, column, index }));
const INDEX = Object.fromEntries(STAGES.map((s) => [s.id, s.index]));
const STEP_NAMES = { qkv: "query, key, value", scores: "scores", scale: "scaling", mask: "mask", softmax: "softmax", mix: "mixing values" };
const STAGE_MS = 1500;
const SPEEDS = [0.5, 1, 2, 4];
const OVERVIEW = -1;
const NARROW = 760; // below so many pixels the notes stand under the picture
const FIRST_LOOK_MS = 1000; // until then the address need not say what was chosen for the reader
const FIELD = ".st-key-text input"; // of the frame, the reader's sentence
const TYPING_MS = 300; // as long as that field waits for more letters (ui/frame.py)

// ------------------------------------------------------------------------------------ the trace

class Trace {
  constructor(bytes) {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    let at = 4 + view.getUint32(0, true);
    Object.assign(this, JSON.parse(new TextDecoder().decode(bytes.subarray(4, at))));
    this.n = this.tokens.length;
    this.values = {};
    this.strides = {};
    this.shapes = {};
    for (const { name, shape } of this.fields) {
      this.shapes[name] = shape;
      this.strides[name] = shape.reduce((a, b) => a * b, 1);
      this.values[name] = new Float32Array(this.n * this.strides[name]);
    }
    this.shares = [];
    this.rows.forEach((length, i) => { this.readRow(view, at, i); at += length; });
    this.lastLogits = new Float32Array((bytes.byteLength - at) / 2);
    for (let i = 0; i < this.lastLogits.length; i++) this.lastLogits[i] = half(view.getUint16(at + 2 * i, true));
    // 16 bits leave up to 1 % of a share open: the likeliest are known better.
    const { next, logits } = this.tokens[this.n - 1];
    next.forEach((id, k) => { this.lastLogits[id] = logits[k]; });
    this.peaks = new Map();
  }

  readRow(view, at, i) {
    for (const { name, type, shape } of this.fields) {
      const n = this.strides[name], out = this.values[name], to = i * n;
      if (type === "float32") for (let k = 0; k < n; k++, at += 4) out[to + k] = view.getFloat32(at, true);
      else if (type === "float16") for (let k = 0; k < n; k++, at += 2) out[to + k] = half(view.getUint16(at, true));
      else {
        const width = shape[shape.length - 1], scales = this.values[name + ".scale"], vectors = n / width;
        for (let k = 0; k < n; k++, at++) out[to + k] = view.getInt8(at) * scales[i * vectors + Math.floor(k / width)];
      }
    }
    const { n_layers, n_heads } = this.model;
    const shares = new Float32Array(n_layers * n_heads * (i + 1));
    for (let k = 0; k < shares.length; k++, at += 2) shares[k] = view.getUint16(at, true) / 65535;
    this.shares.push(shares);
  }

  // [position][...outer][inner]: the vector at these outer indices
  vector(name, i, ...outer) {
    const shape = this.shapes[name], width = shape[shape.length - 1];
    let index = 0;
    for (let axis = 0; axis < outer.length; axis++) index = index * shape[axis] + outer[axis];
    const from = i * this.strides[name] + index * width;
    return this.values[name].subarray(from, from + width);
  }

  kvHead(h) { return Math.floor(h / (this.model.n_heads / this.model.n_kv_heads)); }
  q(i, l, h) { return this.vector("q", i, l, h); }
  k(i, l, h) { return this.vector("k", i, l, this.kvHead(h)); }
  v(i, l, h) { return this.vector("v", i, l, this.kvHead(h)); }
  dot(i, j, l, h) {
    const q = this.q(i, l, h), k = this.k(j, l, h);
    let sum = 0;
    for (let d = 0; d < q.length; d++) sum += q[d] * k[d];
    return sum;
  }
  weight(i, j, l, h) { return j > i ? 0 : this.shares[i][(l * this.model.n_heads + h) * (i + 1) + j]; }
  mixed(i, l, h) {
    const out = new Float32Array(this.model.d_head);
    for (let j = 0; j <= i; j++) {
      const w = this.weight(i, j, l, h), v = this.v(j, l, h);
      for (let d = 0; d < out.length; d++) out[d] += w * v[d];
    }
    return out;
  }
  strongest(i, l, h) {
    let best = 0;
    for (let j = 1; j <= i; j++) if (this.weight(i, j, l, h) > this.weight(i, best, l, h)) best = j;
    return best;
  }
  // Largest magnitude of a kind of vector over all positions: one colour scale per row of strips.
  peak(name, ...outer) {
    const key = name + outer.join();
    if (!this.peaks.has(key)) {
      let top = 1e-9;
      for (let i = 0; i < this.n; i++) for (const x of this.vector(name, i, ...outer)) top = Math.max(top, Math.abs(x));
      this.peaks.set(key, top);
    }
    return this.peaks.get(key);
  }
  scoreScale(l, h, masked) {
    const key = `score${l},${h},${masked}`;
    if (!this.peaks.has(key)) {
      let top = 1e-9;
      for (let i = 0; i < this.n; i++) for (let j = 0; j < (masked ? i + 1 : this.n); j++) top = Math.max(top, Math.abs(this.dot(i, j, l, h)));
      this.peaks.set(key, top);
    }
    return this.peaks.get(key);
  }
  word(i) { return visible(this.pieces[this.tokens[i].id]); }
  piece(id) { return visible(this.pieces[id] ?? `#${id}`); }
  // Tokens side by side; of two that look alike, the one with a space before it shows it.
  distinct(ids) {
    const words = ids.map((id) => this.piece(id));
    return words.map((word, k) => words.indexOf(word) !== words.lastIndexOf(word) && this.pieces[ids[k]]?.startsWith(" ") ? `␣${word}` : word);
  }
}

// ---------------------------------------------------------------------------------- small things

const percent = (share) => {
  const x = share * 100;
  return x >= 99.95 ? "100 %" : x >= 10 ? `${x.toFixed(0)} %` : x >= 1 ? `${x.toFixed(1)} %` : x >= 0.01 ? `${x.toFixed(2)} %` : "< 0.01 %";
};
const number = (x, digits = 2) => (Math.abs(x) < 0.5 * 10 ** -digits ? 0 : x).toFixed(digits).replace("-", "−");
// Whether a sum or a quotient holds between the numbers as they are printed.
const equals = (made, shown, digits) => Math.abs(made - shown) < 0.5 * 10 ** -digits ? "=" : "≈";
const rounded = (x, digits) => Number(x.toFixed(digits));
const bracketed = (x) => x < 0 ? `(${number(x)})` : number(x);
const signed = (x, digits = 2) => (x < 0 ? "" : "+") + number(x, digits);
const odds = ({ share, cut, never }) => cut ? "cut" : never ? "0 %" : percent(share);
const flops = (x) => x < 1e6 ? `${number(x / 1e3, 1)} kFLOP` : x < 1e9 ? `${number(x / 1e6, 1)} MFLOP` : `${number(x / 1e9, 1)} GFLOP`;
const ease = (t) => t < 0 ? 0 : t > 1 ? 1 : t * t * (3 - 2 * t);
const length = (v) => Math.sqrt(v.reduce((sum, x) => sum + x * x, 0));

function el(tag, properties = {}, ...children) {
  const node = document.createElement(tag);
  for (const [key, value] of Object.entries(properties)) {
    if (key === "class") node.className = value;
    else if (key.startsWith("aria") || key === "role") node.setAttribute(key.replace(/^aria(?=[A-Z])/, "aria-").toLowerCase(), value);
    else if (key.startsWith("--")) node.style.setProperty(key, value);
    else node[key] = value;
  }
  node.append(...children.filter((c) => c !== null && c !== undefined));
  return node;
}
const span = (cls, text) => el("span", { class: cls }, text);
const Q = () => span("query", "Q"), K = () => span("key-text", "K"), V = () => span("value", "V");
const sub = (text) => el("sub", {}, text), sup = (text) => el("sup", {}, text);
const em = (text) => el("em", {}, text);

const ROLES = ["query", "key", "value", "attention", "feed_forward", "residual", "negative", "ink", "muted", "line", "page"];
const paint = (colour, opacity = 1) => `rgba(${colour.join()},${opacity})`;

const ICONS = {
  play: "M3 1.8v11.4a.8.8 0 0 0 1.2.7l9-5.7a.8.8 0 0 0 0-1.4l-9-5.7A.8.8 0 0 0 3 1.8z",
  pause: "M3 1.5h3.2v12H3zM8.8 1.5H12v12H8.8z",
  back: "M2 1.5h2v12H2zM13 1.9v11.2a.6.6 0 0 1-1 .5L5 8a.6.6 0 0 1 0-1l7-5.6a.6.6 0 0 1 1 .5z",
  forward: "M11 1.5h2v12h-2zM2 1.9v11.2a.6.6 0 0 0 1 .5L10 8a.6.6 0 0 0 0-1L3 1.4a.6.6 0 0 0-1 .5z",
};
function icon(name) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("viewBox", "0 0 15 15");
  const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
  path.setAttribute("d", ICONS[name]);
  svg.append(path);
  return svg;
}

// ------------------------------------------------------------------------------------- the screen

class Screen {
  constructor(host) {
    this.host = host;
    this.root = host.querySelector(".forward-pass");
    for (const name of ["figure", "headings", "frame", "layers", "rows", "chips", "heads", "legend", "prediction", "veil", "card", "tip", "summary", "notes", "timeline", "lost"]) {
      this[name] = this.root.querySelector("." + name);
    }
    this.canvas = this.rows.querySelector("canvas");
    this.still = matchMedia("(prefers-reduced-motion: reduce)");
    this.state = { layer: 0, head: 0, token: 0, stage: OVERVIEW, share: 1 };
    this.hover = { row: null, key: null };
    this.speed = 1;
    this.temperature = 1;
    this.topP = 1;
    this.playing = false;
    this.open = null;
    this.fresh = 0; // 0 to 1 while a newly sampled row is drawn; 0 = nothing new
    this.buildTimeline();
    this.listen();
  }

  // ---- the sentence

  // What a run of the app has found the sentence to be. It may have begun before the reader typed
  // another one, and then has to be run again: the field knows, once it shows what the run has set.
  async told({ passes, sentence, noticed, longest, view }) {
    const turn = this.turn = (this.turn ?? 0) + 1;
    if (this.text !== undefined && this.text !== sentence.text) {
      await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
      if (turn !== this.turn) return;
      if (this.read(document.querySelector(FIELD)) !== sentence.text) return this.trigger("typed", this.text);
    }
    Object.assign(this, { passes, noticed, longest, view }, sentence);
    this.ask(sentence);
  }

  read(field) { return [...field.value].slice(0, this.longest).join(""); }

  // A new text asks for its own pass and no run of the app, unless the frame has to change with it.
  async typed(field) {
    clearTimeout(this.typing);
    const text = this.read(field), frameChanges = this.noticed || this.more || text.length < field.value.length;
    if (text === this.text || !this.passes) return;
    Object.assign(this, { text, more: "" });
    remember("more", "");
    remember("token", "");
    await this.ask({ model: this.model, text, more: "" });
    if (text === this.text && this.host.isConnected && (frameChanges || this.trace?.noticed)) this.trigger("typed", text);
  }

  async ask(sentence) {
    const address = `${this.passes}?${new URLSearchParams(sentence)}`;
    if (address === this.asked) return;
    this.asked = address;
    const bytes = await fetch(address).then((answer) => answer.ok ? answer.arrayBuffer() : null).catch(() => null);
    if (address !== this.asked || !this.host.isConnected) return;
    this.lost.hidden = Boolean(bytes);
    if (bytes) this.receive(new Uint8Array(bytes));
    else this.asked = null; // asked again by the next run
  }

  receive(bytes) {
    const old = this.trace;
    const trace = this.trace = new Trace(bytes);
    const last = trace.n - 1;
    if (!old) {
      Object.assign(this.state, this.initialView(trace));
      if (this.view.layer === null && this.view.head === null) this.chooseHead(trace);
    }
    const sameSentence = old && old.model.name === trace.model.name && old.n <= trace.n
      && old.tokens.every((t, i) => t.id === trace.tokens[i].id);
    if (old && !(sameSentence && old.n === trace.n)) {
      if (this.playing) Object.assign(this, { playing: false, state: { ...this.state, stage: OVERVIEW, share: 1 } });
      this.state.token = last;
      this.state.layer = clamp(this.state.layer, 0, trace.model.n_layers - 1);
      this.state.head = clamp(this.state.head, 0, trace.model.n_heads - 1);
      this.closeCard();
    }
    this.fresh = 0;
    if (old && sameSentence && trace.n === old.n + 1 && trace.computed === 1) {
      Object.assign(this.state, { stage: OVERVIEW, share: 1 });
      this.playing = false;
      this.fresh = 1e-3;
      this.freshFrom = performance.now();
    }
    this.hover = { row: null, key: null };
    this.forgetPictures();
    // What asks for sizes comes before what changes them: the browser lays out once.
    const place = this.measure();
    this.theme();
    this.writeChips();
    if (place.width) this.fit(place);
    this.draw();
    this.tick();
  }

  initialView(trace) {
    const { layer, head, token, step } = this.view;
    const stage = STAGES.find((s) => s.id === step);
    return {
      layer: clamp((layer ?? trace.model.n_layers) - 1, 0, trace.model.n_layers - 1),
      head: clamp((head ?? 1) - 1, 0, trace.model.n_heads - 1),
      token: clamp((token ?? trace.n) - 1, 0, trace.n - 1),
      stage: stage ? stage.index : OVERVIEW,
      share: 1,
    };
  }

  // Where the address names no head: the one whose last query, more than the other queries, reads
  // a token far off (as `most_telling_head` of the core chooses).
  chooseHead(trace) {
    const i = trace.n - 1, { n_layers, n_heads } = trace.model;
    let best = 0;
    for (let l = 0; l < n_layers; l++) for (let h = 0; h < n_heads; h++) for (let j = 1; j < i - 1; j++) {
      let others = 0;
      for (let k = j + 1; k < trace.n; k++) others += trace.weight(k, j, l, h) / (i - j);
      const gain = trace.weight(i, j, l, h) - others;
      if (gain > best) { best = gain; Object.assign(this.state, { layer: l, head: h }); }
    }
    setTimeout(() => {
      if (!this.host.isConnected) return; // on another page the address is that page's
      remember("layer", this.state.layer + 1);
      remember("head", this.state.head + 1);
    }, FIRST_LOOK_MS);
  }

  // ---- theme and size

  // The roles' colours as the theme in force resolves them (`light-dark` in the style sheet).
  theme() {
    this.probe ??= this.root.appendChild(el("span", { hidden: true }));
    const read = (role) => {
      this.probe.style.color = `var(--${role.replace("_", "-")})`;
      return getComputedStyle(this.probe).color.match(/[\d.]+/g).slice(0, 3).map(Number);
    };
    const page = read("page").join();
    if (this.themeRead === page) return false;
    this.themeRead = page;
    this.c = Object.fromEntries(ROLES.map((role) => [role, read(role)]));
    this.forgetPictures();
    return true;
  }

  // Maps and notes are drawn again with the next picture.
  forgetPictures() {
    this.maps = new Map();
    this.shownLayer = this.wallPainted = this.noteKey = null;
  }

  // Where the picture stands: all that its layout depends on beside the trace.
  measure() {
    const top = this.root.getBoundingClientRect().top + scrolled(this.host);
    return { width: this.root.clientWidth, height: clamp(innerHeight - top - 18, 560, 980), ratio: devicePixelRatio || 1 };
  }

  resize() {
    const place = this.measure();
    if (!place.width || !this.trace || this.fits(place)) return;
    this.fit(place);
    this.update();
  }

  fits(place) { return Object.keys(place).every((name) => place[name] === this.size?.[name]); }

  fit(place) {
    const same = this.fits(place), narrow = place.width < NARROW, large = place.width >= 1640;
    const model = `${this.trace.model.name} ${narrow}`;
    if (!same) {
      this.root.classList.toggle("narrow", narrow);
      this.root.classList.toggle("large", large);
      this.root.style.setProperty("--height", `${place.height}px`);
    }
    Object.assign(this, { size: place, narrow, large });
    if (this.built !== model) this.buildModel();
    this.built = model;
    this.layout(same);
    this.place(same);
  }

  layout(same) {
    const n = this.trace.n, { narrow, large } = this;
    const headings = 42 + 3.5 * Math.min(this.trace.model.n_layers - 1, 5), top = headings + 34, heads = narrow ? 64 : 84;
    const labels = narrow ? 0 : 34, bottom = heads + labels;
    if (narrow) this.root.style.setProperty("--figure-height", `${clamp(n * 34, 150, 420) + top + bottom + 296}px`);
    if (narrow || !same) this.figureSize = [this.figure.clientWidth, this.figure.clientHeight];
    const W = this.figureSize[0], H = this.figureSize[1] - (narrow ? 290 : 0);
    const space = H - top - bottom;
    const rowHeight = clamp(space / n, large ? 18 : 15, large ? 60 : 52);
    const chip = narrow ? 58 : large ? 116 : 88, predict = narrow ? 0 : large ? 190 : 146;
    const left = chip + (narrow ? 6 : 14), embed = narrow ? 20 : large ? 72 : 54;
    const frameLeft = left + embed + (narrow ? 6 : 18), frameRight = W - predict - (narrow ? 10 : 34);
    const inner = frameRight - frameLeft;
    const pad = narrow ? 9 : 20, mlp = narrow ? 26 : inner * 0.13, strip = narrow ? 32 : inner * 0.155;
    const normX = frameLeft + pad, qkv = normX + (narrow ? 10 : inner * 0.05);
    const add2 = frameRight - pad, mlpX = add2 - (narrow ? 9 : 18) - mlp, add1 = mlpX - (narrow ? 9 : 18);
    const dots = qkv + strip + (narrow ? 10 : inner * 0.045), dotsEnd = add1 - (narrow ? 14 : inner * 0.1);
    const pitch = Math.min((dotsEnd - dots) / n, rowHeight);
    this.g = {
      W, H, top, bottom, labels, headings, rowHeight, rowsHeight: clamp(rowHeight * n, Math.min(430, space), space), full: rowHeight * n,
      chip, left, embed, frameLeft, frameRight, normX, qkv, strip, dots, pitch, dotsEnd: dots + pitch * n,
      add1, mlpX, mlp, add2, predict,
      y: (i) => (i + 0.5) * rowHeight,
    };
  }

  place(same) {
    const g = this.g, px = (x) => `${Math.round(x)}px`;
    const put = (node, left, top_, width, height) => Object.assign(node.style, { left: px(left), top: px(top_), width: px(width), height: px(height) });
    const blockTop = g.headings, blockBottom = g.top + g.rowsHeight + g.bottom;
    put(this.frame, g.frameLeft - 4, blockTop, g.frameRight - g.frameLeft + 8, blockBottom - blockTop);
    put(this.layers, g.frameLeft + 8, blockTop + 5, g.frameRight - g.frameLeft - 16, 24);
    put(this.rows, 0, g.top, this.narrow ? g.W : g.frameRight + 34, g.rowsHeight + g.labels);
    put(this.legend, 0, g.top + g.rowsHeight + g.labels + 12, g.frameLeft - 18, 70);
    put(this.heads, g.frameLeft + 8, g.top + g.rowsHeight + g.labels + 8, g.frameRight - g.frameLeft - 16, 74);
    if (this.narrow) put(this.prediction, 0, blockBottom + 10, g.W, 280);
    else put(this.prediction, g.W - g.predict, g.top - 32, g.predict, Math.max(blockBottom - g.top + 10, 380));
    const centres = {
      tokens: g.chip / 2, embed: g.left + g.embed / 2, qkv: g.qkv + g.strip / 2,
      attention: (g.dots + g.dotsEnd) / 2, mlp: g.mlpX + g.mlp / 2, predict: g.W - g.predict / 2,
    };
    const headings = [...this.headings.children];
    if (!same || !this.headingWidths) this.headingWidths = headings.map((button) => button.offsetWidth);
    headings.forEach((button, k) => {
      const half = this.headingWidths[k] / 2;
      button.style.left = px(clamp(centres[button.dataset.column], half - 8, g.W - half + 8));
      button.hidden = this.narrow && button.dataset.column === "predict";
    });
    const { ratio } = this.size, width = this.narrow ? g.W : g.frameRight + 34, height = g.full + g.labels;
    const pixels = [Math.round(width * ratio), Math.round(height * ratio)];
    if (this.canvas.width !== pixels[0] || this.canvas.height !== pixels[1]) [this.canvas.width, this.canvas.height] = pixels;
    Object.assign(this.canvas.style, { width: px(width), height: px(height) });
    const tall = Math.min(g.rowHeight - (g.rowHeight > 24 ? 8 : 2), 34);
    [...this.chips.children].forEach((chip, i) => {
      put(chip, 0, g.y(i) - tall / 2, g.chip, tall);
      chip.style.fontSize = px(clamp(tall * 0.52, this.large ? 11 : 9.5, this.large ? 16 : 13.5));
      chip.style.lineHeight = px(tall);
      chip.style.borderRadius = px(Math.min(8, tall / 3.5));
    });
    this.keepVisible(this.state.token);
  }

  // How far the rows are scrolled, where they do not all fit.
  get scroll() { return this.g.full > this.g.rowsHeight ? this.rows.scrollTop : 0; }

  keepVisible(i) {
    if (this.g.full <= this.g.rowsHeight) return;
    const y = this.g.y(i), half = this.g.rowHeight / 2, box = this.rows;
    if (y - half < box.scrollTop) box.scrollTop = y - half;
    else if (y + half > box.scrollTop + this.g.rowsHeight) box.scrollTop = y + half - this.g.rowsHeight;
  }

  // ---- what is there once per model, and the tokens

  buildModel() {
    const m = this.trace.model, { narrow } = this;
    this.headings.replaceChildren(...[
      ["tokens", "Tokens", "", ""],
      ["embed", narrow ? "Emb." : "Embedding", m.position === "learned" || m.position === "sinusoidal" ? "+ position" : "token only", ""],
      ["qkv", "Q K V", "norm, then project", ""],
      ["attention", "Attention", `head 1 of ${m.n_heads}`, "attention"],
      ["mlp", "MLP", "per token", "feed"],
      ["predict", "Prediction", "final norm, unembed", ""],
    ].map(([column, title, below, cls]) => {
      const button = el("button", { type: "button", title: "Open this part" }, el("b", { class: cls }, title), el("span", {}, below));
      button.dataset.column = column;
      button.addEventListener("click", () => this.openCard(column));
      return button;
    }));
    this.headingWidths = null;
    this.layers.replaceChildren(span("", "Layer"), ...Array.from({ length: m.n_layers }, (_, l) => {
      const button = el("button", { type: "button", "ariaLabel": `Layer ${l + 1}` }, String(l + 1));
      button.addEventListener("click", () => this.select({ layer: l }));
      return button;
    }), span("depth", "one after the other"));
    // The other blocks of the stack show as edges behind the one in front.
    this.frame.style.boxShadow = Array.from({ length: Math.min(m.n_layers - 1, 5) }, (_, k) => (narrow ? 1.5 : 3.5) * (k + 1))
      .flatMap((x) => [`${x}px ${-x}px 0 -1px var(--page)`, `${x}px ${-x}px 0 0 var(--line)`]).join();
    this.heads.replaceChildren(span("", "Heads"), ...Array.from({ length: m.n_heads }, (_, h) => {
      const button = el("button", { type: "button" }, el("canvas", { width: 84, height: 84 }), el("small"));
      button.addEventListener("click", () => this.select({ head: h }));
      return button;
    }), span("depth", "all at the same time"));
    this.timeline.querySelectorAll(".segments button").forEach((button, k) => {
      if (STAGES[k].id === "layers") button.textContent = `× ${m.n_layers}`;
    });
    this.wallBox = null;
    this.forgetPictures();
  }

  writeChips() {
    const t = this.trace, chips = this.chips.children;
    while (chips.length > t.n) this.chips.lastChild.remove();
    t.tokens.forEach((token, i) => {
      const chip = chips[i] ?? this.chip(i);
      chip.classList.toggle("sampled", i >= t.n - t.sampled);
      chip.textContent = t.word(i);
      chip.ariaLabel = `Token ${i + 1}: ${t.word(i)}`;
      chip.title = `${JSON.stringify(t.pieces[token.id])} · id ${token.id}`;
    });
  }

  chip(i) {
    const chip = this.chips.appendChild(el("button", { type: "button" }));
    chip.addEventListener("click", () => this.select({ token: i }));
    for (const enters of ["pointerenter", "focus"]) chip.addEventListener(enters, () => this.setHover({ row: i, key: null }));
    for (const leaves of ["pointerleave", "blur"]) chip.addEventListener(leaves, () => this.setHover({ row: null, key: null }));
    return chip;
  }

  // ---- selection, the address, updates

  select(change, { remember = true } = {}) {
    Object.assign(this.state, change);
    if (change.token !== undefined) this.keepVisible(change.token);
    if (remember) this.remember();
    this.update();
    if (this.open) this.openCard(this.open);
  }

  // Kept in the address, so that a copied link opens the same picture.
  remember() {
    clearTimeout(this.remembering);
    this.remembering = setTimeout(() => {
      const { layer, head, token, stage } = this.state;
      remember("layer", layer + 1);
      remember("head", head + 1);
      remember("token", token + 1);
      remember("step", stage === OVERVIEW ? "" : STAGES[stage].id);
    }, 250);
  }

  setHover(hover) {
    if (hover.row === this.hover.row && hover.key === this.hover.key) return;
    this.hover = hover;
    if (hover.key === null) this.tip.hidden = true;
    this.update();
  }

  get row() { return this.hover.row ?? this.state.token; }
  get layer() {
    if (this.state.stage !== INDEX.layers || this.state.share >= 1) return this.state.layer;
    return Math.min(Math.floor(this.state.share * this.trace.model.n_layers), this.trace.model.n_layers - 1);
  }
  get key() { return this.hover.key ?? this.trace.strongest(this.row, this.layer, this.state.head); }

  // Share of a stage that has happened: 1 in the overview and for stages behind us, 0 ahead.
  reach(id) {
    const { stage, share } = this.state, k = INDEX[id];
    return stage === OVERVIEW || k < stage ? 1 : k > stage ? 0 : share;
  }

  update() {
    if (this.pending) return;
    this.pending = requestAnimationFrame(() => {
      this.theme();
      this.draw();
    });
  }

  draw() {
    cancelAnimationFrame(this.pending);
    this.pending = null;
    if (!this.trace || !this.g) return;
    this.paint();
    this.paintControls();
    this.paintPrediction();
    this.writeNotes();
  }

  paintControls() {
    const t = this.trace, { head, stage, share } = this.state, layer = this.layer;
    this.layers.querySelectorAll("button").forEach((b, l) => b.setAttribute("aria-pressed", l === layer));
    [...this.chips.children].forEach((chip, i) => {
      chip.setAttribute("aria-pressed", i === this.row);
      chip.classList.toggle("key", this.showsKey() && i === this.key && i !== this.row);
      const arrives = stage === INDEX.tokens ? ease(share * t.n * 0.6 - i * 0.6 + 0.4) : 1;
      chip.style.opacity = arrives < 1 ? arrives : "";
    });
    const below = (column) => this.headings.querySelector(`[data-column="${column}"] span`);
    below("tokens").textContent = t.n;
    below("attention").textContent = `head ${head + 1} of ${t.model.n_heads}`;
    this.heads.querySelectorAll("button").forEach((b, h) => {
      b.setAttribute("aria-pressed", h === head);
      const role = t.roles?.[layer]?.[h];
      b.title = this.headName(layer, h);
      b.setAttribute("aria-label", b.title);
      b.lastChild.textContent = (this.narrow ? null : role) ?? (h === head && !this.narrow ? `head ${h + 1}` : String(h + 1));
    });
    if (this.shownLayer !== layer) {
      this.heads.querySelectorAll("canvas").forEach((canvas, h) => {
        const ctx = canvas.getContext("2d");
        ctx.clearRect(0, 0, canvas.width, canvas.height);
        this.paintMap(ctx, layer, h, 0, 0, canvas.width, canvas.height);
      });
      this.shownLayer = layer;
    }
    const lit = this.open === null ? stage : INDEX[this.openStage()];
    this.timeline.querySelector(".overview").setAttribute("aria-pressed", lit === OVERVIEW);
    this.timeline.querySelectorAll(".segments button").forEach((button, k) => {
      button.style.setProperty("--fill", stage === OVERVIEW ? 0 : k < stage ? 1 : k === stage ? Math.max(share, 0.04) : 0);
      button.classList.toggle("done", k < stage);
      if (k === lit) button.setAttribute("aria-current", "step"); else button.removeAttribute("aria-current");
    });
    const play = this.timeline.querySelector(".play"), label = this.playing ? "Pause" : "Play";
    if (play.ariaLabel !== label) { play.ariaLabel = label; play.title = `${label} (space)`; play.replaceChildren(icon(label.toLowerCase())); }
  }

  showsKey() {
    const { stage } = this.state;
    return this.hover.key !== null || stage === OVERVIEW || (stage >= INDEX.scores && stage <= INDEX.mix);
  }

  // One head's attention map.
  paintMap(ctx, l, h, x, y, width, height) {
    const n = this.trace.n;
    ctx.imageSmoothingEnabled = n > width;
    ctx.drawImage(this.layerMaps(l), h * n, 0, n, n, x, y, width, height);
  }

  // The maps of a layer's heads side by side, a pixel a cell; kept as long as the trace.
  layerMaps(l) {
    if (!this.maps.has(l)) {
      const t = this.trace, n = t.n, { n_heads } = t.model, image = new ImageData(n * n_heads, n);
      const pixels = new Uint32Array(image.data.buffer), [red, green, blue] = this.c.attention;
      const colour = (blue << 16) | (green << 8) | red;
      for (let h = 0; h < n_heads; h++) for (let i = 0; i < n; i++) for (let j = 0; j <= i; j++) {
        pixels[i * n * n_heads + h * n + j] = colour | (255 * (0.06 + 0.94 * Math.sqrt(t.weight(i, j, l, h)))) << 24;
      }
      const maps = el("canvas", { width: n * n_heads, height: n });
      maps.getContext("2d").putImageData(image, 0, 0);
      this.maps.set(l, maps);
    }
    return this.maps.get(l);
  }

  // ---- the picture

  paint() {
    const g = this.g, c = this.c, t = this.trace, ctx = this.canvas.getContext("2d");
    const { ratio } = this.size;
    ctx.setTransform(ratio, 0, 0, ratio, 0, 0);
    ctx.clearRect(0, 0, this.canvas.width, this.canvas.height);
    // Rows out of sight are not drawn: with 250 tokens they are nine of ten.
    const first = Math.max(0, Math.floor(this.scroll / g.rowHeight) - 1);
    const last = Math.min(t.n - 1, Math.ceil((this.scroll + g.rowsHeight + g.labels) / g.rowHeight));
    this.inSight = { first, last };
    for (let i = first; i <= last; i++) if (i !== this.row) this.paintRow(ctx, i, 0.62);
    this.paintRow(ctx, this.row, 1);
    if (this.reach("mix") > 0) this.paintFlow(ctx);
    this.paintCells(ctx);
    this.paintKeys(ctx);
    if (this.showsKey() && this.reach("scores") > 0) this.paintCross(ctx);
    this.summary.textContent = this.sentence();
  }

  // One token's lane: embedding, norm, Q K V, two additions, MLP, way out.
  paintRow(ctx, i, strength) {
    const g = this.g, c = this.c, t = this.trace, l = this.layer, h = this.state.head, y = g.y(i);
    const chosen = i === this.row, old = this.fresh > 0 && i < t.n - 1;
    const embed = this.reach("embed"), out = this.reach("unembed");
    const newest = this.fresh > 0 && i === t.n - 1 ? this.fresh : 1;
    // Thick where it runs alone, thin behind the attention dots.
    const lane = (from, to, done, thick = 3) => {
      ctx.strokeStyle = paint(chosen ? c.residual : c.line);
      ctx.lineWidth = chosen ? thick : 1.4;
      ctx.globalAlpha = chosen ? 1 : 0.9;
      ctx.beginPath(); ctx.moveTo(from, y); ctx.lineTo(from + (to - from) * done, y); ctx.stroke();
    };
    ctx.globalAlpha = 0.5;
    ctx.strokeStyle = paint(c.line); ctx.lineWidth = 1;
    ctx.beginPath(); ctx.moveTo(g.chip, y); ctx.lineTo(g.frameRight + 4, y); ctx.stroke();
    const reaches = [
      [g.chip, g.left + g.embed, Math.min(embed, newest * 8)], [g.left + g.embed, g.dots - 5, Math.min(this.reach("norm"), newest * 4)],
      [g.dots - 5, g.dotsEnd + 5, Math.min(this.reach("norm"), newest * 3), 1], [g.dotsEnd + 5, g.add1, Math.min(this.reach("norm"), newest * 3)],
      [g.add1, g.add2, Math.min(this.reach("mlp"), newest * 2)], [g.add2, g.frameRight + 4, Math.min(this.reach("add2"), newest * 1.2)],
    ];
    reaches.forEach(([a, b, done, thick]) => lane(a, b, clamp(done, 0, 1), thick));
    const height = clamp(g.rowHeight * 0.42, 5, 18), dim = old ? 0.3 : 1;
    const seen = (share) => strength * dim * clamp(share, 0, 1);
    this.strip(ctx, t.vector("embedded", i), t.peak("embedded"), g.left, y - height / 2, g.embed, height, c.residual, seen(Math.min(embed, newest * 8)));
    this.node(ctx, g.normX, y, "", c.residual, chosen, seen(this.reach("norm")), true);
    this.paintHeads(ctx, i, seen, old, newest);
    const mlp = Math.min(this.reach("mlp"), newest * 2);
    if (mlp > 0) this.bulge(ctx, i, y, seen(mlp), mlp);
    this.node(ctx, g.add1, y, "+", c.attention, chosen, seen(Math.min(this.reach("add"), newest * 3)));
    this.node(ctx, g.add2, y, "+", c.feed_forward, chosen, seen(Math.min(this.reach("add2"), newest * 1.3)));
    if (chosen && out > 0 && !this.narrow) this.wayOut(ctx, y, out);
    ctx.globalAlpha = 1;
  }

  paintHeads(ctx, i, seen, old, newest) {
    const g = this.g, c = this.c, t = this.trace, l = this.layer, h = this.state.head, y = g.y(i), chosen = i === this.row;
    const shown = Math.min(this.reach("qkv"), newest * 4);
    if (shown <= 0) return;
    const gap = clamp(g.rowHeight * 0.29, 4, 14), height = Math.max(gap - 2.5, 2.5);
    [["q", t.q(i, l, h), c.query, -gap], ["k", t.k(i, l, h), c.key, 0], ["v", t.v(i, l, h), c.value, gap]].forEach(([name, vector, colour, dy]) => {
      const kept = old && name !== "q";
      const strength = kept ? 1 : seen(shown);
      ctx.globalAlpha = (chosen ? 0.85 : 0.22) * strength;
      ctx.strokeStyle = paint(colour);
      ctx.lineWidth = chosen ? 2.2 : g.rowHeight > 24 ? 4 : 1.5;
      const x0 = g.normX + 5, x1 = g.qkv, end = x0 + (x1 - x0) * shown;
      ctx.beginPath(); ctx.moveTo(x0, y);
      ctx.bezierCurveTo((x0 + end) / 2, y, (x0 + end) / 2, y + dy, end, y + dy); ctx.stroke();
      const outer = name === "q" ? h : t.kvHead(h);
      this.strip(ctx, vector, t.peak(name, l, outer), g.qkv, y + dy - height / 2, g.strip * shown, height, colour, strength);
      if (kept) {
        ctx.globalAlpha = 1; ctx.strokeStyle = paint(colour); ctx.lineWidth = 1;
        ctx.strokeRect(g.qkv - 1.5, y + dy - height / 2 - 1, g.strip + 3, height + 2);
      }
    });
    ctx.globalAlpha = 1;
  }

  // A vector as cells: colour of its role where positive, of negative values where not.
  strip(ctx, vector, peak, x, y, width, height, colour, strength) {
    if (strength <= 0.01 || width < 2) return;
    const cells = Math.min(vector.length, Math.floor(width / 2.6)), cell = width / cells;
    ctx.globalAlpha = strength;
    ctx.fillStyle = paint(this.c.page);
    ctx.fillRect(x, y, width, height);
    for (let k = 0; k < cells; k++) {
      const value = vector[k] / peak;
      ctx.globalAlpha = strength * (0.05 + 0.95 * Math.min(1, Math.abs(value)) ** 0.65);
      ctx.fillStyle = paint(value < 0 ? this.opposite(colour) : colour);
      ctx.fillRect(x + k * cell, y, cell - (cell > 3 ? 0.5 : 0), height);
    }
    ctx.globalAlpha = strength * 0.35;
    ctx.strokeStyle = paint(colour); ctx.lineWidth = 0.75;
    ctx.strokeRect(x - 0.5, y - 0.5, width + 1, height + 1);
    ctx.globalAlpha = 1;
  }

  // Negative numbers; the key's own colour is too near to the usual one.
  opposite(colour) { return colour === this.c.key ? this.c.muted : this.c.negative; }

  node(ctx, x, y, sign, colour, chosen, strength, small = false) {
    const r = small ? clamp(this.g.rowHeight * 0.1, 2, 4) : clamp(this.g.rowHeight * 0.19, 3.5, 8);
    ctx.globalAlpha = Math.max(strength, 0.25);
    ctx.fillStyle = paint(this.c.page);
    ctx.strokeStyle = paint(chosen && strength > 0.1 ? colour : this.c.muted);
    ctx.lineWidth = chosen ? 1.8 : 1;
    ctx.beginPath(); ctx.arc(x, y, r, 0, 7); ctx.fill(); ctx.stroke();
    if (sign && r > 4) {
      ctx.beginPath(); ctx.moveTo(x - r / 2, y); ctx.lineTo(x + r / 2, y); ctx.moveTo(x, y - r / 2); ctx.lineTo(x, y + r / 2); ctx.stroke();
    }
    ctx.globalAlpha = 1;
  }

  // The MLP widens each token's vector to d_ff numbers and narrows it again.
  bulge(ctx, i, y, strength, share) {
    const g = this.g, c = this.c, t = this.trace, l = this.layer;
    const half = clamp(g.rowHeight * 0.4, 4, 17), tall = half * (share < 1 ? ease(share * 1.6) : 1), x = g.mlpX, w = g.mlp;
    ctx.globalAlpha = strength * (i === this.row ? 0.24 : 0.13);
    ctx.fillStyle = paint(c.feed_forward);
    ctx.beginPath();
    ctx.moveTo(x, y - 2); ctx.lineTo(x + w * 0.22, y - tall); ctx.lineTo(x + w * 0.78, y - tall); ctx.lineTo(x + w, y - 2);
    ctx.lineTo(x + w, y + 2); ctx.lineTo(x + w * 0.78, y + tall); ctx.lineTo(x + w * 0.22, y + tall); ctx.lineTo(x, y + 2);
    ctx.fill();
    const height = tall * 1.35;
    this.strip(ctx, t.vector("hidden", i, l), t.peak("hidden", l), x + w * 0.2, y - height / 2, w * 0.6, height, c.feed_forward, strength);
  }

  wayOut(ctx, y, share) {
    const g = this.g, x0 = g.frameRight + 4, x1 = g.frameRight + 32, goal = this.scroll + 34;
    ctx.strokeStyle = paint(this.c.residual); ctx.lineWidth = 3; ctx.globalAlpha = share;
    ctx.beginPath(); ctx.moveTo(x0, y);
    ctx.bezierCurveTo(x0 + 20, y, x0 + 4, goal, x0 + (x1 - x0) * share, y + (goal - y) * share); ctx.stroke();
    ctx.globalAlpha = 1;
  }

  // Attention cells: signed squares while they are scores, circles once they are shares.
  paintCells(ctx) {
    const t = this.trace, g = this.g, c = this.c, l = this.layer, h = this.state.head, { first, last } = this.inSight;
    const scores = this.reach("scores"), scale = ease(this.reach("scale")), mask = this.reach("mask"), soft = ease(this.reach("softmax"));
    if (scores <= 0) {
      for (let i = first; i <= last; i++) for (let j = 0; j <= i; j++) this.dot(ctx, i, j, 0.12, c.muted, 0.35);
      return;
    }
    // Masked, the colours spread over the scores that are left.
    const peak = soft < 1 ? t.scoreScale(l, h, mask > 0) : 1, shrink = mask > 0 ? 1 : 1 + (1 / Math.sqrt(t.model.d_head) - 1) * scale;
    const size = Math.min(g.pitch, g.rowHeight) * 0.84;
    for (let i = first; i <= last; i++) {
      const faded = this.fresh > 0 && i < t.n - 1 ? 0.25 : i === this.row ? 1 : 0.75;
      const newest = this.fresh > 0 && i === t.n - 1 ? clamp(this.fresh * 3, 0, 1) : 1;
      for (let j = 0; j < t.n; j++) {
        const begun = ease(scores * (t.n + 2) - Math.max(i, j) * 0.9) * newest;
        const kept = j > i ? 1 - ease(mask * 2.2 - (j - i) / t.n) : 1;
        if (begun <= 0 || kept <= 0) continue;
        if (soft < 1) {
          const value = (t.dot(i, j, l, h) / peak) * shrink;
          ctx.globalAlpha = begun * kept * (1 - soft) * (0.08 + 0.92 * Math.abs(value) ** 0.8) * (0.5 + 0.5 * faded);
          ctx.fillStyle = paint(value < 0 ? c.negative : c.query);
          const x = g.dots + (j + 0.5) * g.pitch - size / 2;
          ctx.beginPath(); ctx.roundRect(x, g.y(i) - size / 2, size, size, Math.min(3, size / 4)); ctx.fill();
        }
        if (soft > 0 && j <= i) this.dot(ctx, i, j, t.weight(i, j, l, h), c.attention, soft * begun * faded);
      }
    }
    ctx.globalAlpha = 1;
  }

  dot(ctx, i, j, share, colour, strength) {
    const g = this.g, most = Math.min(g.pitch, g.rowHeight) * 0.47, r = Math.max(most * Math.sqrt(share), 0.8);
    ctx.globalAlpha = strength * (0.3 + 0.7 * Math.sqrt(share));
    ctx.fillStyle = paint(colour);
    ctx.beginPath(); ctx.arc(g.dots + (j + 0.5) * g.pitch, g.y(i), r, 0, 7); ctx.fill();
  }

  // Values flow from the keys that are read to the chosen row.
  paintFlow(ctx) {
    const t = this.trace, g = this.g, i = this.row, l = this.layer, h = this.state.head;
    const share = ease(this.reach("mix")), x0 = g.dotsEnd + 4, x1 = g.add1 - 7;
    if (x1 - x0 < 6) return;
    ctx.strokeStyle = paint(this.c.value); ctx.lineCap = "round";
    for (let j = 0; j <= i; j++) {
      const w = t.weight(i, j, l, h);
      if (w < 0.004) continue;
      ctx.globalAlpha = (0.2 + 0.5 * w) * Math.min(1, share * 2);
      ctx.lineWidth = Math.max(w * 13, 0.8);
      const y0 = g.y(j), y1 = g.y(i), end = x0 + (x1 - x0) * share, low = y0 + clamp(g.rowHeight * 0.29, 4, 14);
      const width = ctx.lineWidth;
      ctx.lineWidth = 1; // from the value's strip, below the dots, to where the streams meet
      ctx.beginPath(); ctx.moveTo(g.qkv + g.strip + 2, low); ctx.lineTo(x0 - 16, low); ctx.quadraticCurveTo(x0 - 6, low, x0, y0); ctx.stroke();
      ctx.lineWidth = width;
      ctx.beginPath(); ctx.moveTo(x0, y0);
      ctx.bezierCurveTo(x0 + (end - x0) * 0.7, y0, x0 + (end - x0) * 0.35, y0 + (y1 - y0) * share, end, y0 + (y1 - y0) * share);
      ctx.stroke();
    }
    ctx.globalAlpha = 1; ctx.lineCap = "butt";
  }

  // Below the columns, the tokens that they stand for.
  paintKeys(ctx) {
    const g = this.g, t = this.trace;
    if (!g.labels || this.reach("scores") <= 0) return;
    ctx.font = `${this.large ? 12.5 : 11}px Inter, system-ui, sans-serif`;
    // As many as there is room for, always the one read and the reader itself.
    const always = [...(this.showsKey() ? [this.key] : []), this.row], apart = Math.ceil((this.large ? 18 : 16) / g.pitch);
    for (let j = 0; j < t.n; j++) {
      const kept = always.filter((other, k) => k === 0 || Math.abs(other - always[0]) >= apart);
      if (!kept.includes(j) && (j % apart || kept.some((other) => Math.abs(other - j) < apart))) continue;
      const chosen = j === this.key && this.showsKey(), word = t.word(j);
      ctx.fillStyle = paint(chosen ? this.c.key : this.c.muted);
      ctx.globalAlpha = j > this.row ? 0.45 : 1;
      ctx.save();
      ctx.translate(g.dots + (j + 0.5) * g.pitch - 3, g.full + 9);
      ctx.rotate(0.62);
      ctx.fillText(word.length > 8 ? `${word.slice(0, 7)}…` : word, 0, 4);
      ctx.restore();
    }
    ctx.globalAlpha = 1;
  }

  paintCross(ctx) {
    const g = this.g, i = this.row, j = this.key, size = Math.min(g.pitch, g.rowHeight);
    ctx.strokeStyle = paint(this.c.attention); ctx.lineWidth = 1.4; ctx.globalAlpha = 0.9;
    const half = Math.min(g.rowHeight * 0.46, 18);
    ctx.beginPath(); ctx.roundRect(g.dots - 5, g.y(i) - half, g.dotsEnd - g.dots + 10, 2 * half, half); ctx.stroke();
    ctx.strokeStyle = paint(this.c.key); ctx.setLineDash([2, 3]);
    const x = g.dots + (j + 0.5) * g.pitch, from = g.y(j), to = g.y(i);
    ctx.beginPath(); ctx.moveTo(x, Math.min(from, to)); ctx.lineTo(x, Math.max(from, to) - size / 2); ctx.stroke();
    ctx.setLineDash([]);
    ctx.globalAlpha = 1;
  }

  // ---- the prediction

  get shaped() { return this.row === this.trace.n - 1 && (this.temperature !== 1 || this.topP < 1); }

  // The likeliest tokens: the model's own share, and the odds of the draw after temperature and top-p.
  distribution() {
    const token = this.trace.tokens[this.row], T = this.temperature;
    const own = token.next.map((id, k) => ({ id, own: token.probabilities[k], share: token.probabilities[k], cut: false }));
    if (!this.shaped) return own;
    if (T === 0) return own.map((guess, k) => ({ ...guess, share: k ? 0 : 1, never: k > 0 }));
    const { top, total, kept } = this.reshaped();
    let before = 0;
    return own.map((guess) => {
      const share = Math.exp((this.trace.lastLogits[guess.id] - top) / T) / total, cut = before >= this.topP;
      before += share;
      return { ...guess, share: cut ? 0 : share / kept, cut };
    });
  }

  // Over the whole vocabulary: the sum of all shares, and what top-p keeps of it.
  reshaped() {
    const { temperature: T, topP, trace: { lastLogits: logits } } = this;
    if (this.shape?.logits === logits && this.shape.T === T && this.shape.topP === topP) return this.shape;
    const top = logits.reduce((most, x) => Math.max(most, x), -Infinity);
    const powers = logits.map((x) => Math.exp((x - top) / T)).sort(), total = powers.reduce((sum, x) => sum + x, 0);
    let kept = topP < 1 ? 0 : 1;
    for (let k = powers.length - 1; kept < topP && k >= 0; k--) kept += powers[k] / total;
    return this.shape = { logits, T, topP, top, total, kept };
  }

  paintPrediction() {
    const t = this.trace, i = this.row, last = i === t.n - 1, box = this.prediction;
    const reach = this.reach("unembed");
    box.style.opacity = this.fresh > 0 && this.fresh < 0.75 ? 0.2 : 0.25 + 0.75 * reach;
    box.inert = reach < 0.5;
    const key = `${t.model.name},${i},${t.n}`;
    if (box.dataset.key !== key || box.dataset.trace !== String(t.tokens.map((x) => x.id))) {
      box.dataset.key = key;
      box.dataset.trace = t.tokens.map((x) => x.id);
      box.replaceChildren(el("h4"), el("ol"), last ? this.samplingControls() : el("h4"));
    }
    const shaped = this.shaped;
    box.firstChild.replaceChildren(`next token after ${quote(t.word(i))}`, el("small", {}, shaped ? "share → odds of the draw" : "share"));
    const guesses = this.distribution().slice(0, this.narrow ? 4 : this.figureSize[1] < 600 ? 7 : 8);
    const list = box.children[1];
    const words = t.distinct(guesses.map((x) => x.id));
    guesses.forEach((guess, k) => {
      const { id, own, share, cut } = guess;
      const button = list.children[k]?.firstChild ?? this.guess(list);
      const actual = !last && t.tokens[i + 1].id === id;
      button.className = "guess" + (cut ? " cut" : "") + (actual ? " actual" : "");
      button.title = last ? "Append this token" : actual ? "The text goes on with this token" : "";
      button.disabled = !last;
      button.token = id;
      button.children[0].textContent = words[k];
      button.children[1].replaceChildren(...(shaped ? [el("small", {}, `${percent(own)} → `)] : []), odds(guess));
      button.children[2].style.setProperty("--share", share * reach);
      button.children[2].style.setProperty("--own", own * reach);
    });
    while (list.children.length > guesses.length) list.lastChild.remove();
    if (!last) {
      const next = t.tokens[i + 1], found = t.tokens[i].next.indexOf(next.id);
      box.children[2].textContent = found >= 0
        ? `◂ the text goes on with ${quote(t.word(i + 1))}, choice ${found + 1}`
        : `The text goes on with ${quote(t.word(i + 1))}, not among these ${guesses.length}.`;
    }
  }

  guess(list) {
    const button = el("button", { type: "button", class: "guess" }, el("b"), el("span"), el("i"));
    button.addEventListener("click", () => this.append({ token: button.token }));
    list.append(el("li", {}, button));
    return button;
  }

  samplingControls() {
    const slider = (label, min, max, step, value, format, apply) => {
      const out = span("", format(value)), input = el("input", { type: "range", min, max, step, value });
      input.setAttribute("aria-label", label);
      input.addEventListener("input", () => { apply(Number(input.value)); out.textContent = format(Number(input.value)); this.update(); });
      return el("label", { title: label === "temperature" ? "Below 1 sharpens the choice, above 1 flattens it; 0 always takes the likeliest" : "Keeps the likeliest tokens that together reach this share" }, span("", label), out, input);
    };
    const full = this.trace.n >= this.trace.model.context_length;
    const go = el("button", { type: "button", class: "go", disabled: full }, full ? "Context is full" : "Sample next token");
    go.addEventListener("click", () => this.append({ temperature: this.temperature, top_p: this.topP }));
    return el("div", {},
      slider("temperature", 0, 2, 0.05, this.temperature, (x) => number(x), (x) => { this.temperature = x; }),
      slider("top-p", 0.05, 1, 0.05, this.topP, (x) => number(x), (x) => { this.topP = x; }), go);
  }

  append(choice) {
    if (this.trace.n >= this.trace.model.context_length) return;
    this.prediction.querySelector(".go")?.setAttribute("disabled", "");
    this.trigger("append", { ...choice, length: this.trace.n });
  }

  // ---- the notes

  sentence() {
    const t = this.trace, i = this.row, { next, probabilities } = t.tokens[i];
    return `Layer ${this.layer + 1}, head ${this.state.head + 1}: ${quote(t.word(i))} gives ${percent(t.weight(i, this.key, this.layer, this.state.head))} of its attention to ${quote(t.word(this.key))}. Likeliest next token: ${quote(t.piece(next[0]))}, ${percent(probabilities[0])}.`;
  }

  writeNotes() {
    const { stage } = this.state;
    const id = this.open ? this.openStage() : this.fresh > 0 ? "fresh" : stage === OVERVIEW ? "overview" : STAGES[stage].id;
    const key = [id, this.row, this.key, this.layer, this.state.head, this.trace.n, this.trace.model.name, this.trace.tokens[this.row].id, ...(id === "sample" ? [this.temperature, this.topP] : [])].join();
    if (this.noteKey === key) return;
    const sameStep = this.noteId === id;
    this.noteKey = key;
    this.noteId = id;
    const note = NOTES[id](this.facts());
    const opened = sameStep ? this.openLever : null;
    const where = this.facts().where(id);
    this.notes.replaceChildren(...[
      el("div", { class: "kicker" }, span("", where), el("b", { class: "tag", title: "Computed just now, by this model from this text" }, "live")),
      el("h3", {}, note.title.replaceAll(" %", "\u00a0%")),
      ...[note.text].flat().map((text) => el("p", {}, text)),
      note.formula && el("div", { class: "box formula" }, ...note.formula),
      note.shapes && el("div", { class: "shapes" }, note.shapes),
      note.numbers && el("div", { class: "box numbers" }, ...note.numbers.map((line) => el("code", {}, ...[line].flat()))),
      note.wall && this.wall(),
      note.costs && el("div", { class: "costs" },
        this.cost("Training", "all tokens of a text at once", note.costs[0]), this.cost("Decoding", "one new token at a time", note.costs[1]),
        el("small", { class: "caption" }, `n = ${this.trace.n} tokens, d = ${this.trace.model.d_model} numbers a vector, V = ${count(this.trace.model.vocab_size)} entries. FLOPs: forward; training adds about twice as many backward.`)),
      note.levers && this.levers(note.levers, opened),
      note.takeaway && el("p", { class: "takeaway" }, note.takeaway),
    ].filter(Boolean));
    if (!sameStep && this.notesScrolled) this.notes.scrollTop = 0; // known without asking, which would lay out
  }

  // Every attention map of this pass: layers from top to bottom, heads side by side.
  wall() {
    const { n_layers, n_heads } = this.trace.model, [width, height] = [96, 62], edge = 8;
    this.wallBox ??= el("div", {}, el("div", { class: "wall", "--columns": n_heads },
      el("canvas", { width: width * n_heads, height: height * n_layers }),
      ...Array.from({ length: n_layers * n_heads }, (_, k) => {
        const l = Math.floor(k / n_heads), h = k % n_heads;
        const button = el("button", { type: "button", title: this.headName(l, h), "ariaLabel": `Head ${l + 1}.${h + 1}` });
        button.addEventListener("click", () => this.select({ layer: l, head: h }));
        return button;
      })), el("small", { class: "caption" }, `All ${n_layers * n_heads} attention maps of this pass: layers downwards, heads across. Choose one.`));
    const [canvas, ...buttons] = this.wallBox.firstChild.children;
    if (this.wallPainted !== this.trace) {
      const ctx = canvas.getContext("2d");
      ctx.clearRect(0, 0, canvas.width, canvas.height);
      for (let l = 0; l < n_layers; l++) for (let h = 0; h < n_heads; h++) {
        this.paintMap(ctx, l, h, h * width + edge, l * height + edge, width - 2 * edge, height - 2 * edge);
      }
      this.wallPainted = this.trace;
    }
    buttons.forEach((button, k) => button.setAttribute("aria-pressed", k === this.state.layer * n_heads + this.state.head));
    return this.wallBox;
  }

  headName(l, h) {
    const role = this.trace.roles?.[l]?.[h];
    return `Head ${l + 1}.${h + 1}${role ? `: ${role}${ROLE_READS[role] ? `, reads ${ROLE_READS[role]}` : ""} (measured on test sequences)` : ""}`;
  }

  cost(kind, meaning, [order, text]) {
    return el("div", { class: "box", title: `${kind}: ${meaning}` }, el("small", {}, kind), el("b", {}, order), el("small", {}, text));
  }

  levers(levers, opened) {
    const text = el("p", { hidden: true });
    const box = el("div", { class: "levers" }, span("", "What a designer may change"));
    for (const [name, what] of levers) {
      const button = el("button", { type: "button" }, name);
      const show = (on) => {
        box.querySelectorAll("button").forEach((b) => b.setAttribute("aria-expanded", on && b === button));
        text.hidden = !on;
        text.textContent = what;
        this.openLever = on ? name : null;
      };
      button.setAttribute("aria-expanded", "false");
      button.addEventListener("click", () => {
        show(this.openLever !== name);
        text.scrollIntoView({ block: "nearest" });
      });
      box.append(button);
      if (opened === name) queueMicrotask(() => show(true));
    }
    box.append(text);
    return box;
  }

  // Everything the notes and cards speak of, for the row, key, layer and head looked at.
  facts() {
    const t = this.trace, m = t.model, i = this.row, j = this.key, l = this.layer, h = this.state.head;
    const dot = t.dot(i, j, l, h), root = Math.sqrt(m.d_head);
    let sum = 0, top = -Infinity;
    for (let k = 0; k <= i; k++) top = Math.max(top, t.dot(i, k, l, h) / root);
    for (let k = 0; k <= i; k++) sum += Math.exp(t.dot(i, k, l, h) / root - top);
    const size = (k) => t.vector("size", i, l)[k];
    return {
      t, m, i, j, l, h, n: t.n, dot, root, top, sum, size, screen: this,
      score: dot / root, share: t.weight(i, j, l, h), word: quote(t.word(i)), key: quote(t.word(j)),
      kv: m.n_kv_heads * m.d_head, likeliest: [t.piece(t.tokens[i].next[0]), t.tokens[i].probabilities[0]], bytes: /^⟨[0-9a-f ]+⟩$/.test(t.word(i)),
      where: (id) => ({
        overview: "One pass, from text to prediction", tokens: "Text to tokens", embed: "Tokens to vectors",
        unembed: "Vector to prediction", sample: "Prediction to text", fresh: "One more token",
        layers: `Layers 1 to ${m.n_layers}`, norm: `Layer ${l + 1} · norm`, add: `Layer ${l + 1} · residual`,
        mlp: `Layer ${l + 1} · MLP`, add2: `Layer ${l + 1} · residual`,
      })[id] ?? `Layer ${l + 1} · head ${h + 1} · ${STEP_NAMES[id]}`,
    };
  }

  // ---- a part opened in place

  // The step that an open part explains: the current one if it belongs there, else its main one.
  openStage() {
    const main = { tokens: "tokens", embed: "embed", qkv: "qkv", attention: "softmax", mlp: "mlp", predict: "unembed" };
    const current = STAGES[this.state.stage];
    return current?.column === this.open ? current.id : main[this.open];
  }

  openCard(column) {
    const facts = this.facts();
    const firstTime = this.open === null;
    this.open = column;
    this.setPlaying(false);
    this.figure.classList.add("opened");
    const id = this.openStage();
    const close = el("button", { type: "button", class: "close", "ariaLabel": "Close", title: "Close (Esc)" }, "×");
    close.addEventListener("click", () => this.closeCard());
    const note = NOTES[id](facts);
    this.card.replaceChildren(
      el("header", {}, el("h3", {}, CARD_TITLES[column](facts)), close),
      ...(note.formula ? [el("div", { class: "box formula" }, ...note.formula)] : []),
      ...CARDS[column](facts, this),
    );
    const cells = this.card.querySelector(".line") ? "Hover a cell for its number. " : "";
    this.card.append(el("p", { class: "hint" }, `${cells}Choose another token, layer or head: this card follows.`));
    this.card.setAttribute("aria-label", CARD_TITLES[column](facts));
    this.veil.hidden = this.card.hidden = false;
    const g = this.g, centre = { tokens: 0, embed: g.left, qkv: g.qkv, attention: g.dots, mlp: g.mlpX, predict: g.W }[column];
    const width = this.card.offsetWidth, from = this.narrow ? 4 : g.chip + 10;
    this.card.style.left = `${clamp(centre - width / 3, column === "tokens" ? g.chip + 8 : from, g.W - width - 4)}px`;
    this.card.style.top = `${g.top - 8}px`; // layers above and heads below stay in reach
    this.card.style.maxHeight = `${g.rowsHeight + 10}px`;
    if (firstTime) close.focus({ preventScroll: true });
  }

  closeCard() {
    if (this.open === null) return;
    const column = this.open;
    this.open = null;
    this.figure.classList.remove("opened");
    this.veil.hidden = this.card.hidden = true;
    this.update();
    this.headings.querySelector(`[data-column="${column}"]`)?.focus({ preventScroll: true });
  }

  // A labelled strip with all the numbers there are; hovering tells each.
  line(label, vector, colour, text, peak) {
    const canvas = el("canvas", { width: 560, height: 36 });
    const ctx = canvas.getContext("2d"), top = peak ?? Math.max(...vector.map(Math.abs), 1e-9), cell = canvas.width / vector.length;
    vector.forEach((x, k) => {
      ctx.fillStyle = paint(x < 0 ? this.opposite(colour) : colour, 0.06 + 0.94 * Math.min(1, Math.abs(x) / top) ** 0.65);
      ctx.fillRect(k * cell, 0, cell - (cell > 5 ? 1 : 0), 36);
    });
    canvas.addEventListener("pointermove", (event) => {
      const k = clamp(Math.floor(event.offsetX / canvas.clientWidth * vector.length), 0, vector.length - 1);
      this.showTip(event, [el("b", {}, `${label} [${k + 1}]`), el("code", {}, number(vector[k]))]);
    });
    canvas.addEventListener("pointerleave", () => { this.tip.hidden = true; });
    canvas.setAttribute("role", "img");
    canvas.setAttribute("aria-label", `${label}: ${vector.length} numbers from ${number(Math.min(...vector))} to ${number(Math.max(...vector))}`);
    return el("div", { class: "line" }, span("", label), canvas, span("", text ?? ""));
  }

  // `shares`, where given, are drawn as bars behind the last column.
  table(head, rows, chosen, shares) {
    const box = el("div", { class: "scroll" }, el("table", {},
      el("thead", {}, el("tr", {}, ...head.map((x) => el("th", {}, x)))),
      el("tbody", {}, ...rows.map((cells, k) => el("tr", { class: k === chosen ? "on" : "", "--share": shares ? shares[k] : 0 }, ...cells.map((x) => el("td", {}, x)))))));
    queueMicrotask(() => { box.scrollTop = Math.max(0, (box.querySelector(".on")?.offsetTop ?? 0) - 90); });
    return box;
  }

  showTip(event, content) {
    const box = this.figure.getBoundingClientRect();
    this.tip.replaceChildren(...content);
    this.tip.hidden = false;
    const x = event.clientX - box.left, y = event.clientY - box.top;
    this.tip.style.left = `${clamp(x + 14, 4, box.width - this.tip.offsetWidth - 4)}px`;
    const above = y - this.tip.offsetHeight - 14;
    this.tip.style.top = `${above < 0 ? y + 18 : above}px`;
  }

  // ---- time

  buildTimeline() {
    const button = (cls, name, title, act) => {
      const b = el("button", { type: "button", class: cls, title, "ariaLabel": title }, name ? icon(name) : null);
      b.addEventListener("click", act);
      return b;
    };
    const segments = el("div", { class: "segments" }, ...STAGES.map((stage) => {
      const b = el("button", { type: "button", title: `Step ${stage.index + 1}: ${stage.label}` }, ...(stage.id === "scores" ? ["QK", sup("T")] : [stage.label]));
      b.addEventListener("click", (event) => { if (event.detail === 0) this.goTo(stage.index); });
      return b;
    }));
    let scrubbing = false;
    const scrub = (event) => {
      const box = segments.getBoundingClientRect();
      const x = clamp((event.clientX - box.left) / box.width, 0, 0.9999) * STAGES.length;
      this.setPlaying(false);
      this.closeCard();
      const stage = Math.floor(x), moved = Math.abs(event.clientX - this.scrubFrom) > 4;
      this.state.share = moved && !this.still.matches ? x - stage : 1;
      this.select({ stage });
    };
    segments.addEventListener("pointerdown", (event) => {
      scrubbing = true;
      this.scrubFrom = event.clientX;
      segments.setPointerCapture(event.pointerId);
      scrub(event);
    });
    segments.addEventListener("pointermove", (event) => { if (scrubbing) scrub(event); });
    for (const end of ["pointerup", "pointercancel"]) segments.addEventListener(end, () => { scrubbing = false; });
    const speed = el("button", { type: "button", class: "speed", title: "Speed" }, "1×");
    speed.addEventListener("click", () => {
      this.speed = SPEEDS[(SPEEDS.indexOf(this.speed) + 1) % SPEEDS.length];
      speed.textContent = `${this.speed}×`.replace("0.5", "½");
    });
    const overview = el("button", { type: "button", class: "overview", title: "The whole pass at once (Esc)" }, "overview");
    overview.addEventListener("click", () => this.leaveStep());
    this.timeline.replaceChildren(
      button("skip", "back", "Step back (left arrow)", () => this.step(-1)),
      button("play", "play", "Play (space)", () => this.togglePlay()),
      button("skip", "forward", "Step on (right arrow)", () => this.step(1)),
      overview, segments, speed,
    );
  }

  goTo(stage, share = 1) {
    this.closeCard();
    this.state.share = share;
    this.select({ stage: clamp(stage, OVERVIEW, STAGES.length - 1) });
  }

  leaveStep() {
    this.setPlaying(false);
    this.goTo(OVERVIEW);
  }

  step(by) {
    this.setPlaying(false);
    this.fresh = 0;
    const to = this.state.stage + by;
    if (to >= STAGES.length) return this.goTo(OVERVIEW);
    this.goTo(to < OVERVIEW ? STAGES.length - 1 : to);
    if (by > 0 && !this.still.matches && this.state.stage !== OVERVIEW) {
      this.state.share = 0;
      this.stepping = true;
      this.tick();
    }
  }

  togglePlay() {
    if (!this.playing && (this.state.stage === OVERVIEW || (this.state.stage === STAGES.length - 1 && this.state.share >= 1))) this.goTo(0, 0);
    else if (!this.playing && this.state.share >= 1) this.goTo(this.state.stage + 1, 0);
    this.setPlaying(!this.playing);
  }

  setPlaying(on) {
    this.playing = on;
    this.stepping = false;
    this.fresh = 0;
    if (on) this.tick();
    this.update();
  }

  // One frame of whatever moves: play, one step, or the row of a newly sampled token.
  tick(now) {
    if (!this.host.isConnected) return;
    if (!this.playing && !this.stepping && !this.fresh) { this.before = null; return; }
    if (now && this.before) this.advance(now - this.before, now);
    this.before = now ?? null;
    cancelAnimationFrame(this.frameRequest);
    this.frameRequest = requestAnimationFrame((time) => this.tick(time));
    this.update();
  }

  advance(elapsed, now) {
    if (this.fresh) {
      this.fresh = this.still.matches ? 0 : Math.min((now - this.freshFrom) / 4200, 1);
      if (this.fresh >= 1) this.fresh = 0;
      return;
    }
    const s = this.state, ms = s.stage === INDEX.layers ? 450 * this.trace.model.n_layers : STAGE_MS;
    s.share += elapsed * this.speed / ms;
    // Between stages the picture rests, so that what has happened can be read.
    if (s.share < (this.playing ? 1.6 : 1)) { if (this.still.matches) s.share = Math.max(s.share, 1); return; }
    s.share = 1;
    if (this.stepping) this.stepping = false;
    else if (s.stage === STAGES.length - 1) this.setPlaying(false);
    else { s.stage += 1; s.share = 0; this.remember(); }
  }

  // ---- pointer and keyboard

  listen() {
    const at = (event) => {
      const g = this.g, box = this.canvas.getBoundingClientRect();
      const x = event.clientX - box.left, y = event.clientY - box.top, i = Math.floor(y / g.rowHeight);
      const inside = i >= 0 && i < this.trace.n;
      const key = x >= g.dots && x <= g.dotsEnd ? Math.floor((x - g.dots) / g.pitch) : null;
      return { x, row: inside ? i : null, key: inside && key !== null && key <= i ? key : null };
    };
    this.canvas.addEventListener("pointermove", (event) => {
      const { row, key } = at(event);
      this.setHover({ row, key });
      if (key === null) return;
      const f = this.facts();
      this.showTip(event, [el("b", {}, `${f.word} reads ${f.key}`), ...arithmetic(f).map((line) => el("code", {}, ...[line].flat())), `${number(f.top)}: the row's largest score; Σ: the row's sum`]);
    });
    this.canvas.addEventListener("pointerleave", () => this.setHover({ row: null, key: null }));
    this.canvas.addEventListener("click", (event) => {
      const { x, row } = at(event), g = this.g;
      if (row === null) return;
      if (row !== this.state.token) this.select({ token: row });
      else if (x > g.left && x < g.left + g.embed) this.openCard("embed");
      else if (x > g.normX - 8 && x < g.qkv + g.strip) this.openCard("qkv");
      else if (x >= g.dots && x < g.add1) this.openCard("attention");
      else if (x > g.mlpX && x < g.mlpX + g.mlp) this.openCard("mlp");
    });
    this.veil.addEventListener("click", () => this.closeCard());
    this.rows.addEventListener("scroll", () => this.update());
    this.notes.addEventListener("scroll", () => { this.notesScrolled = this.notes.scrollTop > 0; });
    document.addEventListener("keydown", this.onKey = (event) => this.keyDown(event));
    this.listenToSentence();
    const sized = new ResizeObserver(() => this.host.isConnected ? this.resize() : sized.disconnect());
    sized.observe(this.root);
    const frame = document.querySelector(".st-key-frame"); // above the picture: it may need another line
    if (frame) sized.observe(frame);
    addEventListener("resize", () => { if (this.host.isConnected) this.resize(); });
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => this.update());
    new MutationObserver(() => { if (this.trace && this.theme()) this.update(); })
      .observe(document.documentElement, { attributes: true, subtree: false });
  }

  // As Streamlit's field: at once by Enter and on leaving it, otherwise when the letters pause.
  listenToSentence() {
    const left = new AbortController();
    const on = (kind, act) => document.addEventListener(kind, (event) => {
      if (!this.host.isConnected) left.abort();
      else if (event.target.matches?.(FIELD)) act(event.target, event);
    }, { signal: left.signal, capture: true });
    on("input", (field) => { clearTimeout(this.typing); this.typing = setTimeout(() => this.typed(field), TYPING_MS); });
    on("keydown", (field, { key, isComposing }) => { if (key === "Enter" && !isComposing) this.typed(field); });
    on("focusout", (field) => this.typed(field));
  }

  keyDown(event) {
    if (!this.host.isConnected) { document.removeEventListener("keydown", this.onKey); return; }
    const target = event.composedPath()[0];
    if (event.ctrlKey || event.metaKey || event.altKey || !this.trace) return;
    const own = this.root.contains(target);
    if (target.isContentEditable || (/^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName) && !(own && event.key === "Escape"))) return;
    // Space presses the button in focus, unless that is one of the timeline's or a choice already made.
    const plays = own && (this.timeline.contains(target) || target.getAttribute("aria-pressed") === "true");
    if (target.tagName === "BUTTON" && event.key === " " && !plays) return;
    const act = {
      " ": () => this.togglePlay(), ArrowRight: () => this.step(1), ArrowLeft: () => this.step(-1),
      ArrowUp: () => this.select({ layer: Math.max(this.state.layer - 1, 0) }),
      ArrowDown: () => this.select({ layer: Math.min(this.state.layer + 1, this.trace.model.n_layers - 1) }),
      Escape: () => this.open === null ? this.leaveStep() : this.closeCard(),
    }[event.key];
    if (!act || (/Arrow(Up|Down)|Escape/.test(event.key) && !own && target !== document.body)) return;
    event.preventDefault();
    act();
  }
}

// How far the page around the component is scrolled: its place at rest decides the height.
function scrolled(host) {
  const main = host.ownerDocument.querySelector('[data-testid="stMain"]');
  return main ? main.scrollTop : scrollY;
}

// ------------------------------------------------------------------------------------- the words

function arithmetic(f) {
  // One digit more in what is divided, so that the quotient is right as printed.
  const digits = (x, n) => x < 1e-4 ? "0.0000" : x.toPrecision(n);
  const power = digits(Math.exp(f.score - f.top), 4), sum = digits(f.sum, 4), share = digits(f.share, 3);
  return [
    [span("query", "q"), sub(f.word), " · ", span("key-text", "k"), sub(f.key), ` = ${number(f.dot)}`],
    `÷ √${f.m.d_head} = ${number(f.score)}`,
    [`e`, sup(`${number(f.score)} − ${bracketed(f.top)}`), ` / Σ = ${power} / ${sum} ${digits(power / sum, 3) === share ? "=" : "≈"} `, em(share)],
    [`so ${percent(f.share)} of ${f.key}'s `, span("value", "v"), " is passed on"],
  ];
}

const ROLE_READS = {
  induction: "what followed an earlier copy of the same token", previous: "the token just before", first: "the first token",
  self: "the token itself", duplicate: "an earlier copy of the same token", punctuation: "punctuation marks",
};

// Why the lengths before and after differ by less than the length of what was added.
const lengths = (before, after) => `Vectors are added, not lengths${after < before ? ": this one points partly against x, so x gets shorter" : ""}.`;
const spelt = (f) => f.bytes ? ` ${f.t.word(f.i)} is not a whole letter but bytes of one, written in hexadecimal.` : "";

const NOTES = {
  overview: (f) => ({
    title: f.likeliest[1] < 0.3
      ? `The likeliest token after ${f.word} is ${quote(f.likeliest[0])}, with ${percent(f.likeliest[1])}`
      : `After ${f.word} the model expects ${quote(f.likeliest[0])} (${percent(f.likeliest[1])})`,
    text: [`This is one run of a trained Transformer with ${number(f.m.parameters / 1e6, 1)} million weights on your sentence. Each row is a token, a word or a piece of one. It becomes a vector, passes ${f.m.n_layers} layers (blocks of attention and MLP), and ends as a guess at the next token.${spelt(f)}`,
      "Type your own sentence above, press play, or click a heading to open that part. Hover a row or a dot for its numbers."],
    formula: formulaOfBlock(f),
    wall: true,
    levers: LEVERS.overview,
  }),
  tokens: (f) => ({
    title: `Your sentence ${f.t.sampled ? `and ${f.t.sampled} sampled token${f.t.sampled === 1 ? "" : "s"} make` : "is"} ${f.n} token${f.n === 1 ? "" : "s"}`,
    text: `The text is cut into tokens: whole words where they are common, pieces where they are not. Each is one of the ${count(f.m.vocab_size)} entries of the vocabulary and is known to the model only by its number.${spelt(f)}`,
    shapes: `token_ids  [batch 1 · position ${f.n}]`,
    numbers: [`token ${f.i + 1} of ${f.n}: ${f.word}`, [`id `, em(String(f.t.tokens[f.i].id)), `, ${f.t.tokens[f.i].bytes.length} byte${f.t.tokens[f.i].bytes.length === 1 ? "" : "s"}${/^ \S/.test(f.t.pieces[f.t.tokens[f.i].id]) ? " with its space" : ""}`]],
    costs: [["once", "the corpus is cut before training"], ["O(1)", "one id a step"]],
    levers: LEVERS.tokens,
  }),
  embed: (f) => ({
    title: `${f.word} becomes the row with its id, ${f.t.tokens[f.i].id}, of the embedding table`,
    text: f.m.position === "learned"
      ? `Looking up a row needs no arithmetic. A second table adds one vector for position ${f.i + 1}, so that the same token differs by place. The sum starts the residual stream: the lane that runs to the prediction.`
      : `Looking up a row needs no arithmetic. This model adds nothing for the position here: it turns queries and keys instead (RoPE). The row starts the residual stream: the lane that runs to the prediction.`,
    formula: ["x = E", sub("token"), ...(f.m.position === "learned" ? [" + P", sub("position")] : [])],
    shapes: `x  [batch 1 · position ${f.n} · d_model ${f.m.d_model}]`,
    numbers: f.m.position === "learned"
      ? [0, 1, 2].map((k) => {
        const [row, place, x] = ["token_embedded", "position_added", "embedded"].map((name) => rounded(f.t.vector(name, f.i)[k], 3));
        return [`${number(row, 3)} ${place < 0 ? "−" : "+"} ${number(Math.abs(place), 3)} ${equals(row + place, x, 3)} `, em(number(x, 3))];
      })
      : [`first numbers: ${[...f.t.vector("embedded", f.i).slice(0, 4)].map((x) => number(x)).join("  ")}`],
    costs: [["O(n·d)", "a look-up per token"], ["O(d)", "one row"]],
    levers: LEVERS.embed,
  }),
  norm: (f) => {
    const [mean, deviation, rms] = f.t.vector("norm_input", f.i, f.l, 0), layer = f.m.norm === "layer_norm";
    return {
      title: layer ? `The ${f.m.d_model} numbers of ${f.word} are brought to mean 0 and spread 1` : `The ${f.m.d_model} numbers of ${f.word} are brought to a root mean square of 1`,
      text: "A norm before each sublayer keeps its input at one scale however large the stream has grown. Only the copy that the sublayer reads is changed; the stream itself runs on untouched.",
      formula: layer ? ["(x − μ) / σ · gain + bias"] : ["x / rms(x) · gain"],
      shapes: `norm(x)  [batch 1 · position ${f.n} · d_model ${f.m.d_model}]`,
      numbers: layer
        ? [[`mean μ    ${number(mean, 3).padStart(7)}  →  `, em("0")], [`spread σ  ${number(deviation, 3).padStart(7)}  →  `, em("1")], "then times a learned gain, plus a bias"]
        : [[`rms  ${number(rms, 3)}  →  `, em("1")], "then times a learned gain"],
      costs: [["O(n·d)", "each token by itself"], ["O(d)", "the new token only"]],
      levers: LEVERS.norm,
    };
  },
  qkv: (f) => {
    const made = 2 * f.m.d_model * (f.m.d_model + 2 * f.kv);
    return {
      title: `${f.word} asks, offers and hands over`,
      text: ["Three learned maps turn each normed vector into a query (what am I looking for?), a key (what do I offer?) and a value (what do I pass on?).",
        f.m.n_kv_heads < f.m.n_heads ? `Each pair of key and value serves ${f.m.n_heads / f.m.n_kv_heads} heads here: grouped queries, a cache ${f.m.n_heads / f.m.n_kv_heads} times smaller.` : `Each of the ${f.m.n_heads} heads has its own three.`].join(" "),
      formula: projections(f),
      shapes: `q  [batch 1 · heads ${f.m.n_heads} · position ${f.n} · d_head ${f.m.d_head}]`,
      numbers: [["q", f.t.q(f.i, f.l, f.h), "query"], ["k", f.t.k(f.i, f.l, f.h), "key-text"], ["v", f.t.v(f.i, f.l, f.h), "value"]]
        .map(([name, vector, cls]) => [span(cls, name), ` ${[...vector.slice(0, 4)].map((x) => number(x).padStart(5)).join(" ")} …  |${name}| ${number(length(vector))}`]),
      costs: [["O(n·d²)", `${flops(made * f.n)} a layer`], ["O(d²)", `${flops(made)} a layer; K and V are kept`]],
      levers: LEVERS.qkv,
    };
  },
  scores: (f) => ({
    title: bestMatch(f),
    text: "Every query is compared with every key by a dot product: multiply number by number, add up. Blue squares are positive scores, orange negative. No token is hidden yet, not even later ones.",
    formula: ["score", sub("ij"), " = ", span("query", "q"), sub("i"), " · ", span("key-text", "k"), sub("j")],
    shapes: `scores  [batch 1 · heads ${f.m.n_heads} · query ${f.n} · key ${f.n}]`,
    numbers: arithmetic(f).slice(0, 1),
    costs: [["O(n²·d)", `${flops(2 * f.n * f.n * f.m.d_model)} a layer`], ["O(n·d)", `${flops(2 * f.n * f.m.d_model)} a layer: one query, ${f.n} cached keys`]],
    levers: LEVERS.scores,
  }),
  scale: (f) => ({
    title: `Dividing by √${f.m.d_head} = ${number(f.root)} brings ${number(f.dot)} to ${number(f.score)}`,
    text: `A sum of ${f.m.d_head} independent products of size 1 is typically √${f.m.d_head} large. Dividing by that keeps the softmax away from all or nothing. In this row the largest share is ${percent(sharpest(f, 1))}; undivided it would be ${percent(sharpest(f, f.root))}.`,
    formula: [span("query", "q"), " · ", span("key-text", "k"), " / √d", sub("head")],
    shapes: `scores  [batch 1 · heads ${f.m.n_heads} · query ${f.n} · key ${f.n}]`,
    numbers: arithmetic(f).slice(0, 2),
    costs: [["O(n²)", "one division a pair"], ["O(n)", "one row"]],
    levers: LEVERS.scale,
  }),
  mask: (f) => ({
    title: f.i === f.n - 1 ? `${f.word} may look at all ${f.n} tokens` : `${f.word} may look at ${f.i + 1} token${f.i ? "s" : ""}, not at the ${f.n - f.i - 1} after it`,
    text: "The causal mask removes every score from the future. In training all positions learn at once from one pass; without the mask each could copy the answer from the next column.",
    formula: ["score", sub("ij"), " = −∞  where  j > i"],
    shapes: `mask  [query ${f.n} · key ${f.n}], ${count(f.n * (f.n + 1) / 2)} of ${count(f.n * f.n)} pairs stay`,
    costs: [["O(n²)", "a fused kernel can skip almost half"], ["free", "the newest token sees all"]],
    levers: LEVERS.mask,
  }),
  softmax: (f) => ({
    title: `${f.word} gives ${percent(f.share)} of its attention to ${f.key}`,
    text: `Softmax turns a row of scores s into shares that add up to 1: e to the power s, divided by the sum over the row. The row's largest score (${number(f.top)}) is taken off first, which changes no share. Each row is the reader, each column is what is read; the larger the dot, the larger the share.`,
    formula: ["softmax( ", Q(), K(), sup("⊤"), " / √d", sub("head"), " )"],
    shapes: `weights  [batch 1 · heads ${f.m.n_heads} · query ${f.n} · key ${f.n}]`,
    numbers: arithmetic(f).slice(0, 3),
    costs: [["O(n²)", "every row at once"], ["O(n)", "one row"]],
    levers: LEVERS.softmax,
  }),
  mix: (f) => ({
    title: `${f.word} collects the values that it reads`,
    text: `Each value is multiplied by its share, and the sum is what this head found for ${f.word}. The green streams are as wide as the shares. This is the only place where tokens exchange information.`,
    formula: ["softmax( ", Q(), K(), sup("⊤"), " / √d", sub("head"), " ) ", V()],
    shapes: `mixed_values  [batch 1 · heads ${f.m.n_heads} · position ${f.n} · d_head ${f.m.d_head}]`,
    numbers: readings(f).map(([j, w]) => [`${number(w)} · `, span("value", "v"), sub(quote(f.t.word(j)))]),
    costs: [["O(n²·d)", `${flops(2 * f.n * f.n * f.m.d_model)} a layer`], ["O(n·d)", "reads all cached values"]],
    levers: LEVERS.mix,
  }),
  add: (f) => ({
    title: `All ${f.m.n_heads} heads together move ${f.word} by ${percent(f.size(1) / f.size(0))} of its length`,
    text: `The heads' results are set side by side, mapped back by one matrix and added to the stream. Nothing is overwritten: what was there runs on, and so does the gradient on the way back. ${lengths(f.size(0), f.size(2))}`,
    formula: ["x + concat(heads) W", sub("O"), ...(f.m.bias ? [" + b", sub("O")] : [])],
    shapes: `x  [batch 1 · position ${f.n} · d_model ${f.m.d_model}]`,
    numbers: [`|x| before     ${number(f.size(0))}`, `|attention|    ${number(f.size(1))}`, [`|x| after      `, em(number(f.size(2)))]],
    costs: [["O(n·d²)", `${flops(2 * f.n * f.m.d_model ** 2)} a layer`], ["O(d²)", `${flops(2 * f.m.d_model ** 2)} a layer`]],
    levers: LEVERS.add,
  }),
  mlp: (f) => {
    const neurons = f.t.values.neurons.subarray(f.i * f.t.strides.neurons + f.l * 8, f.i * f.t.strides.neurons + f.l * 8 + 8);
    const gated = f.m.activation === "swiglu", made = 2 * (gated ? 3 : 2) * f.m.d_model * f.m.d_ff;
    return {
      title: `Neuron ${count(neurons[0] + 1)} answers ${f.word} most strongly (${number(neurons[1])})`,
      text: `Each token by itself is widened to ${count(f.m.d_ff)} numbers, passed through a bend (${gated ? "SwiGLU" : "GELU"}) and narrowed again. The MLP's ${gated ? "three" : "two"} matrices, in all ${f.m.n_layers} layers together, hold ${percent((gated ? 3 : 2) * f.m.d_model * f.m.d_ff * f.m.n_layers / f.m.parameters)} of this model's weights.`,
      formula: [el("span", { class: "upright" }, "z = norm(x)"), el("br"), ...(gated ? ["(silu(zW", sub("gate"), ") ⊙ zW", sub("up"), ") W", sub("down")] : [`${f.m.activation.startsWith("gelu") ? "gelu" : "relu"}(zW`, sub("up"), ...(f.m.bias ? [" + b", sub("up")] : []), ") W", sub("down"), ...(f.m.bias ? [" + b", sub("down")] : [])])],
      shapes: `hidden  [batch 1 · position ${f.n} · d_ff ${f.m.d_ff}]`,
      numbers: [0, 1, 2, 3].map((k) => [`neuron ${count(neurons[2 * k] + 1).padStart(5)}  `, em(signed(neurons[2 * k + 1]))]),
      costs: [["O(n·d·d_ff)", `${flops(made * f.n)} a layer`], ["O(d·d_ff)", `${flops(made)} a layer`]],
      levers: LEVERS.mlp,
    };
  },
  add2: (f) => ({
    title: `The stream of ${f.word} goes on at length ${number(f.size(4))}`,
    text: `The MLP's result is added too, and the block is done. What leaves it has the same shape as what entered, so blocks can be stacked. ${lengths(f.size(2), f.size(4))}`,
    formula: formulaOfBlock(f),
    shapes: `x  [batch 1 · position ${f.n} · d_model ${f.m.d_model}]`,
    numbers: [`|x| before     ${number(f.size(2))}`, `|MLP|          ${number(f.size(3))}`, [`|x| after      `, em(number(f.size(4)))]],
    costs: [["O(n·d)", "one addition a number"], ["O(d)", "one row"]],
    levers: LEVERS.add2,
  }),
  layers: (f) => ({
    title: `${f.m.n_layers} blocks in turn bring ${f.word} to its prediction`,
    text: `Layers are serial: each reads what the one before has written. Heads are parallel: all ${f.m.n_heads} of a layer work at once. Below, the prediction if the model stopped early: final norm and unembedding applied after each layer (the logit lens).`,
    shapes: `${f.m.n_layers} blocks  [batch 1 · position ${f.n} · d_model ${f.m.d_model}]`,
    numbers: f.t.tokens[f.i].lens.map(([id, share], l) => [`after layer ${String(l + 1).padStart(2)}  ${percent(share).padStart(7)}  `, l === f.l ? em(quote(f.t.piece(id))) : quote(f.t.piece(id))]),
    costs: [[`${f.m.n_layers} × a block`, "forward and backward, in order"], [`${f.m.n_layers} × a block`, "every weight read for each token"]],
    levers: LEVERS.layers,
  }),
  unembed: (f) => {
    const token = f.t.tokens[f.i], rows = token.next.slice(0, 3);
    return {
      title: `${quote(f.t.piece(token.next[0]))} fits best after ${f.word}: ${percent(token.probabilities[0])}`,
      text: `The last vector is normed once more and compared with every entry of the vocabulary${f.m.tied ? ", by the same table that embedded the tokens" : ""}. ${count(f.m.vocab_size)} scores (logits) go through one softmax; ${number(token.log_sum)} is the logarithm of the sum of all e^logit.`,
      formula: ["softmax( norm(x) ", f.m.tied ? "E" : "W", f.m.tied ? sup("⊤") : sub("U"), " )"],
      shapes: `logits  [batch 1 · position ${f.n} · vocabulary ${count(f.m.vocab_size)}]`,
      numbers: rows.map((id, k) => [`e`, sup(`${number(token.logits[k])} − ${bracketed(token.log_sum)}`), ` = `, em(percent(token.probabilities[k])), `  ${quote(f.t.piece(id))}`]),
      costs: [["O(n·d·V)", `${flops(2 * f.n * f.m.d_model * f.m.vocab_size)}: every position learns`], ["O(d·V)", `${flops(2 * f.m.d_model * f.m.vocab_size)}: the last row only`]],
      levers: LEVERS.unembed,
    };
  },
  sample: (f) => ({
    title: "Chance picks one token, and the next pass begins",
    text: "Temperature and top-p shape the odds, then one token is drawn and joins the sentence. With the KV cache only its own row is computed; all others are read, not made again.",
    formula: ["p", sub("i"), " ∝ e", sup("logit / T")],
    numbers: f.screen.distribution().slice(0, 4).map((x) => [...(f.screen.shaped ? [span("before", `${percent(x.own).padStart(7)} → `)] : []), `${odds(x).padStart(7)}  `, quote(f.t.piece(x.id))]),
    costs: [["no sampling", "the true next token is given"], ["O(V)", "then one more pass for one row"]],
    levers: LEVERS.sample,
    takeaway: "Embed, then attend and MLP with residual and norm, layer upon layer, then predict. As a system it wins by managing n², by caching, and by the choice of positions, depth and sparsity.",
  }),
  fresh: (f) => ({
    title: `Only the row of ${quote(f.t.word(f.n - 1))} was computed`,
    text: `The keys and values of the ${f.n - 1} tokens before it (outlined) were read from the KV cache. Nothing that came earlier can change, because no token looks ahead.`,
    numbers: [[`rows computed  `, em("1")], `rows from the cache  ${f.n - 1}`, `cache  ${count(2 * f.m.n_layers * f.kv)} numbers a token`],
    costs: [["no cache", "all rows at once, known text"], ["1 row", `instead of ${f.n}`]],
    levers: LEVERS.mix,
  }),
};

// What makes q, k and v in this model: biases or not, turned by position or not.
function projections(f) {
  const bias = (name) => f.m.bias ? [" + b", sub(name)] : [], turned = f.m.position === "rope";
  const one = (letter, name, turns) => el("span", { class: "whole" }, letter, turns ? " = RoPE(zW" : " = zW", sub(name), ...(turns ? [")"] : bias(name)));
  return [el("span", { class: "upright" }, "z = norm(x)"), el("br"), one(Q(), "Q", turned), "\u2003 ", one(K(), "K", turned), "\u2003 ", one(V(), "V", false)];
}

function formulaOfBlock() {
  return ["x ← x + attention(norm(x))", el("br"), "x ← x + mlp(norm(x))"];
}

// The largest raw score of the row, later tokens included: nothing is masked yet.
function bestMatch(f) {
  const scores = Array.from({ length: f.n }, (_, j) => f.t.dot(f.i, j, f.l, f.h));
  const best = scores.indexOf(Math.max(...scores));
  return `${f.word} matches ${best === f.i ? "itself" : quote(f.t.word(best))} best: q · k = ${number(scores[best])}`;
}

// The row's largest share if its scores were multiplied by a factor.
function sharpest(f, factor) {
  let sum = 0;
  for (let j = 0; j <= f.i; j++) sum += Math.exp((f.t.dot(f.i, j, f.l, f.h) / f.root - f.top) * factor);
  return 1 / sum;
}

// The three tokens that a row reads most.
function readings(f) {
  return Array.from({ length: f.i + 1 }, (_, j) => [j, f.t.weight(f.i, j, f.l, f.h)]).sort((a, b) => b[1] - a[1]).slice(0, 3);
}

const LEVERS = {
  overview: [
    ["depth", "More layers let later steps build on earlier ones, but they run one after the other, while the numbers within a layer can be computed side by side."],
    ["KV cache", "When a text is written token by token, the keys and values of past tokens are kept. Each new token then costs one row instead of the whole sentence, for memory that grows with the text."],
    ["long context", "Scores grow with the square of the text. Windows, chunks and sparse patterns keep only some pairs; grouped heads shrink the cache."]],
  tokens: [
    ["vocabulary size", "A larger vocabulary makes shorter sequences, so fewer steps and a smaller n², but a larger embedding table. GPT-2 has 50,257 entries, Llama 3 has 128,256."],
    ["bytes instead", "Any text can be spelt in bytes. The sequence becomes several times longer, and attention pays for it twice over."]],
  embed: [
    ["learned positions", "One trained vector per place, added here (GPT-2). Nothing exists beyond the last place that was trained."],
    ["RoPE", "Queries and keys are turned by an angle that grows with their place, so that a score depends on the distance. Used by Llama and most models since."],
    ["ALiBi", "Each score loses a fixed amount per step of distance. No vectors are added, and the model can be run on texts longer than it was trained on."]],
  norm: [
    ["pre- or post-norm", "Norm before the sublayer (here) leaves the stream untouched and trains stably when deep. Norm after the addition, as in the first Transformer, needs a careful warm-up."],
    ["RMSNorm", "Leaves out the mean and the bias: a little cheaper, about as good. Used by Llama; this app's modern model has it."]],
  qkv: [
    ["number of heads", "Heads split the same width: more heads see more kinds of relation, each with fewer numbers."],
    ["GQA, MQA", "Several query heads share one key and value head. Quality falls little, the cache shrinks by the same factor. The modern model here shares each among three."]],
  scores: [
    ["n² attention", "Twice the text makes four times the pairs. Scores and mixing catch up with the matrices of a layer only near n = 6·d tokens, beyond the context of the models here; at 100,000 tokens the square decides."],
    ["fused kernels", "FlashAttention computes scores, softmax and mix in tiles and never stores the n² table: same result, memory linear in n."]],
  scale: [
    ["1 / √d_head", "Keeps the deviation of the scores near 1 if queries and keys have deviation 1, whatever the width of a head."],
    ["QK norm", "Some recent models also norm queries and keys, which bounds the scores during training."]],
  mask: [
    ["sliding window", "Each token sees only the last w: cost n·w. With depth, information still travels w tokens per layer."],
    ["chunks, sparse", "Blocks, strides or a few global tokens keep a fraction of the pairs for long texts."],
    ["prefix, none", "An encoder needs no mask: it may look both ways, but cannot be trained to predict the next token so."]],
  softmax: [
    ["attention sink", "Shares must add up to 1. A head with nothing to read often parks its attention on the first token."],
    ["linear attention", "Replacing softmax by a product of features makes the cost linear in n, at some loss of exact recall."]],
  mix: [
    ["KV cache", "In decoding, keys and values of past tokens are stored and read, not recomputed. In a large model that serves few texts at a time, memory traffic, not arithmetic, then sets the speed."],
    ["cache size", "2 · layers · kv heads · d_head numbers per token. Fewer kv heads, a window, or 8-bit storage make it smaller."]],
  add: [
    ["residual stream", "Because sublayers only add, a deep stack starts close to the identity, and the gradient has a direct path back to the first layer."],
    ["parallel blocks", "Some models let attention and MLP read the same input and add both at once: fewer steps in sequence."]],
  mlp: [
    ["width d_ff", "Usually four times d_model, or 8/3 with a gate, which has a third matrix. Here sit most weights of a large model."],
    ["mixture of experts", "Many MLPs, of which each token uses only a few: more weights for nearly the same arithmetic."]],
  add2: [
    ["depth", "The stack can be made deeper without changing a shape. Scaling laws say how to split a budget between size and data."]],
  layers: [
    ["depth or width", "Depth is serial and sets the time of a token; width is parallel and fills the processor. Small models gain most from a balance."],
    ["local and global layers", "Some models let most layers see a window only and every few layers everything, which cuts n² and the cache."]],
  unembed: [
    ["tied embeddings", "The unembedding may be the embedding table itself: fewer weights, used here and in GPT-2. Larger models often untie them."],
    ["last row only", "In decoding only the last position is unembedded, since only its guess is needed."]],
  sample: [
    ["temperature", "Divides the logits. Towards 0 the likeliest token always wins; above 1 unlikely ones get their turn."],
    ["top-p", "Keeps the smallest set of tokens that together reach p, drops the long tail and draws from what is left."],
    ["speculative decoding", "A small model drafts several tokens and the large one checks them in one pass: same distribution, fewer steps."]],
};

const CARD_TITLES = {
  tokens: (f) => `${f.n} tokens and their ids`,
  embed: (f) => `The vector of ${f.word}, position ${f.i + 1}`,
  qkv: (f) => `Query, key and value of ${f.word}, layer ${f.l + 1}, head ${f.h + 1}`,
  attention: (f) => `What ${f.word} reads, layer ${f.l + 1}, head ${f.h + 1}`,
  mlp: (f) => `What the MLP of layer ${f.l + 1} does with ${f.word}`,
  predict: (f) => `From vector to prediction, after ${f.word}`,
};

const shownOf = (f, vector, whole) => el("div", { class: "shapes" }, vector.length < whole ? `the first ${vector.length} of ${count(whole)} numbers of each vector` : `all ${count(whole)} numbers of each vector`);

const CARDS = {
  tokens: (f, s) => [
    s.table(["token", "position", "id", "bytes"], f.t.tokens.map((token, i) => [f.t.word(i), String(i + 1), String(token.id), token.bytes.map((b) => b.toString(16).padStart(2, "0")).join(" ")]), f.i),
    el("div", { class: "shapes" }, `token_ids  [batch 1 · position ${f.n}], ids 0 to ${count(f.m.vocab_size - 1)}`),
  ],
  embed: (f, s) => {
    const token = f.t.vector("token_embedded", f.i), place = f.t.vector("position_added", f.i), sum = f.t.vector("embedded", f.i);
    const sizes = [...f.t.vector("embedding_size", f.i)].map((size) => `|${number(size)}|`); // of all numbers, not of those shown
    const lines = [s.line("token row", token, s.c.residual, sizes[0])];
    if (length(place) > 1e-6) lines.push(s.line("+ position", place, s.c.attention, sizes[1]), s.line("= x", sum, s.c.residual, sizes[2]));
    return [...lines, shownOf(f, sum, f.m.d_model), el("div", { class: "shapes" }, `E  [vocabulary ${count(f.m.vocab_size)} · d_model ${f.m.d_model}]`)];
  },
  qkv: (f, s) => {
    const norm = f.t.vector("attention_norm", f.i, f.l), q = f.t.q(f.i, f.l, f.h), k = f.t.k(f.i, f.l, f.h), v = f.t.v(f.i, f.l, f.h);
    const before = f.l ? f.t.vector("resid_post", f.i, f.l - 1) : f.t.vector("embedded", f.i);
    return [
      s.line("x", before, s.c.residual, `|x| ${number(f.size(0))}`), s.line("norm(x)", norm, s.c.residual),
      s.line("query", q, s.c.query, `|q| ${number(length(q))}`), s.line("key", k, s.c.key, `|k| ${number(length(k))}`), s.line("value", v, s.c.value, `|v| ${number(length(v))}`),
      el("div", { class: "shapes" }, `x: first ${norm.length} of d_model ${f.m.d_model}; q, k, v: all of d_head ${f.m.d_head}`),
      el("div", { class: "shapes" }, `W_Q  [d_model ${f.m.d_model} · heads ${f.m.n_heads} × d_head ${f.m.d_head}]`),
      el("div", { class: "shapes" }, `W_K, W_V  [d_model ${f.m.d_model} · kv heads ${f.m.n_kv_heads} × d_head ${f.m.d_head}]`),
    ];
  },
  attention: (f, s) => {
    const rows = Array.from({ length: f.i + 1 }, (_, j) => {
      const dot = f.t.dot(f.i, j, f.l, f.h), score = dot / f.root;
      return [f.t.word(j), number(dot), number(score), number(Math.exp(score - f.top), 3), percent(f.t.weight(f.i, j, f.l, f.h))];
    });
    const mixed = f.t.mixed(f.i, f.l, f.h);
    return [
      s.table(["key", "q·k", `÷ √${f.m.d_head}`, "e^(s − max)", "share"], rows, f.j, rows.map((_, j) => f.t.weight(f.i, j, f.l, f.h))),
      el("div", { class: "shapes" }, `sum of e^(s − max) = ${number(f.sum, 3)}; shares add up to 100 %`),
      ...readings(f).map(([j, w]) => s.line(`${number(w)} · v`, f.t.v(j, f.l, f.h).map((x) => x * w), s.c.value, quote(f.t.word(j)), Math.max(...mixed.map(Math.abs)))),
      s.line("sum of all", mixed, s.c.value, `|${number(length(mixed))}|`, Math.max(...mixed.map(Math.abs))),
      s.line(`all heads · W_O`, f.t.vector("attention_output", f.i, f.l), s.c.attention, `|${number(f.size(1))}|`),
      s.line("x + that", f.t.vector("resid_mid", f.i, f.l), s.c.residual, `|${number(f.size(2))}|`),
      el("div", { class: "shapes" }, `concat [heads ${f.m.n_heads} × d_head ${f.m.d_head}] · W_O [${f.m.n_heads * f.m.d_head} · d_model ${f.m.d_model}]; the last two: first ${f.t.vector("resid_mid", f.i, f.l).length} numbers`),
    ];
  },
  mlp: (f, s) => {
    const [norm, hidden, output] = ["feed_forward_norm", "hidden", "feed_forward_output"].map((name) => f.t.vector(name, f.i, f.l));
    const at = f.i * f.t.strides.neurons + f.l * 8, neurons = f.t.values.neurons.subarray(at, at + 8);
    return [
      s.line("norm(x)", norm, s.c.residual), s.line("hidden", hidden, s.c.feed_forward), s.line("MLP output", output, s.c.feed_forward, `|${number(f.size(3))}|`),
      s.line("x after", f.t.vector("resid_post", f.i, f.l), s.c.residual, `|${number(f.size(4))}|`),
      el("div", { class: "shapes" }, `first ${norm.length} of d_model ${f.m.d_model}; first ${hidden.length} of d_ff ${f.m.d_ff}`),
      s.table(["strongest hidden units", "activation"], [0, 1, 2, 3].map((k) => [`neuron ${count(neurons[2 * k] + 1)}`, signed(neurons[2 * k + 1], 3)]), -1),
    ];
  },
  predict: (f, s) => {
    const token = f.t.tokens[f.i];
    return [
      s.line("norm(x)", f.t.vector("final_norm", f.i), s.c.residual),
      s.table(["token", "id", "logit", "probability"], token.next.map((id, k) => [f.t.distinct(token.next)[k], String(id), number(token.logits[k]), percent(token.probabilities[k])]), 0, token.probabilities),
      el("div", { class: "shapes" }, `log of the sum over all ${count(f.m.vocab_size)} tokens: ${number(token.log_sum)}`),
      s.table(["logit lens", "likeliest", "share"], token.lens.map(([id, share], l) => [`after layer ${l + 1}`, f.t.piece(id), percent(share)]), f.m.n_layers - 1),
    ];
  },
};

// --------------------------------------------------------------------------------------- the door

const screens = new WeakMap();

export default function ({ data, parentElement, setTriggerValue }) {
  let screen = screens.get(parentElement);
  if (!screen) screens.set(parentElement, screen = new Screen(parentElement));
  screen.trigger = setTriggerValue;
  screen.told(data);
}
