// @ts-check
// The residual streams of a text: what the server sends, and what every picture of it reads there.

import { range, sum } from "../../../ui/kit/arithmetic.js";
import { number } from "../../../ui/kit/format.js";
import { slice, unpack } from "../../../ui/kit/tensors.js";
import { labels, quote, visible } from "../../../ui/kit/words.js";
import { streamOf } from "./residual_stream.js";

/**
 * @template {import("../../../ui/kit/tensors.js").Numbers} [V=Float32Array]
 * @typedef {import("../../../ui/kit/tensors.js").Tensor<V>} Tensor
 */
/**
 * @template H, A
 * @typedef {import("../../../ui/kit/tensors.js").Packed<H, A>} Packed
 */
/** @typedef {import("./norm_steps.js").Norm} Norm */
/** @typedef {import("./residual_stream.js").WordStream} WordStream */

/** @typedef {{token: number, first: number, last: number, length: number, others: number}} Massive */
/**
 * @typedef {{run: string, pieces: string[], layer: number, token: number, n_layers: number, eps: number,
 *   position: string, norm: string, sent: number[], vectors: string, sentence: Record<string, string>,
 *   guesses: string[][],   top: string[][], massive: Massive | null}} ResidualHeader
 */
/** @typedef {{lengths: Tensor, pushes: Tensor, gain: Tensor, bias?: Tensor}} ResidualArrays */
/** @typedef {{sent: number[], guesses: string[][]}} WordHeader */
/** @typedef {{added: Tensor, guessed: Tensor, rest: Tensor, rest_at: Tensor<Int32Array>}} WordVectors */
/** @typedef {WordStream & {guesses: {piece: string, chance: number}[]}} Word */

/**
 * A station is one thing that is added: the embedding, then attention and MLP of each layer. The
 * final norm comes after the last, as station `stations`. `words`: those whose vectors are here.
 * @typedef {Packed<ResidualHeader, ResidualArrays>
 *   & {labels: string[], words: Map<number, Word>, stations: number, width: number}} Streams
 */
/** @typedef {"attention" | "mlp" | "other"} Kind */
/**
 * What is looked at: a word, and its push on the likeliest word's logit (0) or on its lead (1).
 * @typedef {{streams: Streams, token: number, target: number}} Look
 */

/**
 * @param {Packed<ResidualHeader, ResidualArrays & WordVectors>} message
 * @returns {Streams}
 */
export function streamsOf({ header, arrays }) {
  const [stations, , width] = arrays.added.shape;
  return { header, arrays, labels: labels(header.pieces), words: wordsOf({ header, arrays }), stations, width };
}

/**
 * Another word of the same text, as it comes.
 * @param {Streams} streams
 * @param {Uint8Array} bytes
 */
export function addWord(streams, bytes) {
  const message = /** @type {Packed<WordHeader, WordVectors>} */ (unpack(bytes));
  for (const [token, word] of wordsOf(message)) streams.words.set(token, word);
}

/**
 * The words that were sent, by their tokens.
 * @param {Packed<WordHeader, WordVectors>} message
 * @returns {Map<number, Word>}
 */
function wordsOf({ header, arrays }) {
  const { added, guessed, rest, rest_at } = arrays;
  const vectors = header.sent.map((_, i) => range(added.shape[0]).map((k) => slice(added, k, i)));
  for (const m of range(rest.shape[0])) {
    const [k, i] = slice(rest_at, m);
    vectors[i][k] = vectors[i][k].map((x, j) => x + slice(rest, m)[j]);
  }
  return new Map(
    header.sent.map((token, i) => {
      const guesses = header.guesses.map((pieces, layer) => ({ piece: pieces[i], chance: slice(guessed, layer)[i] }));
      return [token, { ...streamOf(vectors[i]), guesses }];
    }),
  );
}

/**
 * The other words' lengths, station by station.
 * @param {Look} look
 */
export const otherLengths = ({ streams, token }) => {
  const { lengths } = streams.arrays;
  const others = range(lengths.shape[1]).filter((other) => other !== token);
  return others.map((other) => range(lengths.shape[0]).map((k) => slice(lengths, k)[other]));
};

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

/**
 * The word looked at; the board looks at those alone whose vectors are here.
 * @param {Look} look
 */
export const word = ({ streams, token }) => /** @type {Word} */ (streams.words.get(token));

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
export const guess = (look, layer) => word(look).guesses[layer];

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
