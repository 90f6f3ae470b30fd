// Five positional schemes on one sentence. Fed once per text and model; scheme, words, sliders and
// pointer are answered here. Positions count from 0, as in the formulas; tokens from 1 in the address.

import { remember } from "../../../ui/kit/address.js";
import { clamp, largest, range, softmax, sum } from "../../../ui/kit/arithmetic.js";
import { check, radios, slider } from "../../../ui/kit/controls.js";
import { make } from "../../../ui/kit/elements.js";
import { follow } from "../../../ui/kit/follow.js";
import { count, number, percent, signed } from "../../../ui/kit/format.js";
import { Palette } from "../../../ui/kit/palette.js";
import { cellAt, heatmap } from "../../../ui/kit/pictures.js";
import { plot } from "../../../ui/kit/plot.js";
import { slice, unpack } from "../../../ui/kit/tensors.js";
import { labels, quote, visible } from "../../../ui/kit/words.js";

const SCHEMES = [
  { id: "sinusoidal", name: "Sinusoidal", place: "added to the embedding", at: "embed", formula: "x + (sin pθ, cos pθ)", tag: "published",
    where: "Fixed waves, one sine and one cosine per speed θ, added before the first layer (arXiv 1706.03762). Nothing is learnt." },
  { id: "learned", name: "Learned", place: "added to the embedding", at: "embed", formula: "x + table[p]", tag: "live",
    where: "One trained row per position, added before the first layer (GPT-2). There is no row beyond the last." },
  { id: "rope", name: "RoPE", place: "turns queries and keys", at: "rotate", formula: "R(p) q,  R(p) k", tag: "live",
    where: "In every layer, each pair of numbers of q and k turns like the hand of a clock, by p times the pair’s speed θ (arXiv 2104.09864)." },
  { id: "alibi", name: "ALiBi", place: "added to the scores", at: "bias", formula: "q·k / √d − slope · distance", tag: "published",
    where: "In every layer, a fixed penalty per word of distance, steeper in one head than in another (arXiv 2108.12409)." },
  { id: "none", name: "None", place: "acts nowhere", at: "nowhere", formula: "softmax(q·k / √d) v", tag: "live",
    where: "Only the causal mask can tell the order (arXiv 2305.19466)." },
];
const MEANING = { live: "Computed just now, by the model named here", published: "A formula from a paper, evaluated exactly; the models here were not trained with it" };

class Board {
  constructor(root) {
    this.root = root;
    this.find = (selector) => root.querySelector(selector);
    this.state = { scheme: 0, query: 0, key: 0, m: 0, n: 0, layer: 0, head: 0, together: true, causal: false, log: false };
    this.palette = new Palette(root);
    radios(this.find(".schemes"), "Scheme", SCHEMES.length, (i) => [make("canvas"), make("div", {}, make("b", {}, SCHEMES[i].name), make("span", {}, SCHEMES[i].place))], (i) => this.choose(i));
    this.find(".schemes").querySelectorAll("button").forEach((button, i) => button.setAttribute("aria-label", `${SCHEMES[i].name}, ${SCHEMES[i].place}`));
    this.find(".log").addEventListener("change", (event) => { this.state.log = event.target.checked; this.curves(); });
    this.stop = follow(root, () => { if (this.header) this.draw(); });
  }

  receive(bytes) {
    const { header, arrays } = unpack(bytes), was = this.header ?? {}, s = this.state;
    const fresh = header.pass !== was.pass;
    if (!fresh && ["layer", "head", "token", "scheme"].every((name) => header[name] === was[name])) return;
    Object.assign(this, { header, arrays, pieces: header.pieces, labels: labels(header.pieces), length: header.pieces.length });
    if (header.rope) this.ropeLabels = labels(header.rope.pieces);
    const asked = SCHEMES.findIndex(({ id }) => id === header.scheme);
    if (fresh || header.scheme !== was.scheme) s.scheme = asked >= 0 ? asked : Math.max(0, SCHEMES.findIndex(({ id }) => id === header.own));
    s.layer = clamp(header.layer, 0, (header.rope?.layers.length ?? 1) - 1);
    s.head = clamp(header.head, 0, (header.rope?.n_heads ?? 1) - 1);
    s.row = header.token;
    s.column = 0;
    if (header.rope) this.takeQuery(Math.min(header.token, header.rope.pieces.length - 1));
    this.draw();
  }

  get scheme() { return SCHEMES[this.state.scheme]; }
  choose(i) { this.state.scheme = i; remember("scheme", SCHEMES[i].id); this.paint(); }
  /* A row of a table: the word that stands there, if the text goes so far. */
  standing(row) { return row < this.length ? [make("b", { class: "query" }, quote(this.labels[row])), ` at position ${row}`] : [`Position ${row}, beyond your text,`]; }

  draw() {
    this.palette.forget();
    this.thumbnails();
    this.paint();
    this.curves();
  }

  paint() {
    const { id, tag, formula, where } = this.scheme;
    check(this.find(".schemes"), this.state.scheme);
    this.find(".schemes").querySelectorAll("b").forEach((name, i) => name.replaceChildren(SCHEMES[i].name, SCHEMES[i].id === this.header.own ? make("i", {}, "this model’s") : ""));
    Object.assign(this.find(".tag"), { className: `tag ${tag}`, textContent: tag, title: MEANING[tag] });
    this.find(".formula").textContent = formula;
    this.find(".where").textContent = where;
    this.find(".map").replaceChildren(this.map());
    const picture = this.find(".picture");
    this.halt();
    picture.replaceChildren();
    const lost = (id === "learned" && !this.header.table) || (id === "rope" && !this.header.rope);
    if (lost) this.say(`The model that uses ${this.scheme.name} is not on this machine, so there is nothing real to draw.`);
    else this[`draw_${id}`](picture);
  }

  say(...finding) { this.find(".finding").replaceChildren(...finding); }

  /* One block, the place lit where the scheme acts. */
  map() {
    const { at } = this.scheme, svg = make("svg", { viewBox: "0 0 218 252", role: "img", "aria-label": `In one block: ${this.scheme.name} ${this.scheme.place}.` });
    const box = (x, y, w, text, lit) => make("g", { class: lit ? "lit" : "" }, make("rect", { x, y, width: w, height: 25, rx: 7 }), make("text", { x: x + w / 2, y: y + 17 }, text));
    const line = (x1, y1, x2, y2) => make("line", { x1, y1, x2, y2 });
    svg.append(line(109, 25, 109, 66), line(109, 68, 109, 92), line(42, 104, 42, 150), line(109, 104, 109, 150), line(176, 104, 176, 214), line(75, 162, 75, 214), make("path", { d: "M42 104 V92 H176 V104" }), line(109, 227, 109, 250));
    svg.append(box(54, 0, 110, "token embedding"), make("g", { class: at === "embed" ? "lit" : "" }, make("circle", { cx: 109, cy: 58, r: 10 }), make("text", { x: 109, y: 62 }, "+")),
      box(20, 104, 44, at === "rotate" ? "↻ q" : "q", at === "rotate"), box(87, 104, 44, at === "rotate" ? "↻ k" : "k", at === "rotate"), box(154, 104, 44, "v"),
      box(12, 150, 126, at === "bias" ? "scores − bias" : "scores q·k / √d", at === "bias"), box(12, 208, 194, "softmax, mix the values"));
    const said = { embed: [168, 62, "here, once"], rotate: [109, 142, "here, in every layer"], bias: [75, 192, "here, in every layer"], nowhere: [109, 62, ""] }[at];
    svg.append(make("g", { class: "lit said" }, make("text", { x: said[0], y: said[1] }, said[2])));
    return svg;
  }

  thumbnails() {
    const { arrays, palette } = this, rows = 23;
    const pictures = [
      (i, j) => palette.sign(slice(arrays.sinusoidal, i)[j]), (i, j) => palette.sign(arrays.alike ? slice(arrays.alike, i * 5)[j * 5] : 0),
      (i, j) => { const x = j - 11, y = i - 11, r = Math.hypot(x, y); return palette.magnitude(r > 11 || r < 3 ? 0 : 0.2 + 0.8 * Math.abs(Math.cos(Math.atan2(y, x) / 2 - r / 4)), "query"); },
      (i, j) => (j > i ? palette.rgb("panel") : palette.magnitude((i - j) / rows, "negative")), (i, j) => (i === 11 || Math.abs(i - 11) > 9 || (Math.abs(i - j) > 1 && Math.abs(22 - i - j) > 1) ? palette.rgb("panel") : palette.magnitude(0.45, "residual")),
    ];
    this.root.querySelectorAll(".schemes canvas").forEach((canvas, s) => heatmap(canvas, { rows, columns: rows, width: 46, height: 46, tiles: false,
      colour: (i, j) => (s === 1 && arrays.alike && Math.max(i, j) * 5 >= arrays.alike.shape[0] ? palette.rgb("panel") : pictures[s](i, j)) }));
  }

  /* Row labels beside a table: the reader's words, then numbers; those that fit. */
  names(rows, cell, lit, right = false) {
    const every = Math.ceil(14 / cell), box = make("div", { class: right ? "words right" : "words", "aria-hidden": "true" });
    box.style.height = `${rows.length * cell}px`;
    rows.forEach((i, at) => {
      if (at !== lit && (at % every || (every > 1 && Math.abs(at - lit) < every))) return;
      const name = make("span", { class: at === lit ? "here" : i < this.length ? "typed" : "" }, i < this.length ? this.labels[i] : this.root.clientWidth > 760 ? `position ${i}` : i);
      name.style.top = `${(at + 0.5) * cell}px`;
      box.append(name);
    });
    return box;
  }

  /* A canvas that answers pointer and arrow keys with `point(row, column)`. */
  canvas({ rows, columns, width, height, colour, label, hidden, tiles = false, at = [0, 0], point }) {
    const canvas = make("canvas", { role: "img", tabindex: 0, "aria-label": label });
    heatmap(canvas, { rows, columns, width, height, colour, hidden, tiles });
    canvas.addEventListener("pointermove", (event) => { const { row, column } = cellAt(event, canvas, rows, columns); at = [row, column]; point(row, column); });
    canvas.addEventListener("keydown", (event) => {
      const step = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] }[event.key];
      if (!step) return;
      event.preventDefault();
      event.stopPropagation();
      at = [clamp(at[0] + step[0], 0, rows - 1), clamp(at[1] + step[1], 0, columns - 1)];
      point(...at);
      this.find(".spoken").textContent = this.find(".told, .side")?.innerText ?? "";
    });
    return canvas;
  }

  /* A table of rows added to the embedding, and beside it `beside(row, column)`. */
  table(picture, array, room, said, note, shade, beside) {
    const size = this.scheme.id === "learned" ? this.header.table.d_model : this.header.d_model;
    const [rows, columns] = array.shape, top = largest(Array.from(array.values)), cell = Math.min(16, 340 / rows), s = this.state;
    const plane = make("div", { class: "plane" }), side = make("div", { class: "side" }), mark = make("div", { class: "mark" }), wide = make("div", { class: room });
    const words = make("div");
    picture.append(wide);
    wide.append(words, plane, side);
    words.append(this.names(range(rows), cell, s.row));
    const width = Math.max(plane.clientWidth, 120), height = rows * cell;
    const point = (row, column) => {
      Object.assign(s, { row, column });
      words.replaceChildren(this.names(range(rows), cell, row));
      Object.assign(mark.style, { left: "-2px", top: `${row * cell - 1}px`, width: `${width + 4}px`, height: `${cell + 2}px` });
      beside(side, row, column);
    };
    s.row = Math.min(s.row, rows - 1);
    s.column = Math.min(s.column, columns - 1);
    plane.append(this.canvas({ rows, columns, width, height, label: said, at: [s.row, s.column], colour: (i, j) => this.palette.sign(shade(slice(array, i)[j] / top)), point }), mark,
      make("div", { class: "axis" }, make("span", {}, "number 1"), make("span", {}, `${columns} of the ${size} numbers added`), make("span", {}, columns)),
      make("p", { class: "hint" }, `Point at a cell. Orange is negative, blue positive${note}; rows beyond your text follow its last word.`));
    point(s.row, s.column);
  }

  wave(values, at) {
    const top = largest(values) || 1, y = (v) => 40 - (v / top) * 36;
    return make("svg", { class: "wave", viewBox: `0 0 ${values.length - 1 || 1} 80`, preserveAspectRatio: "none", "aria-hidden": "true" }, make("line", { x1: 0, x2: values.length - 1, y1: 40, y2: 40 }),
      make("path", { d: values.map((v, i) => `${i ? "L" : "M"}${i} ${y(v).toFixed(2)}`).join("") }), make("path", { class: "dot", d: `M${at} ${y(values[at]).toFixed(2)}h0.001` }));
  }

  draw_sinusoidal(picture) {
    const d = this.header.d_model, theta = (column) => 10000 ** (-(column - (column % 2)) / d), turn = (column) => (2 * Math.PI) / theta(column);
    this.table(picture, this.arrays.sinusoidal, "tabled", "Sinusoidal table: a row per position, a column per number.", "", (x) => x, (side, row, column) => {
      const name = column % 2 ? "cos" : "sin", speed = theta(column), value = Math[name](row * speed);
      this.say(...this.standing(row), ` gets its own chord of ${d / 2} waves: the fastest swings once in 6.3 tokens, the slowest once in ${count(turn(d - 2))}`);
      side.replaceChildren(make("h4", {}, `Number ${column + 1} at position ${row}`),
        make("p", { class: "mono" }, `${name}(${row} / 10000^(${column - (column % 2)}/${d}))`), make("p", { class: "mono" }, `= ${name}(${row} × ${number(speed, 3, 1e-4)}) = ${name}(${number(row * speed)})`),
        make("div", { class: "result" }, number(value, 3)), make("div", { class: "sub" }, `This number down the positions: one swing in ${number(turn(column), 1)} tokens.`),
        this.wave(range(this.arrays.sinusoidal.shape[0]).map((p) => Math[name](p * speed)), row));
    });
  }

  draw_learned(picture) {
    const { alike, learned } = this.arrays, { model } = this.header.table, size = alike.shape[0], cosine = (i, j) => slice(alike, i)[j], far = Math.min(200, size - 1);
    const mean = (k) => sum(range(size - k).map((i) => cosine(i, i + k))) / (size - k), mark = make("div", { class: "mark" });
    this.table(picture, learned, "tabled two", `Trained table of ${model}: a row per position.`, " (by the square root, so that small numbers show)", (x) => Math.sign(x) * Math.sqrt(Math.abs(x)), (side, row, column) => {
      if (!side.firstChild) {
        const width = Math.min(side.clientWidth || 260, 260);
        const told = make("p", { class: "told" }), axis = make("div", { class: "axis" }, make("span", {}, "position 0"), make("span", {}, size - 1));
        axis.style.width = `${width}px`;
        side.show = (i, j) => told.replaceChildren(`Positions ${i} and ${j}, ${Math.abs(i - j)} apart: cosine `, make("b", { class: "attention" }, number(cosine(i, j))), ".");
        side.line = (i) => Object.assign(mark.style, { left: 0, top: `${(i * width) / size - 2}px`, width: `${width}px`, height: "4px" });
        side.append(make("h4", {}, "How alike two positions are"), make("p", { class: "sub" }, `Cosine of every pair of the ${size} rows (1: same direction, −1: opposite). 1 apart ${number(mean(1))} on average, ${far} apart ${number(mean(far))}.`), make("div", { class: "plane" },
          this.canvas({ rows: size, columns: size, width, height: width, label: `Cosine similarity of ${size} by ${size} rows: ${number(mean(1))} on average 1 apart, ${number(mean(far))} at ${far} apart.`, colour: (i, j) => this.palette.sign(cosine(i, j)), point: (i, j) => { side.line(i); side.show(i, j); } }), mark), axis, told, make("p", { class: "sub number" }));
      }
      const others = range(size).filter((i) => i !== row).sort((i, j) => cosine(row, j) - cosine(row, i)), near = others[0], least = others.at(-1);
      side.line(row);
      side.show(row, near ?? row);
      side.querySelector(".number").textContent = `Row ${row}, number ${column + 1}: ${number(slice(learned, row)[column], 3)}`;
      const place = row < this.length ? ["the row added to ", make("b", { class: "query" }, quote(this.labels[row])), ` (row ${row})`] : [`row ${row}, beyond your text,`];
      this.say(`In the table of ${model}, `, ...place, ` is most like row ${near} (cosine ${number(cosine(row, near))}), least like row ${least} (${number(cosine(row, least))})`);
    });
  }

  // -------------------------------------------------------------------------------------- RoPE

  get rope() { return this.header.rope; }
  theta(pair) { return this.rope.base ** ((-2 * pair) / this.rope.d_head); }
  /* The pairs of a query or key, turned from where its word stands to position `p`. */
  pairs(name, i, p) {
    const { arrays, rope, state } = this, array = arrays[name], head = Math.floor(state.head / (rope.n_heads / array.shape[1]));
    const v = slice(array, state.layer, head, i), half = rope.d_head / 2;
    return range(half).map((t) => {
      const angle = (p - i) * this.theta(t), c = Math.cos(angle), s = Math.sin(angle);
      return [v[t] * c - v[t + half] * s, v[t] * s + v[t + half] * c];
    });
  }
  score(m, n) {
    const q = this.pairs("q", this.state.query, m), k = this.pairs("k", this.state.key, n);
    return sum(q.map(([a, b], t) => a * k[t][0] + b * k[t][1])) / Math.sqrt(this.rope.d_head);
  }

  takeQuery(i) {
    const s = this.state, earlier = range(Math.max(i, 1));
    s.query = i;
    const scores = earlier.map((j) => { s.key = j; return this.score(i, j); });
    s.key = scores.indexOf(Math.max(...scores));
    Object.assign(s, { m: i, n: s.key });
  }

  learn(name, to) { if (this.rope.same) remember(name, to + 1); }

  ropeControls() {
    const s = this.state, { rope } = this, far = rope.length - 1;
    const pick = (name, kind) => make("select", { class: `field ${kind}`, "aria-label": name, onchange: (event) => {
      const to = Number(event.target.value);
      if (kind === "q") { this.takeQuery(to); this.learn("token", to); } else Object.assign(s, { key: to, m: s.query, n: to });
      this.paint();
      this.curves();
    } }, rope.pieces.map((_, i) => make("option", { value: i, selected: i === (kind === "q" ? s.query : s.key) }, this.ropeLabels[i])));
    const layers = make("div", { class: "chips layers" }), heads = make("div", { class: "chips" });
    const set = (name, to) => { s[name] = to; this.takeQuery(s.query); this.learn(name, name === "layer" ? rope.layers[to] : to); this.paint(); this.curves(); };
    radios(layers, "Layer", rope.layers.length, (i) => String(rope.layers[i] + 1), (i) => set("layer", i));
    radios(heads, "Head", rope.n_heads, (i) => String(i + 1), (i) => set("head", i));
    check(layers, s.layer);
    check(heads, s.head);
    const slide = (kind, label) => slider({ label, min: 0, max: far, step: 1, value: s[kind], show: String, change: (to) => this.slide(kind, to) });
    this.slides = { m: slide("m", "query stands at"), n: slide("n", "key stands at") };
    this.slides.m.classList.add("q");
    this.slides.n.classList.add("k");
    const choice = (name, ...inside) => make("div", { class: "choice" }, make("span", { class: "name" }, name), ...inside);
    return [make("div", { class: "controls" }, choice("Query", pick("Query word", "q")), choice("Key", pick("Key word", "k")), choice("Layer", layers), choice("Head", heads)),
      make("div", { class: "slides" }, this.slides.m, this.slides.n, make("label", { class: "switch" }, make("input", { type: "checkbox", checked: s.together, onchange: (event) => { s.together = event.target.checked; } }), make("span", {}, "slide both together")),
        make("button", { type: "button", class: "plain play", onclick: () => this.play() }, "▶ slide on"))];
  }

  /* The query, and with it the key if both are tied, moves on until it is stopped or at the end. */
  play() {
    const s = this.state, stop = this.playing;
    this.halt();
    if (stop) return;
    if (matchMedia("(prefers-reduced-motion: reduce)").matches) return this.slide("m", s.m + 10);
    this.find(".play").textContent = "■ stop";
    this.playing = setInterval(() => {
      const before = s.m;
      if (this.root.isConnected) this.slide("m", Math.min(s.m + 1, this.rope.length - 1));
      if (s.m === before || !this.root.isConnected) this.halt();
    }, 70);
  }
  halt() {
    clearInterval(this.playing);
    this.playing = null;
    const button = this.find(".play");
    if (button) button.textContent = "▶ slide on";
  }

  slide(kind, to) {
    const s = this.state, other = kind === "m" ? "n" : "m", far = this.rope.length - 1;
    if (s.together) {
      const gap = s[other] - s[kind];
      to = clamp(to, Math.max(0, -gap), Math.min(far, far - gap));
      s[other] = to + gap;
    }
    s[kind] = to;
    for (const name of ["m", "n"]) this.slides[name].set(s[name]);
    this.turn();
  }

  draw_rope(picture) {
    picture.append(make("div", { class: "ropes" }, ...this.ropeControls(), make("p", { class: "score" }), make("div", { class: "clocks", role: "img" }),
      make("p", { class: "hint" }, "Each dial is one pair of numbers, fast pairs first: the query’s hand is blue, the key’s orange, dotted before turning (length by the square root). The number below is what the pair adds to the score; θ is how far its hands turn per token, in radians.")));
    this.turn();
  }

  turn() {
    const s = this.state, { rope } = this, true_ = this.score(s.query, s.key), now = this.score(s.m, s.n), gap = s.m - s.n, was = s.query - s.key;
    const at = (kind, i, p) => this.pairs(kind, i, p), turned = { q: at("q", s.query, s.m), k: at("k", s.key, s.n) }, still = { q: at("q", s.query, 0), k: at("k", s.key, 0) };
    const top = { q: Math.max(...turned.q.map(([a, b]) => Math.hypot(a, b))), k: Math.max(...turned.k.map(([a, b]) => Math.hypot(a, b))) };
    const q = make("b", { class: "query" }, quote(this.ropeLabels[s.query])), k = make("b", { class: "key" }, quote(this.ropeLabels[s.key]));
    const moved = s.m !== s.query || s.n !== s.key;
    if (gap === was) this.say(q, " and ", k, moved ? ` moved together: still ${Math.abs(gap)} apart, so the score is still ${number(now)}` : ` stand ${gap} apart and score ${number(now)}; slide both along and it will not change`);
    else this.say(`At distance ${gap} instead of ${was}, `, q, " and ", k, ` would score ${number(now)} instead of ${number(true_)}`);
    const tip = ([a, b], size) => { // the square root lets small pairs be seen too
      const length = Math.hypot(a, b) || 1, drawn = 30 * Math.sqrt(length / (size || 1));
      return { x1: 0, y1: 0, x2: ((a / length) * drawn).toFixed(2), y2: ((-b / length) * drawn).toFixed(2) };
    };
    this.find(".clocks").replaceChildren(...turned.q.map((pair, t) => {
      const part = (pair[0] * turned.k[t][0] + pair[1] * turned.k[t][1]) / Math.sqrt(rope.d_head);
      return make("div", { class: "clock", title: `Pair ${t + 1}: numbers ${t + 1} and ${t + 1 + rope.d_head / 2} of the head; θ = ${number(this.theta(t), 3, 1e-4)} per token; query turned ${number(s.m * this.theta(t))} rad, key ${number(s.n * this.theta(t))} rad` },
        make("svg", { viewBox: "-35 -35 70 70", "aria-hidden": "true" }, make("circle", { class: "rim", r: 32 }),
          make("line", { class: "query ghost", ...tip(still.q[t], top.q) }), make("line", { class: "key ghost", ...tip(still.k[t], top.k) }), make("line", { class: "key", ...tip(turned.k[t], top.k) }), make("line", { class: "query", ...tip(pair, top.q) })),
        make("b", { class: part < 0 ? "negative" : "positive" }, signed(part)), make("div", {}, `θ ${number(this.theta(t), 3, 1e-3)}`));
    }));
    this.find(".score").replaceChildren(`Added up over ${rope.d_head / 2} pairs: `, make("b", { class: "query" }, "q"), "·", make("b", { class: "key" }, "k"), ` / √${rope.d_head} = `, make("b", { class: "total" }, number(now, 3)), ` at distance ${gap}. Head ${rope.layers[s.layer] + 1}.${s.head + 1} of ${rope.model}.`);
    this.find(".clocks").setAttribute("aria-label", this.find(".score").textContent);
  }

  // ----------------------------------------------------------------------------------- ALiBi, none

  draw_alibi(picture) {
    const slopes = Array.from(this.arrays.slopes.values), n = this.length, steep = slopes.indexOf(Math.max(...slopes)), flat = slopes.indexOf(Math.min(...slopes)), top = slopes[steep] * Math.max(n - 1, 1);
    const name = (slope) => `1/${Math.round(1 / slope)}`, told = make("p", { class: "told" }), chart = make("div", { class: "reach", "aria-hidden": "true" });
    const far = n - 1, cost = (head) => number(slopes[head] * far, far * slopes[head] < 0.1 ? 4 : 2);
    if (far) this.say(make("b", { class: "query" }, quote(this.labels[far])), ` would lose ${cost(steep)} of its score with `, make("b", { class: "key" }, quote(this.labels[0])), `, ${far} back, in head ${steep + 1}, and only ${cost(flat)} in head ${flat + 1}`);
    else this.say("One word is at distance 0 from itself and loses nothing: type a second one");
    const show = (head, i, j) => {
      const shares = softmax(range(i + 1).map((key) => -slopes[head] * (i - key)));
      told.replaceChildren(`Head ${head + 1}: `, make("b", { class: "query" }, quote(this.labels[i])), " to ", make("b", { class: "key" }, quote(this.labels[j])), j > i ? ": hidden by the mask." : `: −${name(slopes[head])} × ${i - j} = `, j > i ? "" : make("b", { class: "negative" }, number(-slopes[head] * (i - j), 3)),
        j > i ? "" : `. If all its scores were otherwise equal, it would give ${percent(shares[j])} to this word. Its shares from the first word to itself:`);
      chart.replaceChildren(...shares.map((share, key) => { const bar = make("i"); bar.style.height = `${44 * share / largest(shares)}px`; return make("div", { class: key === j ? "here" : "", title: `${this.labels[key]} ${percent(share)}` }, bar, make("span", {}, i < 24 ? this.labels[key] : "")); }));
    };
    const grid = make("div", { class: "slants" }), side = Math.min(150, Math.max(90, 330 / Math.ceil(slopes.length / 4)));
    slopes.slice(0, 16).forEach((slope, head) => grid.append(make("div", { class: "slant" }, make("div", { class: "title" }, make("b", {}, `Head ${head + 1}`), make("span", {}, ` slope ${name(slope)}`)),
      this.canvas({ rows: n, columns: n, width: side, height: side, tiles: true, hidden: this.palette.colour("line", 0.6), at: [n - 1, 0], label: `Bias of head ${head + 1}, slope ${name(slope)}.`,
        colour: (i, j) => (j > i ? null : this.palette.magnitude(Math.sqrt((slope * (i - j)) / top), "negative")), point: (i, j) => show(head, i, j) }))));
    picture.append(grid, make("p", { class: "hint" }, `What is added to each score of a row, from 0 (pale) to −${number(top, 1)} (full; the colour goes by the square root, so that flat slopes show). Slopes for ${slopes.length} heads as in the authors’ code.`), told, chart);
    show(steep, n - 1, Math.max(0, n - 2));
  }

  draw_none(picture) {
    const { typed, reversed } = this.arrays, s = this.state, mask = Number(s.causal), n = this.length, columns = typed.shape[2], apart = this.header.apart[mask], reach = this.header.reach[mask];
    const cell = Math.min(22, 300 / n), top = largest(Array.from(slice(typed, mask))), rows = range(n), back = rows.map((i) => n - 1 - i), height = n * cell;
    if (n === 1) this.say("One word has no order: type a second one");
    else if (s.causal) this.say(`Under the causal mask the order leaks in: reversed, the same words get other outputs, by up to ${number(apart)} where the largest number is ${number(reach)}`);
    else this.say(`Without positions and without a mask, reversed words get the same outputs, only in other places: largest difference ${apart.toFixed(4)}`);
    const words = [make("div"), make("div")], planes = [make("div", { class: "plane" }), make("div", { class: "plane" })], grid = make("div", { class: "orders" });
    const lines = make("svg", { height, width: "100%", viewBox: `0 0 90 ${height}`, preserveAspectRatio: "none", "aria-hidden": "true" }), told = make("p", { class: "told" });
    grid.append(make("h4", { class: "first" }, "as typed"), make("h4", { class: "second" }, "reversed"), words[0], planes[0], lines, planes[1], words[1]);
    picture.append(make("label", { class: "switch" }, make("input", { type: "checkbox", checked: s.causal, onchange: (event) => { s.causal = event.target.checked; this.paint(); } }), make("span", {}, "causal mask")), grid, told,
      make("p", { class: "hint" }, `${this.header.model}, layer 1: the first ${columns} numbers of what its attention gives each word, with the positions taken out. A trained model without its positions is injured; here it only serves as some attention layer.`));
    const light = (i) => {
      s.row = i;
      words[0].replaceChildren(this.names(rows, cell, i));
      words[1].replaceChildren(this.names(back, cell, n - 1 - i, true));
      lines.querySelectorAll("line").forEach((line, j) => line.setAttribute("class", j === i ? "here" : ""));
      const a = slice(typed, mask, i), b = slice(reversed, mask, n - 1 - i), worst = Math.max(...a.map((x, t) => Math.abs(x - b[t])));
      told.replaceChildren(make("b", { class: "attention" }, quote(this.labels[i])), `: ${[...a].slice(0, 3).map((x) => number(x, 3)).join(", ")} … as typed; ${[...b].slice(0, 3).map((x) => number(x, 3)).join(", ")} … reversed. Largest difference in these ${columns}: ${worst.toFixed(3)}.`);
    };
    words[0].append(this.names(rows, cell, 0)); // the labels take their room before the canvases are measured
    words[1].append(this.names(back, cell, 0, true));
    rows.forEach((i) => lines.append(make("line", { x1: 0, x2: 90, y1: (i + 0.5) * cell, y2: (n - 0.5 - i) * cell })));
    [[typed, rows], [reversed, back]].forEach(([array, order], side) => planes[side].append(this.canvas({ rows: n, columns, width: Math.max(planes[side].clientWidth, 60), height,
      label: `${side ? "Reversed" : "As typed"}: a row per word.`, colour: (i, j) => this.palette.sign(slice(array, mask, i)[j] / top), point: (i) => light(order[i]) })));
    light(Math.min(s.row, n - 1));
  }

  // -------------------------------------------------------------------------------------- distance

  distanceTitle() {
    const title = this.find(".apart .finding"), s = this.state;
    if (!this.rope) return title.replaceChildren("What position says about distance");
    const far = 100, gap = s.query - s.key, real = this.score(s.query, s.key), then = this.score(s.key + far, s.key);
    title.replaceChildren(`Under RoPE (${this.rope.model}, head ${this.rope.layers[s.layer] + 1}.${s.head + 1}), `, make("b", { class: "query" }, quote(this.ropeLabels[s.query])), " and ", make("b", { class: "key" }, quote(this.ropeLabels[s.key])), ` score ${number(real)} at distance ${gap}; ${far} apart they would score ${number(then)}`);
  }

  curves() {
    const { arrays, rope, state: s } = this, box = this.find(".curves"), out = [];
    const far = arrays.sinusoidal_curve.values.length, slopes = Array.from(arrays.slopes.values);
    out.push({ name: "Sinusoidal", tag: "published", unit: "PE(p)·PE(p+k)", said: "Largest at 0, then down in ripples; the same whatever p is.", role: "residual", lines: [["", Array.from(arrays.sinusoidal_curve.values)]] });
    if (this.header.table) out.push({ name: "Learned", tag: "live", unit: "table[p]·table[p+k]", said: `${this.header.table.model}, mean over p (far out, of few rows). Training found this shape.`, role: "key", lines: [["", Array.from(arrays.learned_curve.values)]] });
    if (rope) {
      const q = this.ropeLabels[s.query], k = this.ropeLabels[s.key];
      out.push({ name: "RoPE", tag: "live", unit: "q·k / √d", said: `${quote(q)} and ${quote(k)} in head ${rope.layers[s.layer] + 1}.${s.head + 1} at any distance; they really stand ${s.query - s.key} apart.`, role: "query", dot: s.query - s.key, lines: [["", range(far).map((gap) => this.score(gap, 0))]] });
    }
    this.distanceTitle();
    out.push({ name: "ALiBi", tag: "published", unit: "bias", said: `Straight lines, one per head; slopes ${slopes.slice(0, 6).map((slope) => `1/${Math.round(1 / slope)}`).join(", ")}${slopes.length > 6 ? " …" : ""}.`, role: "negative", lines: slopes.slice(0, 8).map((slope, h) => [`head ${h + 1}`, range(far).map((gap) => -slope * gap)]) });
    if (box.children.length !== out.length) box.replaceChildren(...out.map(() => make("div", {}, make("div", { class: "head" }, make("h4"), make("span", { class: "tag" })), make("p", { class: "sub" }), make("div", { class: "plot", role: "img" }))));
    out.forEach((curve, i) => {
      const cell = box.children[i], shift = s.log ? 1 : 0;
      cell.querySelector("h4").textContent = curve.name;
      Object.assign(cell.querySelector(".tag"), { className: `tag ${curve.tag}`, textContent: curve.tag, title: MEANING[curve.tag] });
      cell.querySelector(".sub").textContent = curve.said;
      cell.querySelector(".plot").setAttribute("aria-label", `${curve.name}, ${curve.unit} by distance: ${number(curve.lines[0][1][0])} at 0, ${number(curve.lines[0][1][Math.min(20, curve.lines[0][1].length - 1)])} at 20.`);
      const data = curve.lines.map(([name, y]) => ({ x: y.slice(shift).map((_, k) => k + shift), y: y.slice(shift), mode: "lines", line: { color: `var(--${curve.role})`, width: 2 }, hovertemplate: `${name ? `${name}, ` : ""}distance %{x}: %{y:.3f}<extra></extra>` }));
      if (curve.dot >= shift) data.push({ x: [curve.dot], y: [curve.lines[0][1][curve.dot]], mode: "markers", marker: { color: "var(--ink)", size: 9 }, hoverinfo: "skip" });
      const low = curve.name === "ALiBi" ? { range: [-20, 1] } : {};
      plot(cell.querySelector(".plot"), { data, layout: { margin: { l: 8, r: 8, t: 6, b: 8 }, xaxis: { title: { text: "distance in tokens" }, type: s.log ? "log" : "linear", ...(s.log ? { tickvals: [1, 4, 16, 64, 256] } : {}) }, yaxis: { title: { text: curve.unit }, nticks: 5, ...low } } }, this.palette);
    });
  }
}

export default function ({ data, parentElement }) {
  const root = parentElement.querySelector(".board");
  root.board ??= new Board(root);
  if (data) root.board.receive(data);
  return () => root.board?.stop();
}
