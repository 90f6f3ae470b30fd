// The model without one of its heads. Fed once per text and model with what every removal does;
// which head is off follows the head that is looked at anywhere on the page.

import { hear, remember } from "../../../ui/kit/address.js";
import { largest, range } from "../../../ui/kit/arithmetic.js";
import { check } from "../../../ui/kit/controls.js";
import { make, rich } from "../../../ui/kit/elements.js";
import { follow } from "../../../ui/kit/follow.js";
import { number, signed } from "../../../ui/kit/format.js";
import { Palette } from "../../../ui/kit/palette.js";
import { slice, unpack } from "../../../ui/kit/tensors.js";
import { labels, quote, visible } from "../../../ui/kit/words.js";

const LISTED = 7; // next tokens
const rounded = (x) => Math.round(1000 * x) / 1000; // as shown, so that differences fit what they are taken of

class Board {
  constructor(root) {
    this.root = root;
    this.find = (selector) => root.querySelector(selector);
    this.state = { layer: 0, head: 0 };
    this.palette = new Palette(root);
    this.find(".grid").addEventListener("keydown", (event) => this.press(event));
    hear(root, (name, value) => { if (this.header && name in this.state && this.state[name] !== value - 1) this.take({ [name]: value - 1 }); });
    this.stop = follow(root, () => { if (this.header) this.draw(); });
  }

  receive(bytes) {
    const { header, arrays } = unpack(bytes), was = this.header ?? {}, s = this.state;
    const fresh = header.pass !== was.pass;
    if (!fresh && header.layer === was.layer && header.head === was.head) return;
    Object.assign(this, { header, arrays, labels: labels(header.pieces) });
    s.layer = Math.min(header.layer !== was.layer ? header.layer : s.layer, header.n_layers - 1);
    s.head = Math.min(header.head !== was.head ? header.head : s.head, header.n_heads - 1);
    this.draw();
  }

  without(layer, head) { return slice(this.arrays.loss_without, layer)[head]; }
  change(layer, head) { return rounded(rounded(this.without(layer, head)) - rounded(this.header.loss)); }
  get name() { return `${this.state.layer + 1}.${this.state.head + 1}`; }

  take(change) {
    Object.assign(this.state, change);
    this.show();
    this.find(".spoken").textContent = this.find(".finding").textContent;
  }
  choose(layer, head) {
    this.take({ layer, head });
    remember("layer", layer + 1);
    remember("head", head + 1);
  }
  press(event) {
    const step = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] }[event.key];
    if (!step) return;
    event.preventDefault();
    const { n_layers, n_heads } = this.header, { layer, head } = this.state;
    this.choose((layer + step[0] + n_layers) % n_layers, (head + step[1] + n_heads) % n_heads);
    this.find('.grid [aria-checked="true"]').focus();
  }

  /* A signed amount on the theme's two colours: harder to predict is the negative one. */
  ground(x, top) {
    const share = top ? Math.min(1, Math.abs(x) / top) : 0;
    return `background:color-mix(in srgb, var(--${x > 0 ? "negative" : "positive"}) ${Math.round(62 * share)}%, var(--panel))`;
  }

  draw() {
    const { n_layers, n_heads } = this.header, grid = this.find(".grid"), narrow = this.root.clientWidth <= 760;
    const top = Math.max(0.02, largest(this.arrays.loss_without.values.map((x) => x - this.header.loss)));
    const room = narrow ? this.find(".stage").clientWidth - 48 : Math.min(420, this.root.clientWidth * 0.38);
    grid.style.setProperty("--side", `${Math.max(26, Math.min(58, room / n_heads - 3))}px`);
    grid.style.gridTemplateColumns = `auto repeat(${n_heads}, auto)`;
    grid.replaceChildren(make("span", { class: "axis" }, "layer"), ...range(n_heads).map((h) => make("span", { class: "axis" }, h || n_heads > 8 || narrow ? String(h + 1) : "head 1")),
      ...range(n_layers).flatMap((layer) => [make("span", { class: "axis" }, String(layer + 1)), ...range(n_heads).map((head) => {
        const x = this.change(layer, head), text = signed(x);
        return make("button", { type: "button", role: "radio", "aria-label": `without head ${layer + 1}.${head + 1}: loss ${text}`, title: `${layer + 1}.${head + 1}: loss ${signed(x, 3)}`, style: this.ground(x, top), onclick: () => this.choose(layer, head) }, n_heads > 8 ? "" : Math.abs(x) < 0.005 ? "0" : text);
      })]));
    this.show();
  }

  show() {
    const { layer, head } = this.state;
    check(this.find(".grid"), layer * this.header.n_heads + head);
    const next = this.next(), lost = this.change(layer, head), one = this.header.pieces.length === 1;
    const first = next.find((row) => row.first), moved = rounded(first.without) !== rounded(first.with);
    this.find(".finding").replaceChildren(...rich([
      `Without head ${this.name}, `, ["prediction", quote(visible(first.piece))], moved ? ` ${first.without < first.with ? "falls" : "rises"} from ${this.share(first.with)} to ${this.share(first.without)} as the next token` : ` stays at ${this.share(first.with)} as the next token`,
      one ? "" : !lost ? `, and the loss of the whole text stays at ${number(this.header.loss, 3)}` : `, and the whole text becomes ${lost < 0 ? "easier" : "harder"} to predict (loss ${number(this.header.loss, 3)} → ${number(this.without(layer, head), 3)})`]));
    const all = range(this.header.n_layers).flatMap((l) => range(this.header.n_heads).map((h) => [this.change(l, h), `${l + 1}.${h + 1}`])).sort((a, b) => b[0] - a[0]);
    this.find(".about").textContent = one ? "A text of one token has none to be predicted: type a longer one to see the loss change."
      : `The loss is the mean of −ln of the probability that each token was given before it came: ${number(this.header.loss, 3)} with all heads, 0 for a text foreseen with certainty. This text would miss head ${all[0][1]} most (${signed(all[0][0], 3)}); without ${all.at(-1)[1]} the loss changes by ${signed(all.at(-1)[0], 3)}.`;
    this.find(".next-name").textContent = `next token: with all heads (pale) and without head ${this.name}`;
    const widest = Math.max(...next.map((row) => Math.max(row.with, row.without)));
    const cell = (kind, ...content) => make("span", { class: kind, role: "cell" }, ...content);
    const points = (row) => 100 * (rounded(row.without) - rounded(row.with));
    const bar = (kind, x) => make("i", { class: kind, style: `width:${(100 * x) / widest}%` });
    const top = make("div", { class: "row head", role: "row" }, cell("word", ""), cell(""), cell("", "with → without"), cell("change", "points"));
    this.find(".next").replaceChildren(top, ...next.map((row) => make("div", { class: "row", role: "row" },
      cell("word", visible(row.piece)), cell("bar", bar("with", row.with), bar("without", row.without)), cell("", `${this.share(row.with)} → ${this.share(row.without)}`),
      points(row) ? cell(`change ${points(row) < 0 ? "down" : "up"}`, signed(points(row), 1)) : cell("change", "="))));
    this.words();
  }

  share(x) { return x > 0 && x < 0.001 ? "< 0.1 %" : x >= 0.9995 && x < 1 ? "> 99.9 %" : `${number(100 * x, 1)} %`; }

  next() {
    const without = slice(this.arrays.chances_without, this.state.layer, this.state.head), all = this.arrays.chances.values;
    const rows = this.header.next.map((piece, i) => ({ piece, with: all[i], without: without[i] }));
    rows.reduce((a, b) => (b.with > a.with ? b : a)).first = true;
    return rows.sort((a, b) => Math.max(b.with, b.without) - Math.max(a.with, a.without)).slice(0, LISTED);
  }

  words() {
    const { pieces } = this.header, { layer, head } = this.state;
    const without = pieces.length > 1 ? slice(this.arrays.surprise_without, layer, head) : [], before = this.arrays.surprise.values;
    const change = pieces.map((_, i) => (i ? without[i - 1] - before[i - 1] : 0)), top = Math.max(0.5, largest(change));
    this.find(".words").replaceChildren(...pieces.map((piece, i) => make("span", {
      style: this.ground(change[i], top), title: i ? `${number(before[i - 1])} → ${number(without[i - 1])} (probability ${this.share(Math.exp(-before[i - 1]))} → ${this.share(Math.exp(-without[i - 1]))})` : "the first token is not predicted",
    }, visible(piece), Math.abs(change[i]) >= Math.max(0.1, 0.25 * top) ? ` ${signed(change[i], 1)}` : "")));
  }
}

export default function ({ data, parentElement }) {
  const root = parentElement.querySelector(".board");
  root.board ??= new Board(root);
  if (data) root.board.receive(data);
  return () => root.board?.stop();
}
