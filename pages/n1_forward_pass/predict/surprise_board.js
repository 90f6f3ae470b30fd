// The reader's text with a bar over each word: how little the model expected it.

import { clamp } from "../../../ui/kit/arithmetic.js";
import { make } from "../../../ui/kit/elements.js";
import { count, number, percent } from "../../../ui/kit/format.js";
import { labels, quote, visible } from "../../../ui/kit/words.js";

const bits = (nats) => nats / Math.LN2;
const odds = (nats) => `1 chance in ${nats < Math.log(20) ? number(Math.exp(nats), 1) : count(Math.exp(nats))}`;
const few = (nats) => (nats > 0 && nats < 0.005 ? "< 0.01" : number(nats, nats < 10 ? 2 : 1));

class Board {
  constructor(root) {
    this.find = (selector) => root.querySelector(selector);
    this.box = this.find(".text");
    this.box.addEventListener("keydown", (event) => this.press(event));
    this.box.addEventListener("pointerleave", () => this.look(this.chosen));
  }

  receive(data) {
    if (data.pass === this.data?.pass) return;
    Object.assign(this, { data, words: labels(data.pieces) });
    const { nats, mean } = data;
    if (!nats.length) return this.tooShort();
    const worst = nats.indexOf(Math.max(...nats));
    this.find("h3").replaceChildren(make("b", { class: "negative" }, quote(this.words[worst + 1])), ` surprised the model most: ${number(nats[worst])} nats, ${odds(nats[worst])}`);
    const top = Math.max(nats[worst], 1);
    this.nodes = data.pieces.map((_, i) => {
      const bar = make("i"), b = i ? nats[i - 1] : 0;
      bar.style.height = `${(100 * b) / top}%`;
      const events = i ? { onpointerenter: () => this.look(i), onclick: () => { this.chosen = i; this.look(i); } } : {};
      return make("div", { id: `word-${i}`, class: "word", role: "option", "aria-label": i ? `${this.words[i]}, ${number(b)} nats` : `${this.words[i]}, the first`, ...events },
        make("span", { class: "bar" }, bar), make("span", { class: "piece" }, this.words[i]), make("span", { class: "bits" }, i ? few(b) : "first"));
    });
    this.box.replaceChildren(...this.nodes);
    const stat = (name, value, unit, said) => [make("div", {}, make("dt", {}, name), make("dd", {}, make("b", {}, value, make("small", {}, ` ${unit}`)), said))];
    this.find(".sums").replaceChildren(
      ...stat("loss: mean surprise", number(mean, 3), "nats", `= ${number(bits(mean), 2)} bits a token, over ${count(nats.length)} token${nats.length === 1 ? "" : "s"}; a nat is 1.44 bits`),
      ...stat("perplexity = e to the loss", number(Math.exp(mean), 1), "tokens", mean > data.uniform ? "more than there are: worse than knowing nothing, sure of wrong tokens" : "as unsure as between so many equally likely ones"),
      ...stat("knowing nothing", number(data.uniform, 3), "nats", `ln ${count(data.vocab)}: every token alike, perplexity ${count(data.vocab)}`),
      ...stat("bits per byte", number(data.bits_per_byte, 2), "bits", `over ${count(data.n_bytes)} bytes: comparable between tokenizers, which cut a text differently`),
    );
    this.chosen = worst + 1;
    this.look(this.chosen);
  }

  tooShort() {
    this.find("h3").textContent = "One token has nothing before it, so nothing was predicted: type a second one";
    for (const place of [".text", ".expected", ".sums"]) this.find(place).replaceChildren();
  }

  look(i) {
    this.nodes.forEach((node, j) => { node.classList.toggle("here", j === i); node.setAttribute("aria-selected", j === i); });
    this.box.setAttribute("aria-activedescendant", `word-${i}`);
    const { nats, ranks, expected } = this.data, p = Math.exp(-nats[i - 1]), rank = ranks[i - 1], shown = expected[i - 1];
    const line = (word, p, came) => {
      const bar = make("i"), kind = came ? " came" : "";
      bar.style.width = `${100 * p}%`;
      return [make("span", { class: `w${kind}` }, word), make("span", { class: `b${kind}` }, bar), make("span", { class: `p${kind}` }, percent(p))];
    };
    const lines = shown.flatMap(([piece, p], r) => line(visible(piece), p, r === rank));
    if (rank >= shown.length) lines.push(...line(visible(this.data.pieces[i]), p, true));
    this.find(".expected").replaceChildren(make("h4", {}, "Expected after ", quote(this.words[i - 1])), make("div", { class: "list" }, ...lines),
      make("p", { class: "caption" }, `${quote(this.words[i])} was rank ${count(rank + 1)}: −ln ${number(p, 4)} = ${number(nats[i - 1])} nats`));
  }

  press(event) {
    const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    if (!step || !this.data.nats.length) return;
    event.preventDefault();
    event.stopPropagation();
    this.chosen = clamp(this.chosen + step, 1, this.nodes.length - 1);
    this.look(this.chosen);
    this.find(".spoken").textContent = this.find(".expected .caption").textContent;
  }
}

export default function ({ data, parentElement }) {
  const root = parentElement.querySelector(".board");
  root.board ??= new Board(root);
  if (data) root.board.receive(data);
}
