// @ts-check
// What the chosen row keeps between two tiles, and how the lit tile changes it.

import { largest } from "../../../ui/kit/arithmetic.js";
import { find, make, rich } from "../../../ui/kit/elements.js";
import { number } from "../../../ui/kit/format.js";
import { bars } from "../../../ui/kit/pictures.js";
import { output } from "./online_softmax.js";
import { correction, highest, small, summed } from "./row_formulas.js";
import { rowTitle } from "./tile_words.js";

/** @import { Scene } from "./tile_scene.js" */
/** @import { Written } from "./row_formulas.js" */
/** @import { Child } from "../../../ui/kit/elements.js" */

const LISTED = 5; // keys of a tile
const HEIGHT = 26;

/**
 * @param {HTMLElement} root
 * @param {Scene} scene
 */
export function drawRow(root, scene) {
  find(root, ".row-title").replaceChildren(...rich(rowTitle(scene)));
  find(root, ".powers").replaceChildren(...powers(scene));
  const { step } = scene;
  find(root, ".state").replaceChildren(
    line("m", "highest score so far", said(highest(step))),
    line("c", "correction", said(correction(step))),
    line("l", "sum of e to (score − m)", [...said(summed(step)), sumBar(scene)]),
    line("o", "the same times the values", mixing(scene)),
    line(
      "o ÷ l",
      "output so far",
      make("div", { class: "strips" }, strip(output(step.after), outputTop(scene), "value")),
    ),
  );
}

/**
 * @param {string} letter
 * @param {string} meaning
 * @param {Child} content
 */
const line = (letter, meaning, content) =>
  make(
    "div",
    { class: "row", role: "row" },
    make("b", { class: "letter", role: "rowheader" }, letter),
    make("span", { class: "meaning", role: "cell" }, meaning),
    make("div", { class: "made", role: "cell" }, content),
  );

/** @param {Written} written */
const said = ({ formula, sign, result }) => [
  make("span", { class: "formula" }, raised(formula), sign && ` ${sign} `),
  result && make("b", { class: "result" }, result),
];

/**
 * What stands behind "e^" above the line.
 * @param {string} formula
 */
function raised(formula) {
  const found = /^e\^\((.+)\)$/.exec(formula);
  return found ? ["e", make("sup", {}, found[1])] : formula;
}

/**
 * The keys of the tile with the highest scores, in their order, and e to (score − m).
 * @param {Scene} scene
 */
function powers({ words, step }) {
  const { keys, scores, powers } = step;
  const order = scores.map((_, j) => j).sort((a, b) => scores[b] - scores[a]);
  const listed = order.slice(0, scores.length === LISTED + 1 ? LISTED + 1 : LISTED).sort((a, b) => a - b);
  const lines = listed.map((j) => power("", words[keys.from + j], number(scores[j]), small(powers[j])));
  const names = power("names", "key", "score", "e to (score − m)");
  const more = scores.length - listed.length;
  return more
    ? [names, ...lines, make("div", { class: "power rest" }, `and ${more} with lower scores`)]
    : [names, ...lines];
}

/**
 * @param {string} kind
 * @param {string} word
 * @param {string} score
 * @param {string} power
 */
const power = (kind, word, score, power) =>
  make(
    "div",
    { class: `power ${kind}` },
    make("span", { class: !kind && "key-word" }, word),
    make("span", {}, score),
    make(kind ? "span" : "b", {}, power),
  );

/**
 * l as a bar: what is left of it after the correction, and what the tile adds.
 * @param {Scene} scene
 */
function sumBar({ step, row }) {
  const { before, correction, after } = step;
  const top = Math.max(...row.map((each) => each.after.l));
  const share = (/** @type {number} */ x) => `width: ${(100 * x) / top}%`;
  const kept = before.l * correction;
  const shrinks = `${share(kept)}; --from: ${(100 * before.l) / top}%`;
  return make(
    "div",
    { class: "sum-bar", "aria-hidden": "true" },
    before.l > 0 && make("i", { class: "lost", style: share(before.l) }),
    make(
      "div",
      {},
      make("i", { class: "kept", style: shrinks }),
      make("i", { class: "new", style: share(after.l - kept) }),
    ),
  );
}

/**
 * o as strips: what is left, what is added, the sum.
 * @param {Scene} scene
 */
function mixing({ step }) {
  const { before, after, correction } = step;
  const kept = before.o.map((x) => x * correction);
  const added = after.o.map((x, t) => x - kept[t]);
  const top = Math.max(largest(kept), largest(added), largest(after.o));
  const one = (/** @type {number[]} */ values, /** @type {string} */ role) => strip(values, top, role);
  if (before.m === -Infinity) return make("div", { class: "strips" }, one(after.o, "value"));
  const left = labelled(`${small(correction)} × o`, one(kept, "muted"));
  return make(
    "div",
    { class: "strips" },
    ...[left, "+", labelled("this tile", one(added, "value")), "=", labelled("o", one(after.o, "value"))],
  );
}

/**
 * @param {string} name
 * @param {Element} picture
 */
const labelled = (name, picture) => make("div", { class: "labelled" }, picture, make("span", {}, name));

/**
 * @param {ArrayLike<number>} values
 * @param {number} top
 * @param {string} role
 */
const strip = (values, top, role) => bars(values, top, role, HEIGHT);

/**
 * The longest number of any of its outputs, so that the strip keeps its scale from tile to tile.
 * @param {Scene} scene
 */
const outputTop = ({ row }) => Math.max(...row.map(({ after }) => largest(output(after))));
