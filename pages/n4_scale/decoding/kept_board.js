// @ts-check
// One control of memory: keys and values for each head, for a group, for all, or one short vector.

import { range } from "../../../ui/kit/arithmetic.js";
import { check, radios, slider } from "../../../ui/kit/controls.js";
import { find, make, rich } from "../../../ui/kit/elements.js";
import { count, memory, number } from "../../../ui/kit/format.js";
import { mount } from "../../../ui/kit/mount.js";
import { KINDS, keptBytes } from "./kept.js";

/** @import { KeptData } from "./kept.js" */

/** @typedef {{shapes: KeptData[]}} KeptShapes */
/** @typedef {{root: HTMLElement, shapes: KeptData[], shape: number, kind: string, tokens: number}} Board */

const [SHORTEST, LONGEST, START] = [7, 17, 13]; // powers of two
const WIDEST = 62; // percent of the room
const FULL = "multi-head, grouped-query, multi-query, multi-head latent".split(", ");

export default mount((root) => {
  /** @type {Board} */
  const board = { root, shapes: [], shape: 0, kind: "", tokens: 2 ** START };
  find(root, ".length").append(
    slider({
      ...{ label: "Tokens kept", min: SHORTEST, max: LONGEST, step: 1, value: START },
      show: (to) => count(2 ** to),
      change: (to) => change(board, { tokens: 2 ** to }),
    }),
  );
  radios(
    find(root, ".kinds"),
    "Attention",
    KINDS.length,
    (i) => KINDS[i],
    (i) => change(board, { kind: KINDS[i] }),
  );
  return { receive: (/** @type {KeptShapes} */ data) => receive(board, data) };
});

/**
 * @param {Board} board
 * @param {KeptShapes} data
 */
function receive(board, { shapes }) {
  const isNew = board.shapes[0]?.title !== shapes[0].title;
  board.shapes = shapes;
  if (isNew) {
    radios(
      find(board.root, ".shapes"),
      "Model",
      shapes.length,
      (i) => shapes[i].title,
      (i) => change(board, { shape: i, kind: shapes[i].own }),
    );
    Object.assign(board, { shape: 0, kind: shapes[0].own });
  }
  draw(board);
}

/**
 * @param {Board} board
 * @param {Partial<Board>} to
 */
function change(board, to) {
  Object.assign(board, to);
  draw(board);
  find(board.root, ".spoken").textContent = find(board.root, ".finding").textContent;
}

/** @param {Board} board */
function draw({ root, shapes, shape: chosen, kind, tokens }) {
  const shape = shapes[chosen];
  check(find(root, ".shapes"), chosen);
  check(find(root, ".kinds"), KINDS.indexOf(kind));
  const bytes = keptBytes(shape, kind, tokens);
  const times = keptBytes(shape, "MHA", tokens) / bytes;
  const name = `${FULL[KINDS.indexOf(kind)]} attention (${kind})`;
  const condition = kind === shape.own ? "keeps" : "would keep";
  find(root, ".finding").replaceChildren(
    ...rich([
      `With ${name}, ${shape.title} ${condition} `,
      ["value", `${memory(keptBytes(shape, kind, 1))} of each token`],
      `: ${memory(bytes)} for ${count(tokens)} tokens`,
      times > 1 ? `. MHA would keep ${number(times, 1)} times as much` : "",
    ]),
  );
  drawHeads(root, shape, kind);
  drawSizes(root, shape, kind, tokens);
  find(root, ".source").textContent =
    `Sizes: ${shape.source}. Purple: the kind chosen above. Strong grey: the model’s own kind, where it is another. ` +
    "For models without MLA it has the proportions of DeepSeek-V2 (arXiv 2405.04434, section 2.1.4).";
}

/**
 * @param {HTMLElement} root
 * @param {KeptData} shape
 * @param {string} kind
 */
function drawHeads(root, shape, kind) {
  const { n_heads, kinds, latent, rope } = shape;
  const groups = kinds[kind].kv_heads || 1;
  const width = n_heads > 48 ? 7 : n_heads > 16 ? 11 : 22;
  const queries = () =>
    make(
      "div",
      { class: "queries", style: `--w:${width}px` },
      range(n_heads / groups).map(() => make("i")),
    );
  const keeps = () =>
    kind === "MLA"
      ? make(
          "div",
          { class: "latent", style: `--split:${latent}fr ${rope}fr` },
          make("i", { class: "c" }),
          make("i", { class: "r" }),
        )
      : make("div", { class: "keeps" }, make("i", { class: "k" }), make("i", { class: "v" }));
  const picture = find(root, ".heads-picture");
  picture.replaceChildren(...range(groups).map(() => make("div", { class: "group" }, queries(), keeps())));
  picture.setAttribute(
    "aria-label",
    `${n_heads} query heads, ${kind === "MLA" ? "one latent" : `${groups} key-value heads`}`,
  );
  const dot = (/** @type {string} */ role, /** @type {string} */ text) =>
    make("span", {}, make("i", { style: `background:var(--${role})` }), text);
  const below =
    kind === "MLA"
      ? [dot("attention", `latent vector, ${latent} numbers`), dot("key", `shared rotary key, ${rope}`)]
      : [dot("key", "key kept"), dot("value", "value kept")];
  const numbers = count(kinds[kind].numbers);
  find(root, ".said").replaceChildren(
    make("span", { class: "key-of" }, dot("query", "query head, not kept"), below),
    sentence(kind, groups, n_heads, numbers),
  );
}

/**
 * @param {string} kind
 * @param {number} groups
 * @param {number} heads
 * @param {string} numbers
 */
function sentence(kind, groups, heads, numbers) {
  const end = ` That is ${numbers} numbers of each token in each layer.`;
  if (kind === "MLA") return `Every head computes its keys and values from one kept vector.${end}`;
  if (groups === 1) return `All ${heads} query heads share one key and one value.${end}`;
  if (groups === heads) return `Each of the ${heads} query heads has a key and a value of its own.${end}`;
  return `Each of the ${groups} groups of ${heads / groups} query heads shares a key and a value.${end}`;
}

/**
 * @param {HTMLElement} root
 * @param {KeptData} shape
 * @param {string} kind
 * @param {number} tokens
 */
function drawSizes(root, shape, kind, tokens) {
  const most = Math.max(...KINDS.map((each) => keptBytes(shape, each, tokens)));
  find(root, ".sizes").replaceChildren(
    ...KINDS.map((each) => {
      const bytes = keptBytes(shape, each, tokens);
      const look = `size ${each === kind ? "here" : ""} ${each === shape.own ? "own" : ""}`;
      const bar = make("i", { style: `width:${(WIDEST * bytes) / most}%` });
      return make("div", { class: look }, make("span", {}, each), make("div", { class: "track" }, bar, memory(bytes)));
    }),
  );
}
