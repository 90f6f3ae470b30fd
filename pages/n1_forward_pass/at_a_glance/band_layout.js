// @ts-check
// Where the band's columns and cells stand: a column is a layer, a cell a head.

import { clamp, range, sum } from "../../../ui/kit/arithmetic.js";

/** @import { Box } from "./layout.js" */

const LARGEST = 34; // pixels of a cell
const SMALLEST = 6;
const APART = 3;
const WIDER = 3; // times, of the column under the pointer
const ENLARGED = 40; // pixels of a cell there, at most

/**
 * `per`: heads side by side in a column.
 * @typedef {{layers: number, heads: number, left: number, width: number, per: number, rows: number, cell: number}} Grid
 */
/** @typedef {{left: number, width: number}} Span */

/**
 * The largest cells that fit: heads stand in whole rows, one below the other where layers are many.
 * @param {{width: number, height: number, left: number}} room `left` is kept free for the labels
 * @param {number} layers
 * @param {number} heads
 * @returns {Grid}
 */
export function grid({ width, height, left }, layers, heads) {
  const column = (width - left) / layers;
  const fitting = range(heads)
    .map((k) => k + 1)
    .filter((per) => heads % per === 0)
    .map((per) => {
      const rows = heads / per;
      return { per, rows, cell: Math.floor(Math.min((column - 5) / per, height / rows, LARGEST + APART) - APART) };
    });
  const best = fitting.reduce((a, b) => (b.cell > a.cell ? b : a));
  return { layers, heads, left, width, ...best, cell: Math.max(best.cell, SMALLEST) };
}

/**
 * The columns, of which one may be wider: its neighbours give way.
 * @param {Grid} g
 * @param {number | null} wide the layer under the pointer
 * @param {number} share of its growth that has happened
 * @returns {Span[]}
 */
export function columns({ layers, left, width }, wide, share) {
  const even = (width - left) / layers;
  const most = Math.min(WIDER * even, ENLARGED + even);
  const grown = wide === null || layers < 9 ? even : even + (most - even) * share;
  const other = layers > 1 ? (width - left - grown) / (layers - 1) : even;
  let x = left;
  return range(layers).map((l) => {
    const span = { left: x, width: l === wide ? grown : wide === null ? even : other };
    x += span.width;
    return span;
  });
}

/**
 * The cell of a head in its column.
 * @param {Grid} g
 * @param {Span} column
 * @param {number} head
 * @returns {Box}
 */
export function cell({ per, rows, cell: size }, column, head) {
  const pitch = size + APART;
  const wide = clamp((column.width - 5) / per - APART, 2, size);
  const left = column.left + (column.width - per * (wide + APART) + APART) / 2 + (head % per) * (wide + APART);
  return { left, top: Math.floor(head / per) * pitch, width: wide, height: Math.min(size, rows * pitch) };
}

/**
 * The height of all cells.
 * @param {Grid} g
 */
export const cellsHeight = ({ rows, cell: size }) => rows * (size + APART);

/**
 * The layer and head at a place.
 * @param {Grid} g
 * @param {readonly Span[]} spans
 * @param {number} x
 * @param {number} y
 */
export function at(g, spans, x, y) {
  const layer = spans.findIndex(({ left, width }) => x >= left && x < left + width);
  if (layer < 0) return null;
  const { width } = cell(g, spans[layer], 0);
  const first = cell(g, spans[layer], 0).left;
  const across = clamp(Math.floor((x - first) / (width + APART)), 0, g.per - 1);
  const down = Math.floor(y / (g.cell + APART));
  const head = down >= 0 && down < g.rows ? down * g.per + across : null;
  return { layer, head };
}

/**
 * The neighbour in a direction: along the layers, or among a layer's heads.
 * @param {Grid} g
 * @param {{layer: number, head: number}} from
 * @param {string} key
 */
export function neighbour({ layers, heads, per }, { layer, head }, key) {
  const column = head % per;
  const moves = /** @type {Record<string, () => {layer: number, head: number}>} */ ({
    ArrowUp: () => ({ layer, head: head - per >= 0 ? head - per : head }),
    ArrowDown: () => ({ layer, head: head + per < heads ? head + per : head }),
    ArrowRight: () => (column + 1 < per ? { layer, head: head + 1 } : { layer: layer + 1, head: head - column }),
    ArrowLeft: () => (column > 0 ? { layer, head: head - 1 } : { layer: layer - 1, head: head + per - 1 }),
  });
  const to = moves[key]?.();
  return to && to.layer >= 0 && to.layer < layers ? to : null;
}

/**
 * Where the words below the columns stand: equal neighbours share one place, and a word that is wider than its
 * columns takes what the others leave. Where there is no room for all, each keeps to its own columns.
 * @param {readonly string[]} words
 * @param {readonly Span[]} spans of their columns
 * @param {(word: string) => number} widthOf
 * @returns {Span[]} of each word; a repeated one has the same as the first
 */
export function wordPlaces(words, spans, widthOf) {
  const runs = runsOf(words);
  const needs = runs.map(([from]) => widthOf(words[from]));
  const edges = [...runs.map(([from]) => spans[from].left), endOf(spans[spans.length - 1])];
  const last = runs.length;
  if (sum(needs) <= edges[last] - edges[0]) {
    for (const r of range(last - 1)) edges[r + 1] = Math.max(edges[r + 1], edges[r] + needs[r]);
    for (const r of range(last - 1).reverse()) edges[r + 1] = Math.min(edges[r + 1], edges[r + 2] - needs[r + 1]);
  }
  return runs.flatMap(([from, to], r) =>
    range(to - from + 1).map(() => ({ left: edges[r], width: edges[r + 1] - edges[r] })),
  );
}

/** @param {Span} span */
const endOf = ({ left, width }) => left + width;

/**
 * From where to where a word repeats.
 * @param {readonly string[]} words
 */
function runsOf(words) {
  /** @type {[from: number, to: number][]} */
  const runs = [];
  words.forEach((word, i) => {
    const last = runs[runs.length - 1];
    if (last && word !== "" && words[i - 1] === word) last[1] = i;
    else runs.push([i, i]);
  });
  return runs;
}
