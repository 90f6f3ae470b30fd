// @ts-check
// The recorded experiments: all of them as cards, or as one row of names where one is chosen.
// Each is a link, so that it can be copied and opened in another tab.

import { find, make } from "../../../ui/kit/elements.js";
import { mount } from "../../../ui/kit/mount.js";

/** @typedef {import("../../../ui/kit/elements.js").Attribute} Attribute */
/** @typedef {import("../../../ui/kit/elements.js").Child} Child */
/**
 * A curve very small: "x,y x,y" within 0 to 1.
 * @typedef {{colour: string, points: string}} Outline
 */
/**
 * A record that can be shown, by its file's name.
 * @typedef {{name: string, title: string, question: string, facts: string, curves: Outline[]}} Entry
 */
/**
 * One that cannot, and why.
 * @typedef {{name: string, title: string, damage: string}} DamagedEntry
 */
/** @typedef {{chosen: string, entries: (DamagedEntry | Entry)[]}} ExperimentList */
/**
 * A link to an experiment; "" is all of them.
 * @typedef {(name: string, attributes: Record<string, Attribute>, ...children: Child[]) => HTMLElement} Link
 */

const CROWD = 8; // curves from which on they are drawn thinner

export default mount((root, page) => {
  const list = find(root, ".list");
  /** @type {string | undefined} */
  let before;
  /** @type {Link} */
  const link = (name, attributes, ...children) =>
    make("a", { href: addressOf(name), ...attributes, onclick: (event) => follow(event, name) }, children);
  const follow = (/** @type {MouseEvent} */ event, /** @type {string} */ name) => {
    if (event.metaKey || event.ctrlKey || event.shiftKey || event.button) return;
    event.preventDefault();
    page.setTriggerValue("choose", name);
  };
  return {
    receive(/** @type {ExperimentList} */ data) {
      const { chosen, entries } = data;
      list.className = `list ${chosen ? "row sideways" : "cards"}`;
      list.replaceChildren(...(chosen ? row(link, data) : entries.map((entry) => card(link, entry))));
      list.querySelector("[aria-current]")?.scrollIntoView({ block: "nearest", inline: "center" });
      if (before !== undefined && before !== chosen) root.scrollIntoView({ block: "nearest" });
      before = chosen;
    },
  };
});

/** @param {string} name */
function addressOf(name) {
  const address = new URL(location.href);
  if (name) address.searchParams.set("experiment", name);
  else address.searchParams.delete("experiment");
  return address.href;
}

/**
 * @param {Link} link
 * @param {ExperimentList} data
 */
const row = (link, { entries, chosen }) => [
  link("", { class: "back" }, "← All", make("span", {}, " experiments")),
  ...entries.map(({ name, title }) => link(name, { "aria-current": name === chosen && "true" }, title)),
];

/**
 * @param {Link} link
 * @param {DamagedEntry | Entry} entry
 */
function card(link, entry) {
  if ("damage" in entry) return damaged(entry);
  const { name, title, question, facts, curves } = entry;
  const lines = curves.map(({ colour, points }) => make("polyline", { points, style: `stroke: ${colour}` }));
  const crowd = curves.length > CROWD && "crowd";
  const view = { class: crowd, viewBox: "0 0 1 1", preserveAspectRatio: "none", "aria-hidden": "true" };
  return link(
    name,
    { class: "card entry" },
    make("svg", view, lines),
    make(
      "div",
      { class: "about" },
      make("h3", {}, title, make("i", {}, "open →")),
      make("p", { class: "question" }, question),
      make("p", { class: "facts" }, facts),
    ),
  );
}

/** @param {DamagedEntry} entry */
const damaged = ({ title, damage }) =>
  make(
    "div",
    { class: "card entry damaged" },
    make(
      "div",
      { class: "about" },
      make("h3", {}, title, make("i", {}, "cannot be shown")),
      make("p", { class: "outcome" }, damage),
    ),
  );
