// @ts-check
// What the two losses do and do not say.

import { range } from "../../../ui/kit/arithmetic.js";
import { number, percent } from "../../../ui/kit/format.js";
import { quote } from "../../../ui/kit/words.js";
import { sees } from "./mask_pass.js";

/** @typedef {import("../../../ui/kit/elements.js").Segment} Segment */
/** @typedef {import("./mask_pass.js").AnswerReader} AnswerReader */
/** @typedef {import("./mask_view.js").MaskView} MaskView */

const NAMED = 6; // heads that are listed by name
const RESTING = 0.4; // of all attention on the first token: said from here on
/** @type {Segment} */
const START = ["ink", "How to read it. "];

/**
 * In words, and the head that they speak of.
 * @param {MaskView} view
 * @returns {{said: Segment[], head?: AnswerReader}}
 */
export function reading({ pass, mask }) {
  const seen = pass.inSight.filter(Boolean).length;
  const { reader } = pass.header;
  if (pass.isTrained) {
    return { said: ["This is the mask with which the model was trained, so both losses are the same."] };
  }
  if (mask.choice.kind === "padding" && mask.choice.causal) return { said: [START, PADDING] };
  if (seen === 0) return { said: [START, `${withoutFirst(pass)}${NOT_SEEN}`] };
  const all = pass.n - 1;
  const places = `At ${seen} of ${all} positions the answer can be read, directly or through other tokens. `;
  const start = [START, `${places}There the loss does not measure prediction. `];
  if (!reader) return { said: [...start, "No token can look at its own next token directly."] };
  const [was, is] = pass.means;
  return { said: [...start, `${whoReads(reader)} `, is < was / 2 ? itsUse(reader) : NO_USE], head: reader };
}

const PADDING =
  "Padding stands at the end, and the causal mask hides whatever comes later. So the real tokens do not change. " +
  "The rows of the padding, drawn pale, are thrown away. Padding in front of a text would have to be hidden.";
const NOT_SEEN =
  "A higher loss has two possible causes: information is missing, and the model was never trained this way. This " +
  "picture cannot separate them. Models that are trained with windows can do well with them (Beltagy et al. 2020).";
const NO_USE =
  "The loss does not even halve, although the answers can be read. The model was never trained with the future " +
  "visible and makes little use of it.";
const INDUCTION =
  " The record of this model’s heads lists it as an induction head: it attends to what followed an earlier copy of " +
  "the current token. A likely reason: here the current token itself counts as that copy, and the answer follows it.";

/**
 * Many heads give most weight to the first token; a mask may hide it.
 * @param {import("./mask_pass.js").MaskPass} pass
 */
function withoutFirst(pass) {
  const { header, n, words } = pass;
  const blind = range(n).filter((query) => query > 0 && !sees(pass, query, 0)).length;
  if (blind === 0 || header.on_first < RESTING) return "";
  return (
    `As trained, later tokens give the first one, ${quote(words[0])}, an attention weight of ` +
    `${percent(header.on_first)} on average. Such a token is called an attention sink (Xiao et al. 2023). ` +
    `This mask hides it from ${blind} of ${n - 1} tokens. `
  );
}

/** @param {AnswerReader} reader */
function whoReads({ layer, head, share, role, heads }) {
  const name = `Head ${layer + 1}.${head + 1}`;
  const read = `${name} gives the next token the largest attention weight, ${percent(share)} on average.`;
  return role === "induction" && heads.length ? read + INDUCTION : read;
}

/** @param {AnswerReader} reader */
function itsUse({ heads, without }) {
  const use =
    "So the model uses the answer at once, although it was trained without it. A low loss then proves nothing.";
  if (!heads.length) return use;
  const who = heads.length === 1 ? "one head" : `${heads.length} heads`;
  const names = heads.slice(0, NAMED).join(", ") + (heads.length > NAMED ? ", …" : "");
  const ablated = `With the ${who} that attend to it most ablated (switched off: ${names})`;
  return `${use} ${ablated}, the loss is ${number(without)}.`;
}
