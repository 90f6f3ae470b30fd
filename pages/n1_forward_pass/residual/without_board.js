// Every part of the model as a button. What a part alone is worth is here already; a click asks the
// server for the pass without all parts that are out, and the address remembers which.

import { remember } from "../../../ui/kit/address.js";
import { clamp, range } from "../../../ui/kit/arithmetic.js";
import { make } from "../../../ui/kit/elements.js";
import { follow } from "../../../ui/kit/follow.js";
import { number, percent, signed } from "../../../ui/kit/format.js";
import { Palette } from "../../../ui/kit/palette.js";
import { labels, quote, visible } from "../../../ui/kit/words.js";

const GROUPS = [
  ["attention", "Attention", [["a", "what it adds"], ["as", "its skip connection"], ["an", "its norm"]]],
  ["mlp", "MLP", [["m", "what it adds"], ["ms", "its skip connection"], ["mn", "its norm"]]],
];
const LETTERS = { a: "attention", m: "MLP" };

const nats = (loss) => (loss === null ? "not a number (it overflows)" : `${number(loss)} nats`);

class Board {
  constructor(root) {
    this.root = root;
    this.find = (selector) => root.querySelector(selector);
    this.palette = new Palette(root);
    this.removed = new Set();
    this.find(".back").addEventListener("click", () => this.take([]));
    this.stop = follow(root, () => { if (this.data) this.draw(); });
  }

  receive(data, ask) {
    Object.assign(this, { data, ask, labels: labels(data.pieces), removed: new Set(data.removed) });
    this.draw();
  }

  /* Which parts are out from now on. */
  take(codes) {
    this.removed = new Set(codes);
    const value = [...this.removed].join(".");
    this.mark();
    remember("removed", value);
    this.ask("cut", value || "nothing");
  }
  toggle(codes) {
    const all = codes.every((code) => this.removed.has(code)), rest = [...this.removed].filter((code) => !codes.includes(code));
    this.take(all ? rest : [...rest, ...codes]);
  }

  name(code) {
    if (code === "f") return "the final norm";
    const [, letter, part, layer] = code.match(/([am])([sn]?)(\d+)/), owner = `layer ${layer}’s ${LETTERS[letter]}`;
    return part === "s" ? `the skip connection around ${owner}` : part === "n" ? `the norm before ${owner}` : `what ${owner} adds`;
  }
  rise(code) {
    const { overview, intact } = this.data, alone = overview?.[code];
    return alone ? (alone.loss === null ? Infinity : alone.loss - intact.loss) : null;
  }

  draw() {
    this.palette.forget();
    this.grid();
    this.mark();
    this.find(".worth").textContent = this.summary();
    this.point(null);
    this.after();
  }

  grid() {
    const { n_layers } = this.data, rises = this.data.overview ? Object.keys(this.data.overview).map((code) => this.rise(code)) : [0];
    const finite = rises.filter(Number.isFinite).sort((a, b) => a - b);
    const top = Math.log1p(Math.max(0.1, finite[Math.floor(0.9 * (finite.length - 1))] ?? 0)), width = this.find(".grid").clientWidth / (n_layers + 2);
    const cell = (code) => {
      const rise = this.rise(code), share = rise === null ? 0 : clamp(Math.log1p(Math.max(0, rise)) / top, 0, 1);
      const shown = rise === null ? "·" : !Number.isFinite(rise) ? "∞" : width < 44 ? number(Math.max(0, rise), 0) : signed(rise);
      const button = make("button", { class: `cell${share > 0.62 ? " dark" : ""}`, type: "button", "data-code": code, "aria-label": `${this.name(code)}${rise === null ? "" : `: loss ${signed(rise)} nats`}`,
        onclick: () => this.toggle([code]), onpointerenter: () => this.point(code), onpointerleave: () => this.point(null), onfocus: () => this.point(code), onblur: () => this.point(null) }, width < 22 ? "" : shown);
      button.style.background = `rgb(${this.palette.magnitude(share, "negative").join()})`;
      return button;
    };
    const nodes = [make("span"), ...range(n_layers).map((i) => make("span", { class: "layer" }, width < 60 ? String(i + 1) : `layer ${i + 1}`))];
    for (const [kind, title, rows] of GROUPS) {
      nodes.push(make("span", { class: `group ${kind}` }, title));
      for (const [letter, name] of rows) {
        const codes = range(n_layers).map((i) => `${letter}${i + 1}`);
        nodes.push(make("button", { class: "rowname", type: "button", title: "Take out the whole row, or put it back", onclick: () => this.toggle(codes) }, name), ...codes.map(cell));
      }
    }
    nodes.push(make("span", { class: "group last" }, "After the last layer"), make("button", { class: "rowname", type: "button", onclick: () => this.toggle(["f"]) }, "final norm"), cell("f"));
    this.find(".grid").style.gridTemplateColumns = `auto repeat(${n_layers}, minmax(0, 1fr))`;
    this.find(".grid").replaceChildren(...nodes);
  }
  mark() {
    for (const button of this.root.querySelectorAll(".cell")) button.setAttribute("aria-pressed", this.removed.has(button.dataset.code));
    this.find(".back").disabled = !this.removed.size;
  }

  /* What one part alone is worth. */
  point(code) {
    const alone = code && this.data.overview?.[code], node = this.find(".pointed");
    if (!alone) return node.replaceChildren(this.data.overview ? this.extremes() : "A model of this size is not run once for every part; take one out to measure it.");
    const [word, p] = alone.next;
    node.replaceChildren("Without ", make("b", {}, this.name(code)), `, the loss is ${nats(alone.loss)} instead of ${nats(this.data.intact.loss)}, and after your text comes `, make("b", { class: "prediction" }, quote(visible(word))), ` (${percent(p)}).`);
  }
  codes(...letters) { return letters.flatMap((letter) => range(this.data.n_layers).map((i) => `${letter}${i + 1}`)); }
  /* Branches, skips and norms against each other: the median of each kind. */
  medians() {
    return [["as", "ms"], ["an", "mn"], ["a", "m"]].map((letters) => {
      const rises = this.codes(...letters).map((code) => this.rise(code)).sort((a, b) => a - b);
      return (rises[Math.floor((rises.length - 1) / 2)] + rises[Math.ceil((rises.length - 1) / 2)]) / 2;
    });
  }
  summary() {
    if (!this.data.overview) return "What is each part worth to your sentence?";
    const [skip, norm, branch] = this.medians().map((x) => number(x));
    return `Median worth: a skip connection ${skip} nats, a norm in a layer ${norm}, what a sublayer adds ${branch}`;
  }
  /* What medians hide: the dearest part of all, and of what sublayers add. */
  extremes() {
    const dearest = (codes) => { const code = codes.reduce((a, b) => (this.rise(b) > this.rise(a) ? b : a)); return `${this.name(code)} (${signed(this.rise(code))})`; };
    const wrong = this.medians().some((x) => x < 0) ? " Below 0, less than nothing: the model guesses wrong here anyway." : "";
    return `Worth most of all: ${dearest(Object.keys(this.data.overview))}; of what sublayers add: ${dearest(this.codes("a", "m"))}.${wrong} Point at a cell for its own.`;
  }

  after() {
    const { intact, without, removed } = this.data, out = removed.length, [word, p] = without.next[0], [was] = intact.next[0];
    this.find(".finding").textContent = out ? `${out === 1 ? "One part" : `${out} parts`} out: the loss goes from ${number(intact.loss)} to ${nats(without.loss)}` : `Intact, the model’s loss on your text is ${nats(intact.loss)}`;
    const lone = this.data.pieces.length === 1 ? "A lone word has no next word to guess: what counts is the intact model’s own first guess." : `Per word (here: token), the mean of −ln p, p being the probability that it got; the unit of −ln p is the nat. ${nats(intact.loss)}: as if each had got ${percent(Math.exp(-intact.loss.toFixed(2)))}.`;
    this.find(".said").textContent = !out ? `${lone} Take a part out to compare.`
      : without.loss === null ? "The numbers overflow: there is no prediction any more." : word === was ? `It still says ${quote(visible(word))} next, with ${percent(p)}.` : `It says ${quote(visible(word))} (${percent(p)}) instead of ${quote(visible(was))}.`;
    const list = (kind, title, guesses) => make("div", { class: `list ${kind}` }, make("b", {}, title), ...guesses.flatMap(([guess, chance]) => {
      const bar = make("i");
      bar.style.width = `${100 * chance}%`;
      return [make("span", { class: "word" }, visible(guess)), make("span", { class: "bar" }, bar), make("span", {}, percent(chance))];
    }));
    this.find(".bars-of").replaceChildren(list("", "next word, intact", intact.next), ...(out ? [list("hurt", "next word, without", without.next)] : []));
    this.find(".spoken").textContent = out ? `${this.find(".finding").textContent}. ${this.find(".said").textContent}` : "";
    this.surprises();
  }

  /* Two bars for each word that was to be guessed. */
  surprises() {
    const box = this.find(".words"), W = box.clientWidth, H = 178, base = 138, { intact, without, removed } = this.data, n = intact.surprises.length, w = W / n;
    const highest = Math.max(0, ...intact.surprises, ...without.surprises.filter((x) => x !== null)), top = Math.max(1, highest), tall = (x) => ((x ?? top) / top) * (base - 18);
    const svg = make("svg", { width: W, height: H, viewBox: `0 0 ${W} ${H}`, role: "img", "aria-label": `Mean surprise ${nats(intact.loss)} intact${removed.length ? `, ${nats(without.loss)} without` : ""}.` });
    const bar = (kind, i, at, x) => make("rect", { class: kind, x: i * w + at * w, y: base - tall(x), width: Math.min(40, w * 0.36), height: tall(x), rx: 2 }, make("title", {}, `${this.target(i)}: ${x === null ? "overflows" : `${number(x)} nats`}`));
    svg.append(make("line", { class: "base", x1: 0, x2: W, y1: base, y2: base }), make("text", { class: "key-intact", x: 0, y: 10 }, "intact"));
    if (removed.length) svg.append(make("text", { class: "key-hurt", x: 48, y: 10 }, "without"));
    svg.append(make("text", { x: W, y: 10, "text-anchor": "end" }, `highest: ${number(highest)}`));
    range(n).forEach((i) => {
      svg.append(bar("intact", i, removed.length ? 0.12 : 0.3, intact.surprises[i]));
      if (removed.length) svg.append(bar("hurt", i, 0.5, without.surprises[i]));
      if (w >= 13) svg.append(make("text", { x: i * w + w / 2, y: base + 8, transform: `rotate(38 ${i * w + w / 2} ${base + 8})` }, this.target(i)));
    });
    box.replaceChildren(svg);
  }
  /* The word that was to be guessed; a lone word is followed by the intact model's own guess. */
  target(i) { return this.labels[i + 1] ?? visible(this.data.intact.next[0][0]); }
}

export default function ({ data, parentElement, setTriggerValue }) {
  const root = parentElement.querySelector(".board");
  root.board ??= new Board(root);
  if (data) root.board.receive(data, setTriggerValue);
  return () => root.board?.stop();
}
