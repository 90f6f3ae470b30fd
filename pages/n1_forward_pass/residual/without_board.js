// @ts-check
// Every part of the model as a button. What a part alone is worth is here already; a click asks the
// server for the pass without all parts that are out, and the address remembers which.

import { remember } from "../../../ui/kit/address.js";
import { find, make, rich } from "../../../ui/kit/elements.js";
import { follow } from "../../../ui/kit/follow.js";
import { percent } from "../../../ui/kit/format.js";
import { mount } from "../../../ui/kit/mount.js";
import { Palette } from "../../../ui/kit/palette.js";
import { labels, visible } from "../../../ui/kit/words.js";
import { drawGrid } from "./parts_grid.js";
import { lossFinding, nextFinding, pointed, worth } from "./removal_prose.js";
import { surpriseBars } from "./surprise_bars.js";

/** @typedef {import("./removal.js").Removal} Removal */
/** @typedef {import("../../../ui/kit/mount.js").Page} Page */
/**
 * `out` are the parts that are out from now on; the server has answered for `removal.removed`.
 * @typedef {{removal: Removal, out: readonly string[]}} State
 */

export default mount((root, page) => {
  const palette = new Palette(root);
  /** @type {State | undefined} */
  let state;
  const draw = () => {
    if (!state) return;
    palette.forget();
    drawParts(root, page, state, palette);
    drawOutcome(root, state.removal);
  };
  find(root, ".back").addEventListener("click", () => state && take(root, page, state, []));
  return {
    receive(/** @type {Removal} */ removal) {
      state = { removal, out: removal.removed };
      draw();
    },
    stop: follow(root, draw),
  };
});

/**
 * These parts are out, and no others.
 * @param {HTMLElement} root
 * @param {Page} page
 * @param {State} state
 * @param {readonly string[]} codes
 */
function take(root, page, state, codes) {
  state.out = codes;
  mark(root, codes);
  const value = codes.join(".");
  remember("removed", value);
  page.setTriggerValue("cut", value || "nothing");
}

/**
 * @param {HTMLElement} root
 * @param {Page} page
 * @param {State} state
 * @param {Palette} palette
 */
function drawParts(root, page, state, palette) {
  const { removal } = state;
  const point = (/** @type {string | null} */ code) =>
    find(root, ".pointed").replaceChildren(...rich(pointed(removal, code)));
  const toggle = (/** @type {string[]} */ codes) => {
    const rest = state.out.filter((code) => !codes.includes(code));
    const all = codes.every((code) => state.out.includes(code));
    take(root, page, state, all ? rest : [...rest, ...codes]);
  };
  find(root, ".worth").textContent = worth(removal);
  drawGrid(find(root, ".grid"), removal, palette, { toggle, point });
  mark(root, state.out);
  point(null);
}

/**
 * @param {HTMLElement} root
 * @param {readonly string[]} out
 */
function mark(root, out) {
  for (const button of /** @type {NodeListOf<HTMLElement>} */ (root.querySelectorAll(".cell")))
    button.setAttribute("aria-pressed", String(out.includes(button.dataset.code ?? "")));
  find(root, ".back", HTMLButtonElement).disabled = !out.length;
}

/**
 * @param {HTMLElement} root
 * @param {Removal} removal
 */
function drawOutcome(root, removal) {
  const { intact, without, removed, pieces } = removal;
  const told = [lossFinding(removal), nextFinding(removal)];
  find(root, ".finding").textContent = told[0];
  find(root, ".said").textContent = told[1];
  find(root, ".spoken").textContent = removed.length ? told.join(". ") : "";
  find(root, ".bars-of").replaceChildren(
    guessList("", "next word, intact", intact.next),
    ...(removed.length ? [guessList("hurt", "next word, without", without.next)] : []),
  );
  const words = find(root, ".words");
  // A lone word is followed by the intact model's own guess.
  const targets = pieces.length > 1 ? labels(pieces).slice(1) : [visible(intact.next[0][0])];
  words.replaceChildren(surpriseBars(removal, targets, words.clientWidth));
}

/**
 * @param {string} kind
 * @param {string} title
 * @param {[string, number][]} guesses
 */
const guessList = (kind, title, guesses) =>
  make(
    "div",
    { class: `list ${kind}` },
    make("b", {}, title),
    guesses.map(([piece, chance]) => [
      make("span", { class: "word" }, visible(piece)),
      make("span", { class: "bar" }, make("i", { style: `width:${100 * chance}%` })),
      make("span", {}, percent(chance)),
    ]),
  );
