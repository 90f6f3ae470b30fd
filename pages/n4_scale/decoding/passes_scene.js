// @ts-check
// The triangle of queries and keys during one pass, and what the pass does in words.

import { range } from "../../../ui/kit/arithmetic.js";
import { find, make } from "../../../ui/kit/elements.js";
import { count } from "../../../ui/kit/format.js";
import { quote } from "../../../ui/kit/words.js";
import { cellKind, pairsIn, passesOf, positionsIn } from "./passes.js";

/** @import { Segment } from "../../../ui/kit/elements.js" */

/**
 * `at` is the pass looked at, from 0.
 * @typedef {{words: string[], prompt: number, written: number, at: number, cached: boolean}} Scene
 */

const [LABEL, TOP, END, LARGEST] = [96, 74, 40, 28]; // pixels; END for the last slanted name
const READABLE = 13; // pixels of a cell from which on its token's name has room
const SHORT = 11; // letters

/** @param {Scene} scene */
export const passOf = ({ prompt, written, cached, at }) => passesOf(prompt, written, cached)[at];

/**
 * @param {HTMLElement} root
 * @param {Scene} scene
 */
export function drawTriangle(root, scene) {
  const box = find(root, ".triangle");
  const n = scene.prompt + Math.max(0, scene.written - 1);
  const side = Math.min(LARGEST, Math.floor((box.clientWidth - LABEL - END) / n));
  const named = side >= READABLE;
  const [left, top] = named ? [LABEL, TOP] : [4, 4];
  const pass = passOf(scene);
  const size = { width: left + n * side + (named ? END : 4), height: top + n * side + 4 };
  const said = `Queries and keys of ${n} positions. This pass computes ${pass.to - pass.from}.`;
  const cells = range(n).flatMap((row) =>
    range(row + 1).map((column) => {
      const again = !scene.cached && scene.at > 0 && row < pass.to - 1;
      const kind = cellKind(pass, row, column);
      const look = kind === "now" && again ? "again" : kind;
      const place = { x: left + column * side, y: top + row * side, width: side - 1.5, height: side - 1.5, rx: 3 };
      return make("rect", { class: look, ...place });
    }),
  );
  const edge = {
    x1: left - 4,
    x2: left + n * side,
    y1: top + scene.prompt * side - 1,
    y2: top + scene.prompt * side - 1,
  };
  box.replaceChildren(
    make(
      "svg",
      { ...size, viewBox: `0 0 ${size.width} ${size.height}`, role: "img", "aria-label": said },
      cells,
      make("line", edge),
      named && range(n).map((i) => names(scene, i, { side, left, top, asks: i >= pass.from && i < pass.to })),
    ),
  );
}

/**
 * A token's name at its row and above its column.
 * @param {Scene} scene
 * @param {number} i
 * @param {{side: number, left: number, top: number, asks: boolean}} place
 */
function names({ words, prompt }, i, { side, left, top, asks }) {
  const word = words[i].length > SHORT ? `${words[i].slice(0, SHORT - 1)}…` : words[i];
  const middle = (i + 0.5) * side;
  const kind = i >= prompt ? "new" : "";
  const [x, y] = [left + middle, top - 6];
  return [
    make("text", { class: asks ? "asks" : kind, x: left - 8, y: top + middle + 5, "text-anchor": "end" }, word),
    make("text", { class: kind, x, y, transform: `rotate(-45 ${x} ${y})` }, word),
  ];
}

/**
 * @param {Scene} scene
 * @returns {Segment[]}
 */
export function finding({ prompt, written, cached, words }) {
  if (written < 2)
    return [`Your text of ${prompt} tokens is read in one pass, and the model has no room to write more`];
  const all = positionsIn(passesOf(prompt, written, true));
  const without = positionsIn(passesOf(prompt, written, false));
  const first = quote(words[prompt]);
  return [
    prompt === 1
      ? "Your token is read in one pass"
      : `All ${prompt} tokens of your text are read in one pass, which gives ${first}`,
    `. Then each token takes a pass of its own. In all, this computes `,
    ["query", `${count(all)} positions`],
    " with a cache, ",
    ["negative", count(without)],
    cached ? " without" : " without one",
  ];
}

/**
 * What a pass does.
 * @param {Scene} scene
 */
export function told(scene) {
  const { words, prompt, written, at, cached } = scene;
  const { to } = passOf(scene);
  const gives = (/** @type {string} */ whose) =>
    written ? `${whose} result gives ${quote(words[to])}.` : "The context ends here.";
  if (at === 0) {
    const positions = prompt === 1 ? "1 position" : `${prompt} positions at once`;
    const reads = "Each asks with its query and reads the keys up to its own. Keys and values go into the cache.";
    return `Prefill: ${positions}. ${reads} ${gives("The last one’s")}`;
  }
  const newest = quote(words[to - 1]);
  if (cached) {
    const reads = `Its one query reads ${to} keys, of which ${to - 1} come from the cache.`;
    return `Decode: only ${newest} is computed. ${reads} ${gives("Its")}`;
  }
  return `All ${to} positions are computed again, though only ${newest} is new. ${gives("The last one’s")}`;
}

/**
 * The pass as a row of tokens: kept, computed, computed again, and what comes out.
 * @param {HTMLElement} root
 * @param {Scene} scene
 */
export function drawLineUp(root, { words, prompt, written, at, cached }) {
  const { from, to } = passesOf(prompt, written, cached)[at];
  const look = (/** @type {number} */ i) => {
    if (i < from) return "kept";
    return !cached && at > 0 && i < to - 1 ? "remade" : "made";
  };
  const shown = range(to).map((i) => make("span", { class: look(i) }, words[i]));
  find(root, ".line-up").replaceChildren(
    ...shown,
    ...(written ? [make("span", { class: "next" }, `→ ${words[to]}`)] : []),
  );
}

/**
 * @param {HTMLElement} root
 * @param {Scene} scene
 */
export function drawCounts(root, { prompt, written, at, cached }) {
  const heads = ["", "positions", "pairs of query and key, one head"];
  const row = (/** @type {boolean} */ way) => {
    const passes = passesOf(prompt, written, way).slice(0, at + 1);
    return make(
      "tr",
      { class: way === cached && "here" },
      make("th", { scope: "row" }, way ? "with cache" : "without"),
      make("td", {}, count(positionsIn(passes))),
      make("td", {}, count(pairsIn(passes))),
    );
  };
  find(root, ".counts").replaceChildren(
    make("tr", {}, ...heads.map((head) => make("th", { scope: "col" }, head))),
    row(true),
    row(false),
  );
}
