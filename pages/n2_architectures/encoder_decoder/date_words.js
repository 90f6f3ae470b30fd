// @ts-check
// What the board says: one full sentence for each picture, with the reader's own characters in it.

import { number, percent } from "../../../ui/kit/format.js";
import { changed, differences, meanNats, most, nats, weightsOf } from "./date_answer.js";

/** @import { Answer, Cell, Choice, MaskName } from "./date_answer.js" */
/** @import { Segment } from "../../../ui/kit/elements.js" */

const OTHERS = 9; // digits that may stand in a digit's place

/** @param {string} char */
export const shown = (char) => (char === " " ? "␣" : char);

/** @param {string} char */
const quoted = (char) => `“${shown(char)}”`;

/** @param {number} n @param {string} one @param {string} many */
const counted = (n, one, many) => `${n} ${n === 1 ? one : many}`;

/** @param {readonly string[]} target */
export const written = (target) => target.filter((char) => char !== "end").join("");

/**
 * @param {Answer} answer
 * @returns {Segment[]}
 */
export function result({ header }) {
  const text = header.source.join("");
  const made = written(header.target);
  if (!header.is_date) return [`The model rewrites “${text}” as `, ["prediction", `“${made}”`], "."];
  const wanted = written(header.wanted);
  const verdict = made === wanted ? ", and this is right." : `. This is wrong: the date is “${wanted}”.`;
  return [`The model rewrites “${text}” as `, ["prediction", `“${made}”`], verdict];
}

/**
 * @param {Answer} answer
 * @param {Choice} choice
 * @returns {Segment[]}
 */
export function stepSays(answer, choice) {
  const { source, target } = answer.header;
  const weights = weightsOf(answer, choice);
  const key = most(weights);
  const what = target[choice.at] === "end" ? "To end its text" : "To write ";
  const char = target[choice.at] === "end" ? [] : [/** @type {Segment} */ (["query", quoted(target[choice.at])])];
  return [
    what,
    ...char,
    ` at position ${choice.at + 1}, head ${choice.layer + 1}.${choice.head + 1} attends most to `,
    ["key", quoted(source[key])],
    ` at position ${key + 1} of your text, with an attention weight of ${percent(weights[key])}.`,
  ];
}

/** @type {Record<MaskName, string>} */
const WHERE = {
  encoder: "In the encoder",
  decoder: "In the decoder’s own attention",
  cross: "In cross-attention",
};

/**
 * @param {Answer} answer
 * @param {number} text of the batch
 */
export function allowed({ header }, text) {
  const mine = text === 0 ? "your text" : "the other text";
  const lengths = [header.source.length, header.neighbour.length];
  const n = lengths[text];
  const padding = Math.max(...lengths) - n;
  const hidden = padding ? `${counted(padding, "padding token is", "padding tokens are")} hidden` : "Nothing is padded";
  return (
    `In the encoder, every token of ${mine} may look at every other, in both directions. ` +
    `In the decoder, each position may look only at what is written before it. ${hidden}.`
  );
}

/**
 * A sentence on one cell.
 * @param {MaskName} name
 * @param {string} query
 * @param {string} key
 * @param {Cell} cell
 */
export function pairSays(name, query, key, cell) {
  const pair = `${WHERE[name]}, ${quoted(query)}`;
  if (cell === "may look") return `${pair} may look at ${quoted(key)}.`;
  if (cell === "padding") return `${pair} may not look at this token, because it is padding.`;
  return `${pair} may not look at ${quoted(key)}, because it stands later in the text that is being written.`;
}

/**
 * @param {Answer} answer
 * @param {Choice} choice
 */
export function compared(answer, choice) {
  const { at, target, forced, free } = changed(answer, choice);
  const was = answer.header.wanted[at];
  if (target[at] === was)
    return `Nothing is changed: position ${at + 1} holds ${quoted(was)}. Choose another digit and compare both ways.`;
  const later = target.length - at - 1;
  const [told, alone] = [forced, free].map((made) => differences(made, target, at).length || "none");
  return (
    `You changed ${quoted(was)} at position ${at + 1} to ${quoted(target[at])}. Of the ${later} later characters, ` +
    `teacher forcing gets ${told} wrong, and generation ${alone}.`
  );
}

/**
 * @param {Answer} answer
 * @param {Choice} choice
 */
export function forcingSays(answer, choice) {
  const { at, target, chances, free } = changed(answer, choice);
  const { places, spread } = answer.header;
  const cost = number(nats(chances[at]));
  return [
    `In training this target would cost ${cost} nats at position ${at + 1}, ` +
      `and ${number(meanNats(chances))} on average.`,
    `Generation writes “${written(free)}”, where the target is “${written(target)}”.`,
    `There are ${OTHERS * places.length} ways to change one digit. ` +
      `After ${spread} of them, generation gets a later character wrong, too.`,
    "Teacher forcing needs one pass for all positions, generation one pass for each.",
  ];
}
