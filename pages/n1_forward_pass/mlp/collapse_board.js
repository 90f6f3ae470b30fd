// @ts-check
// One layer's network with its bend taken out, beside the network as trained: what two matrices do and
// one can do, and what no single matrix can. It shares a fragment with the knockout board, whose question
// at each new layer or token brings this board its numbers, too.

import { hear, recall } from "../../../ui/kit/address.js";
import { largest, norm } from "../../../ui/kit/arithmetic.js";
import { find, make, rich } from "../../../ui/kit/elements.js";
import { count, number, percent } from "../../../ui/kit/format.js";
import { mount } from "../../../ui/kit/mount.js";
import { bars } from "../../../ui/kit/pictures.js";
import { unpack } from "../../../ui/kit/tensors.js";
import { labels, quote } from "../../../ui/kit/words.js";

/** @typedef {import("../../../ui/kit/tensors.js").Tensor<Float32Array>} Tensor */
/** @typedef {import("../../../ui/kit/elements.js").Segment} Segment */
/**
 * @typedef {{pieces: string[], layer: number, token: number, other: number | null, d_model: number, d_ff: number,
 *   activation: string, bias: boolean}} CollapseHeader
 */
/** @typedef {{two: Tensor, one: Tensor, of_middle: Tensor, middle_of: Tensor}} CollapseOutputs */
/** @typedef {import("../../../ui/kit/tensors.js").Packed<CollapseHeader, CollapseOutputs>} Collapse */

const TALL = 34; // px of a strip
const CUT = 4; // times the mean size of a number: where bars end

/** @param {Collapse} data */
const isGated = ({ header }) => header.activation === "swiglu";

/** @param {CollapseHeader} header */
const word = ({ pieces, token }) => quote(labels(pieces)[token]);

/** @param {CollapseHeader} header */
const partner = ({ pieces, other }) => (other === null ? "the zero vector" : quote(labels(pieces)[other]));

/**
 * @param {Tensor} a
 * @param {Tensor} b
 */
const difference = (a, b) => a.values.map((x, i) => x - b.values[i]);

/** @param {Tensor} output */
const peak = ({ values }) => Math.min(largest(values), (CUT * norm(values)) / Math.sqrt(values.length));

/**
 * How far the halfway outputs are apart, in lengths of the second.
 * @param {Collapse} data
 */
const gap = ({ arrays: { of_middle, middle_of } }) =>
  norm(difference(of_middle, middle_of)) / (norm(middle_of.values) || 1);

/**
 * @param {Collapse} data
 * @returns {Segment[]}
 */
export function finding(data) {
  const { layer } = data.header;
  return [
    "Without the bend, the two matrices of ",
    ["feed-forward", `layer ${layer + 1}’s MLP`],
    " collapse into one. With it, no single matrix can replace them.",
  ];
}

/** @param {Collapse} data */
function straight(data) {
  const { d_model: d, d_ff: m, bias } = data.header;
  const first = isGated(data) ? "SiLU and the gate are taken out" : "The activation function is taken out";
  const b = bias ? " (with one bias)" : "";
  return (
    `${first}. The vector of ${word(data.header)} is multiplied by W_up [${d}\u00a0×\u00a0${m}] and then by W_down ` +
    `[${m}\u00a0×\u00a0${d}]. Their product is one matrix W = W_up · W_down [${d}\u00a0×\u00a0${d}]${b}.`
  );
}

/** @param {Collapse} data */
function bent(data) {
  const { header } = data;
  return (
    `A test: whatever W is, x · W${header.bias ? " + b" : ""} turns the midpoint of two inputs into the midpoint of ` +
    `their outputs. Here, the inputs are ${word(header)} and ${partner(header)}.`
  );
}

/**
 * @param {Collapse} data
 * @returns {Segment[]}
 */
export function same(data) {
  const { header, arrays } = data;
  const rest = largest(difference(arrays.two, arrays.one));
  const most = largest(arrays.two.values);
  return [
    "The outputs differ by at most ",
    ["feed-forward", number(rest)],
    `, which is rounding: the largest number is ${number(most)}. ${weights(header)}`,
  ];
}

/** @param {CollapseHeader} header */
function weights({ d_model: d, d_ff: m }) {
  return `So ${count(2 * d * m)} weights do no more than ${count(d * d)} can.`;
}

/**
 * @param {Collapse} data
 * @returns {Segment[]}
 */
function apart(data) {
  const far = gap(data);
  return [
    "The two differ by ",
    ["feed-forward", percent(far)],
    " of the second one’s length. For a matrix it would be 0.",
  ];
}

/** @param {Collapse} data */
function caption(data) {
  const meant = isGated(data) ? "The bend of this network is the product SiLU(gate) × up. " : "";
  return (
    `${meant}Matrices multiplied one after another stay one matrix, however many they are. ` +
    "That is why a bend stands between the two. Bars end at four times the mean size (root mean square)."
  );
}

/**
 * @param {string} what
 * @param {string} how
 * @param {ArrayLike<number>} values
 * @param {number} top
 * @param {string} [kind]
 */
function row(what, how, values, top, kind = "") {
  const role = kind ? "negative" : "feed-forward";
  const said = `${what}: ${values.length} numbers, the largest ${number(largest(values))} in size`;
  return make(
    "div",
    { class: `row ${kind}`, role: "row" },
    make("div", { class: "what", role: "cell" }, what, make("span", {}, how)),
    make(
      "div",
      { role: "cell" },
      make("div", { class: "strip", role: "img", "aria-label": said }, bars(values, top, role, TALL)),
    ),
  );
}

/**
 * @param {HTMLElement} root
 * @param {Collapse} data
 */
function draw(root, data) {
  const { two, one, of_middle, middle_of } = data.arrays;
  const top = peak(two);
  const high = peak(middle_of);
  find(root, ".finding").replaceChildren(...rich(finding(data)));
  find(root, ".straight .sub").textContent = straight(data);
  find(root, ".bent .sub").textContent = bent(data);
  find(root, ".straight .rows").replaceChildren(
    row("two matrices", "× W_up, × W_down", two.values, top),
    row("one matrix", "× W", one.values, top),
    row("difference", "same scale", difference(two, one), top, "gap"),
  );
  find(root, ".bent .rows").replaceChildren(
    row("MLP", "of the halfway vector", of_middle.values, high),
    row("halfway", "between both outputs", middle_of.values, high),
    row("difference", "same scale", difference(of_middle, middle_of), high, "gap"),
  );
  find(root, ".straight .said").replaceChildren(...rich(same(data)));
  find(root, ".bent .said").replaceChildren(...rich(apart(data)));
  find(root, ".caption").textContent = caption(data);
}

/** @param {CollapseHeader} header */
const isElsewhere = ({ layer, token }) =>
  (recall("layer") && Number(recall("layer")) !== layer + 1) ||
  (recall("token") && Number(recall("token")) !== token + 1);

export default mount((root) => {
  /** @type {Collapse | undefined} */
  let data;
  hear(root, (name) => {
    if (data && ["layer", "token"].includes(name)) root.ariaBusy = String(Boolean(isElsewhere(data.header)));
  });
  return {
    receive(/** @type {Uint8Array} */ bytes) {
      data = /** @type {Collapse} */ (unpack(bytes));
      root.ariaBusy = "false";
      draw(root, data);
    },
  };
});
