// @ts-check
// The norm that the chosen sublayer reads through: step by step for one station, in short for all.

import { largest, norm, range } from "../../../ui/kit/arithmetic.js";
import { find, make } from "../../../ui/kit/elements.js";
import { number } from "../../../ui/kit/format.js";
import { normLengths } from "./norm_lengths.js";
import { epsilon, normLines } from "./norm_lines.js";
import { normSteps } from "./norm_steps.js";
import { normAfter, size, sublayer, word } from "./streams.js";
import { strip, stripHeading } from "./strips.js";

/** @typedef {import("./norm_steps.js").Norm} Norm */
/** @typedef {import("./norm_steps.js").NormSteps} NormSteps */
/** @typedef {import("./streams.js").Look} Look */

/**
 * @param {HTMLElement} card
 * @param {Look} look
 * @param {number} at the station after which it reads the stream
 * @param {{read: number, heading: string, times: number}} reading of one number; the stream is taken so many times
 */
export function drawNorm(card, look, at, { read, heading, times }) {
  const { streams } = look;
  const own = normAfter(streams, at);
  const steps = normSteps(own, scaled(word(look).stream[at], times));
  const reader = at === streams.stations - 1 ? "the unembedding" : sublayer(at + 1);
  const stream = times === 1 ? "the stream’s" : "the doubled stream’s";
  const sizes = `of length ${size(norm(steps.output))}; ${stream} is ${size(norm(steps.x))}`;
  find(card, "h4").textContent = `${own.centres ? "LayerNorm" : "RMSNorm"} gives ${reader} a vector ${sizes}`;
  find(card, ".strips").replaceChildren(stripHeading("step", heading, read), ...stepStrips(own, steps, read));
  find(card, ".lines").replaceChildren(...normLines(own, steps, read).map((each) => make("div", {}, each)));
  const box = find(card, ".common");
  box.replaceChildren(normLengths(lengthsOfAll(look, times), at, box.clientWidth));
  find(card, ".caption").textContent = caption(own, streams.width);
}

/**
 * @param {number[]} x
 * @param {number} times
 */
const scaled = (x, times) => x.map((value) => times * value);

/**
 * @param {Norm} own
 * @param {NormSteps} steps
 * @param {number} read
 */
function stepStrips({ centres, bias }, { x, centred, standard, scaled: gained, output }, read) {
  const before = largest(x);
  const after = Math.max(largest(standard), largest(output));
  const step = (/** @type {string} */ what, /** @type {number[]} */ values, top = after, role = "value") =>
    strip({ kind: "step", what, values, top, role, read, end: number(norm(values), 1), tall: 26 });
  return [
    step("stream x", x, before, "residual"),
    ...(centres ? [step("x − mean", centred, before, "residual")] : []),
    step(centres ? "÷ √(variance + ε)" : "÷ √(mean x² + ε)", standard),
    step("× gain", gained),
    ...(bias ? [step("+ bias", output)] : []),
  ];
}

/**
 * Lengths before each norm, after its division, as read.
 * @param {Look} look
 * @param {number} times
 */
function lengthsOfAll(look, times) {
  const { streams } = look;
  const { stream, lengths } = word(look);
  const made = range(streams.stations).map((k) => normSteps(normAfter(streams, k), scaled(stream[k], times)));
  return [
    { role: "residual", name: "stream", lengths: scaled(lengths, times) },
    { role: "muted", name: "÷ spread", lengths: made.map(({ standard }) => norm(standard)) },
    {
      role: "value",
      name: streams.arrays.bias ? "× gain + bias" : "× gain",
      lengths: made.map(({ output }) => norm(output)),
    },
  ];
}

/**
 * @param {Norm} own
 * @param {number} width
 */
function caption({ bias, eps }, width) {
  const root = `√${width} ≈ ${number(Math.sqrt(width), 1)}`;
  const learnt = `${bias ? "Gain and bias are" : "The gain is"} learnt, for each of the ${width} numbers`;
  const scaled = `After the division every vector has length ${root}, whatever came in.`;
  const guard = `ε = ${epsilon(eps)} prevents a division by 0`;
  return `${scaled} ${learnt}. The gain sets how strongly this sublayer reads that number. ${guard}.`;
}
