// @ts-check
// The residual streams of a text: what the server sends, and what every picture of it reads there.

import { range, sum } from "../../../ui/kit/arithmetic.js";
import { number } from "../../../ui/kit/format.js";
import { slice } from "../../../ui/kit/tensors.js";
import { labels, quote, visible } from "../../../ui/kit/words.js";
import { streamOf } from "./residual_stream.js";

/** @typedef {import("../../../ui/kit/tensors.js").Tensor} Tensor */
/**
 * @template H, A
 * @typedef {import("../../../ui/kit/tensors.js").Packed<H, A>} Packed
 */
/** @typedef {import("./norm_steps.js").Norm} Norm */
/** @typedef {import("./residual_stream.js").WordStream} WordStream */

/**
 * @typedef {{run: string, pieces: string[], layer: number, token: number, n_layers: number, eps: number,
 *   position: string, norm: string, guesses: string[][], top: string[][]}} ResidualHeader
 */
/** @typedef {{added: Tensor, pushes: Tensor, gain: Tensor, guessed: Tensor, bias?: Tensor}} ResidualArrays */

/**
 * A station is one thing that is added: the embedding, then attention and MLP of each layer. The
 * final norm comes after the last, as station `stations`.
 * @typedef {Packed<ResidualHeader, ResidualArrays>
 *   & {labels: string[], words: WordStream[], stations: number, width: number}} Streams
 */
/** @typedef {"attention" | "mlp" | "other"} Kind */
/**
 * What is looked at: a word, and its push on the likeliest word's logit (0) or on its lead (1).
 * @typedef {{streams: Streams, token: number, target: number}} Look
 */

/**
 * @param {Packed<ResidualHeader, ResidualArrays>} sent
 * @returns {Streams}
 */
export function streamsOf({ header, arrays }) {
  const [stations, n, width] = arrays.added.shape;
  const vectors = (/** @type {number} */ token) => range(stations).map((k) => slice(arrays.added, k, token));
  const words = range(n).map((token) => streamOf(vectors(token)));
  return { header, arrays, labels: labels(header.pieces), words, stations, width };
}

/**
 * The length of a vector, to read.
 * @param {number} x
 */
export const size = (x) => number(x, 1);

/** @type {Record<Kind, string>} */
export const ROLES = { attention: "attention", mlp: "feed-forward", other: "residual" };

/**
 * @param {Streams} streams
 * @param {number} k a station
 * @returns {Kind}
 */
export function kindOf({ stations }, k) {
  if (k === 0 || k === stations) return "other";
  return k % 2 ? "attention" : "mlp";
}

/**
 * The layer of a sublayer's station, counted from 1.
 * @param {number} k
 */
export const layerOf = (k) => Math.ceil(k / 2);

/** @param {number} k */
export const sublayer = (k) => `layer ${layerOf(k)}’s ${k % 2 ? "attention" : "MLP"}`;

/** @param {Look} look */
export const word = ({ streams, token }) => streams.words[token];

/** @param {Look} look */
export const said = ({ streams, token }) => quote(streams.labels[token]);

/**
 * Whether the embedding is a sum, too.
 * @param {Streams} streams
 */
export const summed = ({ header }) => ["learned", "sinusoidal"].includes(header.position);

/**
 * One of the two likeliest next words.
 * @param {Look} look
 * @param {number} i
 */
export const top = ({ streams, token }, i) => quote(visible(streams.header.top[token][i]));

/**
 * What the model would guess after a layer, and with which probability.
 * @param {Look} look
 * @param {number} layer
 */
export const guess = ({ streams, token }, layer) => ({
  piece: streams.header.guesses[layer][token],
  chance: slice(streams.arrays.guessed, layer)[token],
});

/**
 * From which layer on the guess is the final one.
 * @param {Look} look
 */
export function settled(look) {
  let layer = look.streams.header.n_layers - 1;
  while (layer > 0 && guess(look, layer - 1).piece === guess(look, layer).piece) layer--;
  return layer;
}

/**
 * What each station, the final norm's bias among them, gives to what `look.target` names.
 * @param {Look} look
 */
export function pushes({ streams, token, target }) {
  const given = (/** @type {number} */ i, /** @type {number} */ k) => slice(streams.arrays.pushes, i, k)[token];
  return range(streams.stations + 1).map((k) => (target ? given(0, k) - given(1, k) : given(0, k)));
}

/** @param {Look} look */
export const pushed = (look) => sum(pushes(look));

/**
 * The norm that reads the stream after station k.
 * @param {Streams} streams
 * @param {number} k
 * @returns {Norm}
 */
export function normAfter({ header, arrays }, k) {
  const { gain, bias } = arrays;
  const centres = header.norm === "layer_norm";
  return { centres, eps: header.eps, gain: slice(gain, k), bias: bias && slice(bias, k) };
}
