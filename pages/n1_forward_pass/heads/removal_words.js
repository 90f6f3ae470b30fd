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
  const chance = from === to ? ` stays at ${from}` : ` ${way} from ${from} to ${to}`;
  const text = header.view.pieces.length === 1 ? "" : `, and ${wholeText(header.loss, lost)}`;
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
  if (change === 0) return `the loss of the whole text stays at ${loss(whole)}`;
  const becomes = change < 0 ? "easier" : "harder";
  return `the whole text becomes ${becomes} to predict (loss ${loss(whole)} → ${loss(lost.loss)})`;
}

/**
 * What the head reads at the end of the text.
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
    `From the last word, ${from}, head ${headName(at)} reads `,
    ...[/** @type {Segment} */ (["key", to]), " most: ", /** @type {Segment} */ (["attention", share])],
    " of its attention.",
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
      ? `Each of the ${whole} heads was switched off by itself. `
      : `${all.length} of ${whole} heads have been switched off so far, first those with the largest direct effect ` +
        `on ${quote(visible(header.effect_on))}: what W_O and the unembedding make of the head’s output alone. ` +
        "Choose any other head to switch it off. ";
  if (pieces.length === 1) {
    return `${chosen}A text of one token has none to be predicted: type a longer one to see the loss change.`;
  }
  const { most, least } = extremes(all, header.loss);
  return (
    `${chosen}The loss is the mean of −ln of the probability that each token was given before it came: ` +
    `${loss(header.loss)} with all heads. ` +
    `Of these heads this text would miss ${headName(most.at)} most (${signed(most.change, 3)}); ` +
    `without ${headName(least.at)} the loss changes by ${signed(least.change, 3)}.`
  );
}
