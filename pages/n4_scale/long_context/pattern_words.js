// @ts-check
// What the pattern board says.

import { quote } from "../../../ui/kit/words.js";

/** @import { Segment } from "../../../ui/kit/elements.js" */
/** @import { PatternName } from "./patterns.js" */

const tokens = (/** @type {number} */ n) => (n === 1 ? "1 token" : `${n} tokens`);
const layers = (/** @type {number} */ n) => (n === 1 ? "1 layer" : `${n} layers`);

/**
 * `seen`: whom the query looks at in the top layer, `heard`: from whom it can have heard; itself counts.
 * @param {{name: PatternName, word: string, query: number, width: number, top: number, seen: number, heard: number}} at
 * @returns {Segment[]}
 */
export function finding({ name, word, query, width, top, seen, heard }) {
  const all = query + 1;
  if (name === "full")
    return [`${quote(word)} looks at all ${tokens(all)} up to itself in every layer: nothing is out of reach`];
  if (name === "chunks" && query && query % width === 0)
    return [
      `${quote(word)} begins a chunk: of ${tokens(all)} it sees only itself, and `,
      ["negative", "no number of layers"],
      " brings the others back",
    ];
  /** @type {Segment[]} */
  const start = [
    `In layer ${top}, ${quote(word)} looks at `,
    ["key", `${seen} of ${tokens(all)}`],
    `. Through ${layers(top)} it can have heard from `,
  ];
  return heard === all ? [...start, ["value", `all ${all}`]] : [...start, ["negative", `only ${heard}`]];
}

/**
 * A pattern as a sentence names it.
 * @type {Record<PatternName, (width: number) => string>}
 */
export const PHRASES = {
  full: () => "full attention",
  sliding: (width) => `a window of ${width}`,
  chunks: (width) => `chunks of ${width}`,
  dilated: (width) => `a dilated window of ${width}`,
  growing: (width) => `growing gaps and a width of ${width}`,
  blocks: (width) => `blocks of ${width}`,
  mixed: (width) => `three windows of ${width} to one full layer`,
};

/**
 * @param {{pattern: string, before: {piece: string, p: string}, after: string, best: string,
 *   bestP: string}} run
 * @returns {Segment[]}
 */
export function modelFinding({ pattern, before, after, best, bestP }) {
  const word = quote(before.piece);
  return [
    `With all keys, the model gives ${word} a probability of `,
    ["query", before.p],
    `. With ${pattern} it gives ${word} `,
    ["negative", after],
    ...(best === before.piece ? [] : [`, and ${quote(best)} ${bestP}`]),
  ];
}
