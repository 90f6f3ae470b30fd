// @ts-check
// What a search in the graph says in words.

import { count, number, percent } from "../../../ui/kit/format.js";
import { quote, visible } from "../../../ui/kit/words.js";
import { cosineText } from "./cosine_text.js";

/** @import { Segment } from "../../../ui/kit/elements.js" */
/**
 * The words in the order of their insertion, the highest level of each, each level's links as pairs of words.
 * @typedef {{ids: number[], pieces: string[], levels: number[], entry: number, m: number,
 *   links: [number, number][][], vocab_size: number}} GraphHeader
 */
/**
 * The word whose links are followed, those that it was compared with, the nearest so far.
 * @typedef {{level: number, node: number, compared: number[], found: number[]}} VisitData
 */
/**
 * The steps of a search, what it found without the token itself, the true nearest; `cosines` with all words.
 * @typedef {{id: number, piece: string, ef: number, visits: VisitData[], nearest: number[], true: number[],
 *   comparisons: number, cosines: number[]}} WalkHeader
 */
/** @typedef {{ef: number, recall: number, compared: number}} SightRow means over all words of the graph */
/** @typedef {{rows: SightRow[]}} SightHeader */

/**
 * @param {GraphHeader} graph
 * @param {number} node
 */
export const wordOf = ({ pieces }, node) => visible(pieces[node]);

/**
 * @param {GraphHeader} graph
 * @param {WalkHeader} walk
 * @returns {Segment[]}
 */
export function searchFinding(graph, walk) {
  const hits = walk.nearest.filter((node) => walk.true.includes(node)).length;
  return [
    "The search for ",
    ["attention", quote(visible(walk.piece))],
    ` compares ${count(walk.comparisons)} of ${count(graph.ids.length)} words and finds ${hits} of the ` +
      `${walk.true.length} nearest: ${walk.nearest.map((node) => wordOf(graph, node)).join(", ")}`,
  ];
}

/**
 * One step: 0 is the start.
 * @param {GraphHeader} graph
 * @param {WalkHeader} walk
 * @param {number} at
 */
export function stepTold(graph, walk, at) {
  const name = (/** @type {number} */ node) => quote(wordOf(graph, node));
  const cosine = (/** @type {number} */ node) => cosineText(walk.cosines[node]);
  if (at === 0) {
    const top = walk.visits[0].level;
    return (
      `Start: ${name(graph.entry)} on level ${top} is where every search enters. Its cosine with ` +
      `${quote(visible(walk.piece))} is ${cosine(graph.entry)}.`
    );
  }
  const { level, node, compared, found } = walk.visits[at - 1];
  const best = found.find((each) => graph.ids[each] !== walk.id);
  const linked =
    compared.length === 1 ? "1 word that is linked to it" : `${compared.length} words that are linked to it`;
  const what = compared.length
    ? `${quote(visible(walk.piece))} is compared with ${linked}.`
    : "all words that are linked to it were compared before.";
  const nearest =
    best === undefined
      ? "Only the word itself is near so far."
      : `The nearest other word so far is ${name(best)}, with cosine ${cosine(best)}.`;
  return `Level ${level}, at ${name(node)}: ${what} ${nearest}${next(walk, at)}`;
}

/**
 * What follows a step.
 * @param {WalkHeader} walk
 * @param {number} at
 */
function next({ visits, ef }, at) {
  if (at === visits.length)
    return ` Each word still to visit is farther off than the ${ef} in sight, so the search ends.`;
  const [now, then] = [visits[at - 1].level, visits[at].level];
  return then < now ? ` No link leads nearer, so the search goes down to level ${then}.` : "";
}

/**
 * @param {GraphHeader} graph
 * @param {SightRow} row
 */
export const sightCells = ({ ids }, { compared, recall }) => [
  `${number(compared, 0)} of ${count(ids.length)}`,
  percent(recall),
];

/**
 * What a comparison with all would take.
 * @param {GraphHeader} graph
 */
export const allTold = ({ ids, vocab_size }) =>
  `To compare with every word takes ${count(ids.length)} comparisons here and misses none. Over the whole vocabulary ` +
  `it takes ${count(vocab_size)}, as for the map above. In so small a graph a search saves little; the part that is ` +
  "compared falls as the graph grows.";

/**
 * @param {GraphHeader} graph
 * @param {WalkHeader} walk
 */
export function describedLevels({ levels, pieces }, walk) {
  const words = `${count(pieces.length)} words on ${Math.max(...levels) + 1} levels`;
  return `Graph of ${words}, with the way of the search for ${quote(visible(walk.piece))}.`;
}
