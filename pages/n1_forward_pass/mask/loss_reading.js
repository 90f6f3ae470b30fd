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
    return { said: ["This is the mask that the model was trained with: both readings are one and the same."] };
  }
  if (mask.choice.kind === "padding" && mask.choice.causal) return { said: [START, PADDING] };
  if (seen === 0) return { said: [START, `${withoutFirst(pass)}${NOT_SEEN}`] };
  const all = pass.n - 1;
  const places = `At ${seen} of ${all} places the answer itself is in sight, at once or by way of other tokens: `;
  const start = [START, `${places}there the loss measures no prediction. `];
  if (!reader) return { said: [...start, "No token reads its answer directly."] };
  const [was, is] = pass.means;
  return { said: [...start, `${whoReads(reader)} `, is < was / 2 ? itsUse(reader) : NO_USE], head: reader };
}

const PADDING =
  "The tokens before the padding never looked at it: with the causal mask it comes later. So nothing changes for " +
  "them, and the rows of the padding, pale here, are thrown away. Padding in front of a text would have to be hidden.";
const NOT_SEEN =
  "Of a higher loss, part is missing information, part is that the model was never trained this way; this picture " +
  "cannot separate them. Models that are trained with a window or with sparse patterns do well with them.";
const NO_USE =
  "The loss does not fall to 0 although answers are there: the model was never trained with the future in sight and " +
  "makes little use of it.";
const INDUCTION =
  " The record of this model’s heads calls it an induction head: it looks for a token that comes after a copy of the " +
  "current one. Now the current token itself is such a copy, and what comes after it is the answer.";

/**
 * Many heads rest on the first token; a mask that hides it takes that place of rest away.
 * @param {import("./mask_pass.js").MaskPass} pass
 */
function withoutFirst(pass) {
  const { header, n, words } = pass;
  const blind = range(n).filter((query) => query > 0 && !sees(pass, query, 0)).length;
  if (blind === 0 || header.on_first < RESTING) return "";
  return (
    `As trained, ${percent(header.on_first)} of the later tokens’ attention rests on ${quote(words[0])}, the first. ` +
    `This mask hides it from ${blind} of ${n - 1} (attention sinks: arXiv 2309.17453). `
  );
}

/** @param {AnswerReader} reader */
function whoReads({ layer, head, share, role, heads }) {
  const read =
    `Head ${layer + 1}.${head + 1} looks at it most, ` + `with ${percent(share)} of a token’s attention on average.`;
  return role === "induction" && heads.length ? read + INDUCTION : read;
}

/** @param {AnswerReader} reader */
function itsUse({ heads, without }) {
  const use =
    "So this model, trained without the future, uses it at once: with the future in sight a low loss proves nothing.";
  if (!heads.length) return use;
  const who = heads.length === 1 ? "one head" : `${heads.length} heads`;
  const names = heads.slice(0, NAMED).join(", ") + (heads.length > NAMED ? ", …" : "");
  return `${use} Cut off the ${who} that read it most (${names}), and the loss goes to ${number(without)}.`;
}
