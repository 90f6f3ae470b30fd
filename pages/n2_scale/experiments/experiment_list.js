// The recorded experiments: all of them as cards, or as one row of names where one is chosen.
// Each is a link, so that it can be copied and opened in another tab.

import { make } from "../../../ui/kit/elements.js";

class List {
  constructor(root) {
    this.root = root;
    this.list = root.querySelector(".list");
  }

  receive(data, choose) {
    this.choose = choose;
    const moved = this.chosen !== undefined && this.chosen !== data.chosen;
    this.chosen = data.chosen;
    this.list.className = `list ${data.chosen ? "row" : "cards"}`;
    this.list.replaceChildren(...(data.chosen ? this.row(data) : data.entries.map((entry) => this.card(entry))));
    this.list.querySelector("[aria-current]")?.scrollIntoView({ block: "nearest", inline: "center" });
    if (moved) this.root.scrollIntoView({ block: "nearest" });
  }

  link(name, attributes, ...children) {
    const address = new URL(location);
    if (name) address.searchParams.set("experiment", name);
    else address.searchParams.delete("experiment");
    return make("a", { href: address.href, ...attributes, onclick: (event) => {
      if (event.metaKey || event.ctrlKey || event.shiftKey || event.button) return;
      event.preventDefault();
      this.choose(name);
    } }, ...children);
  }

  row({ entries, chosen }) {
    return [this.link("", { class: "back" }, "← All", make("span", {}, " experiments")),
      ...entries.map(({ name, title }) => this.link(name, name === chosen ? { "aria-current": "true" } : {}, title))];
  }

  card({ name, title, question, outcome, facts, curves, damage }) {
    if (damage) return make("div", { class: "card entry damaged" }, make("div", { class: "about" }, make("h3", {}, title, make("i", {}, "cannot be shown")), make("p", { class: "outcome" }, damage)));
    const lines = curves.map(({ colour, points }) => make("polyline", { points, style: `stroke: ${colour}` }));
    return this.link(name, { class: "card entry" },
      make("svg", { class: curves.length > 8 && "crowd", viewBox: "0 0 1 1", preserveAspectRatio: "none", "aria-hidden": "true" }, ...lines),
      make("div", { class: "about" }, make("h3", {}, title, make("i", {}, "open →")), make("p", { class: "question" }, question),
        make("p", { class: "outcome", title: outcome }, outcome), make("p", { class: "facts" }, facts)));
  }
}

export default function ({ data, parentElement, setTriggerValue }) {
  const root = parentElement.querySelector(".board");
  root.list ??= new List(root);
  if (data) root.list.receive(data, (name) => setTriggerValue("choose", name));
}
