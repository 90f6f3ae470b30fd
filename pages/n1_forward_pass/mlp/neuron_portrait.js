// @ts-check
// One neuron's portrait: where it answers, in the sentence and elsewhere, and what it writes.

import { clamp, largest, range } from "../../../ui/kit/arithmetic.js";
import { check, radios } from "../../../ui/kit/controls.js";
import { find, make } from "../../../ui/kit/elements.js";
import { number, signed } from "../../../ui/kit/format.js";
import { slice } from "../../../ui/kit/tensors.js";
import { quote, visible } from "../../../ui/kit/words.js";
import { neuronSteps, overTokens, portraitRow, strongest } from "./mlp_pass.js";
import { neuronName, quoted } from "./mlp_view.js";
import { beyond } from "./neuron_sentences.js";
import { pushes, QUIET } from "./neurons.js";

/** @typedef {import("./mlp_view.js").MlpView} MlpView */
/** @typedef {{choose: (neuron: number) => void, look: (token: number) => void, probe: () => void}} Acts */

const FAVOURITES = 5; // chips of the token's strongest neurons
const BEFORE = 7; // tokens shown around a strong moment
const AFTER = 4;

const told = (/** @type {string} */ piece) => (/^ \S/.test(piece) ? " " : "") + visible(piece);

/**
 * @param {HTMLElement} card
 * @param {MlpView} view
 * @param {Acts} acts
 */
export function drawPortrait(card, view, acts) {
  const { pass, layer, token, neuron } = view;
  const over = overTokens(pass, layer, neuron);
  const best = over.reduce((top, x, i) => (Math.abs(x) > Math.abs(over[top]) ? i : top), 0);
  find(card, "h4").replaceChildren("Neuron ", make("b", { class: "feed-forward" }, neuronName(view, neuron)));
  favourites(find(card, ".favourites"), view, acts);
  const here = best === token ? "" : ` On ${quoted(view, token)} it is ${number(over[token])}.`;
  find(card, ".sub").textContent =
    `In your sentence its activation is strongest on ${quoted(view, best)}: ${number(over[best])}.${here}`;
  find(card, ".fires").replaceChildren(...answers(view, over, acts));
  find(card, ".writes").replaceChildren(...writes(view));
  const h = number(over[token]);
  find(card, ".direct").textContent =
    `Computed for ${quoted(view, token)}: ${h} × the row of W_down, then the final norm and the unembedding. ` +
    `The norm’s divisor is held at its value of this run. ${beyond(view)}`;
}

/**
 * @param {HTMLElement} box
 * @param {MlpView} view
 * @param {Acts} acts
 */
function favourites(box, view, { choose }) {
  const { pass, layer, token, neuron } = view;
  const neurons = strongest(pass, layer, token).slice(0, FAVOURITES);
  if (!neurons.includes(neuron)) neurons.push(neuron);
  const name = (/** @type {number} */ i) => neuronName(view, neurons[i]);
  radios(box, "Neuron", neurons.length, name, (i) => choose(neurons[i]));
  check(box, neurons.indexOf(neuron));
}

/**
 * The row of the neuron's portrait: what is looked at has been sent.
 * @param {MlpView} view
 */
const portrait = ({ pass, layer, neuron }) => /** @type {number} */ (portraitRow(pass, layer, neuron));

/**
 * Where it answers: the sentence, and the strongest moments of the probe sentences.
 * @param {MlpView} view
 * @param {number[]} over
 * @param {Acts} acts
 */
function answers(view, over, { look, probe }) {
  const { header, arrays } = view.pass;
  const { context_at, context } = arrays;
  const values = context ? slice(context, portrait(view)) : [];
  const top = Math.max(largest(over), largest(values)) || 1;
  const elsewhere = `in ${header.probes.length} other sentences`;
  const words = header.pieces.map((piece, i) => {
    const button = {
      type: "button",
      class: i === view.token && "here",
      "aria-label": `token ${i + 1}, ${visible(piece)}: ${number(over[i])}`,
      onclick: () => look(i),
      ...tint(over[i], top),
    };
    return make("button", button, told(piece));
  });
  const mine = make("div", { class: "text mine" }, words);
  if (!context_at)
    return [mine, make("button", { class: "plain", type: "button", onclick: probe }, `Look ${elsewhere}`)];
  if (largest(values) < QUIET * top)
    return [mine, make("h5", {}, `${elsewhere[0].toUpperCase()}${elsewhere.slice(1)} it stays below a tenth of that`)];
  const moments = Array.from(slice(context_at, portrait(view)), (place, k) =>
    moment(header.probes, place, values[k], top),
  );
  return [mine, make("h5", {}, `Where its activation is strongest ${elsewhere}`), ...moments];
}

/**
 * The ground of a word by the neuron's activation.
 * @param {number} value
 * @param {number} top
 */
function tint(value, top) {
  const role = value < 0 ? "negative" : "feed-forward";
  const share = Math.round(55 * clamp(Math.abs(value) / top, 0, 1));
  const style = `background: color-mix(in srgb, var(--${role}) ${share}%, transparent)`;
  return { title: number(value), style };
}

/**
 * A few tokens around a place, which is counted through all probe sentences.
 * @param {string[][]} probes
 * @param {number} place
 * @param {number} value
 * @param {number} top
 */
function moment(probes, place, value, top) {
  let sentence = 0;
  let at = place;
  while (at >= probes[sentence].length) {
    at -= probes[sentence].length;
    sentence++;
  }
  const pieces = probes[sentence];
  const from = Math.max(0, at - BEFORE);
  const part = pieces.slice(from, at + AFTER);
  return make(
    "div",
    { class: "text more" },
    from > 0 && make("span", {}, "…"),
    part.map((piece, i) => make("span", from + i === at ? tint(value, top) : {}, told(piece))),
    make("span", {}, at + AFTER < pieces.length ? "…" : ""),
    make("small", {}, `  ${number(value)}`),
  );
}

/**
 * The tokens whose logits it pushes up and down most.
 * @param {MlpView} view
 */
function writes(view) {
  const { pass, layer, token, neuron } = view;
  const { header, arrays } = pass;
  const activation = neuronSteps(pass, layer, token, neuron).hidden;
  const scale = arrays.scale.values[token];
  const ids = slice(arrays.effect_ids, portrait(view));
  const effects = pushes(slice(arrays.effects, portrait(view)), activation, scale);
  const most = largest(effects) || 1;
  const push = (/** @type {"up" | "down"} */ way, /** @type {number} */ i) => {
    const piece = header.names[ids[i]];
    return make(
      "div",
      { class: `push ${way}` },
      make("span", { title: visible(piece) }, quote(told(piece))),
      make("i", { style: `width:${(100 * Math.abs(effects[i])) / most}%` }),
      make("span", {}, signed(effects[i])),
    );
  };
  const first = range(header.effects);
  const second = first.map((i) => i + header.effects);
  const [rise, fall] = activation < 0 ? [second, first] : [first, second]; // the scale is above 0
  return [
    make("div", { class: "head" }, "pushes up"),
    make("div", { class: "head" }, "pushes down"),
    ...first.flatMap((i) => [push("up", rise[i]), push("down", fall[i])]),
  ];
}
