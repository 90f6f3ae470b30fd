// @ts-check
// What is said beside the picture at each step.

import * as attention from "./notes_of_attention.js";
import * as input from "./notes_of_input.js";
import * as output from "./notes_of_output.js";
import { explained, OVERVIEW, STAGES } from "./stages.js";

/** @import { Facts } from "./facts.js" */
/** @import { StageId } from "./stages.js" */
/** @import { State } from "./state.js" */
/** @import { Writer } from "./note.js" */
/** The steps; before all of them, and after a token was sampled. */
/** @typedef {StageId | "overview" | "fresh"} NoteId */

/** @type {Record<NoteId, Writer>} */
export const NOTES = { ...input, ...attention, ...output };

/** @type {Partial<Record<NoteId, string>>} */
const OUTSIDE = {
  overview: "One pass, from text to prediction",
  tokens: "Text to tokens",
  embed: "Tokens to vectors",
  unembed: "Vector to prediction",
  sample: "Prediction to text",
  fresh: "One more token",
};
/** @type {Partial<Record<NoteId, string>>} */
const IN_LAYER = { norm: "norm", add: "residual", mlp: "MLP", add2: "residual" };
/** @type {Partial<Record<NoteId, string>>} */
const IN_HEAD = {
  qkv: "query, key, value",
  scores: "scores",
  scale: "scaling",
  mask: "mask",
  softmax: "softmax",
  mix: "mixing values",
};

/**
 * Where in the model a step is.
 * @param {NoteId} id
 * @param {Facts} f
 */
export function place(id, { model, layer, head }) {
  if (id === "layers") return `Layers 1 to ${model.n_layers}`;
  const inHead = IN_HEAD[id];
  if (inHead) return `Layer ${layer + 1} · head ${head + 1} · ${inHead}`;
  return OUTSIDE[id] ?? `Layer ${layer + 1} · ${IN_LAYER[id]}`;
}

/**
 * What is spoken of: an opened part, a newly sampled token, or the step looked at.
 * @param {State} state
 * @returns {NoteId}
 */
export function subject({ open, time }) {
  if (open) return explained(open, time.stage);
  if (time.fresh > 0) return "fresh";
  return time.stage === OVERVIEW ? "overview" : STAGES[time.stage].id;
}

/**
 * All that a note of a pass depends on.
 * @param {NoteId} id
 * @param {Facts} f
 */
export function noteKey(id, { row, key, layer, head, passed, sampling }) {
  const draw = id === "sample" ? [sampling.temperature, sampling.topP] : [];
  const layers = id === "layers" ? [passed] : [];
  return [id, row, key, layer, head, ...draw, ...layers].join();
}
