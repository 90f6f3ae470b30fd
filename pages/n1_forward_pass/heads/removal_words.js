// @ts-check
// The model without a head, in sentences.

import { number, percent, signed } from "../../../ui/kit/format.js";
import { quote, visible } from "../../../ui/kit/words.js";
import { headName } from "./head_rows.js";
import { extremes, lossChange, nextTokens } from "./removal_rows.js";

/** @import { HeadsView } from "./head_place.js" */
/** @import { Lost, RemovedArrays, RemovedHeader } from "./removal_rows.js" */
/** @import { Segment } from "../../../ui/kit/elements.js" */
/** @import { Packed, Tensor } from "../../../ui/kit/tensors.js" */

/**
 * `effect_on`: the token on which heads were chosen for their effect; "" where all were removed.
 * @typedef {RemovedHeader & {view: HeadsView, loss: number, effect_on: string}} RemovalHeader
 */
/** @typedef {RemovedArrays & {surprise: Tensor}} RemovalArrays */
/** @typedef {Packed<RemovalHeader, RemovalArrays>} Answer */

const loss = (/** @type {number} */ x) => number(x, 3);

/**
 * The headline.
 * @param {Answer} answer
 * @param {Lost} lost
 * @returns {Segment[]}
 */
export function finding({ header }, lost) {
  const { piece, before, after } = nextTokens(lost).guess;
  const [from, to] = [percent(before), percent(after)];
  const way = after < before ? "falls" : "rises";
  const chance = from === to ? ` keeps a probability of ${from}` : ` ${way} from ${from} to ${to}`;
  const text = header.view.pieces.length === 1 ? "" : `. ${wholeText(header.loss, lost)}`;
  return [
    `Without head ${headName(lost.at)}, `,
    ["prediction", quote(visible(piece))],
    `${chance} as the next token`,
    text,
  ];
}

/**
 * @param {number} whole the loss with all heads
 * @param {Lost} lost
 */
function wholeText(whole, lost) {
  const change = lossChange(lost, whole);
  if (change === 0) return `The loss of the whole text stays at ${loss(whole)}`;
  const becomes = change < 0 ? "easier" : "harder";
  return `The whole text becomes ${becomes} to predict (loss ${loss(whole)} → ${loss(lost.loss)})`;
}

/**
 * Where the head attends at the end of the text.
 * @param {Answer} answer
 * @param {Lost} lost
 * @returns {Segment[]}
 */
export function reading({ header }, { at, reads, weight }) {
  const { pieces } = header.view;
  const last = pieces.length - 1;
  const from = quote(visible(pieces[last]));
  if (last === 0) return [];
  const to = reads === last ? "itself" : quote(visible(pieces[reads]));
  const share = percent(weight);
  return [
    `In head ${headName(at)}, the last token, ${from}, attends most to `,
    ...[/** @type {Segment} */ (["key", to]), ", with a weight of ", /** @type {Segment} */ (["attention", share])],
    ".",
  ];
}

/**
 * Which heads were switched off, what the loss is, and which heads this text would miss most and least.
 * @param {Answer} answer
 * @param {readonly Lost[]} all that were switched off so far
 */
export function about({ header }, all) {
  const { n_layers, n_heads, pieces } = header.view;
  const whole = n_layers * n_heads;
  const chosen =
    all.length === whole
      ? `Each of the ${whole} heads was ablated (switched off) by itself. `
      : `${all.length} of ${whole} heads have been switched off so far. The first were those whose output by ` +
        `itself changes the logit of ${quote(visible(header.effect_on))} most. ` +
        "Choose any other head to switch it off. ";
  if (pieces.length === 1) {
    return `${chosen}In a text of one token nothing is predicted. Type a longer one to see the loss change.`;
  }
  const { most, least } = extremes(all, header.loss);
  return (
    `${chosen}The loss is the mean of −ln of the probability that each token was given before it came, in nats ` +
    `(natural-log units). With all heads it is ${loss(header.loss)}. ` +
    `Of these heads, the text needs ${headName(most.at)} most: without it the loss changes by ` +
    `${signed(most.change, 3)}. It needs ${headName(least.at)} least: ${signed(least.change, 3)}.`
  );
}

const STRONG = 0.5; // attention weight on one token
const POINT = 0.01; // of a probability

/**
 * Heads that attend strongly to one token, and how many of them the first guess hardly needs.
 * @param {Answer} answer
 * @param {readonly Lost[]} all that were switched off so far
 */
export function weighed({ header }, all) {
  const last = header.view.pieces.length - 1;
  const strong = all.filter(({ weight, reads }) => weight >= STRONG && reads !== last);
  const idle = strong.filter(({ next: [guess] }) => Math.abs(guess.after - guess.before) < POINT);
  if (last === 0 || strong.length === 0) {
    return "In your sentence, none of the ablated heads gives half of its attention to one earlier token.";
  }
  const word = quote(visible(strong[0].next[0].piece));
  const those = strong.length === 1 ? "1 ablated head gives" : `${strong.length} ablated heads give`;
  return (
    `In your sentence, ${those} at least half of the last token’s attention to one earlier token. ` +
    `When ${strong.length === 1 ? "it" : "one of them"} is switched off, the probability of ${word} changes by less ` +
    `than one percentage point in ${idle.length} of ${strong.length} ${strong.length === 1 ? "case" : "cases"}.`
  );
}
