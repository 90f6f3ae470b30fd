// @ts-check
// The model without a head, in sentences.

import { number, percent, signed } from "../../../ui/kit/format.js";
import { slice } from "../../../ui/kit/tensors.js";
import { quote, visible } from "../../../ui/kit/words.js";
import { headName } from "./head_rows.js";
import { extremes, lossChange } from "./removal_rows.js";

/** @import { HeadsView } from "./head_place.js" */
/** @import { HeadAt } from "./head_rows.js" */
/** @import { NextToken, RemovalArrays } from "./removal_rows.js" */
/** @import { Segment } from "../../../ui/kit/elements.js" */
/** @import { Packed } from "../../../ui/kit/tensors.js" */

/** @typedef {{view: HeadsView, next: string[], loss: number}} RemovalHeader */
/** @typedef {Packed<RemovalHeader, RemovalArrays>} Answer */

const loss = (/** @type {number} */ x) => number(x, 3);

/**
 * The headline.
 * @param {Answer} answer
 * @param {HeadAt} at
 * @param {NextToken} guess of the whole model
 * @returns {Segment[]}
 */
export function finding(answer, at, { piece, before, after }) {
  const [from, to] = [percent(before), percent(after)];
  const way = after < before ? "falls" : "rises";
  const chance = from === to ? ` stays at ${from}` : ` ${way} from ${from} to ${to}`;
  const text = answer.header.view.pieces.length === 1 ? "" : `, and ${wholeText(answer, at)}`;
  return [`Without head ${headName(at)}, `, ["prediction", quote(visible(piece))], `${chance} as the next token`, text];
}

/**
 * @param {Answer} answer
 * @param {HeadAt} at
 */
function wholeText({ header, arrays }, at) {
  const change = lossChange(arrays, header.loss, at);
  if (change === 0) return `the loss of the whole text stays at ${loss(header.loss)}`;
  const after = loss(slice(arrays.loss_without, at.layer)[at.head]);
  const becomes = change < 0 ? "easier" : "harder";
  return `the whole text becomes ${becomes} to predict (loss ${loss(header.loss)} → ${after})`;
}

/**
 * What the loss is, and which heads this text would miss most and least.
 * @param {Answer} answer
 */
export function about({ header, arrays }) {
  if (header.view.pieces.length === 1) {
    return "A text of one token has none to be predicted: type a longer one to see the loss change.";
  }
  const { most, least } = extremes(arrays, header.loss);
  return (
    "The loss is the mean of −ln of the probability that each token was given before it came: " +
    `${loss(header.loss)} with all heads, 0 for a text foreseen with certainty. ` +
    `This text would miss head ${headName(most.at)} most (${signed(most.change, 3)}); ` +
    `without ${headName(least.at)} the loss changes by ${signed(least.change, 3)}.`
  );
}
