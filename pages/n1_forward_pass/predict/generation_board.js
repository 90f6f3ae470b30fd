// Writing on, one token at a time: recorded on the server with `generate`, played here. `go` asks for
// another recording with the settings in the address, `take` for the text up to the step shown.

import { recall, remember } from "../../../ui/kit/address.js";
import { clamp } from "../../../ui/kit/arithmetic.js";
import { slider } from "../../../ui/kit/controls.js";
import { make } from "../../../ui/kit/elements.js";
import { follow } from "../../../ui/kit/follow.js";
import { count, memory, number, percent } from "../../../ui/kit/format.js";
import { Palette } from "../../../ui/kit/palette.js";
import { heatmap } from "../../../ui/kit/pictures.js";
import { quote, visible } from "../../../ui/kit/words.js";

const NAMES = { temperature: "temperature", top_k: "top-k", top_p: "top-p", min_p: "min-p" };
const OFF = { top_k: 0, top_p: 1, min_p: 0 };
const BEAT = 350; // milliseconds a step while playing

const plural = (n, word) => `${count(n)} ${word}${n === 1 ? "" : "s"}`;

class Board {
  constructor(root) {
    this.root = root;
    this.find = (selector) => root.querySelector(selector);
    this.palette = new Palette(root);
    const on = (selector, event, act) => this.find(selector).addEventListener(event, act);
    on(".go", "click", () => (this.changed ? this.ask() : this.play(true, 0)));
    on(".take", "click", () => this.trigger("take", this.at + 1));
    on(".another", "click", () => { remember("sample_seed", (this.data.settings.sample_seed + 1) % 10000); this.ask(); });
    on(".back", "click", () => this.go(this.at - 1));
    on(".forward", "click", () => this.go(this.at + 1));
    on(".time", "input", (event) => this.go(Number(event.target.value) - 1));
    on(".without", "change", () => this.show());
    on(".play", "click", () => this.play(!this.playing));
    const heard = (event) => { if (event.target.closest?.("[class*='st-key-field-']")) this.settings(); };
    document.addEventListener("input", heard);
    const stop = follow(root, () => { this.palette.forget(); if (this.data) this.show(); });
    this.stop = () => { stop(); this.play(false); document.removeEventListener("input", heard); };
  }

  ask() {
    this.asked = true;
    this.trigger("go", Date.now());
  }

  receive(data) {
    if (data.pass === this.data?.pass) return;
    this.play(false);
    Object.assign(this, { data, n: data.steps.length, at: Math.max(0, data.steps.length - 1) });
    const length = slider({ label: "tokens", min: 8, max: 64, step: 8, value: data.settings.sample_length, show: String, change: (n) => remember("sample_length", n) });
    if (!this.find(".lengths").hasChildNodes()) this.find(".lengths").append(length);
    this.find(".seed").textContent = `seed ${data.settings.sample_seed}`;
    this.find(".time").max = Math.max(1, this.n);
    for (const each of this.root.querySelectorAll(".transport > *, .take")) each.disabled = this.n === 0;
    this.find(".write").classList.toggle("full", this.n === 0);
    this.settings();
    this.tell();
    this.circles();
    this.show();
    if (this.asked && !matchMedia("(prefers-reduced-motion: reduce)").matches) this.play(true, 0);
    this.asked = false;
  }

  /* What the text was written with, and whether the sliders above say something else by now. */
  settings() {
    const used = this.data.settings, of = (s) => ["temperature", ...Object.keys(OFF).filter((name) => s[name] !== OFF[name])].map((name) => `${NAMES[name]} ${name === "top_k" ? s[name] : number(s[name])}`).join(", ");
    const said = (name) => Number(recall(name) || used[name]);
    const now = Object.fromEntries(Object.entries(used).map(([name, value]) => [name, Number.isFinite(said(name)) ? said(name) : value]));
    this.changed = [...Object.keys(NAMES), "sample_length"].some((name) => now[name] !== used[name]);
    this.find(".settings").textContent = `written with ${of(used)}${this.changed ? `; now set: ${of(now)}` : ""}`;
    this.find(".story").classList.toggle("stale", this.changed);
    this.find(".go").textContent = this.changed ? "Write with these" : "Write";
  }

  tell() {
    const { steps, with_cache, without_cache, full, ended } = this.data, last = this.n - 1;
    this.find("h3").textContent = this.n ? `${plural(this.n, "token")} written: ${plural(with_cache[last], "position")} computed with the cache, ${count(without_cache[last])} without`
      : `The text fills the context of ${full} tokens: nothing can be appended`;
    this.nodes = steps.map((step, i) => make("button", { type: "button", title: `step ${i + 1}`, onclick: () => this.go(i) }, step.piece.trim() || visible(step.piece)));
    const blank = (piece) => (piece.trim() ? piece.match(/^\s*/)[0] : "\u200b");
    const end = full ? `context of ${full} tokens full` : ended ? "the model ended its text" : null;
    this.find(".story").replaceChildren(this.data.prompt.join(""), ...this.nodes.flatMap((node, i) => [blank(steps[i].piece), node]), ...(end && this.n ? [" ", make("span", { class: "end" }, end)] : []));
  }

  go(step) {
    this.at = clamp(step, 0, Math.max(0, this.n - 1));
    this.show();
  }

  play(wanted, from = this.at === this.n - 1 ? 0 : this.at) {
    this.playing = wanted && this.n > 0;
    clearInterval(this.clock);
    this.find(".play").textContent = wanted ? "❚❚ pause" : "▶ play";
    if (!this.playing) return;
    this.go(from);
    this.clock = setInterval(() => { if (this.at >= this.n - 1) this.play(false); else this.go(this.at + 1); }, BEAT);
  }

  show() {
    const { at, n } = this;
    this.nodes.forEach((node, i) => { node.classList.toggle("here", i === at); node.classList.toggle("later", i > at); });
    this.find(".time").value = at + 1;
    this.find(".at").textContent = n ? `step ${at + 1} of ${n}` : "";
    this.find(".take").textContent = n ? `take ${plural(at + 1, "token")} into my text` : "nothing to take";
    this.step();
    this.cache();
  }

  /* What one step chose from, and what it cost. */
  step() {
    const box = this.find(".step"), step = this.data.steps[this.at];
    if (!step) return box.replaceChildren();
    const word = visible(step.piece), listed = step.best.some(([piece]) => piece === step.piece) ? step.best : [...step.best.slice(0, -1), [step.piece, step.probability]];
    const list = listed.flatMap(([piece, p]) => {
      const bar = make("i"), chosen = piece === step.piece ? " chosen" : "";
      bar.style.width = `${100 * p}%`;
      return [make("span", { class: `w${chosen}` }, visible(piece)), make("span", { class: `b${chosen}` }, bar), make("span", { class: `p${chosen}` }, percent(p))];
    });
    const left = step.kept.map(([name, k], i) => `${i ? `${NAMES[name]} ` : ""}${count(k)}`).join(" → ");
    const spent = this.data.with_cache[this.at], all = this.data.without_cache[this.at], bar = (cls, size) => { const node = make("i", { class: cls }); node.style.width = `${(100 * size) / all}%`; return node; };
    box.replaceChildren(make("h4", {}, "Step ", String(this.at + 1), " drew ", make("b", {}, quote(word)), `, rank ${count(step.rank)}`),
      make("p", { class: "sub" }, `candidates: ${left}; ${step.probability === 1 ? "it was the only one left" : `its share was ${percent(step.probability)}`}`), make("div", { class: "list" }, ...list),
      make("div", { class: "work" }, make("h4", {}, "Positions computed so far"), make("span", {}, "with the cache"), bar("", spent), make("b", {}, count(spent)), make("span", {}, "without"), bar("all", all), make("b", {}, count(all))));
  }

  /* Keys and values, layer by layer, position by position; the columns of this step are lit. */
  cache() {
    const { data, at } = this, prompt = data.prompt.length, columns = prompt + Math.max(this.n - 1, 0), without = this.find(".without").checked;
    const filled = this.n ? prompt + at : prompt, fresh = at === 0 || without ? 0 : filled - 1, computed = filled - fresh, rows = 2 * data.n_layers;
    const canvas = this.find("canvas"), width = this.find(".memory").clientWidth - 54, size = filled * data.bytes_per_position;
    const palette = this.palette, mix = (role, strength) => palette.magnitude(strength, role);
    const wide = Math.min(width, 26 * columns), high = rows * clamp(170 / rows, 7, 18), part = (name, cls, k) => make("span", { class: cls, style: `width:${(wide * k) / columns - 2}px` }, name);
    this.find(".depth").replaceChildren(...Array.from({ length: data.n_layers }, (_, i) => make("span", {}, i ? String(i + 1) : "layer 1")));
    this.find(".spans").replaceChildren(part("your text", "", prompt), ...(columns > prompt ? [part("written", "new", columns - prompt)] : []));
    heatmap(canvas, { rows, columns, width: wide, height: high, tiles: true, hidden: palette.colour("line"),
      colour: (i, j) => (j >= filled ? null : mix(i % 2 ? "value" : "key", j >= fresh ? 1 : 0.38)) });
    const said = `${data.n_layers} layers, ${plural(filled, "position")}: ${memory(size)}`;
    canvas.setAttribute("aria-label", `Keys and values of ${said}; computed in this step: ${plural(computed, "position")}.`);
    this.find(".memory h4").textContent = without ? `Without a cache, step ${at + 1} computes ${plural(computed, "position")} again` : `Step ${at + 1} computes ${plural(computed, "position")}; the cache holds ${memory(size)}`;
    this.find(".memory .caption").replaceChildren("From top to bottom, for each layer a row of ", make("b", { class: "key" }, "keys"), " and a row of ", make("b", { class: "value" }, "values"), "; from left to right, positions; full colour: computed in this step. ",
      `2 · ${plural(data.n_layers, "layer")} · ${plural(data.n_kv_heads, "key-value head")} · ${data.d_head} numbers · 4 bytes = ${count(data.bytes_per_position)} bytes a position, × ${count(filled)} = ${memory(size)}. `,
      without ? "What is lit was computed before and thrown away." : "The last token written has no column yet: the next step computes it.");
  }

  /* Greedy against sampled, from the same text. */
  circles() {
    const { greedy, sampled, run } = this.data, part = ({ repeated }) => (repeated.length ? repeated.filter(Boolean).length / repeated.length : 0);
    const most = Math.round(100 * part(greedy)), less = Math.round(100 * part(sampled));
    this.find(".circles h4").textContent = !greedy.pieces.length ? "Why not always take the likeliest?" : most > less ? `Always the likeliest: ${most} % of the tokens repeat a run of ${run}; drawn by chance: ${less} %` : !most && !less ? `Neither way of going on repeats a run of ${run} tokens here` : `Both ways repeat themselves: ${most} % of the tokens always the likeliest, ${less} % drawn by chance`;
    this.find(".circles .sub").textContent = greedy.pieces.length ? `Two ways to go on with your text, temperature 1 for the draws. Marked: tokens that end a run of ${run} tokens which has stood there before.` : "There is no room to go on: shorten the text.";
    const text = (name, { pieces, repeated }) => make("div", {}, make("h4", {}, name), make("p", { class: "text" }, "…", ...pieces.map((piece, i) => (repeated[i] ? make("span", { class: "again" }, piece) : piece))));
    this.find(".circles .pair").replaceChildren(...(greedy.pieces.length ? [text("greedy: the likeliest, every time", greedy), text(`sampled: drawn by its share, seed ${this.data.settings.sample_seed}`, sampled)] : []));
  }
}

export default function ({ data, parentElement, setTriggerValue }) {
  const root = parentElement.querySelector(".board");
  root.board ??= new Board(root);
  root.board.trigger = setTriggerValue;
  if (data) root.board.receive(data);
  return () => root.board?.stop();
}
