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
 *   layers: number[], n_layers: number, d_model: number, d_ff: number, activation: string, bias: boolean,
 *   block: string, effects: number, names: Record<string, string>, probes: string[][]}} MlpHeader
 */
/**
 * @typedef {{x: Tensor, pre: Tensor, up?: Tensor, output: Tensor, stream: Tensor, scale: Tensor,
 *   alone: Tensor}} MlpSteps
 */
/**
 * @typedef {{listed: Tensor<Int32Array>, weights: Tensor, effect_ids: Tensor<Int32Array>, effects: Tensor,
 *   context_at: Tensor<Int32Array>, context: Tensor}} NeuronPortraits
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
 * One step of one token, as a vector.
 * @param {MlpPass} pass
 * @param {"x" | "pre" | "output" | "stream"} step
 * @param {number} layer
 * @param {number} token
 */
export const vector = ({ arrays, header }, step, layer, token) =>
  slice(arrays[step], header.layers.indexOf(layer), token);

/**
 * The ungated half of a token's neurons; nothing where there is no gate.
 * @param {MlpPass} pass
 * @param {number} layer
 * @param {number} token
 */
export const upVector = ({ arrays, header }, layer, token) =>
  arrays.up && slice(arrays.up, header.layers.indexOf(layer), token);

/**
 * The activations of a token's neurons.
 * @param {MlpPass} pass
 * @param {number} layer
 * @param {number} token
 */
export function hidden(pass, layer, token) {
  const key = `${layer}.${token}`;
  const found = pass.known.get(key);
  if (found) return found;
  const activation = /** @type {import("./neurons.js").Activation} */ (pass.header.activation);
  const made = activated(activation, vector(pass, "pre", layer, token), upVector(pass, layer, token));
  pass.known.set(key, made);
  return made;
}

/**
 * One neuron's activation over all tokens.
 * @param {MlpPass} pass
 * @param {number} layer
 * @param {number} neuron
 */
export const overTokens = (pass, layer, neuron) => range(pass.n).map((token) => hidden(pass, layer, token)[neuron]);

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
    neurons.map((neuron) => [neuron, Math.max(...rows.map((t) => Math.abs(hidden(pass, layer, t)[neuron])))]),
  );
  return neurons.sort((a, b) => (sizes.get(b) ?? 0) - (sizes.get(a) ?? 0));
}
