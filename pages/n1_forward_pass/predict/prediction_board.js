// From logits to a draw. Fed once per text and model with the ranked logits of every position;
// position, settings, token and draws are answered here, and the address follows (`remember`).

import { recall, remember } from "../../../ui/kit/address.js";
import { clamp, largest, range, sum } from "../../../ui/kit/arithmetic.js";
import { check, radios, slider } from "../../../ui/kit/controls.js";
import { make } from "../../../ui/kit/elements.js";
import { follow } from "../../../ui/kit/follow.js";
import { bracketed, count, number, percent } from "../../../ui/kit/format.js";
import { bars } from "../../../ui/kit/pictures.js";
import { slice, unpack } from "../../../ui/kit/tensors.js";
import { labels, quote, visible } from "../../../ui/kit/words.js";

const ROW = 24; // pixels
const TALLIED = 9; // tokens with a bar of their own among the draws
const STOPS = { draws: [10, 30, 100, 300, 1000, 3000, 10000], top_k: [...range(20).map((i) => i + 1), 25, 30, 40, 50, 64, 80, 100, 128, 160, 200, 256, 0] };
const PRESETS = [
  { name: "as it is", temperature: 1, top_k: 0, top_p: 1, min_p: 0 }, { name: "greedy", temperature: 0, top_k: 0, top_p: 1, min_p: 0 },
  { name: "careful", temperature: 0.7, top_k: 0, top_p: 0.9, min_p: 0 }, { name: "wild", temperature: 1.6, top_k: 0, top_p: 1, min_p: 0 },
];
const NAMES = { temperature: "temperature", top_k: "top-k", top_p: "top-p", min_p: "min-p" };

const power = (x) => number(x, 2, 0.1);

/* transformer_core/generation.py, filter_steps: temperature, top-k, top-p, min-p, on logits sorted
   from the largest (a Float64Array), so that each filter keeps the first `n`. From index `exact` on, one logit
   stands for `group` tokens. */
export function filterSteps(z, { exact, group }, { temperature, top_k, top_p, min_p }) {
  const greedy = temperature === 0, e = z.map((x) => (greedy ? 0 : Math.exp((x - z[0]) / temperature)));
  if (greedy) e[0] = 1;
  const mass = e.map((x, i) => (i < exact ? x : x * group)), steps = [];
  let n = greedy ? 1 : z.length;
  const keep = (name) => steps.push({ name, n, total: sum(mass.subarray(0, n)) });
  const narrow = (name, keeps) => { let i = 1; while (i < n && keeps(i)) i++; n = i; keep(name); };
  keep("temperature");
  if (top_k > 0) narrow("top_k", (i) => i < top_k || z[i] === z[top_k - 1]);
  if (top_p < 1) {
    const enough = top_p * steps.at(-1).total;
    let above = 0;
    narrow("top_p", (i) => (above += mass[i - 1]) < enough);
  }
  if (min_p > 0) narrow("min_p", (i) => e[i] >= min_p);
  return { e, mass, steps, n, total: steps.at(-1).total };
}

/* Numbers from 0 to 1, the same for the same seed: the generator mulberry32. */
export function lots(seed) {
  return () => {
    seed = (seed + 0x6d2b79f5) | 0;
    let t = Math.imul(seed ^ (seed >>> 15), 1 | seed);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

class Board {
  constructor(root) {
    this.root = root;
    this.find = (selector) => root.querySelector(selector);
    this.hover = null;
    this.touched = new Set();
    this.list = this.find(".list");
    this.list.addEventListener("keydown", (event) => this.press(event));
    this.list.addEventListener("pointerleave", () => this.point(null));
    this.stop = follow(root, () => { if (this.header) { this.measure(); this.update(); } });
    this.measure();
  }

  receive(bytes) {
    const { header, arrays } = unpack(bytes), was = this.header ?? {}, fresh = header.pass !== was.pass;
    if (!fresh && header.token === was.token) return;
    Object.assign(this, { header, arrays, n: header.pieces.length, words: labels(header.pieces), known: new Map() });
    this.words_of = new Map(header.mentioned.map((id, i) => [id, { row: i, word: visible(header.mentioned_pieces[i]) }]));
    this.layout = { exact: arrays.first.shape[1], group: header.group };
    if (!this.settings) { this.settings = { ...header.settings, draws: STOPS.draws.find((k) => k >= header.settings.draws) }; this.mend(); this.controls(); }
    if (fresh) radios(this.find(".places"), "Word", this.n, (i) => this.words[i], (i) => { this.visit(i); remember("token", i + 1); });
    this.visit(header.token);
  }

  measure() { this.wide = clamp(this.find(".curve").clientWidth, 240, 1000); }

  /* What the address said too large or in words, it says now as it is used. */
  mend() {
    for (const [name, value] of Object.entries(this.settings)) if (recall(name) && Number(recall(name)) !== value) remember(name, value);
  }

  controls() {
    const s = this.settings, box = this.find(".settings"), off = (x, none) => (x === none ? "off" : number(x));
    const presets = make("div", { class: "chips", role: "group", "aria-label": "Settings" }, ...PRESETS.map((preset) => make("button", { type: "button", onclick: () => this.set(preset) }, preset.name)));
    const add = (name, said, options) => {
      const node = slider({ label: NAMES[name], value: s[name], change: (x) => this.set({ [name]: options.stops ? options.stops[x] : x }), ...options });
      node.append(make("small", {}, said));
      return [name, node];
    };
    const at = (k) => STOPS.top_k.findIndex((stop) => stop === 0 || stop >= k && k > 0);
    this.sliders = Object.fromEntries([
      add("temperature", "below 1 sharpens, above 1 flattens; 0 takes the likeliest", { min: 0, max: 2, step: 0.05, show: (x) => (x === 0 ? "greedy" : number(x)) }),
      add("top_k", "keep the k likeliest", { min: 0, max: STOPS.top_k.length - 1, step: 1, value: at(s.top_k), stops: STOPS.top_k, show: (x) => String(STOPS.top_k[x] || "off") }),
      add("top_p", "keep the fewest that together reach p", { min: 0.05, max: 1, step: 0.01, show: (x) => off(x, 1) }),
      add("min_p", "keep those at least p times as likely as the first", { min: 0, max: 1, step: 0.01, show: (x) => off(x, 0) }),
    ]);
    this.at = at;
    box.replaceChildren(presets, ...Object.values(this.sliders));
    const draws = slider({ label: "draws", min: 0, max: STOPS.draws.length - 1, step: 1, value: STOPS.draws.findIndex((x) => x >= s.draws), show: (x) => count(STOPS.draws[x]), change: (x) => this.set({ draws: STOPS.draws[x] }) });
    this.find(".draws .controls").replaceChildren(draws, make("span", { class: "name seed" }), make("button", { type: "button", class: "plain", onclick: () => this.set({ draw_seed: (this.settings.draw_seed + 1) % 10000 }) }, "another seed"));
  }

  set(changes) {
    const names = Object.keys(changes).filter((name) => name !== "name");
    for (const name of names) this.settings[name] = changes[name];
    for (const name of names.filter((name) => this.sliders[name])) this.sliders[name].set(name === "top_k" ? this.at(changes.top_k) : changes[name]);
    this.update();
    clearTimeout(this.soon);
    names.forEach((name) => this.touched.add(name));
    this.soon = setTimeout(() => this.touched.forEach((name) => remember(name, this.settings[name])), 250);
  }

  /* Look at the prediction after another word. */
  visit(place) {
    const { first, rest } = this.arrays;
    if (!this.known.has(place)) this.known.set(place, Float64Array.from([...slice(first, place), ...slice(rest, place)]));
    Object.assign(this, { place, z: this.known.get(place), rank: 0, hover: null });
    check(this.find(".places"), place);
    const ids = this.header.listed[place], said = this.header.next_ids[place], rank = this.header.next_ranks[place];
    this.rows = ids.map((id, i) => ({ ...this.words_of.get(id), z: this.z[i], rank: i, said: id === said }));
    this.late = said !== undefined && !ids.includes(said) ? { ...this.words_of.get(said), z: this.header.next_logits[place], rank, said: true } : null;
    this.build();
    this.update();
  }

  build() {
    const cell = (cls, text) => make("span", { class: cls }, text ?? "");
    const head = make("div", { class: "row head", role: "presentation" }, cell("rank"), cell("", "next token"), cell("z", "logit z"), cell("t"), cell("p-head"), cell("p", "share"));
    [this.headT, this.headP] = [head.children[3], head.children[4]];
    for (const [i, row] of this.rows.entries()) {
      row.parts = { t: cell("t"), before: make("i", { class: "before" }), final: make("i", { class: "final" }), p: cell("p") };
      row.node = make("div", { id: `token-${i}`, class: "row", role: "option", onpointerenter: () => this.point(i), onclick: () => { this.rank = i; this.point(null); } },
        cell("rank", i + 1), cell(row.said ? "word said" : "word", row.word), cell("z", number(row.z, 3)), row.parts.t, make("span", { class: "bar" }, row.parts.before, row.parts.final), row.parts.p);
      if (row.said) row.node.title = "This is the word that comes next in your text";
    }
    this.lines = make("div");
    this.list.replaceChildren(head, ...this.rows.map((row) => row.node), this.lines);
  }

  tokens(n) { const { exact, group } = this.layout; return n <= exact ? n : Math.min(this.header.vocab, exact + (n - exact) * group); }
  share(i) { return i < this.now.n ? this.now.e[i] / this.now.total : 0; }
  get word() { return quote(this.words[this.place]); }
  get steps() { return this.now.steps.slice(1); }
  written(name) { return `${NAMES[name]} ${name === "top_k" ? this.settings.top_k : number(this.settings[name])}`; }

  update() {
    this.now = filterSteps(this.z, this.layout, this.settings);
    const { e, n, steps } = this.now, t = this.settings.temperature;
    this.headT.textContent = t === 0 ? "" : `(z − ${bracketed(this.z[0], 3)}) ÷ ${number(t)}`;
    this.headP.textContent = this.steps.length ? "softmax; dashed: before the cuts" : "softmax";
    for (const { parts, node, rank, z } of this.rows) {
      const p = this.share(rank), before = e[rank] / steps[0].total;
      parts.t.textContent = t === 0 ? "" : number((z - this.z[0]) / t, 3);
      parts.before.style.width = `${100 * before}%`;
      parts.before.hidden = Math.abs(p - before) < 1e-9;
      parts.final.style.width = p > 0 ? `max(2px, ${100 * p}%)` : "0";
      parts.p.textContent = p ? percent(p) : t === 0 ? "0 %" : "cut";
      node.classList.toggle("out", p === 0);
    }
    const cuts = this.steps.filter((step) => step.n < this.rows.length), at = [...new Set(cuts.map((step) => step.n))];
    this.lines.replaceChildren(...at.map((n) => {
      const line = make("div", { class: "line" }, make("span", {}, cuts.filter((step) => step.n === n).map((step) => this.written(step.name)).join(" · ")));
      line.style.top = `${(n + 1) * ROW}px`;
      return line;
    }));
    this.find(".settings .chips").childNodes.forEach((button, i) => button.setAttribute("aria-pressed", Object.keys(NAMES).every((name) => PRESETS[i][name] === this.settings[name])));
    const many = this.tokens(n), top = quote(this.rows[0].word), p = this.share(0);
    this.find("h3").replaceChildren(`After ${this.word}, `, make("b", { class: "prediction" }, top), many === 1 ? " is the only token left: it comes every time"
      : ` comes next with ${percent(p)}; ${many === this.header.vocab ? `each of the ${count(many)} tokens can be drawn` : `${count(many)} of ${count(this.header.vocab)} tokens can be drawn`}`);
    this.below();
    this.point(this.hover);
    this.tally();
    this.whole();
  }

  /* What the list does not show: cuts further down, the rest, the word that really came. */
  below() {
    const { late } = this, kept = this.tokens(this.now.n), listed = this.rows.length;
    const rest = sum(this.now.mass.subarray(listed, Math.max(listed, this.now.n))) / this.now.total;
    const parts = [kept > listed ? `${count(kept - listed)} more tokens share ${percent(rest)}. ` : "Nothing below this list can be drawn. "];
    for (const step of this.steps.filter((step) => step.n >= listed)) parts.push(`${this.written(step.name)} keeps ${count(this.tokens(step.n))}. `);
    const said = late ?? this.rows.find((row) => row.said);
    if (said) parts.push("In your text came ", make("b", { class: "said" }, quote(said.word)), `, rank ${count(said.rank + 1)}`, late ? `, logit ${number(late.z)}.` : ".");
    else parts.push("Your text ends here, so nothing says what is right.");
    this.find(".after-list").replaceChildren(...parts);
  }

  point(i) {
    this.hover = i;
    const looked = i ?? this.rank;
    this.rows.forEach(({ node }, j) => { node.classList.toggle("here", j === looked); node.setAttribute("aria-selected", j === looked); });
    this.list.setAttribute("aria-activedescendant", `token-${looked}`);
    this.arithmetic(this.rows[looked]);
  }

  press(event) {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    event.stopPropagation();
    this.rank = clamp(this.rank + step, 0, this.rows.length - 1);
    this.point(null);
    this.find(".spoken").textContent = `${this.rows[this.rank].word}, ${percent(this.share(this.rank))}`;
  }

  /* One token from the dot product to its share. */
  arithmetic({ row, word, z, rank }) {
    const x = slice(this.arrays.x, this.place), w = slice(this.arrays.rows, row), products = x.map((a, i) => a * w[i]), { d_model, vocab, tied } = this.header;
    const top = this.z[0], t = this.settings.temperature, { e, total, n } = this.now, q = quote(word);
    const strip = (name, role, values) => make("div", { class: "strip" }, make("span", { class: `b ${role}` }, name), bars(values, largest(values), role, 26));
    const step = (no, title, result, content, kind) => make("li", { class: kind }, make("span", { class: "no" }, no), make("div", { class: "what" }, make("b", {}, title), ...content), make("span", { class: `result ${result === "0 %" ? "no-chance" : ""}` }, result));
    const term = (...text) => make("div", { class: "term" }, ...text), gap = t === 0 ? 0 : (z - top) / t;
    const verdicts = this.steps.map((s, i) => {
      const kept = rank < s.n, was = rank < this.now.steps[i].n, of = this.now.steps[i].total;
      if (!was) return null;
      return term(`${this.written(s.name)}: `, { top_k: `rank ${rank + 1}`, top_p: `${percent(sum(this.now.mass.subarray(0, rank)) / of)} came before it`, min_p: `${number(e[rank])} times the first` }[s.name], kept ? ", kept" : make("b", { class: "negative" }, ", cut"));
    });
    const cut = rank >= n;
    this.find(".sums").replaceChildren(
      step(1, `Compare with the row of ${q}`, number(z, 3), [` ${d_model} numbers each${d_model > w.length ? `, ${w.length} drawn` : ""}`, strip("vector", "residual", x), strip("row", "row", w), strip("product", "product", products),
        term(`${number(x[0])} · ${bracketed(w[0])} + ${bracketed(x[1])} · ${bracketed(w[1])} + … ${d_model} terms`), tied ? `The same row that embeds ${q} when it is read.` : "This model has a second matrix for this, apart from its embedding."]),
      step(2, "Divide by the temperature", t === 0 ? (rank ? "−∞" : "0") : number(gap, 3), [term(t === 0 ? "temperature 0: the largest logit wins, all others are out" : `(${number(z, 3)} − ${bracketed(top, 3)}) ÷ ${number(t)}`), t === 0 ? "" : "Distance to the first: a constant taken off all logits changes no share."]),
      step(3, "e to the power of it, then the cuts", t === 0 ? (rank ? "0" : "1") : power(e[rank]), [term("e", make("sup", {}, t === 0 ? (rank ? "−∞" : "0") : number(gap, 3)), ` = ${power(e[rank])}`), ...verdicts]),
      step(4, "Divide by the sum", cut ? "0 %" : percent(this.share(rank)), [term(cut ? "cut: it cannot be drawn" : `${power(e[rank])} ÷ Σ = ${power(e[rank])} ÷ ${power(total)}`), n === 1 ? "One token is left, so Σ has one term." : `Σ adds e to the power of all ${count(this.tokens(n))} tokens left.`], "last"),
    );
    this.find(".sums").setAttribute("aria-label", `${word}: logit ${number(z)}, share ${percent(this.share(rank))} of ${count(vocab)} tokens`);
  }

  /* The draws: how often each token came, against its share. */
  tally() {
    const { draws, draw_seed } = this.settings, { mass, n, total } = this.now, next = lots(draw_seed);
    const ends = new Float64Array(n), came = new Int32Array(n), gaps = [];
    for (let i = 0, at = 0; i < n; i++) ends[i] = at += mass[i];
    let times;
    for (let k = 1; k <= STOPS.draws.at(-1); k++) {
      const lot = next() * total;
      let low = 0, high = n - 1;
      while (low < high) { const middle = (low + high) >> 1; if (ends[middle] > lot) high = middle; else low = middle + 1; }
      came[low]++;
      if (k === draws) times = came.slice();
      if (STOPS.draws.includes(k)) gaps.push(came.reduce((most, c, i) => Math.max(most, Math.abs(c / k - mass[i] / total)), 0));
    }
    const p = this.share(0);
    this.find(".draws .seed").textContent = `seed ${draw_seed}`;
    const shown = Math.min(TALLIED, n, this.rows.length), best = this.rows[0].word;
    this.find(".draws h4").replaceChildren(`${count(draws)} draws: `, make("b", { class: "prediction" }, quote(best)), ` came ${count(times[0])} times, ${count(p * draws)} expected`);
    this.find(".draws .sub").textContent = "Bars: how often each token came. Upright marks: its share times the number of draws.";
    const others = sum(mass.subarray(shown, n)) / total, scale = 1.04 * Math.max(p, largest(times) / draws, others, sum(times.subarray(shown)) / draws);
    const line = (name, kind, came, expected) => {
      const bar = make("i"), mark = make("u");
      bar.style.width = `${(100 * came) / draws / scale}%`;
      mark.style.left = `${(100 * expected) / draws / scale}%`;
      return [make("span", { class: `word ${kind}` }, name), make("span", { class: "bar" }, bar, mark), make("span", { class: "num" }, make("b", {}, count(came)), ` · ${expected < 10 ? number(expected, 1) : count(expected)}`, make("span", {}, " expected"))];
    };
    const lines = range(shown).flatMap((i) => line(this.rows[i].word, "", times[i], (draws * mass[i]) / total));
    if (n > shown) lines.push(...line(`${count(this.tokens(n) - shown)} others`, "rest", sum(times.subarray(shown)), draws * others));
    this.find(".tally").replaceChildren(...lines);
    this.find(".tally").setAttribute("aria-label", range(shown).map((i) => `${this.rows[i].word} ${times[i]} of ${draws}, ${number((draws * mass[i]) / total, 1)} expected`).join("; "));
    this.find(".draws .caption").replaceChildren(...(n === 1 ? ["With one token left there is nothing to draw."] : [
      "Largest gap between how often and how likely, in percentage points, after ", ...STOPS.draws.flatMap((k, i) => [i ? ", " : "", make(k === draws ? "b" : "span", {}, `${count(k)}: ${number(100 * gaps[i], 1)}`)]),
      ". On average a hundred times the draws make it ten times smaller; one run wanders. ", make("span", { title: "Generator mulberry32, in your browser" }, "The same seed gives the same draws.")]));
  }

  /* The whole vocabulary: what the first so many tokens hold together. */
  whole() {
    const { mass, steps, n } = this.now, all = steps[0].total, W = this.wide, H = 216, left = 34, right = W - 6, base = 176, top = 12;
    const { vocab } = this.header, x = (rank) => left + (Math.log(rank) / Math.log(Math.max(vocab, 2))) * (right - left), y = (held) => base - held * (base - top);
    const held = new Float64Array(mass.length);
    for (let i = 0, at = 0; i < mass.length; i++) held[i] = (at += mass[i]) / all;
    const half = this.tokens(held.findIndex((h) => h >= 0.5) + 1), most = this.tokens(held.findIndex((h) => h >= 0.99) + 1), holds = (k) => `${count(k)} token${k === 1 ? " holds" : "s hold"}`;
    this.find(".whole h4").textContent = `${this.steps.length ? "Before the cuts, " : ""}${holds(half)} half of the probability, ${count(most)} ${most === 1 ? "holds" : "hold"} 99 %`;
    this.find(".whole .sub").textContent = `All ${count(vocab)} tokens from the likeliest on, at temperature ${number(this.settings.temperature)}: the share that the first so many hold together. What is left after the cuts is shaded.`;
    const dots = [...new Set(range(121).map((i) => Math.round(mass.length ** (i / 120)) - 1))];
    const path = (list) => list.map((i, k) => `${k ? "L" : "M"}${x(this.tokens(i + 1)).toFixed(1)} ${y(held[i]).toFixed(1)}`).join("");
    const kept = [...dots.filter((i) => i < n - 1), n - 1], text = (cls, px, py, anchor, words) => make("text", { class: cls, x: px, y: py, "text-anchor": anchor }, words);
    const svg = make("svg", { viewBox: `0 0 ${W} ${H}`, role: "img", "aria-label": `${half} tokens hold half, ${most} hold 99 %; ${this.tokens(n)} are left after the cuts, holding ${percent(held[n - 1])}.` });
    for (const part of [0, 0.5, 1]) svg.append(make("line", { class: "grid", x1: left, x2: right, y1: y(part), y2: y(part) }), text("", left - 6, y(part) + 4, "end", `${100 * part} %`));
    for (let rank = 1; rank <= vocab; rank *= 10) svg.append(text("", x(rank), base + 16, "middle", count(rank)));
    svg.append(text("", right, base + 34, "end", "tokens, likeliest first"), make("path", { class: "kept", d: `${path(kept)}L${x(this.tokens(n)).toFixed(1)} ${base}L${left} ${base}z` }), make("path", { class: "all", d: path(dots) }));
    this.steps.forEach((step, i) => {
      const at = x(this.tokens(step.n)), end = at > W - 130;
      svg.append(make("line", { class: "cut", x1: at, x2: at, y1: top - 6, y2: base }), text("t-cut", at + (end ? -5 : 5), base - 10 - 17 * i, end ? "end" : "start", `${this.written(step.name)}: ${count(this.tokens(step.n))}`));
    });
    const line = make("line", { class: "now", y1: top - 6, y2: base }), said = text("t-now", 0, top - 1, "start", "");
    svg.append(line, said);
    svg.addEventListener("pointermove", (event) => {
      const part = clamp((event.clientX - svg.getBoundingClientRect().left - left) / (right - left), 0, 1), rank = Math.round(vocab ** part);
      const { exact, group } = this.layout, i = rank <= exact ? rank - 1 : Math.min(exact + Math.ceil((rank - exact) / group), held.length) - 1, px = x(rank), end = px > W - 190;
      svg.classList.add("pointed");
      for (const [name, value] of Object.entries({ x1: px, x2: px })) line.setAttribute(name, value);
      for (const [name, value] of Object.entries({ x: px + (end ? -6 : 6), y: y(held[i]) + 18, "text-anchor": end ? "end" : "start" })) said.setAttribute(name, value);
      said.textContent = `the first ${count(rank)}: ${percent(Math.min(1, held[i]))}`;
    });
    svg.addEventListener("pointerleave", () => svg.classList.remove("pointed"));
    this.find(".curve").replaceChildren(svg);
  }
}

export default function ({ data, parentElement }) {
  const root = parentElement.querySelector(".board");
  root.board ??= new Board(root);
  if (data) root.board.receive(data);
  return () => root.board?.stop();
}
