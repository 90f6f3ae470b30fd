// @ts-check
// The reader's text with a bar over each word: how little the model expected it.

import { clamp } from "../../../ui/kit/arithmetic.js";
import { candidate } from "../../../ui/kit/candidate.js";
import { find, make } from "../../../ui/kit/elements.js";
import { number } from "../../../ui/kit/format.js";
import { along, onKeys } from "../../../ui/kit/keys.js";
import { mount } from "../../../ui/kit/mount.js";
import { labels, quote } from "../../../ui/kit/words.js";
import { entropyLine, few, odds, stats, surpriseLine } from "./surprise_text.js";

/** @typedef {import("./surprise_text.js").SurpriseData} SurpriseData */
/**
 * The text as it was sent, a node for each word, the word that is kept and the one that is looked at.
 * @typedef {{data: SurpriseData, words: string[], nodes: HTMLElement[], kept: number, looked: number}} State
 */

export default mount((root, page) => {
  /** @type {State | undefined} */
  let state;
  const box = find(root, ".text");
  const step = (/** @type {1 | -1} */ by) => {
    if (!state?.data.nats.length) return;
    state.kept = clamp(state.kept + by, 1, state.nodes.length - 1);
    look(root, state, state.kept);
    find(root, ".spoken").textContent = find(root, ".expected .caption").textContent;
  };
  onKeys(box, along(step));
  /** @type {(kind: string, act: (state: State, i: number) => unknown) => void} */
  const on = (kind, act) =>
    box.addEventListener(kind, ({ target }) => {
      const i = state?.nodes.findIndex((node) => node.contains(/** @type {Node} */ (target))) ?? -1;
      if (state && i > 0) act(state, i);
    });
  on("pointerover", (now, i) => i !== now.looked && look(root, now, i));
  on("click", (now, i) => {
    now.kept = i;
    look(root, now, i);
    page.drawn();
  });
  box.addEventListener("pointerleave", () => state?.data.nats.length && look(root, state, state.kept));
  return {
    receive(/** @type {SurpriseData} */ data) {
      if (data.pass_key === state?.data.pass_key) return;
      state = draw(root, data);
    },
  };
});

/**
 * @param {HTMLElement} root
 * @param {SurpriseData} data
 * @returns {State}
 */
function draw(root, data) {
  const words = labels(data.pieces);
  const worst = Math.max(...data.nats);
  const top = Math.max(worst, ...data.entropy, 1);
  const nodes = data.nats.length
    ? words.map((word, i) => bar(word, i, data.nats[i - 1], data.entropy[i - 1], top))
    : [];
  const kept = data.nats.indexOf(worst) + 1;
  const state = { data, words, nodes, kept, looked: kept };
  find(root, ".text").replaceChildren(...nodes);
  find(root, ".finding").replaceChildren(...finding(state));
  find(root, ".sums").replaceChildren(...stats(data).map(statistic));
  if (nodes.length) look(root, state, state.kept);
  else find(root, ".expected").replaceChildren();
  return state;
}

/** @param {State} state */
function finding({ data, words, kept }) {
  if (!data.nats.length)
    return ["The first token has nothing before it, so the model did not predict it. Type a second one."];
  const nats = data.nats[kept - 1];
  const word = make("b", { class: "negative" }, quote(words[kept]));
  return [word, ` has the highest loss, ${number(nats)} nats: the model gave it ${odds(nats)}`];
}

/**
 * @param {string} word
 * @param {number} i its place
 * @param {number | undefined} nats none for the first
 * @param {number | undefined} entropy in its place
 * @param {number} top the height of a whole bar
 */
function bar(word, i, nats, entropy, top) {
  const said = nats === undefined ? "the first" : `${number(nats)} nats`;
  const mark = entropy !== undefined && make("u", { style: `bottom:${(100 * entropy) / top}%` });
  return make(
    "div",
    { id: `word-${i}`, class: "word", role: "option", "aria-label": `${word}, ${said}` },
    make("span", { class: "bar" }, make("i", { style: `height:${(100 * (nats ?? 0)) / top}%` }), mark),
    make("span", { class: "piece" }, word),
    make("span", { class: "bits" }, nats === undefined ? "first" : few(nats)),
  );
}

/** @param {import("./surprise_text.js").Stat} stat */
const statistic = ({ name, value, unit, said }) =>
  make("div", {}, make("dt", {}, name), make("dd", {}, make("b", {}, value, make("small", {}, ` ${unit}`)), said));

/**
 * What was expected in a word's place.
 * @param {HTMLElement} root
 * @param {State} state
 * @param {number} i
 */
function look(root, state, i) {
  const { data, words, nodes } = state;
  state.looked = i;
  for (const [j, node] of nodes.entries()) {
    node.classList.toggle("here", j === i);
    node.setAttribute("aria-selected", String(j === i));
  }
  find(root, ".text").setAttribute("aria-activedescendant", `word-${i}`);
  const [nats, rank, expected] = [data.nats[i - 1], data.ranks[i - 1], data.expected[i - 1]];
  const lines = expected.map(([piece, p], r) => candidate(piece, p, r === rank && "came"));
  if (rank >= expected.length) lines.push(candidate(data.pieces[i], Math.exp(-nats), "came"));
  find(root, ".expected").replaceChildren(
    make("h4", {}, "The model’s prediction after ", quote(words[i - 1])),
    make("div", { class: "list" }, lines),
    make("p", { class: "caption" }, `${surpriseLine(words[i], rank, nats)}. ${entropyLine(data.entropy[i - 1], nats)}`),
  );
}
