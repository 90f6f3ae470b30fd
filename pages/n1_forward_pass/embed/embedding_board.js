// Tokens pick rows of the real embedding matrix, and positions are added: fed once per text and model.

import { remember } from "../../../ui/kit/address.js";
import { clamp, largest, range } from "../../../ui/kit/arithmetic.js";
import { check, radios } from "../../../ui/kit/controls.js";
import { make } from "../../../ui/kit/elements.js";
import { follow } from "../../../ui/kit/follow.js";
import { bracketed, count, number } from "../../../ui/kit/format.js";
import { Palette } from "../../../ui/kit/palette.js";
import { bars, cellAt, heatmap } from "../../../ui/kit/pictures.js";
import { slice, unpack } from "../../../ui/kit/tensors.js";
import { lowered, quote } from "../../../ui/kit/words.js";
import { announce, cosine, spaced, size, vocabulary } from "./vocabulary.js";

const DRAWN = 64; // numbers of each row of the table that its picture has room for
const HEIGHT = 400; // of the table; long texts make it taller

/* The tokens' names; one whose id stands there twice carries its position. */
const numbered = ({ ids, pieces }) => ids.map((id, i) => spaced(pieces[i]) + (ids.indexOf(id) === ids.lastIndexOf(id) ? "" : lowered(i + 1)));

class Board {
  constructor(root) {
    this.root = root;
    this.find = (selector) => root.querySelector(selector);
    this.palette = new Palette(root);
    this.matrix = this.find(".matrix canvas");
    this.strips = ["row", "place", "sum"].map((kind) => this.buildStrip(kind));
    this.token = 0;
    this.at = null; // the number pointed at
    this.listen();
  }

  buildStrip(kind) {
    const canvas = make("canvas", { role: "img" }), cursor = make("i", { class: "cursor", hidden: true }), frame = make("i", { class: "frame" });
    const node = make("div", { class: `strip ${kind}` }, canvas, cursor, frame), sizes = make("div", { class: kind === "row" ? "sizes" : "sizes added" });
    this.find(".stage").append(node, sizes);
    canvas.addEventListener("pointermove", (event) => {
      const { row, column } = cellAt(event, canvas, this.n, this.d);
      this.pointed = row;
      this.point(column);
    });
    canvas.addEventListener("pointerleave", () => { this.pointed = null; this.point(null); });
    canvas.addEventListener("click", (event) => this.choose(cellAt(event, canvas, this.n, this.d).row));
    return { kind, node, canvas, cursor, frame, sizes };
  }

  listen() {
    this.matrix.addEventListener("pointermove", (event) => this.browse(cellAt(event, this.matrix, this.table?.n ?? 1, 1).row));
    this.matrix.addEventListener("pointerleave", () => this.point(null));
    const vectors = this.find(".vectors");
    vectors.addEventListener("pointermove", (event) => {
      const box = vectors.querySelector("svg").getBoundingClientRect();
      this.point(clamp(Math.floor(((event.clientX - box.left) / box.width) * this.d), 0, this.d - 1));
    });
    vectors.addEventListener("pointerleave", () => this.point(null));
    vectors.addEventListener("keydown", (event) => {
      const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
      if (!step) return;
      event.preventDefault();
      this.point(clamp((this.at ?? -1) + step, 0, this.d - 1));
    });
    this.stop = follow(this.root, () => { this.palette.forget(); if (this.n) this.draw(); });
  }

  receive(bytes) {
    const { header, arrays } = unpack(bytes), was = this.header ?? {}, fresh = header.pass !== was.pass;
    if (!fresh && header.token === was.token) return;
    this.header = header;
    if (fresh) this.read(header, arrays);
    this.token = header.token;
    this.draw();
  }

  read(header, arrays) {
    Object.assign(this, { n: header.ids.length, d: header.d_model, labels: numbered(header), table: null, pointed: null });
    const rows = (array) => range(this.n).map((i) => Array.from(slice(array, i)));
    this.row = rows(arrays.rows);
    this.place = header.placed ? rows(arrays.places) : this.row.map((e) => e.map(() => 0));
    this.sum = this.row.map((e, i) => e.map((x, k) => x + this.place[i][k]));
    this.top = 3 * Math.sqrt(this.row.flat().reduce((total, x) => total + x * x, 0) / (this.n * this.d)) || 1;
    this.find(".stage").classList.toggle("unplaced", !header.placed);
    radios(this.find(".tokens"), "Token", this.n, (i) => make("span", {}, this.labels[i]), (i) => this.choose(i));
    this.find(".tokens").querySelectorAll("button").forEach((button, i) => {
      button.append(make("small", {}, count(header.ids[i])));
      button.setAttribute("aria-label", `${this.labels[i]}, id ${header.ids[i]}`);
    });
    vocabulary(header.table).then((table) => { if (this.header.pass === header.pass) { this.table = table; this.draw(); } })
      .catch(() => { this.find(".extent").textContent = "could not be loaded: reload the page"; });
  }

  choose(i) {
    this.token = i;
    remember("token", i + 1);
    announce(i);
    this.mark();
  }

  quote(i) { return quote(this.labels[i]); }
  /* Where else the chosen token stands. */
  get twin() { return this.header.ids.findIndex((id, i) => i !== this.token && id === this.header.ids[this.token]); }

  draw() {
    this.high = clamp(Math.floor(HEIGHT / this.n), 12, 48);
    const used = this.high * this.n, height = this.height = Math.max(HEIGHT, used), above = (height - used) / 2;
    const font = `${clamp(this.high - 2, 9.5, 13.5)}px`;
    for (const node of this.root.querySelectorAll(".tokens, .strip, .sizes")) Object.assign(node.style, { marginTop: `${above}px`, fontSize: font });
    this.find(".tokens").querySelectorAll("button").forEach((button) => { button.style.height = `${this.high}px`; });
    for (const strip of this.strips) this.paint(strip);
    this.paintTable(height);
    const links = this.find(".links"), width = links.clientWidth || 74;
    links.setAttribute("viewBox", `0 0 ${width} ${height}`);
    links.setAttribute("height", height);
    links.replaceChildren(...range(this.n).map((i) => {
      const from = this.inTable(this.header.ids[i]), to = above + (i + 0.5) * this.high;
      return make("path", { d: `M2 ${from}C${width * 0.5} ${from} ${width * 0.5} ${to} ${width - 2} ${to}` });
    }));
    const top = number(this.top);
    this.find(".range").replaceChildren(`≤ −${top}`, make("i"), `≥ ${top}`);
    this.mark();
  }

  /* The height at which a row stands in the picture of the table. */
  inTable(id) { return clamp((id + 0.5) / (this.table?.n ?? this.header.vocab_size), 0, 1) * this.height; }

  paint({ kind, node, canvas, sizes }) {
    const width = node.clientWidth, vectors = this[kind], gap = this.high > 15 ? 3 : 1;
    sizes.replaceChildren(...vectors.map((v) => make("div", { style: `height:${this.high}px` }, number(size(v)))));
    if (!width) return;
    // Each row is drawn as `high` lines of pixels, the last ones of which stay empty.
    heatmap(canvas, { rows: this.n * this.high, columns: this.d, width, height: this.n * this.high, tiles: false,
      colour: (y, k) => (y % this.high >= this.high - gap ? null : this.palette.sign(vectors[Math.floor(y / this.high)][k] / this.top)) });
    canvas.setAttribute("aria-label", `${{ row: "Rows of the table", place: "Rows of the positions", sum: "What enters block 1" }[kind]}: ${this.n} by ${this.d} numbers, blue above zero, red below.`);
  }

  paintTable(height) {
    const { table, header } = this, width = this.find(".matrix").clientWidth;
    if (!table) return heatmap(this.matrix, { rows: 1, columns: 1, width, height, tiles: false, colour: () => this.palette.rgb("panel") });
    const columns = Math.min(DRAWN, this.d), lines = Math.min(height, table.n);
    heatmap(this.matrix, { rows: lines, columns, width, height, tiles: false,
      colour: (y, k) => this.palette.sign(table.rows[Math.floor(((y + 0.5) / lines) * table.n) * this.d + k] / this.top) });
    const part = table.n < header.vocab_size ? `first ${count(table.n)} of ${count(header.vocab_size)} rows` : `${count(table.n)} rows × ${count(this.d)} numbers`;
    this.find(".extent").textContent = part;
    this.find(".whole").title = `Drawn: the first ${columns} numbers of one row in ${number(table.n / lines, 0)}`;
    this.matrix.setAttribute("aria-label", `The embedding matrix: ${part}. Lines lead from the rows that were looked up to the tokens of the sentence.`);
  }

  /* Everything that depends on the chosen token. */
  mark() {
    const { token, header } = this, id = header.ids[token];
    check(this.find(".tokens"), token);
    this.find(".links").querySelectorAll("path").forEach((path, i) => path.classList.toggle("here", header.ids[i] === id));
    Object.assign(this.find(".lit").style, { top: `${this.inTable(id)}px` });
    this.find(".lit").hidden = !this.table;
    for (const { frame, sizes } of this.strips) {
      Object.assign(frame.style, { top: `${token * this.high - 2}px`, height: `${this.high + 1}px` });
      [...sizes.children].forEach((node, i) => node.classList.toggle("here", i === token));
    }
    this.title();
    this.vectors();
    this.product();
    this.point(null);
  }

  title() {
    const { token, header, twin, row, sum } = this, id = header.ids[token], name = (i) => make("b", { class: "attention" }, this.quote(i));
    const degrees = Math.round((Math.acos(clamp(cosine(row[token], sum[token]), -1, 1)) * 180) / Math.PI);
    const sibling = header.ids.findIndex((other, i) => other !== id && header.pieces[i].trim() === header.pieces[token].trim());
    const rest = twin >= 0
      ? [" and ", name(Math.max(token, twin)), ` look up the same row, ${count(id)}`,
        header.placed ? `; with their positions added, their cosine is ${number(cosine(sum[token], sum[twin]))} instead of 1` : ", and enter block 1 as the same vector"]
      : sibling >= 0 ? [` is row ${count(id)}; `, name(sibling), `, with ${header.pieces[sibling].startsWith(" ") ? "a" : "no"} space before it, is another token, row ${count(header.ids[sibling])}: their cosine is ${number(cosine(row[token], row[sibling]))}`]
      : [` is row ${count(id)} of ${count(header.vocab_size)}: ${count(this.d)} learnt numbers`,
        header.placed ? `; adding position ${token + 1} changes its direction by ${degrees}°` : ", which enter block 1 as they are"];
    this.find(".finding").replaceChildren(name(twin < 0 ? token : Math.min(token, twin)), ...rest);
  }

  /* The chosen token's numbers as bars: row, position, sum. */
  vectors() {
    const { token, header } = this, e = this.row[token], p = this.place[token], x = this.sum[token], top = largest([...e, ...p, ...x]);
    this.find(".sum h4").replaceChildren("All ", `${count(this.d)} numbers of `, make("b", { class: "attention" }, this.quote(token)));
    this.find(".sum .sub").textContent = "Point at a bar to read it; no single one has a name. What a token means lies in the direction of all of them together.";
    const lines = header.placed ? [[e, "row", `row ${count(header.ids[token])}`, ""], [p, "place", `+ position ${token + 1}`, ""], [x, "residual", "= into block 1", "total"]] : [[e, "row", `row ${count(header.ids[token])}`, ""]];
    this.find(".vectors").replaceChildren(...lines.flatMap(([v, role, name, total]) => [
      make("div", { class: `side ${total}` }, make("b", {}, name)), make("div", { class: total }, bars(v, top, role, header.placed ? 54 : 110)),
      make("div", { class: `side ${total}` }, make("span", {}, "length"), number(size(v)))]));
    this.find(".vectors").setAttribute("aria-label", `${this.quote(token)}: ${lines.map(([v, , name]) => `${name}, length ${number(size(v))}`).join("; ")}`);
    const told = this.find(".sum .told");
    if (!header.placed) return told.textContent = "This model adds nothing here: positions come in later, inside attention, so the order of the tokens is still unknown at this point.";
    const along = cosine(e, p), ratio = size(p) / size(e);
    told.replaceChildren(`The position’s vector is ${number(ratio, 1)} times as long as the token’s row, and their cosine is ${number(along)}: `,
      Math.abs(along) < 0.25 ? "nearly at right angles, so adding one hardly changes the other’s share. " : along > 0 ? "they share a direction, so the sum blurs them a little. " : "they partly point against each other, so the sum blurs them a little. ",
      `${ratio >= 1.25 ? "Here the position dominates: row" : "Row"} and sum ${ratio > 1 ? "" : "still "}have a cosine of ${number(cosine(e, x))}.`);
  }

  /* The one-hot vector times the table: every row is taken 0 times but for one. */
  product() {
    const { token, header, twin, table } = this, id = header.ids[token], total = header.vocab_size, at = (100 * (id + 0.5)) / total, e = this.row[token];
    this.find(".hot .sub").textContent = `Write ${this.quote(token)} as ${count(total)} numbers, all 0 but a 1 at place ${count(id)}. Multiplied by the table, they take that row once and every other row 0 times.`;
    const hot = make("div", { class: "onehot" }, make("i", { style: `left:${at}%` }), make("span", { style: at < 70 ? `left:${at}%` : `right:${100 - at}%` }, `1 at ${count(id)}`),
      make("em", { style: at < 40 ? "right:10px" : "left:10px" }, "0 everywhere else"));
    const side = (name, below, kind = "") => make("div", { class: `side ${kind}` }, make("b", {}, name), below ? make("span", {}, below) : "");
    const lines = range(3).map((k) => id - 1 + k).filter((i) => table && i >= 0 && i < table.n).flatMap((i) => {
      const canvas = make("canvas", { "aria-hidden": "true" }), kind = i === id ? "chosen" : "off";
      return [side(`${i === id ? 1 : 0} × row ${count(i)}`, "", kind), make("div", { class: kind, "data-row": i }, canvas), make("div", { class: `word ${kind}` }, quote(spaced(table.pieces[i])))];
    });
    this.find(".product").replaceChildren(side("one-hot", `${count(total)} numbers`), hot, make("div"), ...lines,
      side("= sum", `${count(this.d)} numbers`, "total"), make("div", { class: "total" }, bars(e, largest(e), "row", 46)), make("div", { class: "total" }));
    this.find(".product").setAttribute("aria-label", `A vector with a 1 at place ${id} times the table is row ${id}.`);
    for (const node of this.find(".product").querySelectorAll("[data-row]")) {
      const row = table.row(Number(node.dataset.row));
      heatmap(node.firstChild, { rows: 1, columns: this.d, width: node.clientWidth, height: 20, tiles: false, colour: (_, k) => this.palette.sign(row[k] / this.top) });
    }
    this.find(".hot .told").replaceChildren(`Its first number: ${bracketed(e[0])} · 1 + 0 + 0 + … = ${number(e[0])}. The whole product is ${count(total * this.d)} multiplications; copying the row gives the same numbers for none. `,
      twin < 0 ? "" : make("span", {}, make("b", {}, `${this.quote(token)} and ${this.quote(twin)}`), " have the same one-hot vector: so far nothing tells them apart."));
  }

  /* The number pointed at, in all three pictures. */
  point(k) {
    this.at = k;
    const i = this.pointed ?? this.token, said = this.find(".readout");
    for (const { node, cursor } of this.strips) {
      cursor.hidden = k === null;
      if (k !== null) Object.assign(cursor.style, { left: `${((k + 0.5) / this.d) * node.clientWidth}px`, height: `${this.n * this.high}px` });
    }
    this.find(".vectors").querySelectorAll("svg").forEach((svg) => {
      svg.querySelector(".cursor")?.remove();
      if (k !== null) svg.append(make("line", { class: "cursor", x1: 10 * k + 4, x2: 10 * k + 4, y1: 0, y2: 200 }));
    });
    if (k === null) return said.replaceChildren(make("span", { class: "sub" }, `Choose a token; point at the strips or at the table to read their numbers. ␣ is the space that belongs to a token.${new Set(this.header.ids).size < this.n ? " A small number is the position, where a token repeats." : ""}${this.header.total > this.n ? ` Drawn: the first ${this.n} of ${count(this.header.total)} tokens; no other changes what they look up.` : ""}`));
    const e = this.row[i][k], p = this.place[i][k];
    said.replaceChildren(make("b", { class: "attention" }, this.quote(i)), ` number ${k + 1} of ${this.d}: `,
      ...(this.header.placed ? [`${number(e, 3)} + ${bracketed(p, 3)} = `, make("b", {}, number(e + p, 3))] : [make("b", {}, number(e, 3))]));
  }

  browse(id) {
    if (!this.table) return;
    const row = this.table.row(id);
    this.find(".readout").replaceChildren(`Row ${count(id)} is `, make("b", {}, quote(spaced(this.table.pieces[id]))), `: ${range(4).map((k) => number(row[k])).join(", ")}, … `);
  }
}

export default function ({ data, parentElement }) {
  const root = parentElement.querySelector(".board");
  root.board ??= new Board(root);
  if (data) root.board.receive(data);
  return () => root.board?.stop();
}
