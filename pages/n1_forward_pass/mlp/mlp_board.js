// One feed-forward network, token by token and neuron by neuron. Fed once per text and model (a long
// text: once per layer); layer, token, neuron and pointer are answered here, the address follows.

import { remember } from "../../../ui/kit/address.js";
import { ACTIVATIONS, clamp, largest, range, sum } from "../../../ui/kit/arithmetic.js";
import { check, radios } from "../../../ui/kit/controls.js";
import { make } from "../../../ui/kit/elements.js";
import { follow } from "../../../ui/kit/follow.js";
import { count, number, percent, signed } from "../../../ui/kit/format.js";
import { Palette } from "../../../ui/kit/palette.js";
import { bars, cellAt, heatmap } from "../../../ui/kit/pictures.js";
import { slice, unpack } from "../../../ui/kit/tensors.js";
import { labels, quote, visible } from "../../../ui/kit/words.js";

const QUIET = 0.1; // as in transformer_core/lens/neurons.py
const CALLED = { relu: "ReLU", gelu: "GELU", gelu_tanh: "GELU", swiglu: "SiLU" };
const FAVOURITES = 5, WINDOW = 7; // chips of the strongest neurons; tokens around a strong moment
const length = (v) => Math.sqrt(sum(v.map((x) => x * x)));
const told = (piece) => (/^ \S/.test(piece) ? " " : "") + visible(piece);

class Board {
  constructor(root, ask) {
    Object.assign(this, { root, ask, find: (selector) => root.querySelector(selector) });
    this.state = { layer: 0, token: 0, neuron: 0, sorted: true, order: 0, contrast: true };
    this.hover = null;
    this.palette = new Palette(root);
    this.find(".sort").addEventListener("change", (e) => { this.state.sorted = e.target.checked; this.paintPath(); this.point(); });
    this.find(".contrast").addEventListener("change", (e) => { this.state.contrast = e.target.checked; this.paintSheet(); this.point(); });
    this.find(".path").addEventListener("keydown", (event) => this.press(event));
    this.canvas = this.find(".plane canvas");
    const at = (event) => { const { row, column } = cellAt(event, this.canvas, this.n, this.columns.length); return { token: row, neuron: this.columns[column] }; };
    this.canvas.addEventListener("pointermove", (event) => this.point(at(event)));
    this.canvas.addEventListener("pointerleave", () => this.point());
    this.canvas.addEventListener("click", (event) => { const cell = at(event); this.move("token", cell.token, cell.neuron); });
    this.stop = follow(root, () => { if (this.n) this.draw(); });
  }

  receive(bytes) {
    const { header, arrays } = unpack(bytes), was = this.header ?? {}, s = this.state;
    const fresh = header.pass !== was.pass, changed = (name) => fresh || String(header[name]) !== String(was[name]);
    if (!["layer", "token", "neuron", "layers"].some(changed)) return;
    Object.assign(this, { header, arrays, n: header.pieces.length, gated: header.activation === "swiglu", labels: labels(header.pieces), known: new Map() });
    this.rows = new Map(range(arrays.listed.shape[0]).map((i) => [String(slice(arrays.listed, i)), i]));
    if (changed("layer")) s.layer = header.layer;
    if (changed("token")) s.token = header.token;
    s.neuron = header.neuron !== null && this.row(header.neuron) !== undefined ? header.neuron : this.strongest(s.token)[0];
    this.choices();
    this.draw();
  }

  // ------------------------------------------------------------------------------- the numbers

  at(name, token, layer = this.state.layer) { return slice(this.arrays[name], this.header.layers.indexOf(layer), token); }
  /* Where a listed neuron of this layer stands among all that were sent. */
  row(neuron) { return this.rows.get(`${this.state.layer},${neuron}`); }
  of(name, neuron) { return slice(this.arrays[name], this.row(neuron)); }

  hidden(token) {
    const key = `${this.state.layer}.${token}`;
    if (!this.known.has(key)) {
      const up = this.gated ? this.at("up", token) : null, act = ACTIVATIONS[this.header.activation];
      this.known.set(key, this.at("pre", token).map((x, i) => act(x) * (up ? up[i] : 1)));
    }
    return this.known.get(key);
  }
  listed() { return range(this.arrays.listed.shape[0]).map((i) => slice(this.arrays.listed, i)).filter(([layer]) => layer === this.state.layer).map(([, neuron]) => neuron); }
  /* Listed neurons, the largest first: for one token, or over the whole sentence. */
  strongest(token) {
    const size = token === null ? (u) => Math.max(...range(this.n).map((t) => Math.abs(this.hidden(t)[u]))) : (u) => Math.abs(this.hidden(token)[u]);
    return this.listed().sort((a, b) => size(b) - size(a));
  }
  loud(token) { const h = this.hidden(token), top = largest(h); return h.filter((x) => Math.abs(x) >= QUIET * top).length; }

  quote(token) { return quote(this.labels[token]); }
  name(neuron) { return `${this.state.layer + 1}.${neuron + 1}`; }
  get act() { return CALLED[this.header.activation]; }

  // ------------------------------------------------------------------------------ what is chosen

  choices() {
    const { n_layers } = this.header;
    radios(this.find(".layers"), "Layer", n_layers, (i) => String(i + 1), (i) => this.move("layer", i));
    radios(this.find(".tokens"), "Token", this.n, (i) => this.labels[i], (i) => this.move("token", i));
    radios(this.find(".order"), "Strongest for", 2, (i) => ["this token", "the sentence"][i], (i) => { this.state.order = i; this.draw(); });
  }

  /* Another layer or token; the neuron becomes the strongest there unless one is given. */
  move(name, to, neuron = null) {
    const s = this.state, size = name === "layer" ? this.header.n_layers : this.n;
    s[name] = (to + size) % size;
    remember(name, s[name] + 1);
    remember("neuron", neuron === null ? "" : neuron + 1);
    if (!this.header.layers.includes(s.layer)) { check(this.find(".layers"), s.layer); return this.ask(s.layer + 1); }
    s.neuron = neuron ?? this.strongest(s.token)[0];
    this.hover = null;
    this.draw();
  }
  choose(neuron) {
    remember("neuron", neuron + 1);
    if (this.row(neuron) === undefined) return this.ask(this.state.layer + 1);
    this.state.neuron = neuron;
    this.draw();
  }
  press(event) {
    const { token, layer, neuron } = this.state, beside = (step) => this.columns[clamp(this.columns.indexOf(neuron) + step, 0, this.columns.length - 1)];
    const moves = {
      ArrowUp: () => this.move("token", token - 1), ArrowDown: () => this.move("token", token + 1), ArrowLeft: () => this.choose(beside(-1)),
      ArrowRight: () => this.choose(beside(1)), "-": () => this.move("layer", layer - 1), "+": () => this.move("layer", layer + 1),
    };
    if (!moves[event.key] || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    moves[event.key]();
    this.find(".spoken").textContent = `${this.find(".finding").textContent} ${this.find(".pointed").textContent}`;
  }

  // -------------------------------------------------------------------------------- the pictures

  draw() {
    const s = this.state, { d_ff } = this.header, loud = this.loud(s.token), top = this.strongest(s.token)[0];
    this.palette.forget();
    const tokens = this.find(".tokens");
    for (const [name, chosen] of [["layers", s.layer], ["tokens", s.token], ["order", s.order]]) check(this.find(`.${name}`), chosen);
    tokens.scrollTop = tokens.children[s.token].offsetTop - tokens.offsetTop - 2;
    this.find(".finding").replaceChildren(`${count(d_ff - loud)} of the ${count(d_ff)} neurons of layer ${s.layer + 1} answer ${this.quote(s.token)} with less than a tenth of the strongest, `,
      make("b", { class: "feed-forward" }, `neuron ${this.name(top)}`), `: ${number(this.hidden(s.token)[top])}`);
    const rest = this.arrays.alone.values[this.header.layers.indexOf(s.layer) * this.n + s.token], out = largest(this.at("output", s.token));
    this.find(".alone").replaceChildren(make("b", {}, "Each token alone. "), this.n > 1 ? "Take the other tokens away and nothing changes: given" : "Given", ` this one vector, the network returns the same ${this.header.d_model} numbers for ${this.quote(s.token)} `,
      rest === 0 ? "to the last bit" : `to within ${number(rest)}, which is rounding (the largest number is ${number(out)})`,
      this.n > 1 ? ". The others matter only through the vector that comes in: attention has mixed them into it before." : ".");
    this.paintPath();
    this.paintSheet();
    this.portrait();
    this.point();
  }

  /* From input to stream: each strip as wide as it has numbers. */
  paintPath() {
    const { token, sorted } = this.state, { d_model: d, d_ff: m, bias, block } = this.header, { gated } = this;
    const wide = gated ? 2 * m : m, pre = this.at("pre", token), h = this.hidden(token), out = this.at("output", token), stream = this.at("stream", token), b = bias ? " + b" : "";
    this.total = Math.max(gated ? 1.025 * wide : wide, 3.4 * d); // numbers that fill the width
    this.sequence = range(m);
    if (sorted) this.sequence.sort((i, j) => pre[j] - pre[i]);
    const after = stream.map((x, i) => x + out[i]), negative = pre.filter((x) => x < 0).length / m, top = largest([...stream, ...after, ...out]), cut = Math.min(top, this.spikeless([...stream, ...after]));
    const strip = (kind, role, values, { peak = largest(values), height = 46, called } = {}) => {
      const units = values.length === m && kind !== "vector", order = units ? this.sequence : range(values.length);
      const node = make("div", { class: `strip ${kind}`, style: `width:${(100 * values.length) / this.total}%`, role: "img", "aria-label": `${kind}: ${values.length} numbers, the largest ${number(largest(values))} in size` },
        bars(order.map((i) => values[i]), peak, role, height), called && make("small", {}, called), units && [make("i", { class: "kept" }), make("i", { class: "lit" })]);
      const under = (event) => { const box = node.getBoundingClientRect(); return order[clamp(Math.floor(((event.clientX - box.left) / box.width) * order.length), 0, order.length - 1)]; };
      node.addEventListener("pointermove", (event) => units ? this.point({ token, neuron: under(event) }) : this.tellNumber(kind, values, under(event)));
      node.addEventListener("pointerleave", () => this.point());
      if (units) node.addEventListener("click", (event) => this.choose(under(event)));
      return node;
    };
    const lane = (title, sub, ...strips) => [make("div", { class: "said" }, make("b", {}, title), make("span", {}, sub)), make("div", { class: "lane" }, strips.filter(Boolean))];
    const funnel = (from, to, words, shape) => {
      const left = (width) => 50 - (50 * width) / this.total, right = (width) => 50 + (50 * width) / this.total;
      return [make("div", { class: "gap" }), make("div", { class: "funnel" }, make("svg", { viewBox: "0 0 100 30", preserveAspectRatio: "none", "aria-hidden": "true" },
        make("path", { d: `M${left(from)} 0H${right(from)}L${right(to)} 30H${left(to)}z` })), make("span", {}, make("div", {}, words, make("small", {}, shape))))];
    };
    const captioned = (node, words) => make("figure", { style: node.style.cssText, class: "captioned" }, Object.assign(node, { style: "width:100%" }), make("figcaption", {}, words));
    const sign = (text) => make("span", { class: "sign", "aria-hidden": "true" }, text);
    const peak = gated ? largest([...pre, ...this.at("up", token)]) : largest(pre);
    this.find(".path").replaceChildren(
      ...lane("Vector in", `${block === "pre_norm" ? "the stream, normed" : "the stream"}: ${d} numbers`, strip("input", "residual", this.at("x", token), { height: 36 })),
      ...funnel(d, wide, gated ? "× W_gate and × W_up" : `× W_up${b}`, gated ? `two of [${d} × ${m}]` : `[${d} × ${m}]`),
      ...lane(gated ? "Gate and up" : "Pre-activation", `${gated ? `2 × ${m}` : m} numbers, ${percent(negative)} ${gated ? "of the gate " : ""}negative`, strip("pre", "feed-forward", pre, { peak, called: gated && "gate" }), gated && strip("pre", "feed-forward", this.at("up", token), { peak, called: "up" })),
      ...funnel(wide, m, gated ? "SiLU(gate) × up" : `${this.act}, each number by itself`, ""),
      ...lane("Hidden: the neurons", `${this.loud(token)} of ${m} reach a tenth of the strongest`, strip("hidden", "feed-forward", h)),
      ...funnel(m, d, `× W_down${b}`, `[${m} × ${d}]`),
      ...lane("Added to the stream", `its length: ${number(length(stream), 1)} → ${number(length(after), 1)}${cut < top ? `; bars end at ±${number(cut, 0)}, the largest number is ${number(top, 0)}` : ""}`, captioned(strip("stream", "residual", stream, { peak: cut }), "stream so far"), sign("+"),
        captioned(strip("output", "feed-forward", out, { peak: cut }), "MLP output"), sign("="), captioned(strip("after", "residual", after, { peak: cut }), "stream after")),
    );
    this.find(".path").setAttribute("aria-label", `${this.find(".finding").textContent}. Arrow keys change token and neuron.`);
  }
  /* Where bars may end without hiding much: twice what 95 % of the numbers stay below, unless that is near the largest. */
  spikeless(values) {
    const sizes = values.map(Math.abs).sort((a, b) => a - b), most = 2 * sizes[Math.floor(0.95 * sizes.length)];
    return sizes.at(-1) > 1.5 * most && most > 0 ? most : Infinity;
  }
  tellNumber(kind, values, i) { this.find(".pointed").textContent = `Number ${i + 1} of ${values.length} (${kind}): ${number(values[i], 3)}`; }

  paintSheet() {
    const { token, order } = this.state, { n } = this, box = this.find(".row-labels");
    box.replaceChildren(...this.header.pieces.map((piece) => make("span", { class: "ghost" }, visible(piece))));
    const room = this.find(".plane").clientWidth - 2, sorted = this.strongest(order ? null : token);
    this.columns = sorted.slice(0, clamp(Math.floor(room / 14), 1, sorted.length));
    if (!this.columns.includes(this.state.neuron)) this.columns[this.columns.length - 1] = this.state.neuron;
    this.cell = { w: Math.min(40, room / this.columns.length), h: clamp(420 / n, 7, 25) };
    const value = (i, j) => this.hidden(i)[this.columns[j]], tops = range(n).map((i) => largest(this.columns.map((_, j) => value(i, j))) || 1), top = Math.max(...tops), { contrast } = this.state;
    heatmap(this.canvas, { rows: n, columns: this.columns.length, width: this.cell.w * this.columns.length, height: this.cell.h * n,
      colour: (i, j) => this.palette.magnitude(Math.abs(value(i, j)) / (contrast ? tops[i] : top), value(i, j) < 0 ? "negative" : "feed-forward") });
    this.canvas.setAttribute("aria-label", `Activations of ${this.columns.length} neurons over ${n} tokens, the largest ${number(top)} in size.`);
    const now = this.hidden(token), shared = this.columns.filter((u) => range(n).some((t) => t !== token && Math.abs(this.hidden(t)[u]) >= Math.abs(now[u]))).length;
    this.find(".crowd h4").textContent = order ? "The strongest neurons of the sentence" : `The strongest neurons of ${this.quote(token)}`;
    this.find(".crowd .sub").textContent = n === 1 ? "One token: one row. Type more words to see what sets tokens apart."
      : order ? `Each row is a token, each column a neuron of layer ${this.state.layer + 1}; the columns are sorted by their largest value in your sentence.`
      : `Each row is a token, each column a neuron of layer ${this.state.layer + 1}. ${shared} of these ${this.columns.length} answer another token at least as strongly.`;
    this.find(".range").replaceChildren(...(contrast ? ["−", make("i"), "the row’s largest"] : [number(-top, 1), make("i"), number(top, 1)]), " activation");
  }

  /* What follows the pointer: marks in strips and sheet, labels, arithmetic. */
  point(cell = null) {
    this.hover = cell;
    const { token, neuron } = cell ?? this.state, j = this.columns.indexOf(neuron), { w, h } = this.cell, size = this.columns.length;
    const share = (u) => `${(100 * (this.sequence.indexOf(u) + 0.5)) / this.sequence.length}%`;
    for (const [kind, u] of [["kept", this.state.neuron], ["lit", cell ? neuron : null]]) this.root.querySelectorAll(`.strip .${kind}`).forEach((mark) => {
      Object.assign(mark.style, { display: u === null ? "none" : "block", left: u === null ? 0 : share(u) });
    });
    const place = (ring, at) => Object.assign(this.find(ring).style, Object.fromEntries(Object.entries(at).map(([side, x]) => [side, `${x}px`])));
    place(".ring.row", { left: -3, top: token * h - 3, width: size * w + 4, height: h + 4 });
    place(".ring.column", { left: j * w - 3, top: -3, width: w + 4, height: this.n * h + 4 });
    this.find(".ring.column").style.display = j < 0 ? "none" : "block";
    const every = (gap, step) => (i, lit) => i === lit || (i % Math.ceil(gap / step) === 0 && Math.abs(i - lit) >= Math.min(1, gap / step) * Math.ceil(gap / step));
    const label = (i, lit, side, at, text) => make("span", { class: i === lit ? "here" : null, style: `${side}:${at}px` }, text);
    const rows = this.find(".row-labels"), fits = every(14, h), stands = every(17, w);
    rows.querySelectorAll(":not(.ghost)").forEach((old) => old.remove());
    rows.append(...range(this.n).filter((i) => fits(i, token)).map((i) => label(i, token, "top", (i + 0.5) * h, visible(this.header.pieces[i]))));
    this.find(".col-labels").replaceChildren(...range(size).filter((i) => stands(i, j)).map((i) => label(i, j, "left", (i + 0.5) * w, String(this.columns[i] + 1))));
    const [line, detail] = this.arithmetic(token, neuron);
    this.find(".pointed").replaceChildren(...line.map((part) => part.cloneNode?.(true) ?? part));
    this.find(".sum").replaceChildren(...line, make("span", {}, ...detail));
  }

  arithmetic(token, neuron) {
    const pre = this.at("pre", token)[neuron], h = this.hidden(token)[neuron], up = this.gated ? this.at("up", token)[neuron] : null;
    const line = [make("b", { class: "feed-forward" }, `Neuron ${this.name(neuron)}`), " on ", make("b", {}, this.quote(token)), ": ",
      this.gated ? `SiLU(${number(pre)}) × ${number(up)} = ${number(ACTIVATIONS.swiglu(pre))} × ${number(up)} ≈ ` : `${this.act}(${number(pre)}) = `, make("b", { class: "feed-forward" }, number(h))];
    if (this.row(neuron) === undefined) return [line, ["Click to see what it writes."]];
    const [w, b, gw, gb, down] = this.of("weights", neuron), x = length(this.at("x", token));
    const match = (value, size, bias) => `|x| ${number(x, 1)} × |w| ${number(size)} × cosine ${number((value - bias) / (x * size || 1), 3)}${bias ? ` ${bias < 0 ? "−" : "+"} ${number(Math.abs(bias))}` : ""}`;
    const sums = this.gated ? [`Gate x·w = ${match(pre, w, b)} ≈ ${number(pre)}; up x·w = ${match(up, gw, gb)} ≈ ${number(up)}. `] : [`x·w${b ? " + b" : ""} = ${match(pre, w, b)} ≈ ${number(pre)}. `];
    return [line, [...sums, `It adds ${number(h)} × its row of W_down, which is ${number(down)} long: together ≈ ${number(Math.abs(h) * down, 1)}.`]];
  }

  /* A text whose words are tinted by one neuron's activation. */
  tinted(pieces, values, top, cls, pick) {
    return make("div", { class: `text ${cls}` }, pieces.map((piece, i) => {
      const role = values[i] < 0 ? "negative" : "feed-forward", share = Math.round(55 * clamp(Math.abs(values[i] ?? 0) / top, 0, 1));
      const attributes = { title: values[i] === undefined ? null : number(values[i]), style: values[i] === undefined ? null : `background: color-mix(in srgb, var(--${role}) ${share}%, transparent)` };
      return pick ? make("button", { ...attributes, type: "button", class: i === this.state.token ? "here" : null, "aria-label": `token ${i + 1}, ${visible(piece)}: ${number(values[i])}`, onclick: () => pick(i) }, told(piece)) : make("span", attributes, told(piece));
    }));
  }

  portrait() {
    const { token, neuron } = this.state, h = this.hidden(token)[neuron], over = range(this.n).map((t) => this.hidden(t)[neuron]), { header } = this;
    const best = over.reduce((top, x, i) => (Math.abs(x) > Math.abs(over[top]) ? i : top), 0), favourites = this.strongest(token).slice(0, FAVOURITES);
    if (!favourites.includes(neuron)) favourites.push(neuron);
    this.find(".portrait h4").replaceChildren("Neuron ", make("b", { class: "feed-forward" }, this.name(neuron)));
    radios(this.find(".favourites"), "Neuron", favourites.length, (i) => this.name(favourites[i]), (i) => this.choose(favourites[i]));
    check(this.find(".favourites"), favourites.indexOf(neuron));
    this.find(".portrait .sub").textContent = `In your sentence it answers ${this.quote(best)} most: ${number(over[best])}${best === token ? "" : `; ${this.quote(token)} gets ${number(h)}`}.`;
    const places = slice(this.arrays.context_at, this.row(neuron)), values = this.of("context", neuron), top = Math.max(largest(over), largest(values)) || 1;
    const silent = largest(values) < QUIET * top, elsewhere = `in ${header.probes.length} other sentences`;
    this.find(".fires").replaceChildren(this.tinted(header.pieces, over, top, "mine", (i) => this.move("token", i, neuron)),
      make("h5", {}, silent ? `Less than a tenth of that ${elsewhere}` : `Where it answers most ${elsewhere}`), ...(silent ? [] : range(places.length).map((k) => this.context(places[k], values[k], top))));
    const factor = h / this.arrays.scale.values[token], ids = this.of("effect_ids", neuron), effects = this.of("effects", neuron).map((x) => x * factor), most = largest(effects) || 1;
    const column = (way, at) => at.map((i) => make("div", { class: `push ${way}` }, make("span", { title: visible(header.names[ids[i]]) }, quote(told(header.names[ids[i]]))), make("i", { style: `width:${(100 * Math.abs(effects[i])) / most}%` }), make("span", {}, signed(effects[i]))));
    const first = range(header.effects), second = first.map((i) => i + header.effects), [rise, fall] = factor < 0 ? [second, first] : [first, second];
    const up = column("up", rise), down = column("down", fall);
    this.find(".writes").replaceChildren(make("div", { class: "head" }, "pushes up"), make("div", { class: "head" }, "pushes down"), ...first.flatMap((i) => [up[i], down[i]]));
    this.find(".direct").textContent = `After ${this.quote(token)}: ${number(h)} × the row of W_down, through the final norm and the unembedding. ${this.beyond()}`;
  }

  /* What the direct path from this layer leaves out. */
  beyond() {
    const { n_layers } = this.header, after = n_layers - 1 - this.state.layer;
    if (!after) return "After the last layer there is no other path.";
    return `The direct path only: what the ${after === 1 ? "layer" : `${after} layers`} above make${after === 1 ? "s" : ""} of it is not in these numbers${2 * after >= n_layers ? ", which from a layer this early say little" : ""}.`;
  }

  /* A few tokens around the place, counted through all probe sentences. */
  context(place, value, top) {
    let sentence = 0;
    while (place >= this.header.probes[sentence].length) place -= this.header.probes[sentence++].length;
    const pieces = this.header.probes[sentence], from = Math.max(0, place - WINDOW), to = place + 4, part = pieces.slice(from, to), values = Array(part.length);
    values[place - from] = value;
    const line = this.tinted(part, values, top, "more");
    if (from > 0) line.prepend(make("span", {}, "…"));
    line.append(make("span", {}, to < pieces.length ? "…" : ""), make("small", {}, `  ${number(value)}`));
    return line;
  }
}

export default function ({ data, parentElement, setTriggerValue }) {
  const root = parentElement.querySelector(".board");
  root.board ??= new Board(root, (layer) => setTriggerValue("ask", layer));
  if (data) root.board.receive(data);
  return () => root.board?.stop();
}
