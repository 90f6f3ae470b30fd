// @ts-check
// RoPE's controls: the words and the head, and sliders for where the two words stand.

import { check, radios, slider } from "../../../ui/kit/controls.js";
import { make } from "../../../ui/kit/elements.js";
import { layerChoice } from "../../../ui/kit/layer_choice.js";
import { moved, withQuery } from "./rope_choice.js";

/** @typedef {import("./position_data.js").Rotated} Rotated */
/** @typedef {import("./rope_choice.js").Choice} Choice */
/** @typedef {import("./rope_choice.js").Side} Side */
/**
 * Other words or another head were chosen; by name what goes into the address, counted from 0.
 * @typedef {(name?: "token" | "layer" | "head", value?: number) => void} Chosen
 */

/** @typedef {(layer: number) => Promise<boolean>} Bring whether the layer is here, once that is known */

/**
 * The rows of controls, and how to stop what plays.
 * @param {Rotated} rope
 * @param {Choice} choice changed here
 * @param {() => void} show called after every change
 * @param {Chosen} chosen
 * @param {Bring} bring
 */
export function ropeControls(rope, choice, show, chosen, bring) {
  /** @type {Chosen} */
  const changed = (name, value) => {
    play.halt();
    for (const each of [words, heads, slides]) each.follow();
    show();
    chosen(name, value);
  };
  const words = wordControls(rope, choice, changed);
  const heads = headControls(rope, choice, changed, bring);
  const slide = (/** @type {Side} */ side, /** @type {number} */ to) => {
    choice.stand = moved(rope, choice, side, to);
    slides.follow();
    show();
  };
  const slides = slideControls(rope, choice, slide);
  const play = playButton((steps) => {
    const before = choice.stand.query;
    slide("query", before + steps);
    return choice.stand.query !== before;
  });
  words.follow();
  heads.follow();
  const rows = [
    make("div", { class: "controls" }, words.nodes, heads.nodes),
    make("div", { class: "slides" }, slides.nodes, play.button),
  ];
  return { rows, halt: play.halt };
}

/**
 * @param {Rotated} rope
 * @param {Choice} choice
 * @param {Chosen} chosen
 */
function wordControls(rope, choice, chosen) {
  const query = picker(rope.labels, "Query", "q", (to) => {
    Object.assign(choice, withQuery(rope, choice, to));
    chosen("token", to);
  });
  const key = picker(rope.labels, "Key", "k", (to) => {
    choice.key = to;
    choice.stand = { query: choice.query, key: to };
    chosen();
  });
  return {
    nodes: [named("Query", query), named("Key", key)],
    follow() {
      query.value = String(choice.query);
      key.value = String(choice.key);
    },
  };
}

/**
 * @param {string} name
 * @param {HTMLElement} control
 */
const named = (name, control) => make("div", { class: "choice" }, make("span", { class: "name" }, name), control);

/**
 * @param {string[]} labels
 * @param {string} name
 * @param {string} kind
 * @param {(token: number) => void} choose
 */
function picker(labels, name, kind, choose) {
  const options = labels.map((label, i) => make("option", { value: i }, label));
  const onchange = () => choose(Number(select.value));
  const select = make("select", { class: `field ${kind}`, "aria-label": `${name} word`, onchange }, options);
  return select;
}

/**
 * @param {Rotated} rope
 * @param {Choice} choice
 * @param {Chosen} chosen
 * @param {Bring} bring
 */
function headControls(rope, choice, chosen, bring) {
  const layers = make("div", { class: "layers" });
  const heads = make("div", { class: "chips" });
  let wanted = choice.layer;
  layerChoice(layers, "Layer", rope.n_layers, async (layer) => {
    wanted = layer;
    if (!(await bring(layer)) || wanted !== layer || !layers.isConnected) return;
    Object.assign(choice, withQuery(rope, { ...choice, layer }, choice.query));
    chosen("layer", layer);
  });
  const head = (/** @type {number} */ i) => String(i + 1);
  radios(heads, "Head", rope.n_heads, head, (i) => {
    Object.assign(choice, withQuery(rope, { ...choice, head: i }, choice.query));
    chosen("head", i);
  });
  return {
    nodes: [named("Layer", layers), named("Head", heads)],
    follow() {
      check(layers, choice.layer);
      check(heads, choice.head);
    },
  };
}

/**
 * @param {Rotated} rope
 * @param {Choice} choice
 * @param {(side: Side, to: number) => void} slide
 */
function slideControls(rope, choice, slide) {
  const one = (/** @type {Side} */ side) =>
    slider({
      label: `${side} at position`,
      min: 1,
      max: rope.length,
      step: 1,
      value: choice.stand[side] + 1,
      show: String,
      change: (to) => slide(side, to - 1),
    });
  const [query, key] = [one("query"), one("key")];
  query.classList.add("q");
  key.classList.add("k");
  const onchange = () => {
    choice.tied = tie.checked;
  };
  const tie = make("input", { type: "checkbox", checked: choice.tied, onchange });
  return {
    nodes: [query, key, make("label", { class: "switch" }, tie, make("span", {}, "slide both together"))],
    follow() {
      query.set(choice.stand.query + 1);
      key.set(choice.stand.key + 1);
    },
  };
}

const STEP = 70; // ms between two positions
const PLAY = "▶ slide on";

/**
 * A button that goes on until it is stopped or nothing moves any more.
 * @param {(steps: number) => boolean} move whether it moved
 */
function playButton(move) {
  let timer = 0;
  const halt = () => {
    window.clearInterval(timer);
    timer = 0;
    button.textContent = PLAY;
  };
  const onclick = () => {
    if (timer) return halt();
    if (matchMedia("(prefers-reduced-motion: reduce)").matches) return void move(10);
    button.textContent = "■ stop";
    timer = window.setInterval(() => move(1) || halt(), STEP);
  };
  const button = make("button", { type: "button", class: "plain play", onclick }, PLAY);
  return { button, halt };
}
