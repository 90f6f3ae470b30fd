// @ts-check
// The same text under several vocabularies, a row for each, which is one choice among them.

import { radio } from "../../../ui/kit/controls.js";
import { make } from "../../../ui/kit/elements.js";
import { count, number } from "../../../ui/kit/format.js";
import { face } from "../../../ui/kit/words.js";

/**
 * `size`: how many ids there are; `embedding`: how many numbers their rows would hold; `recorded`: it
 * was not cut just now.
 * @typedef {{name: string, title: string, about: string, size: number, embedding: number, pieces: string[],
 *   ids: number[], recorded: boolean}} CutRow
 */
/** @typedef {{title: string, kind: "live" | "published", pieces: string[], ids: number[]}} GreetingCut */
/**
 * `ours`: the name of the reader's model's own row.
 * @typedef {{key: string, rows: CutRow[], chosen: string, ours: string, characters: number, bytes: number,
 *   d_model: number, context: number, parameters: number, greeting: GreetingCut[]}} CutComparison
 */

/**
 * @param {HTMLElement} box
 * @param {CutComparison} comparison
 * @param {(i: number) => void} choose
 */
export function drawRows(box, comparison, choose) {
  const rows = comparison.rows.map((row, i) => choosable(row, comparison, () => choose(i)));
  box.replaceChildren(...rows);
  fadeCuts(box);
}

/**
 * @param {CutRow} row
 * @param {CutComparison} comparison
 * @param {() => void} choose
 */
function choosable(row, comparison, choose) {
  const { title, pieces } = row;
  const each = number(comparison.characters / pieces.length, 1);
  const label = `${title}: ${pieces.length} pieces, ${each} characters in each`;
  const line = radio({ group: "cut", label, choose }, who(row), ...cells(row, comparison));
  line.classList.add("row");
  line.classList.toggle("ours", row.name === comparison.ours);
  return line;
}

const NOTED = "Cut with tiktoken and recorded; the vocabulary’s file is not on this machine";

/** @param {CutRow} row */
function who({ name, title, about, size, recorded }) {
  const ids = name === "characters" ? `${count(size)} possible` : `${count(size)} ids`;
  const tag = recorded && make("span", { class: "tag measured", title: NOTED }, "measured");
  return make("div", { class: "who" }, make("b", {}, title, tag), make("span", {}, `${about} · ${ids}`));
}

/**
 * @param {CutRow} row
 * @param {CutComparison} comparison
 */
function cells({ pieces, ids }, { characters, bytes }) {
  const n = pieces.length;
  const faces = pieces.map((piece, i) => {
    const shown = face(piece);
    shown.title = `id ${ids[i]}`;
    return shown;
  });
  return [
    make("div", { class: "tokens" }, make("b", {}, count(n)), make("span", {}, n === 1 ? "piece" : "pieces")),
    make(
      "div",
      { class: "much" },
      `${number(characters / n, 1)} characters`,
      make("br"),
      make("span", {}, ` ${number(bytes / n, 1)} bytes in each`),
    ),
    make("div", { class: "cut", onscroll: (/** @type {Event} */ event) => fade(event.target) }, ...faces),
  ];
}

/**
 * What goes on below is faded out until it is scrolled to.
 * @param {ParentNode} box
 */
export const fadeCuts = (box) => box.querySelectorAll(".cut").forEach(fade);

/** @param {any} cut */
const fade = (cut) => cut.classList.toggle("long", cut.scrollTop + cut.clientHeight < cut.scrollHeight - 4);

/**
 * @param {HTMLElement} box
 * @param {readonly GreetingCut[]} greeting
 */
export const drawGreeting = (box, greeting) => box.replaceChildren(...greeting.map(sample));

/** @param {GreetingCut} cut */
function sample({ title, kind, pieces, ids }) {
  const origin = kind === "live" ? "Computed just now" : "tiktoken, the vocabulary’s published file";
  const chips = pieces.map((piece, i) => make("span", { class: "chip" }, face(piece), make("small", {}, ids[i])));
  return make(
    "div",
    { class: "sample" },
    make("div", { class: "top" }, make("b", {}, title), make("span", { class: `tag ${kind}`, title: origin }, kind)),
    make("div", { class: "chips" }, ...chips),
  );
}
