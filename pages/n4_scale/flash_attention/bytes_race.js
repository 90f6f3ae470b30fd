// @ts-check
// Both ways beside each other: what they have moved so far, and what they move in all.

import { sum } from "../../../ui/kit/arithmetic.js";
import { find, make, rich } from "../../../ui/kit/elements.js";
import { memory } from "../../../ui/kit/format.js";
import { moved } from "./tile_words.js";
import { added, BYTES, bytesOf, PARTS, standardMoves, tiledMoves } from "./traffic.js";

/** @import { Move, Part } from "./traffic.js" */
/** @import { Scene } from "./tile_scene.js" */

/** @type {Record<Part, string>} */
const NAMES = { q: "Q", k: "K", v: "V", scores: "S, the scores", weights: "P, the weights", output: "O, the output" };
const LETTERS = { q: "Q", k: "K", v: "V", scores: "S", weights: "P", output: "O" };
const WIDEST = 100; // percent
const ROOM = 4.5; // percent of the bar that a letter needs
const EDGE = 1; // and an edge

/**
 * @param {HTMLElement} root
 * @param {Scene} scene
 */
export function drawBytes(root, { words, header, choice }) {
  const n = words.length;
  const standard = standardMoves(n, header.d_head);
  const steps = tiledMoves(n, header.d_head, choice.size);
  const tiled = steps.flat();
  const [all, other] = [bytesOf(tiled), bytesOf(standard)];
  const soFar = bytesOf(steps.slice(0, choice.at + 1).flat());
  find(root, ".moved").replaceChildren(...rich(moved(n, choice.size, all, other)));
  const longest = Math.max(all, other);
  find(root, ".race").replaceChildren(
    runner("tiled way", tiled, { soFar, longest }),
    runner("standard way", standard, { soFar: Math.min(soFar, other), longest }),
  );
  find(root, ".parts").replaceChildren(...table(standard, tiled));
}

/**
 * One way as a bar of its moves in their order; what is still to come is pale.
 * @param {string} name
 * @param {Move[]} moves
 * @param {{soFar: number, longest: number}} at bytes moved, bytes of the longer bar
 */
function runner(name, moves, { soFar, longest }) {
  const all = bytesOf(moves);
  const width = (/** @type {number} */ bytes) => (WIDEST * bytes) / longest;
  const pieces = moves.map(({ part, numbers, writes }) => {
    const share = width(BYTES * numbers);
    const title = `${writes ? "write" : "read"} ${NAMES[part]}: ${memory(BYTES * numbers)}`;
    return make(
      "i",
      { class: `${part} ${share > EDGE ? "edged" : ""}`, style: `width: ${share}%`, title },
      share > ROOM && LETTERS[part],
    );
  });
  return make(
    "div",
    { class: "runner" },
    make("b", {}, name),
    make(
      "div",
      {
        class: "track",
        role: "img",
        "aria-label": `The ${name} moves ${memory(all)} in all, ${memory(soFar)} so far.`,
      },
      ...pieces,
      make("span", { class: "coming", style: `left: ${width(soFar)}%; width: ${width(all - soFar)}%` }),
    ),
    make("span", { class: "so-far-bytes" }, make("b", {}, memory(soFar)), ` of ${memory(all)}`),
  );
}

/**
 * Bytes by what they are.
 * @param {Move[]} standard
 * @param {Move[]} tiled
 */
function table(standard, tiled) {
  const ways = [added(tiled), added(standard)];
  const cells = (/** @type {string} */ kind, /** @type {(string | false)[]} */ texts) =>
    make("tr", { class: kind }, ...texts.map((text, i) => make(i ? "td" : "th", i ? {} : { scope: "row" }, text)));
  const bytes = (/** @type {number} */ numbers) => (numbers ? memory(BYTES * numbers) : "never");
  return [
    make("tr", {}, ...["read or written", "tiled", "standard"].map((text) => make("th", { scope: "col" }, text))),
    ...PARTS.map((part) => cells(part, [NAMES[part], ...ways.map((way) => bytes(way[part]))])),
    cells("total", ["in all", ...ways.map((way) => bytes(sum(Object.values(way))))]),
  ];
}
