// One head's map on two sentences. Fed once per pair with the weights of all heads; layer, head and
// word follow those looked at anywhere on the page.

import { hear, remember } from "../../../ui/kit/address.js";
import { clamp, range } from "../../../ui/kit/arithmetic.js";
import { make, rich } from "../../../ui/kit/elements.js";
import { follow } from "../../../ui/kit/follow.js";
import { percent } from "../../../ui/kit/format.js";
import { Palette } from "../../../ui/kit/palette.js";
import { cellAt, heatmap } from "../../../ui/kit/pictures.js";
import { causalRow, unpack } from "../../../ui/kit/tensors.js";
import { labels, quote, visible } from "../../../ui/kit/words.js";

class Board {
  constructor(root) {
    this.root = root;
    this.find = (selector) => root.querySelector(selector);
    this.state = { layer: 0, head: 0, token: 0 };
    this.hover = null;
    this.palette = new Palette(root);
    this.find(".most").addEventListener("click", () => { remember("layer", this.moved.layer + 1); remember("head", this.moved.head + 1); });
    hear(root, (name, value) => { if (this.header && name in this.state && value) this.take(name, value - 1); });
    this.stop = follow(root, () => { if (this.header) this.draw(); });
  }

  receive(bytes) {
    const { header, arrays } = unpack(bytes), was = this.header ?? {}, s = this.state;
    if (header.pass === was.pass && Object.keys(s).every((name) => header[name] === was[name])) return;
    this.texts = [["first", header.pieces], ["other", header.second]].map(([name, pieces]) => ({ array: arrays[name], pieces, labels: labels(pieces), n: pieces.length }));
    for (const name of Object.keys(s)) if (header[name] !== was[name] || header.pass !== was.pass) s[name] = header[name];
    this.header = header;
    this.hover = null;
    this.compare();
    this.draw();
  }

  take(name, value) {
    const limit = name === "token" ? this.texts[0].n : this.header[`n_${name}s`];
    this.state[name] = clamp(value, 0, limit - 1);
    this.draw();
  }

  row(text, i, { layer, head } = this.state) { return causalRow(text.array, layer, head, i); }
  /* The word of the second sentence that stands where token i of the first does: from the end, if it is the last. */
  twin(i) { return i === this.texts[0].n - 1 ? this.texts[1].n - 1 : Math.min(i, this.texts[1].n - 1); }
  /* Half the sum of the differences: the share of the row that lies elsewhere; null where the words before do not match. */
  distance(i, at = this.state) {
    const [a, b] = this.texts;
    if (a.n !== b.n) return null;
    const other = this.row(b, i, at);
    return this.row(a, i, at).reduce((total, x, j) => total + Math.abs(x - other[j]), 0) / 2;
  }

  /* How many words both sentences share at their start, and which head differs most at the end. */
  compare() {
    const [a, b] = this.texts, differs = range(Math.min(a.n, b.n)).findIndex((i) => a.pieces[i] !== b.pieces[i]);
    this.same = differs < 0 ? Math.min(a.n, b.n) : differs;
    const heads = range(this.header.n_layers).flatMap((layer) => range(this.header.n_heads).map((head) => ({ layer, head })));
    this.moved = a.n === b.n && this.same < a.n ? heads.reduce((x, y) => (this.distance(a.n - 1, y) > this.distance(a.n - 1, x) ? y : x)) : null;
  }

  draw() {
    this.palette.forget();
    const [a, b] = this.texts, { layer, head, token } = this.state, name = `${layer + 1}.${head + 1}`, i = token, j = this.twin(i);
    const top = (text, row) => { const w = this.row(text, row), at = w.indexOf(w.reduce((x, y) => Math.max(x, y))); return { at, share: w[at], text: at === row ? "itself" : quote(text.labels[at]) }; };
    const one = top(a, i), two = top(b, j), words = [quote(a.labels[i]), quote(b.labels[j])];
    const equal = i < this.same && i === j;
    this.find(".finding").replaceChildren(...rich(equal
      ? [`Head ${name} reads the same from `, ["query", words[0]], " in both: nothing before it differs, and what comes after it is not seen"]
      : [`In head ${name}, `, ["query", words[0]], " reads ", ["key", one.text], ` first (${percent(one.share)}); `, ["query", words[1]], " in the second reads ", ["key", two.text], ` (${percent(two.share)})`]));
    this.find(".about").textContent = this.same === 0 ? "The sentences differ from their first word on. A head that goes by place shows the same stripes in both; one that goes by content follows the words."
      : this.same === Math.min(a.n, b.n) ? "One sentence is the beginning of the other, so all rows that both have are the same."
      : `The first ${this.same} ${this.same === 1 ? "row is" : "rows are"} the same, because no word sees what comes later: a word that settles what an earlier one means changes only its own row and those below (“≠”).`;
    const most = this.find(".most");
    most.hidden = !this.moved || (this.moved.layer === layer && this.moved.head === head);
    if (this.moved) most.textContent = `Show the head that differs most at the end: ${this.moved.layer + 1}.${this.moved.head + 1}`;
    const { pairs } = this.header;
    this.find(".pairs").replaceChildren(...pairs.map(({ name: pair, text }) => make("button", { type: "button", "aria-pressed": String(text === a.pieces.join("")), onclick: () => this.ask("pair", pair) }, pair)));
    this.find(".two").replaceChildren(this.map(a, 0, i, one.at), this.map(b, 1, j, two.at));
    this.point(this.hover);
  }

  map(text, index, lit, key) {
    const { n } = text, phone = this.root.clientWidth <= 760, room = (phone ? this.root.clientWidth : this.root.clientWidth / 2) - (phone ? 112 : 180);
    const cell = Math.min(room / n, 40, 400 / n), size = cell * n, canvas = make("canvas", { role: "img" });
    const rows = range(n).map((i) => this.row(text, i));
    heatmap(canvas, { rows: n, columns: n, width: size, height: size, hidden: this.palette.colour("line", 0.6), colour: (i, j) => (j > i ? null : this.palette.magnitude(rows[i][j])) });
    canvas.setAttribute("aria-label", `Head ${this.state.layer + 1}.${this.state.head + 1} on “${text.pieces.join("")}”: ${text.labels[lit]} reads ${text.labels[key]} most, ${percent(rows[lit][key])}.`);
    canvas.addEventListener("pointermove", (event) => { const { row, column } = cellAt(event, canvas, n, n); this.point({ index, row, column }); });
    canvas.addEventListener("pointerleave", () => this.point(null));
    canvas.addEventListener("click", (event) => { if (!index) remember("token", cellAt(event, canvas, n, n).row + 1); });
    const fitting = (at, gap) => { const every = Math.ceil(gap / cell); return range(n).filter((i) => i === at || (i % every === 0 && (every === 1 || Math.abs(i - at) >= every))); };
    return make("div", { class: "one" }, make("div", { class: "title" }, text.pieces.join("")),
      make("div", { class: "rows", style: `height:${size}px`, "aria-hidden": "true" }, fitting(lit, 14).map((i) => make("span", { class: `${i === lit ? "here" : ""} ${this.same && i >= this.same ? "changed" : ""}`, style: `top:${(i + 0.5) * cell}px` }, visible(text.pieces[i])))),
      make("div", { class: "plane" }, make("div", { class: "columns", "aria-hidden": "true" }, fitting(key, 17).map((i) => make("span", { class: i === key ? "here" : "", style: `left:${(i + 0.4) * cell}px` }, visible(text.pieces[i])))),
        canvas, make("div", { class: "ring", style: `top:${lit * cell - 2}px;width:${size + 3}px;height:${cell + 3}px` })));
  }

  point(hover) {
    this.hover = hover;
    const at = this.find(".pointed");
    if (!hover) { at.textContent = "Point at a cell for its share; click a row of the first map to choose its word."; return; }
    const text = this.texts[hover.index], { row, column } = hover;
    at.replaceChildren(...rich([hover.index ? "Second: " : "First: ", ["query", quote(text.labels[row])], " gives ", ["attention", column > row ? "0 %" : percent(this.row(text, row)[column])], " to ", ["key", column === row ? "itself" : quote(text.labels[column])], column > row ? ", which comes later" : ""]));
  }
}

export default function ({ data, parentElement, setTriggerValue }) {
  const root = parentElement.querySelector(".board");
  root.board ??= new Board(root);
  root.board.ask = setTriggerValue;
  if (data) root.board.receive(data);
  return () => root.board?.stop();
}
