// The shuffle test. The order is kept here and in the address; each new one goes to the server, which
// runs the models on it.

import { remember } from "../../../ui/kit/address.js";
import { make } from "../../../ui/kit/elements.js";
import { number, percent } from "../../../ui/kit/format.js";
import { face, labels, quote, visible } from "../../../ui/kit/words.js";

const SCHEMES = { learned: "learned table", rope: "RoPE", sinusoidal: "sinusoidal", alibi: "ALiBi", none: "no positions" };

class Order {
  constructor(root) {
    this.root = root;
    this.find = (selector) => root.querySelector(selector);
    this.seed = 1;
    const acts = { typed: (own) => own.sort((a, b) => a - b), reverse: (own) => own.sort((a, b) => b - a), swap: (own) => this.swapped(own), shuffle: (own) => this.shuffled(own) };
    for (const [name, change] of Object.entries(acts)) this.find(`.${name}`).addEventListener("click", () => this.ask(change(this.order.slice(0, -1))));
  }

  receive(data) {
    if (data.pass !== this.data?.pass) this.picked = null;
    this.data = data;
    this.labels = labels(data.pieces);
    this.show(data.order);
    this.results();
  }

  /* Seeded, so that the same clicks give the same orders: Fisher and Yates with a linear congruence. */
  draw(n) {
    this.seed = (Math.imul(this.seed, 1664525) + 1013904223) >>> 0;
    return Math.floor((this.seed / 2 ** 32) * n);
  }
  shuffled(own) {
    for (let i = own.length - 1; i > 0; i--) {
      const j = this.draw(i + 1);
      [own[i], own[j]] = [own[j], own[i]];
    }
    return own;
  }
  swapped(own) {
    const at = this.draw(Math.max(1, own.length - 1));
    if (own.length > 1) [own[at], own[at + 1]] = [own[at + 1], own[at]];
    return own;
  }

  /* `own` is the order of all tokens but the last. */
  ask(own) {
    const order = [...own, this.order.at(-1)];
    if (order.every((i, at) => i === this.order[at])) return;
    this.show(order);
    remember("order", own.map((i) => i + 1).join("."));
    this.trigger("order", own);
  }

  move(from, to) {
    const own = this.order.slice(0, -1);
    if (to < 0 || to >= own.length) return;
    own.splice(to, 0, ...own.splice(from, 1));
    this.ask(own);
    this.find(".order").children[to].focus();
  }

  pick(at) {
    if (this.picked === null || this.picked === at) {
      this.picked = this.picked === at ? null : at;
      return this.show(this.order);
    }
    const own = this.order.slice(0, -1), other = this.picked;
    [own[at], own[other]] = [own[other], own[at]];
    this.picked = null;
    this.ask(own);
    this.find(".order").children[at].focus();
  }

  show(order) {
    this.order = order;
    const last = order.length - 1, box = this.find(".order"), focused = [...box.children].indexOf(this.root.getRootNode().activeElement);
    this.picked ??= null;
    box.replaceChildren(...order.map((token, at) => make("button", {
      type: "button", draggable: String(at < last), disabled: at === last, class: token === at ? "" : "moved", "aria-pressed": at === last ? null : this.picked === at,
      title: at === last ? "The last one stays last: its prediction is what is compared" : `Token ${token + 1} as typed`,
      onclick: () => this.pick(at),
      onkeydown: (event) => {
        const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
        if (!step) return;
        event.preventDefault();
        event.stopPropagation();
        this.move(at, at + step);
      },
      ondragstart: (event) => { this.dragged = at; event.dataTransfer.effectAllowed = "move"; event.dataTransfer.setData("text/plain", ""); },
      ondragover: (event) => { event.preventDefault(); event.currentTarget.classList.add("over"); },
      ondragleave: (event) => event.currentTarget.classList.remove("over"),
      ondrop: (event) => { event.preventDefault(); this.move(this.dragged, Math.min(at, last - 1)); },
    }, this.labels[token])));
    if (focused >= 0) box.children[focused]?.focus();
    this.find(".typed").setAttribute("aria-pressed", order.every((i, at) => i === at));
    this.find(".reverse").setAttribute("aria-pressed", this.reversed);
    for (const name of ["reverse", "swap", "shuffle"]) this.find(`.${name}`).disabled = last < 2;
  }

  get reversed() { const last = this.order.length - 1; return last > 1 && this.order.slice(0, last).every((i, at) => i === last - 1 - at); }

  results() {
    const { models, change, own, pieces, cut } = this.data, typed = this.order.every((i, at) => i === at), title = this.find(".finding");
    if (pieces.length < 3) title.textContent = "There is no order to change: type at least three words";
    else if (typed) title.textContent = "The words stand as typed: shuffle them and see how far the prediction moves";
    else title.textContent = `${this.reversed ? "Reversed," : "In this order"} ${models.map(({ name, moved }) => `${name} moves ${percent(moved)}`).join(" and ")} of its probability to other next words`;
    const list = (guesses) => guesses.map(([word, share], i, all) => {
      const alike = all.some(([other], j) => j !== i && visible(other) === visible(word)); // “ha” and “␣ha”
      const bar = make("i");
      bar.style.width = `${100 * share}%`;
      return make("div", { class: "guess" }, make("b", {}, alike ? face(word) : visible(word)), make("span", {}, percent(share)), bar);
    });
    this.find(".models").replaceChildren(...models.map(({ name, position, typed: before, ordered, moved }) => make("div", { class: "model" },
      make("h4", {}, name, make("span", {}, `  ${SCHEMES[position]}; after ${quote(this.labels.at(-1))} comes …  (${percent(moved)} moved)`)),
      make("div", {}, make("span", { class: "name" }, "as typed"), list(before)), make("div", {}, make("span", { class: "name" }, "in this order"), list(ordered)))));
    this.depth(change, own, typed);
    this.find(".depth .caption").textContent = cut ? `The first ${pieces.length} tokens of your text.` : "";
    this.find(".spoken").textContent = title.textContent;
  }

  /* Without positions: how far the last token's row moves, layer by layer. */
  depth({ causal, unmasked }, own, typed) {
    const top = Math.max(...causal, ...unmasked, 1e-3), share = (x) => (x < 5e-6 ? "0 %" : x < 0.1 ? `${number(100 * x)} %` : `${Math.round(100 * x)} %`);
    const bar = (kind, x) => { const i = make("i", { class: kind }); i.style.width = `${(100 * x) / top}%`; return i; };
    this.find(".depth h4").textContent = `${own} with its positions taken out`;
    this.find(".depth .sub").replaceChildren(`How far the row of ${quote(this.labels.at(-1))} moves when the others are reordered, in per cent of its length. `,
      make("b", { class: "unmasked" }, "Unmasked"), " it never moves: it reads the same set of words. Under the ", make("b", { class: "causal" }, "causal mask"),
      " the first layer does not notice either, but each earlier word has by then read other words than before, and from layer 2 on the row moves.", typed ? " (Nothing is reordered now.)" : top > 1 ? " Over 100 %: by more than its own length." : "");
    this.find(".layers-bars").replaceChildren(...causal.map((moved, layer) => make("div", { class: "layer" }, make("span", {}, `layer ${layer + 1}`),
      make("div", { class: "two" }, make("span", { class: "causal" }, share(moved)), make("span", { class: "unmasked" }, share(unmasked[layer]))), make("div", { class: "twice" }, bar("causal", moved), bar("unmasked", unmasked[layer])))),
    make("p", { class: "caption" }, "The model was trained with positions; taking them out injures it. The arithmetic of who can notice an order holds all the same."));
  }
}

export default function ({ data, parentElement, setTriggerValue }) {
  const root = parentElement.querySelector(".board");
  root.order ??= new Order(root);
  root.order.trigger = setTriggerValue;
  if (data) root.order.receive(data);
}
