// @ts-check
// One head of causal attention, tile by tile, as transformer_core/tiled_attention.py does it; the tests
// hold both equal.

import { range, sum } from "../../../ui/kit/arithmetic.js";
import { slice } from "../../../ui/kit/tensors.js";

/** @import { Tensor } from "../../../ui/kit/tensors.js" */

/**
 * One head: its scores [query, key], its values and what its dense softmax made of them [token, d_head].
 * @typedef {{scores: Tensor, v: Tensor, mixed: Tensor}} HeadArrays
 */
/** @typedef {{from: number, to: number}} Span `to` is left out */
/** @typedef {{rows: Span, keys: Span}} Tile */
/**
 * What a row keeps: its highest score m, the sum l of e^(score − m), the sum o of e^(score − m) v.
 * @typedef {{m: number, l: number, o: number[]}} Kept
 */
/**
 * A row and one tile: what it kept before, the tile's scores and e^(score − m) of its keys, the
 * correction e^(m before − m), what it keeps now.
 * @typedef {{keys: Span, before: Kept, scores: number[], powers: number[], correction: number, after: Kept}} RowStep
 */

/**
 * 0 to n in spans of a size; the last one may be shorter.
 * @param {number} n
 * @param {number} size
 * @returns {Span[]}
 */
export const cut = (n, size) =>
  range(Math.ceil(n / size)).map((i) => ({ from: i * size, to: Math.min((i + 1) * size, n) }));

/**
 * Every tile in its order: rows stay while the keys pass by. Those that the mask hides are left out.
 * @param {number} n
 * @param {number} size
 * @returns {Tile[]}
 */
export const tilesOf = (n, size) =>
  cut(n, size).flatMap((rows) =>
    cut(n, size)
      .filter(({ from }) => from < rows.to)
      .map((keys) => ({ rows, keys })),
  );

/**
 * A row before its first tile.
 * @param {number} d
 * @returns {Kept}
 */
export const nothing = (d) => ({ m: -Infinity, l: 0, o: Array(d).fill(0) });

/**
 * One tile more.
 * @param {Kept} before
 * @param {Span} keys
 * @param {number[]} scores of these keys
 * @param {ArrayLike<number>[]} v of these keys
 * @returns {RowStep}
 */
export function step(before, keys, scores, v) {
  const m = Math.max(before.m, ...scores);
  const correction = Math.exp(before.m - m);
  const powers = scores.map((score) => Math.exp(score - m));
  const l = correction * before.l + sum(powers);
  const o = before.o.map((x, t) => correction * x + sum(powers.map((p, j) => p * v[j][t])));
  return { keys, before, scores, powers, correction, after: { m, l, o } };
}

/**
 * Row i, one step for each tile of keys that it sees.
 * @param {HeadArrays} head
 * @param {number} i
 * @param {number} size of a tile
 * @returns {RowStep[]}
 */
export function rowSteps({ scores, v }, i, size) {
  const row = slice(scores, i);
  let kept = nothing(v.shape[1]);
  return cut(i + 1, size).map((keys) => {
    const seen = range(keys.to - keys.from).map((j) => keys.from + j);
    const made = step(
      kept,
      keys,
      seen.map((j) => row[j]),
      seen.map((j) => slice(v, j)),
    );
    kept = made.after;
    return made;
  });
}

/**
 * o ÷ l
 * @param {Kept} kept
 */
export const output = ({ l, o }) => o.map((x) => x / l);

/**
 * The attention weights of a row after a step, as far as its keys have passed by.
 * @param {readonly RowStep[]} steps up to and with this one
 */
export function weightsSoFar(steps) {
  const { m, l } = steps[steps.length - 1].after;
  return steps.flatMap(({ scores }) => scores.map((score) => Math.exp(score - m) / l));
}

/**
 * The largest difference between the tiled output and the dense one, over all rows and numbers.
 * @param {HeadArrays} head
 * @param {number} size
 */
export function largestGap(head, size) {
  const gaps = range(head.v.shape[0]).flatMap((i) => {
    const dense = slice(head.mixed, i);
    const steps = rowSteps(head, i, size);
    return output(steps[steps.length - 1].after).map((x, t) => Math.abs(x - dense[t]));
  });
  return Math.max(...gaps);
}

/**
 * Where a row has most to correct: its smallest correction after the first tile; the first where there
 * is none.
 * @param {readonly RowStep[]} steps
 */
export function mostTelling(steps) {
  const later = steps.map(({ correction }, i) => (i ? correction : 1));
  return later.indexOf(Math.min(...later));
}

const MUCH = 0.9; // a correction below it is worth a look

/**
 * The last row that has something to correct; the last of all where none has.
 * @param {HeadArrays} head
 * @param {number} size
 */
export function tellingRow(head, size) {
  const n = head.v.shape[0];
  const found = range(n).filter((i) =>
    rowSteps(head, i, size).some(({ correction }, tile) => tile && correction < MUCH),
  );
  return found.length ? found[found.length - 1] : n - 1;
}
