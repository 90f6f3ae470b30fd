// The same text under several vocabularies, and what it costs. Fed once per text and model; choosing
// a row is answered here, and the address follows (`remember`).

import { remember } from "../../../ui/kit/address.js";
import { largest, range } from "../../../ui/kit/arithmetic.js";
import { make } from "../../../ui/kit/elements.js";
import { follow } from "../../../ui/kit/follow.js";
import { count, number, percent, short } from "../../../ui/kit/format.js";
import { unpack } from "../../../ui/kit/tensors.js";
import { face } from "../../../ui/kit/words.js";

const times = (x) => (x >= 100 ? count(x) : number(x, x < 1 ? 2 : 1));
const many = (n, what) => `${count(n)} ${what}${n === 1 ? "" : "s"}`;

class Comparison {
  constructor(root) {
    this.root = root;
    this.find = (selector) => root.querySelector(selector);
    this.stop = follow(root, () => { if (this.header) this.cost(); });
  }

  receive(bytes) {
    const { header } = unpack(bytes), was = this.header ?? {};
    if (header.pass === was.pass && header.chosen === was.chosen) return;
    this.header = header;
    this.chosen = header.rows.findIndex((row) => row.name === header.chosen);
    this.own = header.rows.find((row) => row.name === header.ours);
    this.draw();
  }

  draw() {
    const { rows, characters } = this.header, here = rows.filter((row) => !row.missing);
    const others = here.filter((row) => row.size > this.own.size && row.name !== "characters");
    const best = others.reduce((a, b) => (b.pieces.length <= a.pieces.length ? b : a), others[0]);
    this.find(".finding").textContent = `${many(characters, "character")} ${characters === 1 ? "is" : "are"} ${many(this.own.pieces.length, "token")} to this model`
      + (!best ? "" : best.pieces.length < this.own.pieces.length ? `, ${count(best.pieces.length)} to ${best.title}, whose list is ${times(best.size / this.own.size)} times as long`
        : `; a list ${times(best.size / this.own.size)} times as long saves nothing here. Try Hebrew or Code above`);
    this.find(".rows").replaceChildren(...rows.map((row, i) => this.row(row, i)));
    this.root.querySelectorAll(".cut").forEach(fade);
    this.find(".samples").replaceChildren(...this.header.greeting.map(sample));
    this.choose(this.chosen, false);
  }

  row(row, i) {
    const n = row.pieces.length, { characters, bytes } = this.header, own = row === this.own;
    const about = row.name === "characters" ? `${count(row.size)} possible` : `${count(row.size)} ids`;
    const start = [make("div", { class: "who" }, make("b", {}, row.title, row.recorded && make("span", { class: "tag measured", title: "Cut with tiktoken and recorded; the vocabulary’s file is not on this machine" }, "measured")), make("span", {}, `${row.about} · ${about}`))];
    const cells = row.missing ? [make("div", { class: "tokens" }, make("b", {}, "?")), make("div"), make("div", { class: "missing" }, row.missing)] : [
      make("div", { class: "tokens" }, make("b", {}, count(n)), make("span", {}, n === 1 ? "piece" : "pieces")),
      make("div", { class: "much" }, `${number(characters / n, 1)} characters`, make("br"), make("span", {}, ` ${number(bytes / n, 1)} bytes in each`)),
      make("div", { class: "cut", onscroll: (event) => fade(event.target) }, ...row.pieces.map((piece, at) => {
        const shown = face(piece);
        shown.title = `id ${row.ids[at]}`;
        return shown;
      }))];
    const name = row.missing ? `${row.title}: ${row.missing}` : `${row.title}: ${n} pieces, ${number(characters / n, 1)} characters in each`;
    return make("div", { class: `row${own ? " ours" : ""}`, role: "radio", "aria-label": name, "aria-disabled": String(Boolean(row.missing)), onclick: () => this.choose(i), onkeydown: (event) => this.press(event, i) }, ...start, ...cells);
  }

  press(event, i) {
    const by = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1, " ": 0, Enter: 0 }[event.key];
    if (by === undefined) return;
    event.preventDefault();
    const { rows } = this.header, open = range(rows.length).filter((j) => !rows[j].missing);
    this.choose(by ? open[(open.indexOf(i) + by + open.length) % open.length] : i);
    this.root.querySelectorAll(".row")[this.chosen].focus();
  }

  choose(i, tell = true) {
    if (this.header.rows[i].missing) i = tell ? this.chosen : 0;
    this.chosen = i;
    if (tell) remember("cut", i ? this.header.rows[i].name : "");
    this.root.querySelectorAll(".row").forEach((row, j) => {
      row.setAttribute("aria-checked", j === i);
      row.tabIndex = j === i ? 0 : -1;
    });
    this.cost();
    this.trade();
  }

  /* Two squares to scale: what attention compares for this cut and for ours. */
  cost() {
    const row = this.header.rows[this.chosen], n = row.pieces.length, own = this.own.pieces.length, most = Math.max(n, own), side = 220, pair = row === this.own;
    const what = row.name === "characters" ? "characters" : row.name === "bytes" ? "bytes" : `${row.title}’s tokens`, ratio = (n / own) ** 2;
    this.find(".cost h4").textContent = pair ? "Choose another row to compare its cost"
      : `Read as ${what}, attention would make ${ratio > 1 ? `${times(ratio)} times as many comparisons` : ratio < 1 ? `${percent(ratio)} of the comparisons` : "as many comparisons"}`;
    this.find(".cost .sub").textContent = "Attention (two lessons on) compares every piece with every piece: n pieces, n² comparisons.";
    const square = (cls, k) => {
      const edge = (side * k) / most, cell = side / most;
      const grid = cell < 3 ? "" : range(k - 1).map((t) => `M${(t + 1) * cell} ${side}v${-edge}M0 ${side - (t + 1) * cell}h${edge}`).join("");
      return make("g", {}, make("rect", { class: cls, x: 0, y: side - edge, width: edge, height: edge }), make("path", { class: "grid", d: grid }));
    };
    const order = n >= own ? [["other", n], ["own", own]] : [["own", own], ["other", n]];
    const [small, large] = [Math.min(n, own), most], label = (cls, k, end) => make("text", { class: `t-${cls}`, x: end ? side : 0, y: -6, "text-anchor": end ? "end" : "start" }, `${count(k)} × ${count(k)}`);
    this.find(".squares").replaceChildren(make("svg", { viewBox: `0 -18 ${side} ${side + 20}`, role: "img", "aria-label": `${n} times ${n} comparisons beside ${own} times ${own}` },
      ...order.slice(0, pair ? 1 : 2).map(([cls, k]) => square(pair ? "own" : cls, k)), label(pair ? "own" : order[0][0], large, false), ...(pair || small === large ? [] : [label(order[1][0], small, true)])));
    const { characters, context } = this.header, mine = (text) => make("b", { class: "mine" }, text), of = (text) => make("b", { class: "of" }, text);
    const places = (k) => count(context * (characters / k));
    this.find(".facts").replaceChildren(
      make("p", { class: "times" }, pair ? `${count(own)}² = ${count(own ** 2)}` : `(${count(n)} ÷ ${count(own)})² = ${times(ratio)}`),
      make("p", {}, mine(`${count(own)}² = ${count(own ** 2)}`), " comparisons here", ...(pair ? ["."] : [", ", of(`${count(n)}² = ${count(n ** 2)}`), ` as ${what}.`])),
      make("p", {}, `The model reads at most ${count(context)} pieces at once: about `, mine(`${places(own)} characters`), " of text like yours", ...(pair ? ["."] : [n > own ? ", but only " : ", or ", of(places(n)), ` as ${what}.`])));
    this.find(".spoken").textContent = this.find(".cost h4").textContent;
  }

  /* The longer the list, the larger the matrix that holds a row of numbers for each id. */
  trade() {
    const { rows, d_model: d, parameters } = this.header, listed = rows.slice(1), top = largest(listed.map((row) => row.embedding));
    const longest = listed.at(-1);
    this.find(".trade h4").textContent = `The price: a row of ${count(d)} numbers for every id`;
    this.find(".trade .sub").replaceChildren(`Here ${count(this.own.size)} × ${count(d)} = ${count(this.own.embedding)} numbers, ${Math.round((100 * this.own.embedding) / parameters)} % of the model’s ${short(parameters)}. With ${longest.title}’s list the matrix alone would be ${times(longest.embedding / parameters)} times the whole model.`);
    this.find(".matrix").replaceChildren(...listed.map((row) => {
      const bar = make("i");
      bar.style.width = `${(100 * row.embedding) / top}%`;
      return make("div", { class: `line${row === this.own ? " ours" : rows[this.chosen] === row ? " here" : ""}`, role: "row", title: `${count(row.size)} × ${count(d)} = ${count(row.embedding)}` },
        make("span", { role: "cell" }, row.title), make("div", { class: "bar", role: "cell" }, bar), make("span", { role: "cell" }, make("b", {}, short(row.embedding)), row.missing ? "" : ` · your text ${count(row.pieces.length)}`));
    }));
  }
}

/* What goes on below is faded out until it is scrolled to. */
const fade = (cut) => cut.classList.toggle("long", cut.scrollTop + cut.clientHeight < cut.scrollHeight - 4);

function sample({ title, kind, pieces, ids }) {
  return make("div", { class: "sample" }, make("div", { class: "top" }, make("b", {}, title), make("span", { class: `tag ${kind === "live" ? "" : kind}`, title: kind === "live" ? "Computed just now" : "tiktoken, the vocabulary’s published file" }, kind)),
    make("div", { class: "chips" }, ...pieces.map((piece, i) => make("span", { class: "chip" }, face(piece), make("small", {}, String(ids[i]))))));
}

export default function ({ data, parentElement }) {
  const root = parentElement.querySelector(".board");
  root.comparison ??= new Comparison(root);
  if (data) root.comparison.receive(data);
  return () => root.comparison?.stop();
}
