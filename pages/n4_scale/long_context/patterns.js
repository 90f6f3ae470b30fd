// @ts-check
// Patterns of attention for long texts, as transformer_core/lens/layer_masks.py has them; all count from 0.

import { range, sum } from "../../../ui/kit/arithmetic.js";

/** @typedef {"full" | "sliding" | "chunks" | "dilated" | "growing" | "blocks" | "mixed"} PatternName */

export const PERIOD = 4;
const STEP = 2;

const isFullLayer = (/** @type {number} */ layer) => layer % PERIOD === PERIOD - 1;
const growingStep = (/** @type {number} */ layer) => 2 ** (layer % PERIOD);

/** @typedef {(query: number, key: number, width: number, layer: number) => boolean} Look */

/** @type {(query: number, key: number, width: number, step: number) => boolean} */
const dilated = (query, key, width, step) => query - key < width * step && (query - key) % step === 0;

/** @type {Record<PatternName, Look>} */
const LOOKS = {
  full: () => true,
  sliding: (query, key, width) => query - key < width,
  chunks: (query, key, width) => Math.floor(query / width) === Math.floor(key / width),
  dilated: (query, key, width) => dilated(query, key, width, STEP),
  growing: (query, key, width, layer) => dilated(query, key, width, growingStep(layer)),
  blocks: (query, key, width) => Math.floor(query / width) - Math.floor(key / width) <= 1 || key < width,
  mixed: (query, key, width, layer) => isFullLayer(layer) || query - key < width,
};

/**
 * Who may look at whom in a layer: 1 or 0, [query × key].
 * @param {PatternName} name
 * @param {number} n
 * @param {number} width
 * @param {number} layer
 */
export function layerMask(name, n, width, layer) {
  const mask = new Uint8Array(n * n);
  for (let query = 0; query < n; query++)
    for (let key = 0; key <= query; key++) mask[query * n + key] = Number(LOOKS[name](query, key, width, layer));
  return mask;
}

/**
 * From whom each token can have heard after so many layers: whoever those had heard from that it looks at.
 * @param {PatternName} name
 * @param {number} n
 * @param {number} width
 * @param {number} layers
 */
export function heardAfter(name, n, width, layers) {
  let heard = new Uint8Array(n * n);
  for (let i = 0; i < n; i++) heard[i * n + i] = 1;
  for (let layer = 0; layer < layers; layer++) heard = passedOn(layerMask(name, n, width, layer), heard, n);
  return heard;
}

/** @type {(mask: Uint8Array<ArrayBuffer>, heard: Uint8Array<ArrayBuffer>, n: number) => Uint8Array<ArrayBuffer>} */
function passedOn(mask, heard, n) {
  const next = heard.slice();
  for (let query = 0; query < n; query++)
    for (let via = 0; via < query; via++) {
      if (!mask[query * n + via]) continue;
      for (let key = 0; key <= via; key++) next[query * n + key] |= heard[via * n + key];
    }
  return next;
}

const fullPairs = (/** @type {number} */ n) => (n * (n + 1)) / 2;
const chunkPairs = (/** @type {number} */ n, /** @type {number} */ chunk) =>
  Math.floor(n / chunk) * fullPairs(chunk) + fullPairs(n % chunk);

/** @type {(n: number, width: number, step: number) => number} */
function dilatedPairs(n, width, step) {
  const growing = Math.min(n, width * step);
  const [rounds, rest] = [Math.floor(growing / step), growing % step];
  return step * fullPairs(rounds) + rest * (rounds + 1) + (n - growing) * width;
}

/** @type {Record<PatternName, (n: number, width: number, layer: number) => number>} */
const PAIRS = {
  full: fullPairs,
  sliding: (n, width) => dilatedPairs(n, width, 1),
  chunks: chunkPairs,
  dilated: (n, width) => dilatedPairs(n, width, STEP),
  growing: (n, width, layer) => dilatedPairs(n, width, growingStep(layer)),
  blocks: (n, width) => chunkPairs(n, width) + width * (Math.max(n - width, 0) + Math.max(n - 2 * width, 0)),
  mixed: (n, width, layer) => (isFullLayer(layer) ? fullPairs(n) : dilatedPairs(n, width, 1)),
};

/**
 * Pairs of query and key that the first layers look at.
 * @param {PatternName} name
 * @param {number} n
 * @param {number} width
 * @param {number} layers
 */
export const stackPairs = (name, n, width, layers) => sum(range(layers).map((layer) => PAIRS[name](n, width, layer)));
