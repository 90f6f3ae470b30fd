// @ts-check
// What the board says of a token's neurons, and of one of them.

import { ACTIVATIONS, largest } from "../../../ui/kit/arithmetic.js";
import { count, number, printed, relation } from "../../../ui/kit/format.js";
import { slice } from "../../../ui/kit/tensors.js";
import { hidden, neuronSteps, placeOf, portraitRow, strongest, vector } from "./mlp_pass.js";
import { actName, neuronName, quoted } from "./mlp_view.js";
import { loud, match } from "./neurons.js";

/** @typedef {import("../../../ui/kit/elements.js").Segment} Segment */
/** @typedef {import("./mlp_view.js").MlpView} MlpView */

/**
 * @param {MlpView} view
 * @returns {Segment[]}
 */
export function finding(view) {
  const { pass, layer, token } = view;
  const { d_ff } = pass.header;
  const activations = hidden(pass, layer, token);
  const [top] = strongest(pass, layer, token);
  const quiet = `${count(d_ff - loud(activations))} of layer ${layer + 1}’s ${count(d_ff)} neurons`;
  return [
    `On ${quoted(view, token)}, `,
    ["feed-forward", `neuron ${neuronName(view, top)}`],
    ` is the strongest: its activation is ${number(activations[top])}. ${quiet} stay below a tenth of that size.`,
  ];
}

/**
 * That no token reads another.
 * @param {MlpView} view
 * @returns {Segment[]}
 */
export function alone(view) {
  const { pass, layer, token } = view;
  const { header, arrays, n } = pass;
  const [rest] = slice(arrays.alone, ...placeOf(pass, layer, token));
  const top = largest(vector(pass, "output", layer, token));
  const exact = rest === 0 ? "exactly" : `but for rounding (${number(rest)}; the largest is ${number(top)})`;
  const others = " Other tokens matter only through attention, before this.";
  return [
    ["ink", "Each token by itself. "],
    `Given the vector of ${quoted(view, token)} alone, the network returns the same `,
    `${header.d_model} numbers, ${exact}.${n > 1 ? others : ""}`,
  ];
}

/**
 * From a neuron's pre-activation to its activation.
 * @param {MlpView} view
 * @param {number} token
 * @param {number} neuron
 * @returns {Segment[]}
 */
export function activation(view, token, neuron) {
  const { pass, layer } = view;
  const { pre, up, hidden: shown } = neuronSteps(pass, layer, token, neuron);
  const formula = up === undefined ? bent(view, pre, shown) : gatedProduct(pre, up, shown);
  return [
    ["feed-forward", `Neuron ${neuronName(view, neuron)}`],
    " on ",
    ["ink", quoted(view, token)],
    `: ${formula} `,
    ["feed-forward", number(shown)],
  ];
}

/**
 * @param {MlpView} view
 * @param {number} pre
 * @param {number} shown
 */
function bent(view, pre, shown) {
  const f = ACTIVATIONS[/** @type {import("./neurons.js").Activation} */ (view.pass.header.activation)];
  return `${actName(view)}(${number(pre)}) ${relation(f(printed(pre)), shown)}`;
}

/**
 * @param {number} pre
 * @param {number} up
 * @param {number} shown
 */
function gatedProduct(pre, up, shown) {
  const gate = ACTIVATIONS.swiglu(pre);
  const first = `SiLU(${number(pre)}) × ${number(up)} ${relation(ACTIVATIONS.swiglu(printed(pre)), gate)}`;
  return `${first} ${number(gate)} × ${number(up)} ${relation(printed(gate) * printed(up), shown)}`;
}

/**
 * Where a neuron's pre-activation comes from, and how much it writes.
 * @param {MlpView} view
 * @param {number} token
 * @param {number} neuron
 */
export function readingAndWriting(view, token, neuron) {
  const { pass, layer } = view;
  const row = portraitRow(pass, layer, neuron);
  if (row === undefined) return "Click to see what it writes.";
  const [w, b, gw, gb, down] = slice(pass.arrays.weights, row);
  const x = slice(pass.arrays.x_size, pass.header.layers.indexOf(layer))[token];
  const { pre, up, hidden: h } = neuronSteps(pass, layer, token, neuron);
  const read =
    up === undefined
      ? `x·w${b ? " + b" : ""} = ${product({ value: pre, bias: b, x, w })}. `
      : `Gate x·w = ${product({ value: pre, bias: b, x, w })}; up x·w = ` +
        `${product({ value: up, bias: gb, x, w: gw })}. `;
  const length = `That row is ${number(down)} long, so the addition is ≈ ${number(Math.abs(h) * down, 1)} long`;
  return `${read}It adds ${number(h)} × its row of W_down. ${length}.`;
}

/** @param {Parameters<typeof match>[0]} parts */
function product(parts) {
  const { value, bias, x, w } = parts;
  const added = bias ? ` ${bias < 0 ? "−" : "+"} ${number(Math.abs(bias))}` : "";
  return `|x| ${number(x, 1)} × |w| ${number(w)} × cosine ${number(match(parts), 3)}${added} ≈ ${number(value)}`;
}

/**
 * What the direct path from this layer leaves out.
 * @param {MlpView} view
 */
export function beyond({ pass, layer }) {
  const { n_layers } = pass.header;
  const after = n_layers - 1 - layer;
  if (after === 0) return "After the last layer there is no other path.";
  const above = after === 1 ? "layer above makes" : `${after} layers above make`;
  const early = 2 * after >= n_layers ? " From a layer this early, that leaves out much." : "";
  return `This is the direct path only: what the ${above} of it is left out.${early}`;
}
