// @ts-check
// One token's way through the network, from input to stream: each strip as wide as it has numbers.

import { clamp, largest, norm, range } from "../../../ui/kit/arithmetic.js";
import { make } from "../../../ui/kit/elements.js";
import { count, number, percent } from "../../../ui/kit/format.js";
import { bars } from "../../../ui/kit/pictures.js";
import { hidden, upVector, vector } from "./mlp_pass.js";
import { actName } from "./mlp_view.js";
import { loud } from "./neurons.js";

/** @typedef {import("./mlp_view.js").MlpView} MlpView */
/**
 * A vector as a strip; `order`: of neurons, which can be pointed at and chosen; `peak`: where bars end.
 * @typedef {{kind: string, role: string, values: Float32Array, order?: readonly number[], peak?: number,
 *   height?: number, called?: string}} Strip
 */
/**
 * What a pointer does: `point` at a neuron or at nothing, `tell` a number that is no neuron.
 * @typedef {{point: (neuron: number | null) => void, choose: (neuron: number) => void,
 *   tell: (words: string) => void}} Acts
 */
/** @typedef {(strip: Strip) => HTMLElement} MakeStrip */

const HEIGHT = 46;

/**
 * @param {MlpView} view
 * @param {Acts} acts
 */
export function pathNodes(view, acts) {
  const { d_model: d, d_ff: m, bias } = view.pass.header;
  const { isGated } = view.pass;
  const wide = isGated ? 2 * m : m;
  const total = Math.max(isGated ? 1.025 * wide : wide, 3.4 * d); // numbers that fill the width
  const b = bias ? " + b" : "";
  const bend = isGated ? "SiLU(gate) × up" : `${actName(view)}, each number by itself`;
  const shape = isGated ? `two of [${d} × ${m}]` : `[${d} × ${m}]`;
  /** @type {MakeStrip} */
  const strip = (each) => stripNode(each, total, acts);
  return [
    ...inputLane(view, strip),
    ...funnel(d / total, wide / total, isGated ? "× W_gate and × W_up" : `× W_up${b}`, shape),
    ...preLane(view, strip),
    ...funnel(wide / total, m / total, bend, ""),
    ...hiddenLane(view, strip),
    ...funnel(m / total, d / total, `× W_down${b}`, `[${m} × ${d}]`),
    ...streamLane(view, strip),
  ];
}

/**
 * @param {MlpView} view
 * @param {MakeStrip} strip
 */
function inputLane({ pass, layer, token }, strip) {
  const { block, d_model: d } = pass.header;
  const sub = `${block === "pre_norm" ? "the stream after its norm" : "the stream"}: ${d} numbers`;
  const values = vector(pass, "x", layer, token);
  return lane("Vector in", sub, strip({ kind: "input", role: "residual", values, height: 36 }));
}

/**
 * @param {MlpView} view
 * @param {MakeStrip} strip
 */
function preLane({ pass, layer, token, sequence }, strip) {
  const { d_ff: m } = pass.header;
  const pre = vector(pass, "pre", layer, token);
  const up = upVector(pass, layer, token);
  const negative = percent(pre.filter((x) => x < 0).length / m);
  const drawn = { kind: "pre", role: "feed-forward", order: sequence };
  if (!up) return lane("Pre-activation", `${count(m)} numbers, ${negative} negative`, strip({ ...drawn, values: pre }));
  const peak = Math.max(largest(pre), largest(up));
  return lane(
    "Gate and up",
    `2 × ${count(m)} numbers, ${negative} of the gate negative`,
    strip({ ...drawn, values: pre, peak, called: "gate" }),
    strip({ ...drawn, values: up, peak, called: "up" }),
  );
}

/**
 * @param {MlpView} view
 * @param {MakeStrip} strip
 */
function hiddenLane({ pass, layer, token, sequence }, strip) {
  const values = hidden(pass, layer, token);
  const sub = `${loud(values)} of ${count(pass.header.d_ff)} reach a tenth of the strongest activation`;
  const node = strip({ kind: "hidden", role: "feed-forward", values, order: sequence });
  return lane("Hidden: the neurons", sub, node);
}

/**
 * @param {MlpView} view
 * @param {MakeStrip} strip
 */
function streamLane({ pass, layer, token }, strip) {
  const out = vector(pass, "output", layer, token);
  const stream = vector(pass, "stream", layer, token);
  const after = stream.map((x, i) => x + out[i]);
  const top = Math.max(largest(stream), largest(after), largest(out));
  const peak = Math.min(top, spikeless([...stream, ...after]));
  const cut = peak < top ? `; bars end at ±${number(peak, 0)}, the largest number is ${number(top, 0)}` : "";
  return lane(
    "Added to the stream",
    `its length: ${number(norm(stream), 1)} → ${number(norm(after), 1)}${cut}`,
    captioned(strip({ kind: "stream", role: "residual", values: stream, peak }), "stream so far"),
    sign("+"),
    captioned(strip({ kind: "output", role: "feed-forward", values: out, peak }), "MLP output"),
    sign("="),
    captioned(strip({ kind: "after", role: "residual", values: after, peak }), "stream after"),
  );
}

/**
 * Where bars may end without hiding much: twice what 95 % of the numbers stay below, unless that is
 * near the largest.
 * @param {number[]} values
 */
function spikeless(values) {
  const sizes = values.map(Math.abs).sort((a, b) => a - b);
  const most = 2 * sizes[Math.floor(0.95 * sizes.length)];
  return sizes[sizes.length - 1] > 1.5 * most && most > 0 ? most : Infinity;
}

/**
 * @param {string} title
 * @param {string} sub
 * @param {...HTMLElement} strips
 */
const lane = (title, sub, ...strips) => [
  make("div", { class: "said" }, make("b", {}, title), make("span", {}, sub)),
  make("div", { class: "lane" }, strips),
];

const sign = (/** @type {string} */ text) => make("span", { class: "sign", "aria-hidden": "true" }, text);

/**
 * @param {HTMLElement} strip
 * @param {string} words
 */
function captioned(strip, words) {
  const { width } = strip.style;
  strip.style.width = "100%";
  return make("figure", { style: `width:${width}`, class: "captioned" }, strip, make("figcaption", {}, words));
}

/**
 * A multiplication that changes the width, as shares of the whole one.
 * @param {number} from
 * @param {number} to
 * @param {string} words
 * @param {string} shape
 */
function funnel(from, to, words, shape) {
  const d = `M${50 - 50 * from} 0H${50 + 50 * from}L${50 + 50 * to} 30H${50 - 50 * to}z`;
  const box = { viewBox: "0 0 100 30", preserveAspectRatio: "none", "aria-hidden": "true" };
  const said = make("span", {}, make("div", {}, words, make("small", {}, shape)));
  return [make("div", { class: "gap" }), make("div", { class: "funnel" }, make("svg", box, make("path", { d })), said)];
}

/**
 * @param {Strip} strip
 * @param {number} total numbers that fill the width
 * @param {Acts} acts
 */
function stripNode({ kind, role, values, order, peak, height = HEIGHT, called }, total, acts) {
  const top = largest(values);
  const places = order ?? range(values.length);
  const label = `${kind}: ${values.length} numbers, the largest ${number(top)} in size`;
  const node = make(
    "div",
    { class: `strip ${kind}`, style: `width:${(100 * values.length) / total}%`, role: "img", "aria-label": label },
    bars(
      places.map((i) => values[i]),
      peak ?? top,
      role,
      height,
    ),
    called && make("small", {}, called),
    order && [make("i", { class: "kept" }), make("i", { class: "lit" })],
  );
  const under = (/** @type {MouseEvent} */ event) => {
    const box = node.getBoundingClientRect();
    const at = Math.floor(((event.clientX - box.left) / box.width) * places.length);
    return places[clamp(at, 0, places.length - 1)];
  };
  node.addEventListener("pointermove", (event) => {
    const i = under(event);
    if (order) acts.point(i);
    else acts.tell(`Number ${i + 1} of ${values.length} (${kind}): ${number(values[i], 3)}`);
  });
  node.addEventListener("pointerleave", () => acts.point(null));
  if (order) node.addEventListener("click", (event) => acts.choose(under(event)));
  return node;
}

/**
 * The neuron kept and the one pointed at, as lines through the strips.
 * @param {HTMLElement} path
 * @param {MlpView} view
 */
export function markNeurons(path, { sequence, neuron, hover }) {
  /** @type {[mark: string, neuron: number | undefined][]} */
  const marks = [
    ["kept", neuron],
    ["lit", hover?.neuron],
  ];
  for (const [mark, u] of marks) {
    const left = u === undefined ? "0" : `${(100 * (sequence.indexOf(u) + 0.5)) / sequence.length}%`;
    for (const node of /** @type {NodeListOf<HTMLElement>} */ (path.querySelectorAll(`.${mark}`))) {
      Object.assign(node.style, { display: u === undefined ? "none" : "block", left });
    }
  }
}
