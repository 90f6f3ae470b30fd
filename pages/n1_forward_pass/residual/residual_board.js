// The residual stream of one word, embedding to prediction. Fed once per text and model with every
// vector that is added and every norm's gain and bias; all else is worked out here.

import { remember } from "../../../ui/kit/address.js";
import { clamp, largest, range, sum } from "../../../ui/kit/arithmetic.js";
import { check, radios } from "../../../ui/kit/controls.js";
import { make } from "../../../ui/kit/elements.js";
import { follow } from "../../../ui/kit/follow.js";
import { bracketed, number, percent, signed } from "../../../ui/kit/format.js";
import { Palette } from "../../../ui/kit/palette.js";
import { bars } from "../../../ui/kit/pictures.js";
import { slice, unpack } from "../../../ui/kit/tensors.js";
import { labels, quote, visible } from "../../../ui/kit/words.js";

const dot = (a, b) => a.reduce((total, x, i) => total + x * b[i], 0);
const length = (x) => Math.sqrt(dot(x, x));
const size = (x) => number(x, x >= 99.95 ? 0 : 1);
const plus = (a, b) => a.map((x, i) => x + b[i]);
const text = (kind, x, y, content, anchor = "middle") => make("text", { class: kind, x, y, "text-anchor": anchor }, content);
const rect = (kind, x, y, width, height, rx = 3) => make("rect", { class: kind, x, y, width: Math.max(0, width), height: Math.max(0, height), rx });
const line = (kind, x1, y1, x2, y2) => make("line", { class: kind, x1, y1, x2, y2 });

class Board {
  constructor(root) {
    this.root = root;
    this.find = (selector) => root.querySelector(selector);
    this.state = { token: 0, station: 1, target: 0, contrast: false, index: null };
    this.hover = null;
    this.palette = new Palette(root);
    this.lane = this.find(".lane");
    this.lane.addEventListener("keydown", (event) => this.press(event));
    this.find(".contrast").addEventListener("change", (event) => { this.state.contrast = event.target.checked; this.ledger(); });
    for (const strips of root.querySelectorAll(".strips")) {
      strips.addEventListener("pointermove", (event) => this.aim(event));
      strips.addEventListener("click", (event) => this.aim(event));
    }
    this.stop = follow(root, () => { if (this.n) this.draw(); });
  }

  receive(bytes) {
    const { header, arrays } = unpack(bytes), was = this.header ?? {}, s = this.state;
    const fresh = header.pass !== was.pass;
    if (!fresh && header.layer === was.layer && header.token === was.token) return;
    Object.assign(this, { header, n: header.pieces.length, pieces: header.pieces });
    if (fresh) {
      const [stations, , d] = arrays.added.shape;
      Object.assign(this, { arrays, stations, d, labels: labels(header.pieces) });
      this.words = range(this.n).map((t) => this.word(t));
      s.index = null;
      radios(this.find(".words"), "Word", this.n, (i) => this.labels[i], (i) => this.read(i));
    }
    if (fresh || header.token !== was.token) s.token = header.token;
    if (header.layer !== was.layer) s.station = 2 * Math.min(header.layer, header.n_layers - 1) + 2;
    s.station = Math.min(s.station, this.stations);
    this.draw();
  }

  /* One word: what is added, the stream after each addition, lengths and cosines. */
  word(t) {
    const added = range(this.stations).map((k) => Array.from(slice(this.arrays.added, k, t)));
    const stream = [added[0]];
    for (const vector of added.slice(1)) stream.push(plus(stream.at(-1), vector));
    const lengths = stream.map(length), sizes = added.map(length);
    const cosines = added.map((vector, k) => k ? dot(vector, stream[k - 1]) / (sizes[k] * lengths[k - 1] || 1) : 1);
    return { added, stream, lengths, sizes, cosines };
  }

  get now() { return this.words[this.state.token]; }
  get said() { return quote(this.labels[this.state.token]); }
  get layers() { return this.header.n_layers; }
  kind(k) { return k === 0 ? "other" : k > 2 * this.layers ? "other" : k % 2 ? "attention" : "mlp"; }
  sublayer(k) { return `layer ${Math.ceil(k / 2)}’s ${k % 2 ? "attention" : "MLP"}`; }
  name(k) { return k === 0 ? "the embedding" : k > 2 * this.layers ? "the final norm" : this.sublayer(k); }
  top(i) { return quote(visible(this.header.top[this.state.token][i])); }
  guess(layer) { return this.header.guesses[layer][this.state.token]; }
  chance(layer) { return slice(this.arrays.guessed, layer)[this.state.token]; }
  push(k) {
    const of = (i) => slice(this.arrays.pushes, i, k)[this.state.token];
    return this.state.target ? of(0) - of(1) : of(0);
  }
  get values() { return range(this.stations + 1).map((k) => this.push(k)); }
  get total() { return sum(this.values); }
  /* From which layer on the guess is the final one. */
  get settled() {
    let layer = this.layers - 1;
    while (layer > 0 && this.guess(layer - 1) === this.guess(layer)) layer--;
    return layer;
  }

  read(token) {
    this.state.token = (token + this.n) % this.n;
    this.state.index = null;
    remember("token", this.state.token + 1);
    this.draw();
  }
  keep(station) {
    this.state.station = clamp(station, 0, this.stations);
    if (this.kind(this.state.station) !== "other") remember("layer", Math.ceil(this.state.station / 2));
    this.hover = null;
    this.draw();
  }
  press(event) {
    const { station, token } = this.state;
    const moves = { ArrowLeft: () => this.keep(station - 1), ArrowRight: () => this.keep(station + 1), ArrowUp: () => this.read(token - 1), ArrowDown: () => this.read(token + 1) };
    if (!moves[event.key] || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    event.stopPropagation();
    moves[event.key]();
    this.find(".spoken").textContent = this.tell();
  }

  draw() {
    this.palette.forget();
    radios(this.find(".targets"), "Push", 2, (i) => (i ? `lead over ${this.top(1)}` : `logit of ${this.top(0)}`), (i) => { this.state.target = i; this.draw(); });
    check(this.find(".targets"), this.state.target);
    check(this.find(".words"), this.state.token);
    this.find(".finding").replaceChildren(...this.finding());
    this.picture();
    this.ledger();
    this.point();
  }

  finding() {
    const { lengths, sizes } = this.now, first = lengths[0], last = lengths.at(-1);
    const most = range(this.stations).slice(1).reduce((a, b) => (sizes[b] > sizes[a] ? b : a));
    const when = this.settled === 0 ? "from layer 1 on" : this.settled === this.layers - 1 ? "only after the last layer" : `from layer ${this.settled + 1} on`;
    return [make("b", { class: "residual" }, this.said), `’s vector ${last >= first ? "grows" : "shrinks"} from ${size(first)}${this.summed ? " (token + position)" : ""} to ${size(last)}${this.course()}: `,
      make("b", { class: most % 2 ? "attention" : "feed-forward" }, this.sublayer(most)), ` adds most (${size(sizes[most])}), and ${when} it says `, make("b", { class: "prediction" }, this.top(0)), "."];
  }

  /* Which layer most of the growth comes from, and whether the length falls after it. */
  course() {
    const ends = range(this.layers + 1).map((layer) => this.now.lengths[2 * layer]), grown = ends.at(-1) - ends[0];
    const layer = range(this.layers).find((i) => grown > 0 && ends[i + 1] - ends[i] > grown / 2);
    if (layer === undefined) return "";
    const falls = range(this.layers).some((i) => i > layer && ends[i + 1] < ends[i]), rises = range(this.layers).some((i) => i > layer && ends[i + 1] > ends[i]);
    return `, most of it in layer ${layer + 1}${falls ? `, then ${rises ? "up and down" : "down"}` : ""}`;
  }
  get summed() { return ["learned", "sinusoidal"].includes(this.header.position); }

  /* The lane: lengths, angles, guesses and pushes, one column for each thing that is added. */
  picture() {
    const W = this.lane.clientWidth, wide = W > 700, gutter = wide ? 112 : 0, columns = this.stations + 1, w = (W - gutter) / columns;
    const rows = { head: 40, length: W > 1500 ? 250 : wide ? 190 : 170, angle: 66, guess: 34, push: 104 };
    const y = { length: rows.head }; y.angle = y.length + rows.length; y.guess = y.angle + rows.angle; y.push = y.guess + rows.guess;
    const H = y.push + rows.push, x = (k) => gutter + (k + 0.5) * w, roomy = w >= 50;
    const svg = make("svg", { width: W, height: H, viewBox: `0 0 ${W} ${H}`, role: "img" });
    const mark = rect("here", 0, 0, w, H, 8);
    svg.append(mark);
    if (gutter) for (const [row, title, sub] of [["length", "Length", "of stream and additions"], ["angle", "Angle", "to the stream so far"], ["guess", "Guess", "if it stopped here"], ["push", "Push", `on the ${this.state.target ? "lead" : "logit"}`]]) {
      const top = y[row] + (row === "guess" ? 12 : row === "angle" ? 28 : rows[row] / 2 - 6);
      svg.append(text("row", 0, top, title, "start"));
      svg.append(text("", 0, top + 15, sub, "start"));
      if (row === "push") svg.append(text("", 0, top + 30, `sum: ${number(this.total)}`, "start"));
    }
    else for (const row of ["length", "angle", "guess", "push"]) svg.append(text("", 0, y[row] + ({ length: 12, angle: 10 }[row] ?? 0), row, "start"));
    this.headings(svg, x, w, H, roomy);
    this.lengths(svg, x, w, y.length, rows.length, roomy);
    this.angles(svg, x, w, y.angle, roomy);
    this.guesses(svg, x, w, y.guess);
    this.pushes(svg, x, w, y.push, rows.push, roomy);
    const at = (event) => clamp(Math.floor((event.clientX - svg.getBoundingClientRect().left - gutter) / w), 0, columns - 1);
    svg.addEventListener("pointermove", (event) => { const k = at(event); if (k !== this.hover) { this.hover = k; this.point(); } });
    svg.addEventListener("pointerleave", () => { this.hover = null; this.point(); });
    svg.addEventListener("click", (event) => this.keep(at(event)));
    this.place = () => mark.setAttribute("x", gutter + (this.hover ?? this.state.station) * w);
    this.lane.replaceChildren(svg);
    svg.setAttribute("aria-label", this.find(".finding").textContent);
  }

  headings(svg, x, w, H, roomy) {
    for (const layer of range(this.layers)) {
      const middle = (x(2 * layer + 1) + x(2 * layer + 2)) / 2, left = x(2 * layer + 1) - w / 2;
      svg.append(line("split", left, 0, left, H));
      if (w >= 12 || layer % 4 === 0) svg.append(text("layer", middle, 14, w >= 34 ? `Layer ${layer + 1}` : String(layer + 1)));
      if (w >= 15) for (const [k, kind, name] of [[2 * layer + 1, "attention", "attention"], [2 * layer + 2, "mlp", "MLP"]])
        svg.append(text(`t-${kind}`, x(k), 32, roomy ? name : name[0].toUpperCase()));
    }
    const end = this.stations;
    svg.append(line("split", x(end) - w / 2, 0, x(end) - w / 2, H));
    if (roomy) svg.append(text("layer", x(0), 32, "embedding"), text("layer", x(end), 32, "final norm"));
  }

  lengths(svg, x, w, top, height, roomy) {
    const { lengths, sizes } = this.now, base = top + height - 6, peak = 1.16 * Math.max(...lengths, ...sizes);
    const at = (value) => base - (value / peak) * (height - 12);
    const path = (values) => values.map((value, k) => `${k ? "L" : "M"}${x(k).toFixed(1)} ${at(value).toFixed(1)}`).join("");
    const behind = make("g", { "clip-path": "url(#inside)" }, ...this.words.map((word, t) => t === this.state.token ? null : make("path", { class: "other", d: path(word.lengths) })));
    svg.append(make("defs", {}, make("clipPath", { id: "inside" }, rect("", 0, top, this.lane.clientWidth, height, 0))), behind, line("base", x(0) - w / 2, base, x(this.stations) + w / 2, base));
    sizes.forEach((value, k) => {
      if (!k) return;
      const tall = base - at(value), inside = tall > 20;
      svg.append(rect(`b-${this.kind(k)}`, x(k) - w * 0.27, at(value), w * 0.54, tall));
      const free = inside || at(value) - at(lengths[k]) > 26;
      if (roomy && free) svg.append(text(inside ? "inside" : `halo t-${this.kind(k)}`, x(k), inside ? base - 6 : at(value) - 5, size(value)));
    });
    svg.append(make("path", { class: "stream", d: path(lengths) }));
    lengths.forEach((value, k) => {
      svg.append(make("circle", { class: "dot", cx: x(k), cy: at(value), r: w > 20 ? 5 : 3 }));
      if (roomy || k === 0 || k === this.stations - 1) svg.append(text("t-stream halo", x(k), at(value) - 10, size(value)));
    });
  }

  angles(svg, x, w, top, roomy) {
    const r = Math.min(26, w * 0.42), base = top + 38;
    for (const k of range(this.stations).slice(1)) {
      const cosine = clamp(this.now.cosines[k], -1, 1), angle = Math.acos(cosine);
      svg.append(make("path", { class: "arc", d: `M${x(k) - r} ${base}A${r} ${r} 0 0 1 ${x(k) + r} ${base}` }), line("ray", x(k), base, x(k) + r, base),
        line(`hand ${this.kind(k)}`, x(k), base, x(k) + r * cosine, base - r * Math.sin(angle)));
      if (roomy) svg.append(text("", x(k), base + 17, `${Math.round((angle * 180) / Math.PI)}°`));
    }
  }

  guesses(svg, x, w, top) {
    for (const layer of range(this.layers)) {
      const middle = (x(2 * layer + 1) + x(2 * layer + 2)) / 2, room = 2 * w - 6, word = visible(this.guess(layer));
      const letters = Math.floor((room - (w > 44 ? 44 : 4)) / 7), shown = word.length > letters ? `${word.slice(0, Math.max(1, letters - 1))}…` : word;
      if (w < 13) continue;
      svg.append(rect(`chip ${layer >= this.settled ? "settled" : ""}`, middle - room / 2, top + 4, room, 24, 8),
        text("guess", middle, top + 20, w > 44 ? `${shown} ${percent(this.chance(layer))}` : shown));
    }
  }

  pushes(svg, x, w, top, height, roomy) {
    const values = this.values, high = Math.max(0, ...values), low = Math.min(0, ...values);
    const room = height - 44, scale = room / (high - low || 1), zero = top + 22 + high * scale;
    svg.append(line("base", x(0) - w / 2, zero, x(this.stations) + w / 2, zero));
    values.forEach((value, k) => {
      svg.append(rect(`b-${this.kind(k)}`, x(k) - w * 0.27, value < 0 ? zero : zero - value * scale, w * 0.54, Math.abs(value) * scale, 2));
      if (roomy && (k < this.stations || this.arrays.bias)) svg.append(text("", x(k), value < 0 ? zero - value * scale + 14 : zero - value * scale - 5, signed(value)));
    });
  }

  /* The column pointed at, in one line; the norm and the ledger follow the kept one. */
  point() {
    this.place();
    this.find(".pointed").replaceChildren(...this.column(this.hover ?? this.state.station));
    this.lane.setAttribute("aria-label", `${this.find(".finding").textContent} ${this.tell()} Arrow keys move through layers and words.`);
    this.norm();
    this.mark();
  }
  mark() {
    for (const row of this.root.querySelectorAll(".ledger [data-station]")) row.classList.toggle("here", Number(row.dataset.station) === (this.hover ?? this.state.station));
  }
  tell() { return this.find(".pointed").textContent; }

  column(k) {
    const { lengths, sizes, cosines } = this.now, whole = this.state.target ? `lead of ${this.top(0)} over ${this.top(1)}` : `logit of ${this.top(0)}`;
    const role = { attention: "attention", mlp: "feed-forward", other: "residual" }[this.kind(k)], share = `${signed(this.push(k))} of the ${whole}, ${number(this.total)}`;
    if (k === 0) return ["It starts as ", make("b", { class: role }, "the embedding"), `, ${size(lengths[0])} long: the token’s row${this.summed ? " and its position’s, added" : ""}. It gives ${share}.`];
    if (k === this.stations) return [make("b", { class: role }, "The final norm"), ` brings the stream from ${size(lengths.at(-1))} to a common size before the unembedding reads it; ${this.arrays.bias ? `its bias gives ${share}` : `it has no bias, so the ${whole}, ${number(this.total)}, is the sum of what was added`}.`];
    const angle = Math.acos(clamp(cosines[k], -1, 1)) * 180 / Math.PI, turn = angle > 100 ? "partly against it" : angle < 80 ? "partly along it" : "nearly at a right angle to it";
    const said = this.sublayer(k);
    return [make("b", { class: role }, said[0].toUpperCase() + said.slice(1)), ` adds ${size(sizes[k])} at ${Math.round(angle)}° to the stream (cosine ${number(cosines[k])}, ${turn}): ${size(lengths[k - 1])} becomes ${size(lengths[k])}, ${k < this.stations - 1 ? `still ${this.left(k)}° from the direction where it ends` : "the stream’s end"}. It gives ${share}.`];
  }

  /* Degrees between the stream after an addition and its end. */
  left(k) {
    const { stream, lengths } = this.now, cosine = dot(stream[k], stream.at(-1)) / (lengths[k] * lengths.at(-1) || 1);
    return Math.round((Math.acos(clamp(cosine, -1, 1)) * 180) / Math.PI);
  }

  /* The number pointed at in a strip. */
  aim(event) {
    const strip = event.composedPath().find((node) => node.classList?.contains("strip"));
    if (!strip) return;
    const box = strip.getBoundingClientRect(), index = clamp(Math.floor(((event.clientX - box.left) / box.width) * this.d), 0, this.d - 1);
    if (index === this.state.index) return;
    this.state.index = index;
    this.ledger();
  }
  get index() {
    if (this.state.index === null) {
      const last = this.now.stream.at(-1).map(Math.abs);
      this.state.index = last.indexOf(Math.max(...last));
    }
    return this.state.index;
  }

  strip(kind, what, values, top, role, end, station) {
    const here = make("i"), value = values[this.index], tall = kind.includes("step") ? 26 : 20, drawn = bars(values, top, role, tall);
    values.forEach((v, j) => { if (Math.abs(v) > top) drawn.append(rect("cut", 10 * j, v > 0 ? 0 : tall - 3, 7.4, 3, 0)); });
    here.style.left = `${(100 * (this.index + 0.37)) / this.d}%`;
    const cell = (name, ...content) => make("div", { class: name, role: "cell" }, ...content);
    return make("div", { class: `line ${kind}`, role: "row", "data-station": station },
      cell("what", what), cell("strip", drawn, here), cell("value", number(value, 2, 0.005)), cell("length", end));
  }
  heading(what) {
    const cell = (content) => make("div", { role: "columnheader" }, content);
    return make("div", { class: "line head", role: "row" }, cell(what), cell(this.root.clientWidth > 760 ? `its ${this.d} numbers` : "numbers"), cell(`no. ${this.index + 1}`), cell("length"));
  }

  /* embedding + all additions = the last stream, vector by vector. */
  ledger() {
    const { added, stream, sizes, lengths } = this.now, last = stream.at(-1), peak = (3 * lengths.at(-1)) / Math.sqrt(this.d), i = this.index;
    const role = { attention: "attention", mlp: "feed-forward", other: "residual" };
    const top = (values) => (this.state.contrast ? largest(values) : peak);
    const rows = added.map((values, k) => this.strip(role[this.kind(k)], k ? `+ ${k % 2 ? `${Math.ceil(k / 2)} attention` : `${k / 2} MLP`}` : "embedding", values, top(values), role[this.kind(k)], size(sizes[k]), k));
    this.find(".ledger h4").textContent = `${this.stations} vectors add up to what the final norm reads`;
    this.find(".ledger .sub").textContent = `Nothing in the stream of ${this.said} is overwritten: each sublayer adds a vector of its own (at more than 90° it takes something back), and a skip connection carries the rest on unchanged.`;
    this.find(".ledger .strips").replaceChildren(this.heading("what is added"), ...rows, this.strip("total", "= stream", last, top(last), "residual", size(lengths.at(-1)), this.stations));
    this.find(".ledger .caption").textContent = `Number ${i + 1}: ${bracketed(added[0][i])} + … + ${bracketed(added.at(-1)[i])} = ${number(last[i])}. The lengths do not add up, since the vectors point different ways.${this.state.contrast ? "" : ` Bars longer than ±${size(peak)} are cut (dark ends).`}`;
    this.mark();
    this.norm();
  }

  /* A norm by its number: what it takes, what it makes of it. */
  steps(at) {
    const x = this.now.stream[at], { d } = this, { gain, bias } = this.arrays, centres = this.header.norm === "layer_norm";
    const mean = centres ? sum(x) / d : 0, centred = x.map((v) => v - mean), variance = dot(centred, centred) / d, spread = Math.sqrt(variance + this.header.eps);
    const standard = centred.map((v) => v / spread), gains = slice(gain, at), scaled = standard.map((v, j) => v * gains[j]);
    return { x, mean, centred, variance, spread, standard, gains, scaled, output: bias ? plus(scaled, slice(bias, at)) : scaled, biases: bias && slice(bias, at) };
  }

  /* The norm that the chosen sublayer reads through, step by step. */
  norm() {
    const at = clamp((this.hover ?? this.state.station) - 1, 0, this.stations - 1), { d, index: i } = this, centres = this.header.norm === "layer_norm";
    const { x, mean, centred, variance, spread, standard, gains, scaled, output, biases } = this.steps(at);
    const reader = at === this.stations - 1 ? "the unembedding" : this.sublayer(at + 1), top = Math.max(largest(standard), largest(output));
    this.find(".norm h4").textContent = `${centres ? "LayerNorm" : "RMSNorm"} hands ${reader} a vector of length ${size(length(output))} instead of ${size(length(x))}`;
    this.find(".norm .sub").textContent = "The stream keeps its length; only the copy that the sublayer reads is brought to a common size.";
    const step = (what, values, peak, role) => this.strip("step", what, values, peak, role, number(length(values), 1));
    this.find(".norm .strips").replaceChildren(this.heading("step"), step("stream x", x, largest(x), "residual"),
      ...(centres ? [step("x − mean", centred, largest(x), "residual")] : []),
      step(centres ? "÷ √(variance + ε)" : "÷ √(mean x² + ε)", standard, top, "value"), step("× gain", scaled, top, "value"), ...(biases ? [step("+ bias", output, top, "value")] : []));
    const eps = number(this.header.eps, 5, 1e-5);
    const lines = [
      ...(centres ? [`mean = Σ x ÷ ${d} = ${number(mean, 3)}`] : []),
      `${centres ? "variance = Σ (x − mean)²" : "mean x² = Σ x²"} ÷ ${d} = ${number(variance)};  √(${number(variance)} + ${eps}) = ${number(spread, 3)}`,
      `no. ${i + 1}: ${centres ? `(${number(x[i])} − ${bracketed(mean, 3)})` : number(x[i])} ÷ ${number(spread, 3)} × ${number(gains[i], 3)}${biases ? ` + ${bracketed(biases[i], 3)}` : ""} = ${number(output[i])}`,
    ];
    this.find(".lines").replaceChildren(...lines.map((content) => make("div", {}, content)));
    this.common(at, biases);
    this.find(".norm .caption").textContent = `After the division every vector has length √${d} ≈ ${number(Math.sqrt(d), 1)}, whatever came in. Gain${biases ? " and bias are" : " is"} learnt, one number per place: how much this sublayer listens there. ε = ${eps} only guards against dividing by 0.`;
  }

  /* Every norm's work on this word: lengths before, after the division, as read. */
  common(at, biases) {
    const box = this.find(".common"), W = box.clientWidth, H = 104, right = W - 124, base = H - 18, n = this.stations;
    const made = this.now.made ??= range(n).map((k) => { const { standard, output } = this.steps(k); return [length(standard), length(output)]; });
    const curves = [["residual", "stream", this.now.lengths], ["muted", "÷ spread", made.map((pair) => pair[0])], ["value", biases ? "× gain + bias" : "× gain", made.map((pair) => pair[1])]];
    const top = Math.log(Math.max(...curves.flatMap((curve) => curve[2]))), low = Math.min(0, Math.log(Math.min(...curves.flatMap((curve) => curve[2])) || 1));
    const x = (k) => 4 + (k / (n - 1)) * (right - 8), y = (value) => base - ((Math.log(value || 1) - low) / (top - low)) * (base - 12);
    const svg = make("svg", { width: W, height: H, viewBox: `0 0 ${W} ${H}`, role: "img", "aria-label": curves.map(([, name, values]) => `${name}: ${size(values[0])} at the first norm, ${size(values.at(-1))} at the last`).join("; ") });
    svg.append(line("now", x(at), 4, x(at), base), text("", 0, H - 2, "first norm", "start"), text("", right, H - 2, "last (log scale)", "end"));
    let free = Infinity;
    for (const [role, name, values] of [...curves].sort((a, b) => b[2].at(-1) - a[2].at(-1))) {
      free = Math.max(y(values.at(-1)) + 4, free === Infinity ? 0 : free + 15);
      svg.append(make("path", { class: `way ${role}`, d: values.map((value, k) => `${k ? "L" : "M"}${x(k).toFixed(1)} ${y(value).toFixed(1)}`).join("") }), text(`t-${role}`, right + 4, free, `${name} ${size(values[at])}`, "start"));
    }
    box.replaceChildren(svg);
  }
}

export default function ({ data, parentElement }) {
  const root = parentElement.querySelector(".board");
  root.board ??= new Board(root);
  if (data) root.board.receive(data);
  return () => root.board?.stop();
}
