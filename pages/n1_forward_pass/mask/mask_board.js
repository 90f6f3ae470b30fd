// Any mask on the reader's sentence. The menu's masks came as bits, so the picture changes here at
// once; each change also goes into the address and asks the server for the model's pass under it.

import { remember } from "../../../ui/kit/address.js";
import { range, sum } from "../../../ui/kit/arithmetic.js";
import { check, radios, slider } from "../../../ui/kit/controls.js";
import { make, rich } from "../../../ui/kit/elements.js";
import { follow } from "../../../ui/kit/follow.js";
import { count, number, percent } from "../../../ui/kit/format.js";
import { Palette } from "../../../ui/kit/palette.js";
import { cellAt, heatmap } from "../../../ui/kit/pictures.js";
import { slice, unpack } from "../../../ui/kit/tensors.js";
import { labels, quote, visible } from "../../../ui/kit/words.js";

const PAINTED = "painted", SETTLE = 60; // ms for a hand that slides or paints, before the server is asked
const nats = (x) => `${number(x)} nats`;
const fine = (loss) => number(loss, 3, 0);
/* Of the loss as it is shown; three digits where more would be none of the model's. */
const perplexity = (loss) => { const p = Math.exp(Number(loss.toFixed(3))); return p < 100 ? number(p) : count(Number(p.toPrecision(3))); };
const bit = (bits, i) => (bits[i >> 3] >> (7 - (i & 7))) & 1;
const encode = (cells) => {
  const bytes = new Uint8Array(Math.ceil(cells.length / 8));
  cells.forEach((may, i) => { if (may) bytes[i >> 3] |= 128 >> (i & 7); });
  return btoa(String.fromCharCode(...bytes)).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
};

class Board {
  constructor(root) {
    this.root = root;
    this.find = (selector) => root.querySelector(selector);
    this.state = { layer: 0, head: 0, token: 0, cursor: 0 };
    this.hover = null;
    this.palette = new Palette(root);
    this.planes = Object.fromEntries(["who", "before", "after"].map((name) => [name, this.buildPlane(name)]));
    this.find(".causal").addEventListener("change", (event) => this.change({ causal: event.target.checked }, 0));
    this.find(".contrast").addEventListener("change", () => this.maps());
    this.stop = follow(root, () => { if (this.n) this.draw(); });
  }

  buildPlane(name) {
    const box = this.find(`.map.${name}`), canvas = make("canvas", { role: "img", tabindex: name === "who" ? 0 : undefined }), columns = make("div", { class: "col-labels", "aria-hidden": "true" });
    const row = make("div", { class: "ring row" }), ring = make("div", { class: "ring" }), bands = make("div"), note = make("p", { class: "note" }), side = make("div", { class: "row-labels side", "aria-hidden": "true" });
    box.append(make("div", { class: "plane" }, side, columns, canvas, bands, row, ring), note);
    const at = (event) => cellAt(event, canvas, this.n, this.n);
    canvas.addEventListener("pointerleave", () => { this.hover = null; this.point(); });
    canvas.addEventListener("pointermove", (event) => {
      this.hover = at(event);
      if (this.brush !== undefined && name === "who") this.paint(this.hover, this.brush);
      this.point();
    });
    if (name === "who") {
      canvas.addEventListener("pointerdown", (event) => {
        const cell = at(event);
        this.touched = event.pointerType === "touch"; // a finger that moves scrolls; it paints by taps
        if (this.touched) return;
        canvas.setPointerCapture(event.pointerId);
        this.brush = !this.may(cell.row, cell.column);
        this.paint(cell, this.brush);
      });
      canvas.addEventListener("lostpointercapture", () => { this.brush = undefined; });
      canvas.addEventListener("click", (event) => { const cell = at(event); if (this.touched) this.paint(cell, !this.may(cell.row, cell.column)); });
      canvas.addEventListener("keydown", (event) => this.press(event));
    } else canvas.addEventListener("click", (event) => this.choose("token", at(event).row));
    return { box, canvas, columns, side, row, ring, bands, note, title: box.querySelector("b"), sub: box.querySelector(".title span") };
  }

  receive(bytes, ask) {
    this.ask = ask;
    if (bytes === this.bytes) return;
    this.bytes = bytes;
    const { header, arrays } = unpack(bytes), was = this.header ?? {}, fresh = was.pass !== header.pass;
    Object.assign(this, { header, arrays, n: header.pieces.length, words: labels(header.pieces) });
    for (const name of ["layer", "head", "token"]) if (fresh || header[name] !== was[name]) this.state[name] = header[name];
    if (fresh) this.state.cursor = Math.min(this.state.cursor, this.n * this.n - 1);
    // An answer to an older question leaves alone what the reader has changed since.
    if (fresh || !this.wanted || this.wanted === header.address) {
      this.choice = header.choice;
      this.cells = Array.from(arrays.mask.values, Boolean);
      this.wanted = header.address;
    }
    if (fresh) this.build();
    if (fresh || this.choice.kind !== this.shown) this.settings(); // a slider in the hand must stay
    this.draw();
  }

  // ------------------------------------------------------------------------------- the mask chosen

  get kind() { return this.header.kinds.find(({ name }) => name === this.choice.kind); }
  get picture() { return this.choice.kind === "cross"; }
  get copied() { return this.choice.kind === PAINTED && this.copy?.address === this.wanted; }
  /* What padding computes is thrown away, so the last real token stands for it. */
  get token() { return this.choice.kind === "padding" ? Math.min(this.state.token, this.choice.values[0] - 1) : this.state.token; }
  get stale() { return this.wanted !== this.header.address; }
  may(i, j) { return this.cells[i * this.n + j]; }
  sees(i, j) { return this.arrays.mask.values[i * this.n + j]; } // the mask of the numbers shown

  /* The core's own mask of this kind and setting, from what came with the sentence. */
  pattern(kind, values) {
    const at = kind.settings.reduce((index, { least, most }, k) => index * (most - least + 1) + values[k] - least, 0);
    const bits = slice(this.arrays.gallery, kind.start + at);
    return range(this.n * this.n).map((i) => Boolean(bit(bits, i)));
  }

  take(kind) {
    this.change({ kind: kind.name, values: kind.settings.map(({ first }) => first), causal: !kind.ahead && kind.name !== "causal" }, 0);
    this.settings();
  }

  change(part, wait = SETTLE) {
    this.choice = { ...this.choice, ...part };
    if (this.kind) this.cells = this.pattern(this.kind, this.choice.values);
    if (this.choice.causal) this.cells = this.cells.map((may, i) => may && i % this.n <= Math.floor(i / this.n));
    this.send(wait);
  }

  paint({ row, column }, may) {
    const at = row * this.n + column;
    if (this.choice.kind === PAINTED && !this.choice.causal && this.cells[at] === may) return;
    this.cells[at] = may;
    const was = this.choice.kind;
    this.choice = { kind: PAINTED, values: [this.n], causal: false };
    if (was !== PAINTED) this.settings();
    this.send();
  }

  send(wait = SETTLE) {
    const { kind, values, causal } = this.choice;
    this.wanted = [kind, ...values, ...(kind === PAINTED ? [encode(this.cells)] : [])].join(".") + (causal ? "+causal" : "");
    this.redraw();
    clearTimeout(this.timer);
    this.timer = setTimeout(() => { remember("mask", this.wanted); this.ask(this.wanted); }, wait);
  }

  press(event) {
    const { n } = this, at = this.state.cursor, moves = { ArrowUp: -n, ArrowDown: n, ArrowLeft: -1, ArrowRight: 1 };
    const cell = { row: Math.floor(at / n), column: at % n };
    if (event.key === " " || event.key === "Enter") this.paint(cell, !this.cells[at]);
    else if (moves[event.key]) {
      const to = at + moves[event.key];
      if (to >= 0 && to < n * n && (Math.abs(moves[event.key]) === n || Math.floor(to / n) === cell.row)) this.state.cursor = to;
    } else return;
    event.preventDefault();
    event.stopPropagation();
    this.hover = { row: Math.floor(this.state.cursor / n), column: this.state.cursor % n };
    this.point();
    this.find(".spoken").textContent = this.find(".pointed").textContent;
  }

  // ---------------------------------------------------------------------------------- the controls

  build() {
    const { kinds, n_layers, n_heads } = this.header;
    const content = (i) => [make("canvas", { "aria-hidden": "true" }), make("span", {}, kinds[i]?.title ?? "Painted")];
    radios(this.find(".menu"), "Pattern", kinds.length + 1, content, (i) => (kinds[i] ? this.take(kinds[i]) : this.paintOwn()));
    this.root.querySelectorAll(".menu button").forEach((button, i) => button.setAttribute("aria-label", kinds[i]?.title ?? "Painted"));
    radios(this.find(".layers"), "Layer", n_layers, (i) => String(i + 1), (i) => this.choose("layer", i));
    radios(this.find(".heads"), "Head", n_heads, (i) => String(i + 1), (i) => this.choose("head", i));
  }

  paintOwn() {
    const was = this.called();
    this.choice = { kind: PAINTED, values: [this.n], causal: false };
    this.settings();
    this.send();
    this.copy = { of: was, address: this.wanted };
    this.redraw();
    this.planes.who.canvas.focus();
  }

  settings() {
    const { kind, choice } = this;
    this.shown = choice.kind;
    this.find(".sliders").replaceChildren(...(kind?.settings ?? []).map(({ title, least, most }, k) => slider({
      label: title, min: least, max: most, step: 1, value: choice.values[k], show: String,
      change: (value) => this.change({ values: this.choice.values.with(k, value) }),
    })));
    const causal = this.find(".causal"), fixed = !kind || ["causal", "cross"].includes(kind.name);
    causal.checked = choice.causal || choice.kind === "causal";
    causal.disabled = fixed;
    causal.parentElement.style.opacity = fixed ? 0.45 : 1;
  }

  choose(name, to) {
    this.state[name] = to;
    remember(name, to + 1);
    this.redraw();
    if (name === "token") this.guesses();
  }

  // ----------------------------------------------------------------------------------- the picture

  /* New numbers, another size or theme. */
  draw() {
    this.palette.forget();
    this.measure();
    this.thumbnails(true);
    this.redraw();
    this.guesses();
    this.losses();
  }

  /* Another head or token, or another mask, whose numbers are still to come. */
  redraw() {
    this.root.classList.toggle("stale", this.stale);
    this.thumbnails();
    for (const name of ["layer", "head"]) check(this.find(name === "layer" ? ".layers" : ".heads"), this.state[name]);
    this.find(".causal").checked = this.choice.causal || this.choice.kind === "causal";
    Object.assign(this.find(".kind"), this.picture ? { className: "tag kind illustrative", textContent: "illustrative", title: "Drawn to explain, not data" }
      : { className: "tag kind", textContent: "live", title: "Computed just now, by this model from this text" });
    this.captions();
    this.maps();
    this.point();
    this.find(".finding").replaceChildren(...rich(this.finding()));
  }

  thumbnails(all = false) {
    const { kinds } = this.header, chosen = kinds.findIndex(({ name }) => name === this.choice.kind), ink = this.palette.rgb("attention"), off = this.palette.rgb("panel");
    this.root.querySelectorAll(".menu canvas").forEach((canvas, i) => {
      const kind = kinds[i], now = i === (chosen < 0 ? kinds.length : chosen);
      if (!all && kind && !now) return;
      const cells = now || !kind ? this.cells : this.pattern(kind, kind.settings.map(({ first }) => first));
      const hidden = (at) => !now && kind && !kind.ahead && at % this.n > Math.floor(at / this.n);
      heatmap(canvas, { rows: this.n, columns: this.n, width: 40, height: 40, tiles: false, colour: (r, c) => (cells[r * this.n + c] && !hidden(r * this.n + c) ? ink : off) });
    });
    check(this.find(".menu"), chosen < 0 ? kinds.length : chosen);
  }

  measure() {
    this.find(".row-labels").replaceChildren(...this.words.map((word) => make("span", { class: "ghost" }, word)));
    const room = this.planes.who.box.clientWidth - 4, tallest = this.root.clientWidth > 1500 ? 360 : 288;
    this.cell = Math.min(Math.max(room, 60), tallest, 52 * this.n) / this.n;
  }

  captions() {
    const { who, before, after } = this.planes, name = `${this.state.layer + 1}.${this.state.head + 1}`, seen = this.cells.filter(Boolean).length, all = this.cells.length;
    who.title.textContent = "Who may look at whom";
    who.sub.textContent = `${seen} of ${all} cells: ${percent(seen / all)} of n²`;
    before.title.textContent = `Head ${name}, as trained`;
    before.sub.textContent = "weights under the causal mask";
    after.title.textContent = this.picture ? "Not run" : `Head ${name}, this mask`;
    after.sub.textContent = this.picture ? "this model reads no second text" : "every layer and head runs under it";
    const { note = this.copied ? "A copy of the pattern before: click or drag over its cells." : "Your own cells. Rows read columns.", source } = this.kind ?? {};
    who.note.replaceChildren(`${note} `, source ? make("span", { class: "tag published", title: "From this paper" }, source) : "");
    const blind = this.blind();
    before.note.textContent = "The only mask this model was ever trained with. A dot is a hidden cell.";
    after.note.replaceChildren(...(this.picture ? ["Here the page only draws who may look at whom."]
      : blind.length ? [make("b", {}, `${blind.length} of ${this.n} rows may look nowhere`), ": their weights are all 0, so attention hands them nothing."] : ["Each row adds up to 1 over the cells left open."]));
  }

  blind() { return range(this.n).filter((i) => !range(this.n).some((j) => this.sees(i, j))); }
  weights(which, i) { return slice(this.arrays.weights, which, this.state.layer, this.state.head, i); }

  maps() {
    const { n, cell, palette } = this, side = cell * n, hidden = palette.colour("muted", 0.45), open = palette.magnitude(0.75);
    const size = { rows: n, columns: n, width: side, height: side, hidden }, contrast = this.find(".contrast").checked;
    const rows = [0, 1].map((which) => range(n).map((i) => this.weights(which, i))), tops = rows.map((all) => all.map((row) => (contrast ? Math.max(...row) || 1 : 1)));
    heatmap(this.planes.who.canvas, { ...size, colour: (i, j) => (this.may(i, j) ? open : null) });
    heatmap(this.planes.before.canvas, { ...size, colour: (i, j) => (j > i ? null : palette.magnitude(rows[0][i][j] / tops[0][i])) });
    heatmap(this.planes.after.canvas, { ...size, colour: (i, j) => (this.picture || !this.sees(i, j) ? null : palette.magnitude(rows[1][i][j] / tops[1][i])) });
    const share = (which, i) => range(n).map((j) => `${this.words[j]} ${number(rows[which][i][j])}`).join(", "), { token } = this;
    this.planes.who.canvas.setAttribute("aria-label", `Mask of ${n} queries by ${n} keys. ${this.words[token]} may look at ${range(n).filter((j) => this.may(token, j)).map((j) => this.words[j]).join(", ") || "nobody"}. Arrow keys move, space changes a cell.`);
    this.planes.before.canvas.setAttribute("aria-label", `Weights of ${this.words[token]} under the causal mask: ${share(0, token)}`);
    this.planes.after.canvas.setAttribute("aria-label", this.picture ? "Not run: this model reads no second text." : `Weights of ${this.words[token]} under this mask: ${share(1, token)}`);
    this.bands(side);
  }

  /* Stripes along both edges: the two documents, the prefix, or what is padding. */
  bands(side) {
    const { kind, values } = this.choice, cut = (values[0] ?? 0) * this.cell, named = { document: ["", "b"], padding: ["", "pad"], prefix: ["", null], cross: ["", "pad"] }[kind];
    const stripes = named ? [[0, cut, named[0]], [cut, side, named[1]]].filter(([from, to, look]) => look !== null && to > from) : [];
    this.planes.who.bands.replaceChildren(...stripes.flatMap(([from, to, look]) => ["top", "left"].map((edge) => {
      const band = make("div", { class: `band ${look}` }), length = `${to - from - 2}px`;
      const own = edge === "left" && (kind === "cross"); // only the source is padded
      Object.assign(band.style, edge === "top" ? { top: "-5px", left: `${from}px`, height: "3px", width: length } : { left: "-5px", top: `${from}px`, width: "3px", height: length, display: own ? "none" : "" });
      return band;
    })));
  }

  pad(j) { return ["padding", "cross"].includes(this.choice.kind) && j >= this.choice.values[0]; }

  /* What follows the pointer: rings, labels and one line with the cell's numbers. */
  point() {
    const { n, cell, hover, token } = this, row = hover?.row ?? token, every = Math.ceil(15 / cell);
    const fits = (i, lit) => i === lit || (i % every === 0 && (every === 1 || lit === undefined || Math.abs(i - lit) >= every));
    for (const [name, { columns, ring, row: line }] of Object.entries(this.planes)) {
      Object.assign(line.style, { left: "-3px", top: `${token * cell - 3}px`, width: `${n * cell + 5}px`, height: `${cell + 4}px` });
      Object.assign(ring.style, { display: hover ? "" : "none", left: `${(hover?.column ?? 0) * cell - 2}px`, top: `${row * cell - 2}px`, width: `${cell + 2.5}px`, height: `${cell + 2.5}px` });
      columns.replaceChildren(...range(n).filter((j) => fits(j, hover?.column)).map((j) => {
        const label = make("span", { class: `${j === hover?.column ? "here" : ""} ${name === "who" && this.pad(j) ? "pad" : ""}` }, visible(this.header.pieces[j]));
        label.style.left = `${(j + 0.5) * cell}px`;
        return label;
      }));
    }
    const blind = new Set(this.blind()), box = this.find(".row-labels");
    box.querySelectorAll("button").forEach((label) => label.remove());
    const names = () => range(n).filter((i) => fits(i, row)).map((i) => {
      const looks = [i === token && "here", blind.has(i) && "blind", this.choice.kind === "padding" && this.pad(i) && "pad"].filter(Boolean).join(" ");
      const label = make("button", { type: "button", tabindex: -1, class: looks, onclick: () => this.choose("token", i) }, visible(this.header.pieces[i]));
      label.style.top = `${(i + 0.5) * cell}px`;
      return label;
    });
    box.append(...names());
    for (const { side } of Object.values(this.planes)) side.replaceChildren(...names());
    this.find(".pointed").replaceChildren(...rich(this.tell(row, hover?.column)));
  }

  tell(i, j) {
    const from = ["query", quote(this.words[i])];
    if (j === undefined) return [from, ` may look at ${range(this.n).filter((k) => this.may(i, k)).length} of ${this.n} tokens${this.picture ? " of the source." : `; as trained, at ${i + 1}.`}`];
    const to = ["key", j === i ? "itself" : quote(this.words[j])], open = this.may(i, j);
    if (this.picture) return [from, open ? " may look at " : " may not look at ", to, this.pad(j) ? ", which is padding." : " of the source."];
    const now = this.stale ? "…" : this.sees(i, j) ? `weight ${number(this.weights(1, i)[j], 3)}` : "hidden, weight 0";
    return [from, open ? " may look at " : " may not look at ", to, `: ${now} under this mask; ${j > i ? "hidden" : `weight ${number(this.weights(0, i)[j], 3)}`} as trained.`];
  }

  // ------------------------------------------------------------------------- what the model makes of it

  guesses() {
    const { token } = this, ids = slice(this.arrays.guesses, token), p = [0, 1].map((which) => slice(this.arrays.shares, which, token));
    const real = token < this.header.counted ? this.header.pieces[token + 1] : undefined, order = range(ids.length).sort((a, b) => p[1][b] - p[1][a]).slice(0, this.root.clientWidth > 760 ? 8 : 6);
    this.find(".next .title b").textContent = `After ${quote(this.words[token])}`;
    this.find(".next .title span").textContent = real === undefined ? "what the model would write next" : `the text goes on with ${quote(visible(real))}`;
    const bar = (look, share) => { const node = make("i", { class: look }); node.style.width = `${100 * share}%`; return node; };
    const rows = order.map((k) => {
      const piece = this.header.named[ids[k]], shares = this.picture ? [p[0][k]] : [p[0][k], p[1][k]];
      return make("div", { class: `row ${piece === real ? "real" : ""}`, role: "row" }, make("div", { class: "word", role: "cell" }, visible(piece)),
        make("div", { class: "two" }, shares.map((share, which) => bar(which ? "is" : "was", share))),
        make("div", { class: "share", role: "cell" }, shares.map((share, which) => make("span", { class: which ? "is" : "was" }, percent(share)))));
    });
    this.find(".guesses").replaceChildren(make("div", { class: "head" }, make("span", { class: "was" }, "as trained"), this.picture ? null : make("span", { class: "is" }, "under this mask")), ...rows);
    this.find(".guesses").setAttribute("aria-label", `Next token after ${this.words[token]}`);
  }

  /* Over the tokens that somebody asks for: not over padding. */
  get means() { return [0, 1].map((which) => sum(slice(this.arrays.losses, which).slice(0, this.header.counted)) / this.header.counted); }
  get inSight() { return Array.from(this.arrays.in_sight.values); }
  get asTrained() { return range(this.n * this.n).every((at) => Boolean(this.arrays.mask.values[at]) === (at % this.n <= Math.floor(at / this.n))); }

  called() {
    const { kind, values: [a], causal } = this.choice, tail = causal ? " and the future hidden" : "";
    const names = { full: "With everything in sight", causal: "With the causal mask", sliding_window: `With a window of ${a} token${a === 1 ? "" : "s"}${causal ? "" : " to each side"}`, chunked: `Cut into chunks of ${a}`,
      dilated: `With a dilated window${tail}`, strided: `With the strided pattern${tail}`, block_sparse: `With the block-sparse pattern${tail}`,
      prefix: `With the first ${a} reading each other`, document: `Split into two documents after ${a}`, padding: `With ${this.n - a} tokens called padding` };
    return this.copied ? this.copy.of : names[kind] ?? "Under your own mask";
  }

  finding() {
    if (this.picture) return ["In cross-attention your tokens would read a source; this model has none, so nothing runs."];
    if (this.header.counted < 1 && this.n > 1) return ["All but the first token is padding: no token is left to be predicted."];
    if (this.n < 2) return ["One token alone: a mask can hide nothing but the token itself. Type a longer text."];
    if (this.stale) return [`${this.called()} …`];
    const [was, is] = this.means, loss = this.choice.kind === "padding" ? `the loss on the other ${this.header.counted + 1}` : "the loss on your text", verb = is > was + 0.005 ? "rises" : is < was - 0.005 ? "falls" : null;
    if (this.asTrained) return ["Under the mask it was trained with, the model’s loss on your text is ", ["attention", nats(is)], " per token."];
    return verb ? [`${this.called()}, ${loss} ${verb} from ${number(was)} to `, ["attention", nats(is)], " per token."]
      : [`${this.called()}, ${loss} stays at `, ["attention", nats(is)], " per token."];
  }

  losses() {
    const card = this.find(".loss"), chart = this.find(".chart");
    card.hidden = this.header.counted < 1 || this.picture;
    if (card.hidden) return;
    const [was, is] = this.means, losses = [0, 1].map((which) => Array.from(slice(this.arrays.losses, which))), top = Math.max(...losses.flat(), 1);
    this.find(".loss h4").textContent = "How surprised is the model by each token of your text?";
    this.find(".sums").replaceChildren(
      make("p", { class: "was" }, "○ as trained: ", make("b", {}, fine(was)), " nats per token, perplexity e", make("sup", {}, fine(was)), ` = ${perplexity(was)}`),
      make("p", {}, make("span", { class: "is" }, "● under this mask: "), make("b", { class: "attention" }, fine(is)), ` nats per token, perplexity ${perplexity(is)}`));
    const W = Math.max(this.root.clientWidth - 40, 280), H = 214, left = 36, base = 146, step = (W - left) / (this.n - 1), every = Math.ceil(15 / step);
    const x = (t) => left + (t + 0.5) * step, y = (loss) => base - (loss / top) * (base - 18), tick = [0.5, 1, 2, 5, 10, 20].find((size) => top / size <= 4) ?? 50;
    const svg = make("svg", { viewBox: `0 0 ${W} ${H}`, role: "img", "aria-label": `Loss of each token in nats, as trained and under this mask: ${range(this.n - 1).map((t) => `${this.words[t + 1]} ${fine(losses[0][t])}, ${fine(losses[1][t])}`).join("; ")}` });
    for (let at = 0; at <= top; at += tick) svg.append(make("line", { class: "grid", x1: left, x2: W, y1: y(at), y2: y(at) }), make("text", { x: left - 8, y: y(at) + 4, "text-anchor": "end" }, number(at, tick < 1 ? 1 : 0)));
    svg.append(make("text", { x: left, y: 8 }, "nats"));
    range(this.n - 1).forEach((t) => {
      const [a, b] = [losses[0][t], losses[1][t]], low = H - 8, word = make("text", { x: x(t), y: base + 16, "text-anchor": "end", transform: `rotate(-42 ${x(t)} ${base + 16})` }, visible(this.header.pieces[t + 1]).slice(0, 12));
      svg.append(make("g", { class: t < this.header.counted ? "" : "unasked" }, make("rect", { class: this.inSight[t] ? "sight" : "hit", x: left + t * step, width: step, y: 12, height: low - 12 }),
        make("line", { class: `link ${b > a ? "up" : "down"}`, x1: x(t), x2: x(t), y1: y(a), y2: y(b) }), make("circle", { class: "was", cx: x(t), cy: y(a), r: step < 12 ? 2.5 : 4.5 }), make("circle", { class: "is", cx: x(t), cy: y(b), r: step < 12 ? 2.5 : 4.5 }),
        t % every === 0 ? word : null, make("text", { class: "figure", x: Math.min(x(t) + 9, W - 80), y: Math.max(y(Math.max(a, b)) - 9, 12) }, `${fine(a)} → ${fine(b)}`)));
    });
    if (this.inSight.some(Boolean)) svg.append(make("text", { class: "sight", x: W, y: 8, "text-anchor": "end" }, "shaded: the answer is in sight"));
    chart.replaceChildren(svg);
    this.find(".reading").replaceChildren(...this.reading());
  }

  /* What the two losses do and do not say. */
  reading() {
    const seen = this.inSight.filter(Boolean).length, { reader } = this.header, [was, is] = this.means, bold = (text) => make("b", {}, text);
    if (this.asTrained) return ["This is the mask that the model was trained with: both readings are one and the same."];
    if (this.choice.kind === "padding" && this.choice.causal) return [bold("How to read it. "), "The tokens before the padding never looked at it: with the causal mask it comes later. So nothing changes for them, and the rows of the padding, pale here, are thrown away. Padding in front of a text would have to be hidden."];
    if (!seen) return [bold("How to read it. "), "Of a higher loss, part is missing information, part is that the model was never trained this way; this picture cannot separate them. Models that are trained with a window or with sparse patterns do well with them."];
    const start = [bold("How to read it. "), `At ${seen} of ${this.n - 1} places the answer itself is in sight, at once or by way of other tokens: there the loss measures no prediction. `];
    if (!reader) return [...start, "No token reads its answer directly."];
    const many = reader.heads.length, cut = many ? ` Cut off the ${many === 1 ? "one head" : `${many} heads`} that read it most (${reader.heads.slice(0, 6).join(", ")}${many > 6 ? ", …" : ""}), and the loss goes to ${number(reader.without)}.` : "";
    const head = `Head ${reader.layer + 1}.${reader.head + 1}`, role = reader.role === "induction" && reader.heads.length ? " The record of this model’s heads calls it an induction head: it looks for a token that comes after a copy of the current one. Now the current token itself is such a copy, and what comes after it is the answer." : "";
    return [...start, `${head} looks at it most, with ${percent(reader.share)} of a token’s attention on average.${role} `,
      is < was / 2 ? "So this model, trained without the future, uses it at once: with the future in sight a low loss proves nothing." + cut : "The loss does not fall to 0 although answers are there: the model was never trained with the future in sight and makes little use of it.",
      make("button", { type: "button", class: "plain", onclick: () => { this.choose("layer", reader.layer); this.choose("head", reader.head); } }, `Show ${head.toLowerCase()}`)];
  }
}

export default function ({ data, parentElement, setTriggerValue }) {
  const root = parentElement.querySelector(".board");
  root.board ??= new Board(root);
  if (data) root.board.receive(data, (mask) => setTriggerValue("ask", mask));
  return () => root.board?.stop();
}
