// A text under a vocabulary of k merges. Fed once per text with every word's joins; the slider, the
// buttons, the keyboard and the pointer are answered here, and the address follows (`remember`).

import { remember } from "../../../ui/kit/address.js";
import { clamp, largest, range } from "../../../ui/kit/arithmetic.js";
import { make } from "../../../ui/kit/elements.js";
import { follow } from "../../../ui/kit/follow.js";
import { count, number } from "../../../ui/kit/format.js";
import { slice, unpack } from "../../../ui/kit/tensors.js";
import { face, quote, visible } from "../../../ui/kit/words.js";

const HEIGHT = 166, INSET = 8; // of the curve; half a slider's thumb, so that it stands below its dot
const LATEST = 5; // merges in the ticker
const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/* Bytes (a string of characters 0 to 255) as the text they are, or as ⟨e2 80⟩. */
function piece(bytes) {
  try {
    return decoder.decode(Uint8Array.from(bytes, (c) => c.charCodeAt(0)));
  } catch {
    return `⟨${hex(bytes)}⟩`;
  }
}
const hex = (bytes) => Array.from(bytes, (c) => c.charCodeAt(0).toString(16).padStart(2, "0")).join(" ");
const said = (bytes) => quote(face(piece(bytes)).textContent);
const many = (n, what) => `${count(n)} ${what}${n === 1 ? "" : "s"}`;

class Board {
  constructor(root) {
    this.root = root;
    this.find = (selector) => root.querySelector(selector);
    this.slider = this.find("input");
    this.find(".play").addEventListener("click", () => (this.timer ? this.pause() : this.play()));
    this.find(".back").addEventListener("click", () => this.step(-1));
    this.find(".on").addEventListener("click", () => this.step(1));
    this.slider.addEventListener("input", () => { this.pause(); this.learn(this.merges(this.slider.value / 1000)); });
    this.slider.addEventListener("change", () => this.keep());
    this.slider.addEventListener("keydown", (event) => this.nudge(event));
    this.find(".tokens").addEventListener("keydown", (event) => this.press(event));
    this.find(".tokens").addEventListener("click", (event) => this.choose(event.target.closest(".token")));
    this.find(".tokens").addEventListener("pointerover", (event) => this.point(event.target.closest(".token")));
    this.find(".tokens").addEventListener("pointerleave", () => this.drawFinding(this.cut(this.k)));
    this.unfollow = follow(root, () => { if (this.header) this.draw(); });
  }

  stop() {
    this.pause();
    this.unfollow();
  }

  receive(bytes) {
    const { header, arrays } = unpack(bytes), was = this.header ?? {};
    const fresh = header.pass !== was.pass;
    if (!fresh && header.merges === was.merges && header.token === was.token) return;
    Object.assign(this, { header, pairs: arrays.pairs });
    if (fresh) this.read();
    if (fresh || header.merges !== was.merges) this.k = header.merges;
    if (fresh && was.pass) { // another text or model is shown wholly learnt
      this.k = header.n_merges;
      this.keep();
    }
    if (fresh || header.token !== was.token) this.at = this.cut(header.n_merges)[header.token].at;
    this.draw();
  }

  /* What follows from the words alone: which merges change this text, and by how many tokens. */
  read() {
    this.pause();
    this.held = null;
    const { words, order } = this.header, falls = new Map();
    this.length = order.reduce((total, w) => total + words[w].bytes.length, 0);
    this.text = piece(order.map((w) => words[w].bytes).join(""));
    this.made = new Map(); // merge number: its left and right part, where it occurs here
    for (const w of order) {
      let latest = 0;
      this.replay(words[w], Infinity, (left, right, n) => {
        latest = Math.max(latest, n);
        falls.set(latest, (falls.get(latest) ?? 0) + 1);
        this.made.set(n, [left, right]);
      });
    }
    this.find(".tokens").style.minHeight = "";
    this.find(".tokens").replaceChildren(...order.map(() => make("span", { class: "word" })));
    let left = this.length;
    this.events = [...falls].sort((a, b) => a[0] - b[0]).map(([k, fewer]) => ({ k, tokens: left -= fewer }));
    this.tokens = [];
    for (let i = 0; i < this.pairs.shape[0]; i++) {
      const [a, b] = slice(this.pairs, i);
      this.tokens.push([this.bytesOf(a), this.bytesOf(b)]);
    }
  }

  bytesOf(id) { // of the shipped vocabulary, whose first 256 ids are the bytes
    return id < 256 ? String.fromCharCode(id) : this.tokens[id - 256].join("");
  }

  /* The parts of a word after the joins that k merges know: up to the first that they do not. */
  replay(word, k, joined = () => {}) {
    const parts = Array.from(word.bytes, (c) => ({ bytes: c, id: this.header.byte_ids[c.charCodeAt(0)], number: 0 }));
    for (const [at, n, id] of word.joins) {
      if (n > k) break;
      joined(parts[at].bytes, parts[at + 1].bytes, n);
      parts.splice(at, 2, { bytes: parts[at].bytes + parts[at + 1].bytes, id, number: n });
    }
    return parts;
  }

  /* All parts of the text, each with the place of its first byte. */
  cut(k) {
    let at = 0;
    return this.header.order.flatMap((w, place) => this.replay(this.header.words[w], k).map((part) => {
      const found = { ...part, at, place };
      at += part.bytes.length;
      return found;
    }));
  }

  merges(share) { return Math.round(Math.expm1(share * Math.log1p(this.header.n_merges))); }
  share(k) { return Math.log1p(k) / Math.log1p(this.header.n_merges); }
  depth(n) { return `${n ? Math.round(6 + 44 * this.share(n) ** 2) : 0}%`; }
  latest(k) { return this.events.findLast((event) => event.k <= k); }
  get whole() { return this.k >= this.header.n_merges; }

  /* A merge's two parts and how often they stood side by side, where that is known. */
  merge(n) {
    if (n <= this.tokens.length) return { n, parts: this.tokens[n - 1], times: slice(this.pairs, n - 1)[2] };
    return { n, parts: this.made.get(n) };
  }

  learn(k) {
    this.k = clamp(k, 0, this.header.n_merges);
    this.draw();
  }
  keep() { remember("merges", this.whole ? "" : this.k); }

  step(by) {
    this.pause();
    const next = by > 0 ? this.events.find((event) => event.k > this.k) : this.events.findLast((event) => event.k < this.k);
    this.learn(next?.k ?? (by > 0 ? this.header.n_merges : 0));
    this.keep();
  }

  /* One merge at a time: on the slider's own logarithmic scale the first ones lie far apart. */
  nudge(event) {
    const by = { ArrowRight: 1, ArrowUp: 1, ArrowLeft: -1, ArrowDown: -1 }[event.key];
    if (!by) return;
    event.preventDefault();
    this.pause();
    this.learn(this.k + by);
    this.keep();
  }

  play() {
    if (!this.latest(this.k) || this.k >= this.events.at(-1).k) this.learn(0);
    const wait = clamp(9000 / (this.events.length || 1), 60, 500);
    const go = () => {
      const next = this.events.find((event) => event.k > this.k);
      if (!next) { this.pause(); this.learn(this.header.n_merges); return this.keep(); }
      this.learn(next.k);
      this.timer = setTimeout(go, wait);
    };
    this.timer = setTimeout(go, 500);
    this.playLabel();
  }
  pause() {
    clearTimeout(this.timer);
    if (this.timer && this.header) this.keep();
    this.timer = null;
    this.playLabel();
  }
  playLabel() { this.find(".play").textContent = this.timer ? "❚❚ Pause" : "▶ Learn it merge by merge"; }

  press(event) {
    const by = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!by) return;
    event.preventDefault();
    const parts = this.cut(this.k), i = this.chosen(parts);
    this.choose(this.root.querySelectorAll(".token")[clamp(i + by, 0, parts.length - 1)]);
  }
  choose(token) {
    if (!token) return;
    this.at = Number(token.dataset.at);
    remember("token", this.chosen(this.cut(this.header.n_merges)) + 1);
    this.draw();
  }
  /* The facts of the token under the pointer, in the line above the text. */
  point(token) {
    if (token) this.find(".what").replaceChildren(make("b", { class: "attention" }, quote(token.querySelector("bdi").textContent)), `: ${token.getAttribute("aria-description")}`);
  }
  /* Which part holds the byte that the reader has chosen. */
  chosen(parts) { return parts.findLastIndex((part) => part.at <= this.at); }

  draw() {
    const parts = this.cut(this.k), here = this.chosen(parts), tree = this.header.words[this.header.order[parts[here].place]];
    if (this.merges(this.slider.value / 1000) !== this.k) this.slider.value = Math.round(1000 * this.share(this.k));
    this.slider.setAttribute("aria-valuetext", `${many(this.k, "merge")}, ${many(parts.length, "token")}`);
    this.find(".back").disabled = this.k === 0;
    this.find(".on").disabled = this.whole;
    this.drawFinding(parts);
    this.drawTokens(parts, here);
    this.drawCurve(parts.length);
    this.drawTicker();
    this.drawTree(tree);
    this.drawOne(parts[here], tree);
  }

  drawFinding(parts) {
    const letters = Array.from(this.text).length, halves = parts.filter((part) => piece(part.bytes).startsWith("⟨") && part.bytes.charCodeAt(0) > 127).length;
    this.find(".finding").textContent = this.whole
      ? `${many(letters, "character")} ${letters === 1 ? "becomes" : "become"} ${many(parts.length, "token")}: ${number(letters / parts.length, 1)} characters in each, on average`
      : this.k === 0 ? `Before any merge, the text is ${many(this.length, "byte")}, each of them a token`
      : `After ${many(this.k, "merge")}, your ${many(this.length, "byte")} are ${many(parts.length, "token")}`;
    const event = this.latest(this.k), last = event && this.merge(event.k);
    this.find(".what").textContent = halves
      ? `${many(halves, "token")} ${halves === 1 ? "holds" : "hold"} only part of a character, shown as the hexadecimal number of each byte: nothing is unknown to a vocabulary that starts from bytes, it only costs more tokens.`
      : this.whole || !last ? "A token is a piece of text that has a number, its id (below each). ␣ is a space: it belongs to the word after it. The paler a token, the earlier it was learnt."
      : `The last merge that changed your text is number ${count(last.n)}: ${said(last.parts[0])} + ${said(last.parts[1])}. Merges never reach across the gap between two words.`;
    this.find(".spoken").textContent = this.timer ? "" : this.find(".finding").textContent;
  }

  drawTokens(parts, here) {
    const box = this.find(".tokens");
    box.classList.toggle("large", this.length <= 90);
    if (!this.whole && this.held !== box.clientWidth) this.hold(box);
    this.fill(box, parts);
    this.drawn = this.k;
    box.querySelectorAll(".token").forEach((chip, i) => {
      if (chip.classList.toggle("here", i === here) !== (chip.getAttribute("aria-selected") === "true")) chip.setAttribute("aria-selected", i === here);
    });
  }
  /* Once the slider moves, the most tokens that there can be keep their room: nothing below jumps. */
  hold(box) {
    box.style.minHeight = "";
    this.fill(box, this.cut(0));
    box.style.minHeight = `${box.offsetHeight}px`;
    this.held = box.clientWidth;
  }
  /* Words that have as many parts as before have the same ones: they stay. */
  fill(box, parts) {
    const words = this.header.order.map(() => []);
    for (const part of parts) words[part.place].push(part);
    words.forEach((inside, place) => {
      const word = box.children[place];
      if (word.children.length !== inside.length) word.replaceChildren(...inside.map((part) => this.chip(part)));
    });
  }
  chip(part) {
    const fresh = this.k !== this.drawn && part.number === this.k && part.number > 0;
    const chip = make("span", { class: `token${part.bytes.length === 1 ? " byte" : ""}${fresh ? " new" : ""}`, role: "option", "aria-selected": "false", "data-at": part.at,
      "aria-description": `id ${part.id} · ${many(part.bytes.length, "byte")}: ${hex(part.bytes)}${part.number ? ` · merge ${count(part.number)}` : " · not merged"}` }, face(piece(part.bytes)), make("small", {}, String(part.id)));
    chip.style.setProperty("--depth", this.depth(part.number));
    return chip;
  }

  /* Tokens against merges learnt, on a logarithmic axis that the slider shares. */
  drawCurve(now) {
    const box = this.find(".curve .picture"), width = box.clientWidth, base = HEIGHT - 4, top = 20, total = this.header.n_merges;
    const x = (k) => INSET + this.share(k) * (width - 2 * INSET), y = (tokens) => base - (tokens / this.length) * (base - top);
    let d = `M${x(0)} ${y(this.length)}`;
    for (const { k, tokens } of this.events) d += `H${x(k).toFixed(1)}V${y(tokens).toFixed(1)}`;
    d += `H${x(total)}`;
    const end = this.latest(total)?.tokens ?? this.length, floor = this.header.order.length, right = this.share(this.k) > 0.5;
    const text = (cls, px, py, anchor, content) => make("text", { class: cls, x: px, y: py, "text-anchor": anchor }, content);
    const before = this.latest(this.merges(Math.max(0, this.share(this.k) - 90 / width)))?.tokens ?? this.length;
    const above = y(right ? before : now) - 10; // clear of the curve, which is higher on the left
    const line = (cls, x1, y1, x2, y2) => make("line", { class: cls, x1, y1, x2, y2 });
    box.replaceChildren(make("svg", { viewBox: `0 0 ${width} ${HEIGHT}`, height: HEIGHT, role: "img", "aria-label": `The text is ${many(this.length, "byte")} before any merge, ${many(end, "token")} after ${many(total, "merge")}, ${many(now, "token")} after ${many(this.k, "merge")}.` },
      make("path", { class: "area", d: `${d}V${base}H${x(0)}z` }), line("base", x(0), base, x(total), base),
      line("floor", x(0), y(floor), x(total), y(floor)), text("", x(0) + 6, y(floor) - 5, "start", floor === 1 ? "a single word" : `${count(floor)} words and marks${width > 500 ? ": no merge reaches from one to the next" : ""}`),
      make("path", { class: "fall", d }), line("now", x(this.k), top - 12, x(this.k), base),
      make("circle", { cx: x(this.k), cy: y(now), r: 6 }), text("count", x(this.k) + (right ? -10 : 10), Math.max(above, 12), right ? "end" : "start", many(now, "token"))));
    this.find(".curve h4").textContent = end < this.length ? `Merges learnt: your text shrinks from ${count(this.length)} to ${many(end, "token")}` : "No merge touches this text";
    this.find(".scales").textContent = `Height: tokens, from 0 to ${count(this.length)}. Across: merges learnt, on a logarithmic scale.`;
    const marks = [0, ...[10, 100, 1000, 10000].filter((k) => x(total) - x(k) > 120), total];
    this.find(".ticks").replaceChildren(...marks.map((k) => {
      const mark = make("span", {}, k === 0 ? "none" : count(k) + (k === total ? " merges" : ""));
      mark.style.left = k === 0 ? "0" : k === total ? "100%" : `${x(k)}px`;
      return mark;
    }));
  }

  drawTicker() {
    const known = this.tokens.length ? range(LATEST).map((i) => this.k - i).filter((n) => n > 0)
      : [...this.made.keys()].filter((n) => n <= this.k).sort((a, b) => b - a).slice(0, LATEST);
    const counted = this.tokens.length > 0, cell = (cls, ...content) => make("span", { class: cls, role: "cell" }, ...content);
    const rows = known.map((n) => {
      const { parts: [left, right], times } = this.merge(n);
      return make("div", { class: `row${this.made.has(n) ? " yours" : ""}`, role: "row" }, cell("", count(n)),
        cell("", face(piece(left)), " + ", face(piece(right))), cell("made", face(piece(left + right))), cell("", counted ? count(times) : ""));
    });
    const head = make("div", { class: "row head", role: "row" }, cell("", "merge"), cell("", "the pair"), cell("", "becomes"), cell("", counted ? "times seen" : ""));
    this.find(".newest h4").textContent = counted ? "Learnt last" : "Learnt last, of those in your text";
    this.find(".ticker").replaceChildren(head, ...rows);
    this.find(".newest .tag").hidden = !counted;
    this.find(".newest .note").textContent = !this.k ? "No pair has been joined yet." : counted
      ? "Always the pair that stood side by side most often in the training text at that moment. In colour: also in your text."
      : "This vocabulary's file does not say how often a pair was seen.";
  }

  drawTree(word) {
    const bytes = Array.from(word.bytes), n = bytes.length, room = this.find(".tree .picture").clientWidth;
    const step = clamp((room - 4) / n, 24, 62), rise = 50, tall = 28, nodes = bytes.map((c, i) => ({ bytes: c, x: (i + 0.5) * step, depth: 0, number: 0 }));
    const all = [...nodes], links = [];
    let known = true; // a join waits for all joins before it
    for (const [at, merge] of word.joins) {
      const [left, right] = nodes.slice(at, at + 2);
      known &&= merge <= this.k;
      const node = { bytes: left.bytes + right.bytes, x: (left.x + right.x) / 2, depth: Math.max(left.depth, right.depth) + 1, number: merge, later: !known, under: [left, right] };
      links.push([left, node], [right, node]);
      all.push(node);
      nodes.splice(at, 2, node);
    }
    const levels = largest(all.map((node) => node.depth)), height = levels * rise + tall + 16, y = (node) => height - 14 - tall - node.depth * rise;
    const ends = new Set(nodes), svg = make("svg", { width: n * step + 4, height, viewBox: `-2 -2 ${n * step + 4} ${height + 2}`, role: "img", "aria-label": `${said(word.bytes)} from ${many(n, "byte")} by ${many(word.joins.length, "join")} to ${many(nodes.length, "token")}` });
    svg.append(...links.map(([from, to]) => make("path", { class: to.later ? "later" : "", d: `M${from.x} ${y(from)}C${from.x} ${y(from) - 14} ${to.x} ${y(to) + tall + 24} ${to.x} ${y(to) + tall + (to.number ? 13 : 0)}` })));
    for (const node of all) {
      const text = piece(node.bytes), raw = text.startsWith("⟨"), shown = face(text).textContent, wide = Math.max(step - 5, Math.min(shown.length * (raw ? 7.6 : 9.5) + 16, node.bytes.length * step - 5));
      const box = make("rect", { x: node.x - wide / 2, y: y(node), width: wide, height: tall, rx: 7 });
      box.style.setProperty("--depth", this.depth(node.number));
      svg.append(make("g", { class: `${node.later ? "later" : ""}${ends.has(node) ? " end" : ""}` }, box,
        make("text", { class: `letters${raw ? " raw" : ""}`, x: node.x, y: y(node) + 19, "text-anchor": "middle" }, shown),
        node.number > 0 && make("text", { x: node.x, y: y(node) + tall + 12, "text-anchor": "middle", style: "font-size: 11px" }, count(node.number)),
        make("title", {}, node.number ? `merge ${count(node.number)}: ${node.under.map((part) => said(part.bytes)).join(" + ")}` : `byte ${hex(node.bytes)}`)));
    }
    const name = said(word.bytes), ended = nodes.length === 1 ? "one token" : many(nodes.length, "token");
    this.find(".tree h4").textContent = n === 1 ? `${name} is a single byte: there is nothing to join` : word.joins.length ? `How ${name} grows into ${ended}` : `No pair in ${name} was ever learnt: it stays ${ended}`;
    this.find(".tree .sub").textContent = word.joins.length ? "From the bytes at the bottom: at each step, of all pairs side by side, the one learnt first is joined. The number under a box is its merge; dashed is what the slider’s vocabulary has not learnt yet." : this.made.size ? "Choose a longer word above to see one grow." : "Type an English word to see one grow.";
    this.find(".tree .picture").replaceChildren(svg);
    this.find(".steps").replaceChildren(...all.slice(n, n + 12).map((node, i) => make("li", { class: node.later ? "" : "done" },
      `${i + 1}. `, make("b", {}, node.under.map((part) => said(part.bytes)).join(" + ")), ` · ${count(node.number)}`)),
      ...(word.joins.length > 12 ? [make("li", {}, `${word.joins.length - 12} more`)] : []));
  }

  drawOne(part, word) {
    const n = part.bytes.length, known = part.number && this.merge(part.number), fact = (name, ...content) => [make("dt", {}, name), make("dd", {}, ...content)];
    this.find(".one h4").textContent = `The token ${said(part.bytes)}`;
    this.find("dl").replaceChildren(
      ...fact("id", String(part.id), make("small", {}, ` of 0 to ${count(this.header.size - 1)}: all that the model gets to see`)),
      ...fact(n === 1 ? "byte" : "bytes", make("span", { class: "mono" }, hex(part.bytes)), make("small", {}, ` hexadecimal, ${n} in UTF-8`)),
      ...(known ? fact("learnt", `merge ${count(part.number)}`, make("small", {}, ` of ${count(this.header.n_merges)}: ${known.parts.map(said).join(" + ")}`)) : fact("learnt", "never", make("small", {}, ": all 256 bytes are there from the start"))),
      ...(known?.times ? fact("seen", `${count(known.times)} times`, make("small", {}, " side by side in the training text, when it was learnt")) : []));
    const forms = word.spellings, ids = new Set(forms.map(([, form]) => form.join()));
    this.find(".again").textContent = forms.length ? `Written otherwise, other ids: ${forms.length} spellings, ${ids.size} different cuts` : "";
    this.find(".again").hidden = !forms.length;
    this.find(".forms").replaceChildren(...forms.map(([pieces, form]) => make("div", { class: "row", role: "row" },
      make("span", { class: "cut", role: "cell" }, ...pieces.map(face)), make("span", { class: "ids", role: "cell" }, form.join(" · ")))));
    this.find(".one .hint").textContent = forms.length ? "To the model these ids are as different as any others. That they mean the same it has to learn from the texts." : "";
  }
}

export default function ({ data, parentElement }) {
  const root = parentElement.querySelector(".board");
  root.board ??= new Board(root);
  if (data) root.board.receive(data);
  return () => root.board?.stop();
}
