// @ts-check
// The activation functions side by side over the pre-activations of the reader's sentence, and what
// becomes of one layer's output if another of them stood in its place.

import { hear } from "../../../ui/kit/address.js";
import { clamp, sum } from "../../../ui/kit/arithmetic.js";
import { find, make, rich } from "../../../ui/kit/elements.js";
import { count, number, percent } from "../../../ui/kit/format.js";
import { onKeys } from "../../../ui/kit/keys.js";
import { mount } from "../../../ui/kit/mount.js";
import { slice, unpack } from "../../../ui/kit/tensors.js";
import { labels, quote } from "../../../ui/kit/words.js";
import { curveCard, KINDS, REACH } from "./activation_curve.js";

/**
 * @template {import("../../../ui/kit/tensors.js").Numbers} [V=Float32Array]
 * @typedef {import("../../../ui/kit/tensors.js").Tensor<V>} Tensor
 */
/**
 * @typedef {{pass_key: string, pieces: string[], layer: number, token: number, n_layers: number,
 *   activation: string, swaps: string[]}} ActivationHeader
 */
/** @typedef {{counts: Tensor<Int32Array>, negative: Tensor, swapped: Tensor}} ActivationArrays */
/** @typedef {import("../../../ui/kit/tensors.js").Packed<ActivationHeader, ActivationArrays>} Activations */
/** @typedef {import("./activation_curve.js").Kind} Kind */
/**
 * `x`: where all curves are read.
 * @typedef {{data: Activations, layer: number, token: number, x: number,
 *   cards: import("./activation_curve.js").CurveCard[]}} ActivationView
 */

/** @type {Record<string, string>} */
const BENT = { ReLU: "0", GELU: "values between −0.17 and 0", SiLU: "values between −0.28 and 0" };

/** @param {Activations} data */
const isGated = ({ header }) => header.activation === "swiglu";

/**
 * Whether the model has this function; GELU is drawn by its tanh formula.
 * @param {Activations} data
 * @param {Kind} kind
 */
function isUsed(data, { id }) {
  if (isGated(data)) return id === "gated";
  return id === data.header.activation || (id === "gelu_tanh" && data.header.activation === "gelu");
}

/**
 * @param {ActivationView} view
 * @returns {import("../../../ui/kit/elements.js").Segment[]}
 */
function finding({ data, layer }) {
  const gated = isGated(data);
  const name = gated ? "SiLU" : (KINDS.find((kind) => isUsed(data, kind))?.name ?? "");
  const share = percent(data.arrays.negative.values[layer]);
  const what = gated ? "gate values" : "pre-activations";
  return [
    `${share} of layer ${layer + 1}’s ${what} are below zero; `,
    ["feed-forward", name],
    ` maps them to ${BENT[name]}`,
  ];
}

/** @param {ActivationView} view */
function intro({ data, layer }) {
  const { pieces } = data.header;
  const gated = isGated(data);
  const numbers = count(sum(slice(data.arrays.counts, layer)));
  const what = gated ? "gate values" : "pre-activations";
  const tokens = `${pieces.length} token${pieces.length > 1 ? "s" : ""}`;
  return (
    `Under each curve stand the same ${numbers} numbers: all ${what} of your ${tokens} in this layer. ` +
    `The outermost columns hold everything beyond ±${REACH}.`
  );
}

/**
 * How far the layer's output moves with a function in the place of its own.
 * @param {ActivationView} view
 * @param {Kind} kind
 */
function swapped({ data, layer, token }, kind) {
  const { header, arrays } = data;
  const gated = isGated(data);
  if (isUsed(data, kind)) {
    return [`The weights were trained with it.${gated ? " SiLU(gate) sets how much of the up value passes." : ""}`];
  }
  if (gated && kind.id === "swiglu") return ["This is the bend inside this model’s SwiGLU."];
  if (kind.id === "gated") {
    return ["This needs a third matrix, W_gate, which this model does not have; fable-modern has one."];
  }
  const [cosine, change] = slice(arrays.swapped, layer, header.swaps.indexOf(kind.id), token);
  const word = quote(labels(header.pieces)[token]);
  return [
    make("b", {}, gated ? "Swapped in for SiLU: " : "Swapped in: "),
    `the output for ${word} moves by ${percent(change)} of its length (cosine ${number(cosine)}).`,
  ];
}

class ActivationBoard {
  /**
   * @param {HTMLElement} root
   * @param {import("../../../ui/kit/mount.js").Page} page
   * @param {Activations} data
   */
  constructor(root, page, data) {
    this.root = root;
    this.page = page;
    const { layer, token } = data.header;
    /** @type {ActivationView} */
    this.view = { data, layer, token, x: -1, cards: [] };
    hear(root, (name, value) => {
      if (name === "layer" || name === "token") this.look(name, Number(value) - 1);
    });
    const slider = find(root, ".curves");
    slider.setAttribute("aria-label", "x, for all functions");
    slider.setAttribute("aria-valuemin", String(-REACH));
    slider.setAttribute("aria-valuemax", String(REACH));
    const step = (/** @type {number} */ by) => () =>
      this.point(clamp(Math.round(10 * (this.view.x + by)) / 10, -REACH, REACH));
    onKeys(slider, {
      ArrowRight: step(0.1),
      ArrowUp: step(0.1),
      ArrowLeft: step(-0.1),
      ArrowDown: step(-0.1),
    });
    this.draw();
  }

  /** @param {Activations} data */
  receive(data) {
    const { view } = this;
    const was = view.data.header;
    const { header } = data;
    const isOther = header.pass_key !== was.pass_key;
    view.data = data;
    if (isOther || header.layer !== was.layer) view.layer = header.layer;
    if (isOther || header.token !== was.token) view.token = header.token;
    this.draw();
  }

  /**
   * Where the board above looks.
   * @param {"layer" | "token"} place
   * @param {number} to
   */
  look(place, to) {
    const { view } = this;
    const { n_layers, pieces } = view.data.header;
    const size = place === "layer" ? n_layers : pieces.length;
    if (!(to >= 0 && to < size) || to === view[place]) return;
    view[place] = to;
    this.draw();
    this.page.drawn();
  }

  draw() {
    const { root, view } = this;
    const { data, layer } = view;
    const counts = slice(data.arrays.counts, layer);
    find(root, ".finding").replaceChildren(...rich(finding(view)));
    find(root, ".intro").textContent = intro(view);
    view.cards = KINDS.map((kind) => {
      const shown = { counts, isUsed: isUsed(data, kind), swapped: swapped(view, kind) };
      return curveCard(kind, shown, (x) => this.point(x));
    });
    find(root, ".curves").replaceChildren(...view.cards.map(({ node }) => node));
    this.point(view.x);
  }

  /**
   * Read all curves at one place, at hundredths, so that what is written of x is x.
   * @param {number} x
   */
  point(x) {
    const { view } = this;
    view.x = Math.round(100 * x) / 100;
    const said = view.cards.map(({ point }) => point(view.x));
    const slider = find(this.root, ".curves");
    slider.setAttribute("aria-valuenow", String(view.x));
    slider.setAttribute("aria-valuetext", said.join("; "));
  }
}

export default mount((root, page) => {
  /** @type {ActivationBoard | undefined} */
  let board;
  return {
    /** @param {Uint8Array} bytes */
    receive(bytes) {
      const data = /** @type {Activations} */ (unpack(bytes));
      if (board) board.receive(data);
      else board = new ActivationBoard(root, page, data);
    },
  };
});
