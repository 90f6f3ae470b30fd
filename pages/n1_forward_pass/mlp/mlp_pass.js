// @ts-check
// One pass through the feed-forward networks: what the server sent, by layer, token and neuron.

import { range } from "../../../ui/kit/arithmetic.js";
import { slice, unpack } from "../../../ui/kit/tensors.js";
import { labels } from "../../../ui/kit/words.js";
import { activated } from "./neurons.js";

/**
 * @template {import("../../../ui/kit/tensors.js").Numbers} [V=Float32Array]
 * @typedef {import("../../../ui/kit/tensors.js").Tensor<V>} Tensor
 */
/**
 * @typedef {{pass_key: string, pieces: string[], layer: number, token: number, neuron: number | null,
 *   layers: number[], tokens: number[], n_layers: number, d_model: number, d_ff: number, activation: string,
 *   bias: boolean,   block: string, effects: number, names: Record<string, string>, probes: string[][]}} MlpHeader
 */
/**
 * @typedef {{x: Tensor, pre: Tensor, up?: Tensor, output: Tensor, stream: Tensor, scale: Tensor,
 *   x_size: Tensor, alone: Tensor}} MlpSteps
 */
/**
 * @typedef {{listed: Tensor<Int32Array>, weights: Tensor, effect_ids: Tensor<Int32Array>, effects: Tensor,
 *   context_at?: Tensor<Int32Array>, context?: Tensor, listed_pre?: Tensor, listed_up?: Tensor}} NeuronPortraits
 */
/** @typedef {import("../../../ui/kit/tensors.js").Packed<MlpHeader, MlpSteps & NeuronPortraits>} MlpMessage */
/**
 * `rows`: where the portrait of a "layer,neuron" stands; `known`: activations that were worked out.
 * @typedef {MlpMessage & {n: number, labels: string[], isGated: boolean, rows: ReadonlyMap<string, number>,
 *   known: Map<string, Float32Array>}} MlpPass
 */

/**
 * @param {Uint8Array} bytes
 * @returns {MlpPass}
 */
export function mlpPass(bytes) {
  const { header, arrays } = /** @type {MlpMessage} */ (unpack(bytes));
  const { listed } = arrays;
  return {
    header,
    arrays,
    n: header.pieces.length,
    labels: labels(header.pieces),
    isGated: header.activation === "swiglu",
    rows: new Map(range(listed.shape[0]).map((i) => [String(slice(listed, i)), i])),
    known: new Map(),
  };
}

/**
 * Whether the vectors of a token in a layer are here.
 * @param {MlpPass} pass
 * @param {number} layer
 * @param {number} token
 */
export const hasVectors = ({ header }, layer, token) => header.layers.includes(layer) && header.tokens.includes(token);

/**
 * Where a token in a layer stands among the vectors.
 * @param {MlpPass} pass
 * @param {number} layer
 * @param {number} token
 * @returns {[layer: number, token: number]}
 */
export const placeOf = ({ header }, layer, token) => [header.layers.indexOf(layer), header.tokens.indexOf(token)];

/**
 * One step of one token, as a vector.
 * @param {MlpPass} pass
 * @param {"x" | "pre" | "output" | "stream"} step
 * @param {number} layer
 * @param {number} token
 */
export const vector = (pass, step, layer, token) => slice(pass.arrays[step], ...placeOf(pass, layer, token));

/**
 * The ungated half of a token's neurons; nothing where there is no gate.
 * @param {MlpPass} pass
 * @param {number} layer
 * @param {number} token
 */
export const upVector = (pass, layer, token) => pass.arrays.up && slice(pass.arrays.up, ...placeOf(pass, layer, token));

/**
 * The activations of all neurons of a token whose vectors are here.
 * @param {MlpPass} pass
 * @param {number} layer
 * @param {number} token
 */
export function hidden(pass, layer, token) {
  const key = `${layer}.${token}`;
  const found = pass.known.get(key);
  if (found) return found;
  const made = activated(activationOf(pass), vector(pass, "pre", layer, token), upVector(pass, layer, token));
  pass.known.set(key, made);
  return made;
}

/** @param {MlpPass} pass */
const activationOf = ({ header }) => /** @type {import("./neurons.js").Activation} */ (header.activation);

/**
 * The steps of one neuron on one token: of any neuron where the token's vectors are here, else of one with
 * a portrait.
 * @param {MlpPass} pass
 * @param {number} layer
 * @param {number} token
 * @param {number} neuron
 * @returns {{pre: number, up: number | undefined, hidden: number}}
 */
export function neuronSteps(pass, layer, token, neuron) {
  if (hasVectors(pass, layer, token)) {
    const up = upVector(pass, layer, token)?.[neuron];
    return { pre: vector(pass, "pre", layer, token)[neuron], up, hidden: hidden(pass, layer, token)[neuron] };
  }
  const { listed_pre, listed_up } = pass.arrays;
  const row = portraitRow(pass, layer, neuron);
  if (row === undefined || !listed_pre) throw new Error(`neuron ${layer}.${neuron} was not sent`);
  const pre = slice(listed_pre, row).subarray(token, token + 1);
  const up = listed_up && slice(listed_up, row).subarray(token, token + 1);
  return { pre: pre[0], up: up?.[0], hidden: activated(activationOf(pass), pre, up)[0] };
}

/**
 * One neuron's activation over all tokens.
 * @param {MlpPass} pass
 * @param {number} layer
 * @param {number} neuron
 */
export const overTokens = (pass, layer, neuron) =>
  range(pass.n).map((token) => neuronSteps(pass, layer, token, neuron).hidden);

/**
 * Where a neuron's portrait stands, if it was sent.
 * @param {MlpPass} pass
 * @param {number} layer
 * @param {number} neuron
 */
export const portraitRow = ({ rows }, layer, neuron) => rows.get(`${layer},${neuron}`);

/**
 * The neurons of a layer that were sent with a portrait, the largest activation first: of one token, or of
 * the whole sentence.
 * @param {MlpPass} pass
 * @param {number} layer
 * @param {number | null} token null: of all tokens
 */
export function strongest(pass, layer, token) {
  const { listed } = pass.arrays;
  const pairs = range(listed.shape[0]).map((i) => slice(listed, i));
  const neurons = pairs.filter((pair) => pair[0] === layer).map((pair) => pair[1]);
  const rows = token === null ? range(pass.n) : [token];
  const sizes = new Map(
    neurons.map((neuron) => [
      neuron,
      Math.max(...rows.map((t) => Math.abs(neuronSteps(pass, layer, t, neuron).hidden))),
    ]),
  );
  return neurons.sort((a, b) => (sizes.get(b) ?? 0) - (sizes.get(a) ?? 0));
}
