// @ts-check
// The pages: those of the part that is read in a row, a menu for each other part.

import { followAddress, followLinks, PAGE_LINK } from "../kit/address.js";
import { find, make } from "../kit/elements.js";

/** @import { Component } from "../kit/mount.js" */

/** @typedef {{title: string, address: string}} PageLink */
/** @typedef {{name: string, pages: PageLink[]}} PartLinks */
/** @typedef {{parts: PartLinks[], here: string, kept: string[]}} NavigationData */

/**
 * @param {PageLink} page
 * @param {string} here
 */
const link = ({ title, address }, here) =>
  make("a", { ...PAGE_LINK, href: address, "aria-current": address === here && "page" }, title);

/**
 * A menu that closes once something is chosen, or something else is pressed.
 * @param {string} name
 * @param {readonly PartLinks[]} parts
 * @param {string} here
 */
function menu(name, parts, here) {
  const items = parts.flatMap((part) => [
    parts.length > 1 && make("h3", {}, part.name),
    ...part.pages.map((page) => link(page, here)),
  ]);
  const list = make("div", { class: "list" }, items);
  const box = make("details", { name: "pages" }, make("summary", {}, name), list);
  const close = () => {
    box.open = false;
  };
  const pressed = (/** @type {Event} */ event) => event.composedPath().includes(box) || close();
  box.addEventListener("toggle", () => {
    if (box.open) document.addEventListener("pointerdown", pressed);
    else document.removeEventListener("pointerdown", pressed);
  });
  box.addEventListener("keydown", ({ key }) => {
    if (key !== "Escape") return;
    close();
    find(box, "summary").focus();
  });
  list.addEventListener("click", close);
  return box;
}

/** @param {Component<NavigationData>} component */
export default ({ data: { parts, here, kept }, parentElement }) => {
  followAddress();
  followLinks(
    parts.flatMap(({ pages }) => pages.map(({ address }) => address)),
    kept,
  );
  const nav = find(parentElement, "nav");
  const now = JSON.stringify([parts, here]);
  if (nav.dataset.shown === now) return;
  nav.dataset.shown = now;
  const start = parts[0]?.pages[0];
  const rest = (/** @type {PartLinks} */ { pages }) => pages.filter((page) => page !== start);
  const longest = [...parts].sort((a, b) => b.pages.length - a.pages.length)[0];
  // The first screen leads into the longest part.
  const read =
    start?.address === here ? longest : parts.find(({ pages }) => pages.some((page) => page.address === here));
  const path = [...(start ? [start] : []), ...(read ? rest(read) : [])];
  const links = path.map((page) => link(page, here));
  find(nav, ".path").replaceChildren(...links);
  const others = parts
    .filter((part) => part !== read)
    .map((part) => menu(part.name, [{ ...part, pages: rest(part) }], here));
  const all = menu("Pages", parts, here);
  all.className = "all";
  find(nav, ".menus").replaceChildren(...others, all);
  links.find((each) => each.ariaCurrent)?.scrollIntoView({ block: "nearest", inline: "center" });
};
