// @ts-check
// One step of writing: what it chose from, and what it cost.

import { candidate } from "../../../ui/kit/candidate.js";
import { make } from "../../../ui/kit/elements.js";
import { count, percent } from "../../../ui/kit/format.js";
import { quote, visible } from "../../../ui/kit/words.js";
import { TITLES } from "./sampling_settings.js";

/** @typedef {import("./generation.js").GenerationData} GenerationData */

/**
 * @param {HTMLElement} box
 * @param {GenerationData} data
 * @param {number} at
 */
export function drawStep(box, data, at) {
  const step = data.steps[at];
  if (!step) return box.replaceChildren();
  const word = make("b", {}, quote(visible(step.piece)));
  return box.replaceChildren(
    make("h4", {}, `In step ${at + 1} the model drew `, word, `, rank ${count(step.rank)}`),
    make("p", { class: "sub" }, chosenFrom(step)),
    make("div", { class: "list" }, candidates(step)),
    work(data.with_cache[at], data.without_cache[at]),
  );
}

/** @param {import("./generation.js").WrittenStep} step */
function chosenFrom({ kept, probability }) {
  const title = (/** @type {string} */ name) => TITLES[/** @type {keyof typeof TITLES} */ (name)];
  const left = kept.map(([name, n], i) => (i ? `${title(name)} ${count(n)}` : count(n))).join(" → ");
  const share = probability === 1 ? "It was the only one left" : `Its probability was ${percent(probability)}`;
  return `Tokens that could be drawn: ${left}. ${share}.`;
}

/**
 * The likeliest, among them the one that was drawn.
 * @param {import("./generation.js").WrittenStep} step
 */
function candidates({ piece, probability, best }) {
  const there = best.some(([other]) => other === piece);
  /** @type {[string, number][]} */
  const listed = there ? best : [...best.slice(0, -1), [piece, probability]];
  return listed.map(([other, share]) => candidate(other, share, other === piece && "chosen"));
}

/**
 * Positions computed so far.
 * @param {number} spent with the cache
 * @param {number} all without it
 */
function work(spent, all) {
  /** @type {(name: string, n: number, kind?: string) => Node[]} */
  const line = (name, n, kind = "") => [
    make("span", {}, name),
    make("i", { class: kind, style: `width:${(100 * n) / all}%` }),
    make("b", {}, count(n)),
  ];
  const title = make("h4", {}, "Positions computed so far");
  return make("div", { class: "work" }, title, line("with the cache", spent), line("without it", all, "all"));
}
