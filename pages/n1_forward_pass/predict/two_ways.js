// @ts-check
// Greedy against drawn, from the same text: which of the two runs in circles.

import { find, make } from "../../../ui/kit/elements.js";
import { percent } from "../../../ui/kit/format.js";

/** @typedef {import("./generation.js").Continuation} Continuation */
/** @typedef {import("./generation.js").GenerationData} GenerationData */

const again = (/** @type {Continuation} */ { repeated }) =>
  repeated.length ? repeated.filter(Boolean).length / repeated.length : 0;

/**
 * Which way repeats itself more.
 * @param {GenerationData} data
 */
export function verdict({ greedy, sampled, run }) {
  if (!greedy.pieces.length) return "Why not always take the likeliest?";
  const [most, less] = [again(greedy), again(sampled)];
  if (!most && !less) return `Neither way of going on repeats a run of ${run} tokens here`;
  if (most > less)
    return (
      `Always the likeliest: ${percent(most)} of the tokens repeat a run of ${run}; drawn by chance: ` +
      `${percent(less)}`
    );
  return (
    `Both ways repeat themselves: ${percent(most)} of the tokens always the likeliest, ` +
    `${percent(less)} drawn by chance`
  );
}

/**
 * @param {HTMLElement} root
 * @param {GenerationData} data
 */
export function drawWays(root, data) {
  const { greedy, sampled, run, settings } = data;
  find(root, ".circles h4").textContent = verdict(data);
  find(root, ".circles .sub").textContent = greedy.pieces.length
    ? `Two ways to go on with your text, temperature 1 for the draws. Marked: tokens that end a run of ${run} tokens ` +
      "which has stood there before."
    : "There is no room to go on: shorten the text.";
  const ways = [
    way("greedy: the likeliest, every time", greedy),
    way(`sampled: drawn by its share, seed ${settings.sample_seed}`, sampled),
  ];
  find(root, ".circles .pair").replaceChildren(...(greedy.pieces.length ? ways : []));
}

/**
 * @param {string} name
 * @param {Continuation} text
 */
function way(name, { pieces, repeated }) {
  const marked = pieces.map((piece, i) => (repeated[i] ? make("span", { class: "again" }, piece) : piece));
  return make("div", {}, make("h4", {}, name), make("p", { class: "text" }, "…", marked));
}
