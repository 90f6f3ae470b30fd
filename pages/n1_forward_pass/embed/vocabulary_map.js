// Every token of the vocabulary on a flat map, its true neighbours, and all of its cosines. The matrix
// comes once per model (vocabulary.js); search, neighbours, axes and zoom are answered here.

import { remember } from "../../../ui/kit/address.js";
import { clamp, range, sum } from "../../../ui/kit/arithmetic.js";
import { check, radios } from "../../../ui/kit/controls.js";
import { make } from "../../../ui/kit/elements.js";
import { follow } from "../../../ui/kit/follow.js";
import { count, number, percent } from "../../../ui/kit/format.js";
import { Palette } from "../../../ui/kit/palette.js";
import { slice, unpack } from "../../../ui/kit/tensors.js";
import { quote, visible } from "../../../ui/kit/words.js";
import { choice, spaced, vocabulary } from "./vocabulary.js";

const NEIGHBOURS = 8;
const FIRST_MERGES = 256; // below are the single bytes
const MARKS = [
  ["common", (_, id, n) => id >= FIRST_MERGES && id < FIRST_MERGES + n / 10, "are the first tenth of the merges and so among the commonest"],
  ["space first", (piece) => piece.startsWith(" "), "begin with a space: they begin a word"],
  ["capital", (piece) => /^ ?\p{Lu}/u.test(piece), "begin with a capital letter"],
  ["-ed", (piece) => /\p{L}ed$/u.test(piece), "end in -ed"],
  ["no letter", (piece) => !/\p{L}/u.test(piece), "hold no letter: punctuation, digits, single bytes"],
];
const rounded = (x) => number(Math.round(100 * x) / 100); // also where x is nearly 0
const BINS = 60, LOW = -0.5, HIGH = 1;

class VocabularyMap {
  constructor(root) {
    this.root = root;
    this.find = (selector) => root.querySelector(selector);
    this.palette = new Palette(root);
    this.canvas = this.find("canvas");
    this.state = { across: 0, up: 1, mark: 0, centred: false, zoom: 1, x: 0, y: 0 };
    this.hits = [];
    this.listen();
  }

  listen() {
    const { canvas, state } = this;
    this.find(".field").addEventListener("input", () => this.search());
    this.find(".field").addEventListener("keydown", (event) => { if (event.key === "Enter" && this.hits.length) this.choose(this.hits[0]); });
    this.find(".centre").addEventListener("change", (event) => { state.centred = event.target.checked; this.look(); });
    this.find(".in").addEventListener("click", () => this.zoom(1.6));
    this.find(".out").addEventListener("click", () => this.zoom(1 / 1.6));
    canvas.addEventListener("pointerdown", (event) => { this.drag = { x: event.clientX, y: event.clientY, moved: false }; });
    canvas.addEventListener("pointermove", (event) => (this.drag && event.buttons ? this.pull(event) : this.hover(event)));
    canvas.addEventListener("pointerleave", () => { this.over = null; this.drag = null; this.paint(); });
    canvas.addEventListener("pointerup", (event) => {
      if (!this.drag?.moved) { this.hover(event); if (this.over !== null) this.choose(this.over); }
      this.drag = null;
      canvas.classList.remove("dragged");
    });
    choice.addEventListener("token", this.heard = (event) => this.hear(event.detail));
    const unfollow = follow(this.root, () => { this.palette.forget(); if (this.table) this.look(); });
    this.stop = () => { unfollow(); choice.removeEventListener("token", this.heard); };
  }

  /* The reader has chosen a token of the sentence, perhaps before the matrix is here. */
  hear(token) {
    if (!this.header) return;
    Object.assign(this.header, { token, entry: null });
    remember("entry", "");
    if (this.sentence) this.select(token);
  }

  async receive(bytes) {
    const { header, arrays } = unpack(bytes), was = this.header ?? {};
    if (header.pass === was.pass && header.token === was.token && header.entry === was.entry) return;
    this.header = header;
    let table;
    try { table = await vocabulary(header.table); } catch {
      this.find(".finding").textContent = "The embedding matrix did not arrive. Reload the page.";
      return;
    }
    if (this.header !== header) return;
    if (table !== this.table) this.open(table);
    this.sentence = header.ids.map((id, i) => ({ id, vector: Float32Array.from(slice(arrays.rows, i)), word: spaced(header.pieces[i]) }));
    if (header.entry !== null && header.entry < table.n) this.show(header.entry);
    else this.select(header.token);
  }

  /* Another model: other rows, other axes. */
  open(table) {
    const { state } = this, axes = table.shares.length;
    this.table = table;
    this.places = range(table.n).map((i) => table.place(table.row(i)));
    Object.assign(state, { zoom: 1, x: 0, y: 0 });
    for (const name of ["across", "up"]) radios(this.find(`.${name}`), `Axis ${name}`, axes, (k) => String(k + 1), (k) => {
      const other = name === "across" ? "up" : "across";
      if (state[other] === k) state[other] = state[name];
      Object.assign(state, { [name]: k, zoom: 1, x: 0, y: 0 });
      this.controls();
      this.look();
    });
    radios(this.find(".marks"), "Mark tokens with", MARKS.length, (i) => MARKS[i][0], (i) => { state.mark = i; this.controls(); this.paint(); this.said(); });
    this.controls();
    this.search();
  }

  controls() {
    for (const name of ["across", "up"]) check(this.find(`.${name}`), this.state[name]);
    check(this.find(".marks"), this.state.mark);
  }

  search() {
    const { table } = this, text = this.find(".field").value, box = this.find(".hits");
    this.hits = table ? table.find(text, 8) : [];
    if (text.trim() && !this.hits.length) box.replaceChildren(make("em", {}, `No single token holds ${quote(text.trim())}: it is written with several.`));
    else box.replaceChildren(...this.hits.map((id) => make("button", { type: "button", onclick: () => this.choose(id) }, spaced(table.pieces[id]))));
    this.paint();
  }

  /* A vocabulary entry, from the map, the search or the list. */
  choose(id) {
    remember("entry", id);
    this.show(id);
  }
  show(id) {
    this.chosen = { id, vector: this.table.row(id), word: spaced(this.table.pieces[id]) };
    this.look();
  }
  /* A token of the sentence. */
  select(i) {
    this.chosen = this.sentence[i];
    this.look();
  }

  look() {
    const { table, chosen, state } = this;
    if (!chosen) return;
    this.cosines = table.cosines(chosen.vector, state.centred);
    this.near = table.best(this.cosines, NEIGHBOURS, [chosen.id]);
    this.layout();
    this.paint();
    this.said();
    this.list();
    this.histogram();
  }

  /* From the two axes to pixels: the same scale both ways, all tokens inside. */
  layout() {
    const { state, places } = this, width = this.find(".plane").clientWidth, height = clamp(width * 0.58, 300, 560);
    const ends = [state.across, state.up].map((k) => {
      let [low, high] = [Infinity, -Infinity];
      for (const place of places) { low = Math.min(low, place[k]); high = Math.max(high, place[k]); }
      return [low, high];
    });
    const [[x0, x1], [y0, y1]] = ends, fit = Math.min((width - 60) / (x1 - x0 || 1), (height - 50) / (y1 - y0 || 1));
    Object.assign(this, { width, height, scale: fit, middle: [(x0 + x1) / 2, (y0 + y1) / 2] });
  }
  at(place) {
    const { state, scale, middle } = this, s = scale * state.zoom;
    return [this.width / 2 + s * (place[state.across] - middle[0] - state.x), this.height / 2 - s * (place[state.up] - middle[1] - state.y)];
  }

  zoom(by) {
    const { state } = this, place = this.chosen && this.table.place(this.chosen.vector), was = state.zoom;
    state.zoom = clamp(was * by, 1, 24);
    if (state.zoom === 1) Object.assign(state, { x: 0, y: 0 });
    else if (was === 1 && place) Object.assign(state, { x: place[state.across] - this.middle[0], y: place[state.up] - this.middle[1] });
    this.paint();
  }
  pull(event) {
    const { drag, state } = this, s = this.scale * state.zoom;
    drag.moved ||= Math.hypot(event.clientX - drag.x, event.clientY - drag.y) > 3;
    if (!drag.moved) return;
    this.canvas.classList.add("dragged");
    state.x -= (event.clientX - drag.x) / s;
    state.y += (event.clientY - drag.y) / s;
    Object.assign(drag, { x: event.clientX, y: event.clientY });
    this.over = null;
    this.paint();
  }
  hover(event) {
    if (!this.table || !this.near) return;
    const box = this.canvas.getBoundingClientRect(), x = event.clientX - box.left, y = event.clientY - box.top;
    let best = 14 ** 2, found = null;
    this.places.forEach((place, i) => {
      const [px, py] = this.at(place), far = (px - x) ** 2 + (py - y) ** 2;
      if (far < best) [best, found] = [far, i];
    });
    if (found === this.over) return;
    this.over = found;
    this.paint();
  }

  paint() {
    const { table, canvas, state, chosen } = this;
    if (!table || !chosen || !this.width) return;
    const ratio = window.devicePixelRatio || 1, c = canvas.getContext("2d"), colour = (role, opacity = 1) => this.palette.colour(role, opacity);
    canvas.width = Math.round(this.width * ratio);
    canvas.height = Math.round(this.height * ratio);
    canvas.style.height = `${this.height}px`;
    c.setTransform(ratio, 0, 0, ratio, 0, 0);
    const radius = clamp(1.5 + 0.35 * state.zoom, 1.8, 4), home = table.place(chosen.vector), lit = this.places.map((_, i) => MARKS[state.mark][1](table.pieces[i], i, table.n));
    const circle = (place, r) => { c.beginPath(); c.arc(...this.at(place), r, 0, 7); };
    const dot = (place, r, fill) => { c.fillStyle = fill; circle(place, r); c.fill(); };
    for (const strong of [false, true]) this.places.forEach((place, i) => { if (lit[i] === strong) dot(place, radius, colour("residual", strong ? 0.85 : 0.22)); });
    c.strokeStyle = colour("attention", 0.55);
    c.lineWidth = 1.2;
    for (const id of this.near) { c.beginPath(); c.moveTo(...this.at(home)); c.lineTo(...this.at(this.places[id])); c.stroke(); }
    // What gets a name: place, word, role, weight, radius, the chosen token first.
    const names = new Map([[chosen.id, [home, chosen.word, "attention", 700, 6.5]]]), name = (id, ...how) => { if (!names.has(id)) names.set(id, how); };
    for (const id of this.near) name(id, this.places[id], spaced(table.pieces[id]), "attention", 600, 4);
    for (const id of this.hits) name(id, this.places[id], spaced(table.pieces[id]), "ink", 700, 3.4);
    for (const { id, vector, word } of this.sentence) name(id, table.place(vector), word, "ink", 500, 3.4);
    const named = [...names.values()];
    this.taken = named.map(([place, , , , r]) => { const [x, y] = this.at(place); return [x - r, y - r, x + r, y + r]; });
    for (const [place, , role, , r] of [...named].reverse()) dot(place, r, colour(role));
    c.strokeStyle = colour("ink");
    c.lineWidth = 2;
    for (const id of this.hits) { circle(this.places[id], 7); c.stroke(); }
    named.forEach(([place, word, role, weight], i) => this.label(c, place, word, colour(role), weight, i ? 12 : 14));
    const tip = this.find(".tip"), over = this.over ?? null;
    tip.hidden = over === null;
    canvas.classList.toggle("over", over !== null);
    if (over !== null) this.tip(c, tip, over);
  }

  /* A word beside its dot, unless another already stands there. */
  label(c, place, text, fill, weight, px) {
    const [x, y] = this.at(place), gap = px > 12 ? 10 : 7;
    c.font = `${weight} ${px}px ${getComputedStyle(this.root).fontFamily}`;
    const w = c.measureText(text).width, sides = [[x + gap, y + 4], [x - gap - w, y + 4], [x - w / 2, y - gap - 2], [x - w / 2, y + gap + px]];
    const free = sides.find(([left, base]) => left > 2 && left + w < this.width - 2 && !this.taken.some((box) => left < box[2] + 1 && left + w > box[0] - 1 && base - px < box[3] && base + 2 > box[1]));
    if (!free) return;
    const [left, base] = free;
    this.taken.push([left, base - px, left + w, base + 2]);
    c.lineWidth = 3.5;
    c.strokeStyle = this.palette.colour("panel", 0.92);
    c.lineJoin = "round";
    c.strokeText(text, left, base);
    c.fillStyle = fill;
    c.fillText(text, left, base);
  }

  tip(c, tip, id) {
    const { table } = this, [x, y] = this.at(this.places[id]), near = table.best(table.cosines(table.row(id), this.state.centred), 3, [id]);
    c.strokeStyle = this.palette.colour("ink");
    c.lineWidth = 2;
    c.beginPath();
    c.arc(x, y, 6, 0, 7);
    c.stroke();
    tip.replaceChildren(make("b", {}, quote(spaced(table.pieces[id]))), make("span", {}, ` id ${count(id)}`), make("br"), make("span", {}, "nearest: "), near.map((i) => spaced(table.pieces[i])).join(", "), make("br"),
      make("span", {}, "cosine with "), visible(this.chosen.word), ` ${number(this.cosines[id])}`);
    Object.assign(tip.style, { left: `${clamp(x + 14, 4, Math.max(4, this.width - 240))}px`, top: y > this.height - 100 ? "" : `${y + 12}px`, bottom: y > this.height - 100 ? `${this.height - y + 12}px` : "" });
  }

  said() {
    const { table, state, chosen } = this, share = table.shares[state.across] + table.shares[state.up];
    this.find(".finding").replaceChildren("Nearest to ", make("b", { class: "attention" }, quote(chosen.word)), " in all ", `${count(table.d)} dimensions: `,
      this.near.slice(0, 3).map((id) => `${quote(spaced(table.pieces[id]))} ${number(this.cosines[id])}`).join(", "));
    const part = table.n < table.total ? `the first ${count(table.n)} of ${count(table.total)} tokens` : `all ${count(table.n)} tokens`;
    this.find(".variance").replaceChildren(
      make("b", {}, `This map is nearly blind: its two axes hold ${percent(share)} of the variance`), `, of all that the rows differ. Axis 1 is the direction in which they differ most, axis 2 the next. Lines lead to the ${NEIGHBOURS} nearest in all dimensions.`, this.meaning());
    if (share > 0.15) this.find(".variance b").textContent = `The two axes hold ${percent(share)} of the variance`;
    this.canvas.setAttribute("aria-label", `Map of ${part}. ${quote(chosen.word)} is joined to its nearest: ${this.near.map((id) => `${table.shown[id]} ${number(this.cosines[id])}`).join(", ")}.`);
  }

  /* What the marked tokens have in common. */
  meaning() {
    const { table, state } = this, [, marked, meaning] = MARKS[state.mark], found = table.pieces.filter((piece, i) => marked(piece, i, table.n)).length;
    return found ? ` The stronger dots, ${count(found)} tokens, ${meaning}.` : "";
  }

  list() {
    const { table, near, cosines } = this;
    this.find(".right h4").textContent = `Its ${near.length} nearest of ${count(table.n)} tokens`;
    this.find(".right .sub").textContent = "Cosine: 1 = the same direction, 0 = at right angles.";
    this.find(".bars-list").replaceChildren(...near.map((id) => make("button", { type: "button", onclick: () => this.choose(id), "aria-label": `${table.shown[id]}, cosine ${number(cosines[id])}` },
      make("span", {}, spaced(table.pieces[id])), make("i", { style: `width:${100 * clamp(cosines[id], 0, 1)}%` }), make("output", {}, number(cosines[id])))));
  }

  histogram() {
    const { table, chosen, cosines } = this, others = Array.from(cosines).filter((_, i) => i !== chosen.id), W = this.find(".histogram").clientWidth || 360, H = 132, base = 110;
    const bins = new Array(BINS).fill(0), mean = sum(others) / others.length, best = cosines[this.near[0]];
    others.forEach((x) => { bins[clamp(Math.floor(((x - LOW) / (HIGH - LOW)) * BINS), 0, BINS - 1)]++; });
    const sorted = others.sort((a, b) => a - b), high = sorted[Math.floor(sorted.length * 0.99)], top = Math.max(...bins);
    const x = (value) => (W * (value - LOW)) / (HIGH - LOW), text = (cls, at, y, anchor, content) => make("text", { class: cls, x: at, y, "text-anchor": anchor }, content);
    this.find(".all").replaceChildren("How unusual is ", number(best), "?");
    this.find(".histogram").replaceChildren(make("svg", { viewBox: `0 0 ${W} ${H}`, role: "img", "aria-label": `Cosines with all other tokens: average ${rounded(mean)}, one in a hundred above ${number(high)}, highest ${number(best)}.` },
      make("path", { class: "bar", d: bins.map((n, i) => `M${(i * W) / BINS} ${base}v${(-n / top) * (base - 20)}h${W / BINS - 1}V${base}z`).join("") }),
      make("line", { class: "mean", x1: x(mean), x2: x(mean), y1: 14, y2: base }), make("line", { class: "here", x1: x(best), x2: x(best), y1: 44, y2: base }),
      text("t-mean", x(mean), 10, "middle", `average ${rounded(mean)}`), text("t-here", Math.min(x(best), W - 40), 38, "middle", `nearest ${number(best)}`),
      ...[-0.5, 0, 0.5, 1].map((v) => text("", x(v), base + 16, v === -0.5 ? "start" : v === 1 ? "end" : "middle", number(v, 1)))));
    this.find(".distribution").textContent = `${quote(chosen.word)} against the ${count(others.length)} other tokens; one in a hundred lies above ${number(high)}. `
      + (this.header.tied ? "Tokens that hardly occur are pushed the same way at every step of training, so they lie close together: near in not being used." : "Rows of tokens that hardly occur were seldom trained: their neighbours are partly chance.");
    const lean = `over all pairs of tokens the average is ${rounded(table.typical)}, because most rows lean the same way. `;
    this.find(".why").textContent = this.state.centred ? `Before, ${lean}That is taken out now: what is left is how each differs from the rest.`
      : `For ${quote(chosen.word)} the average is ${rounded(mean)}; ${lean}The switch takes that out.`;
  }
}

export default function ({ data, parentElement }) {
  const root = parentElement.querySelector(".board");
  root.board ??= new VocabularyMap(root);
  if (data) root.board.receive(data);
  return () => root.board?.stop();
}
