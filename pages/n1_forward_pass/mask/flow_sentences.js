// @ts-check
// What the maps of what flows say in words.

import { range } from "../../../ui/kit/arithmetic.js";
import { number } from "../../../ui/kit/format.js";
import { quote } from "../../../ui/kit/words.js";
import { future, gradients, heard, nHeard } from "./flow_heard.js";

/** @typedef {import("../../../ui/kit/elements.js").Segment} Segment */
/** @typedef {import("./flow_heard.js").Flow} Flow */
/** @typedef {import("./flow_heard.js").PassName} PassName */

/**
 * What the gradient says of the cells above the diagonal.
 * @param {Flow} flow
 * @param {PassName} name
 */
export function futureFelt(flow, name) {
  const { n, rows } = flow;
  if (rows[name].size === 0) return "not computed yet";
  if (rows[name].size < n) return `${rows[name].size} of ${n} rows so far`;
  const { cells, felt } = future(flow, name);
  if (cells === 0) return "a single token has no future";
  return felt > 0
    ? `${felt} of ${cells} cells above the diagonal are not 0`
    : `all ${cells} cells above the diagonal are exactly 0`;
}

const tokens = (/** @type {number} */ k) => `${k} token${k === 1 ? "" : "s"}`;

/**
 * From how many tokens one has heard.
 * @param {Flow} flow
 * @param {number} token
 * @returns {Segment[]}
 */
export function hearing(flow, token) {
  const { arrays, header, words } = flow;
  const near = nHeard(flow, 0, token);
  const far = nHeard(flow, header.n_layers - 1, token);
  const itself = arrays.itself.values[token] === 1;
  const from = itself
    ? `hears from ${tokens(near)}, itself included,`
    : `looks at ${tokens(near - 1)} and keeps its own vector through the residual stream, so it hears from ${near}`;
  return [
    ["query", quote(words[token])],
    ` ${from} in one layer and from ${far} after ${header.n_layers} layers.${law(flow)}`,
  ];
}

/** @param {Flow} flow */
function law(flow) {
  const { n, header } = flow;
  const { window_size: size, n_layers: layers } = header;
  if (size > 0) {
    const span = (size - 1) * layers + 1;
    const limit = span > n ? `; your text has ${n}` : "";
    return ` A causal window of ${size} covers (${size} − 1) × ${layers} + 1 = ${span} tokens in all${limit}.`;
  }
  const most = Math.max(...range(n).map((query) => nHeard(flow, layers - 1, query)));
  return most < n ? ` No token hears from more than ${most} of ${n}.` : "";
}

/**
 * Of one pair of tokens.
 * @param {Flow} flow
 * @param {number} query
 * @param {number} key
 * @returns {Segment[]}
 */
export function pairHearing(flow, query, key) {
  const { header, words } = flow;
  const first = range(header.n_layers).find((layer) => heard(flow, layer, query)[key]);
  const figure = (/** @type {PassName} */ name) => {
    const gradient = gradients(flow, name, query)?.[key] ?? 0;
    return gradient === 0 ? "0, exactly" : number(gradient, 3);
  };
  const measured = flow.rows.other.has(query)
    ? ` Gradient: ${figure("trained")} as trained, ${figure("other")} under this mask.`
    : "";
  return [
    ["query", quote(words[query])],
    first === undefined ? " can never hear from " : ` can hear, from layer ${first + 1} on, from `,
    ["key", key === query ? "itself" : quote(words[key])],
    `.${measured}`,
  ];
}

/**
 * What the gradients take, and how far they are.
 * @param {Flow} flow
 * @param {boolean} isRunning
 */
export function workOf(flow, isRunning) {
  const { n, header, rows } = flow;
  if (isRunning) return `${rows.other.size} of ${n} rows`;
  const left = rows.other.size ? `${rows.other.size} of ${n} rows are there. ` : "";
  return `${left}Each row of both maps is a backward pass through all ${header.n_layers} layers.`;
}
