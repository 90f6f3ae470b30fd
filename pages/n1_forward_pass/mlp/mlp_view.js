// @ts-check
// What the board shows: one pass, and where the reader looks in it.

import { range } from "../../../ui/kit/arithmetic.js";
import { quote } from "../../../ui/kit/words.js";
import { vector } from "./mlp_pass.js";

/** @typedef {import("./mlp_pass.js").MlpPass} MlpPass */
/** @typedef {{token: number, neuron: number}} Cell */
/**
 * `isSorted`: neurons by pre-activation in `sequence`; `ofSentence`: whether the sheet's `columns` are the
 * strongest of the sentence, else of the token; `isBright`: each row by its own largest value; `cell`: the
 * size of one in px; `hover`: the cell pointed at.
 * @typedef {{pass: MlpPass, layer: number, token: number, neuron: number, isSorted: boolean, ofSentence: boolean,
 *   isBright: boolean, hover: Cell | null, sequence: number[], columns: number[],
 *   cell: {w: number, h: number}}} MlpView
 */

/** @type {Record<string, string>} */
const CALLED = { relu: "ReLU", gelu: "GELU", gelu_tanh: "GELU", swiglu: "SiLU" };

/** @param {MlpView} view */
export const actName = ({ pass }) => CALLED[pass.header.activation];

/**
 * @param {MlpView} view
 * @param {number} neuron
 */
export const neuronName = ({ layer }, neuron) => `${layer + 1}.${neuron + 1}`;

/**
 * @param {MlpView} view
 * @param {number} token
 */
export const quoted = ({ pass }, token) => quote(pass.labels[token]);

/**
 * The order of the neurons in the strips.
 * @param {MlpView} view
 */
export function neuronOrder({ pass, layer, token, isSorted }) {
  const order = range(pass.header.d_ff);
  const pre = vector(pass, "pre", layer, token);
  return isSorted ? order.sort((i, j) => pre[j] - pre[i]) : order;
}
