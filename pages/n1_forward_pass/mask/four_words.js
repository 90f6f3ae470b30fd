// @ts-check
// Four words and who looks at whom: a row is read out when it is pointed at or has the focus.

import { find, make } from "../../../ui/kit/elements.js";
import { number } from "../../../ui/kit/format.js";
import { mount } from "../../../ui/kit/mount.js";
import { readRow, severalTokens, whichHead } from "./four_words_said.js";

/**
 * Each word with its tokens; the weights of one head by words, [query, key].
 * @typedef {{words: string[], tokens: string[][], weights: number[][], layer: number, head: number}} FourWords
 */

const FIRST = 2; // the row that is read out at first
const STRONG = 0.6; // a weight whose ground is too dark for dark letters

export default mount((root) => ({
  /** @param {FourWords} name */
  receive(name) {
    const rows = name.words.map((_, i) => row(name, i, () => read(root, name, i)));
    find(root, "thead").replaceChildren(heading(name.words));
    find(root, "tbody").replaceChildren(...rows);
    find(root, ".which").textContent = whichHead(name);
    find(root, ".cut").textContent = severalTokens(name);
    light(root, name, FIRST);
  },
}));

/**
 * @param {HTMLElement} root
 * @param {FourWords} name
 * @param {number} i
 */
function read(root, name, i) {
  light(root, name, i);
  find(root, ":scope > .spoken").textContent = readRow(name, i);
}

/**
 * @param {HTMLElement} root
 * @param {FourWords} name
 * @param {number} lit
 */
function light(root, name, lit) {
  root.querySelectorAll("tbody tr").forEach((line, i) => {
    line.classList.toggle("lit", i === lit);
  });
  find(root, ".finding").textContent = readRow(name, lit);
}

/** @param {readonly string[]} words */
const heading = (words) =>
  make(
    "tr",
    {},
    make("td"),
    words.map((word) => make("th", { scope: "col" }, word)),
    make("th", { scope: "col" }, "sum"),
  );

/**
 * @param {FourWords} name
 * @param {number} i
 * @param {() => void} read
 */
function row({ words, weights }, i, read) {
  const button = make("button", { type: "button", onfocus: read, onclick: read }, words[i]);
  const cells = weights[i].map((weight, j) => cell(weight, j > i));
  return make(
    "tr",
    { onpointerenter: read },
    make("th", { scope: "row" }, button),
    cells,
    make("td", { class: "sum" }, 1),
  );
}

/**
 * @param {number} weight
 * @param {boolean} isHidden
 */
const cell = (weight, isHidden) =>
  isHidden
    ? make("td", { class: "hidden" }, 0)
    : make(
        "td",
        { class: weight > STRONG ? "open strong" : "open", style: `--weight:${weight}` },
        number(weight, 2, 0),
      );
