// @ts-check
// The merges learnt last.

import { find, make } from "../../../ui/kit/elements.js";
import { count } from "../../../ui/kit/format.js";
import { face } from "../../../ui/kit/words.js";
import { piece } from "./byte_text.js";
import { mergeOf } from "./text_reading.js";

/** @import { Child } from "../../../ui/kit/elements.js" */
/** @import { Reading } from "./text_reading.js" */

const LATEST = 5;

/**
 * @param {HTMLElement} section
 * @param {Reading} reading
 * @param {number} k
 */
export function drawTicker(section, reading, k) {
  const { counted, merges } = reading;
  const known = [...merges.keys()].filter((n) => n <= k);
  const last = known.sort((a, b) => b - a).slice(0, LATEST);
  const head = ["merge", "the pair", "becomes", counted ? "times seen" : ""];
  find(section, "h4").textContent = counted
    ? "The latest merges"
    : "The latest merges that join something in your text";
  find(section, ".ticker").replaceChildren(
    make("div", { class: "row head", role: "row" }, ...head.map((title) => cell("", title))),
    ...last.map((n) => row(reading, n)),
  );
  find(section, ".tag").hidden = !counted;
  find(section, ".note").textContent = note(k, counted);
}

/**
 * @param {string} kind
 * @param {...Child} content
 */
const cell = (kind, ...content) => make("span", { class: kind, role: "cell" }, ...content);

/**
 * @param {Reading} reading
 * @param {number} n
 */
function row(reading, n) {
  const { parts, times } = mergeOf(reading, n);
  const [left, right] = parts;
  return make(
    "div",
    { class: `row${reading.here.has(n) ? " yours" : ""}`, role: "row" },
    cell("", count(n)),
    cell("", face(piece(left)), " + ", face(piece(right))),
    cell("made", face(piece(left + right))),
    cell("", reading.counted ? count(times) : ""),
  );
}

/**
 * @param {number} k
 * @param {boolean} counted
 */
function note(k, counted) {
  if (!k) return "No pair has been joined yet.";
  if (!counted) return "The model’s file does not say how often a pair was seen in training.";
  return "Each merge joins the pair that was then most frequent in the training text. In colour: also in your text.";
}
