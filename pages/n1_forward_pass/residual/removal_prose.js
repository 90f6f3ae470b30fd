// @ts-check
// What the parts of a model are worth, in words.

import { number, percent, printed, signed } from "../../../ui/kit/format.js";
import { quote, visible } from "../../../ui/kit/words.js";
import { everyLayer, isWhole, median, partName, rises, unmeasured } from "./removal.js";

/** @typedef {import("../../../ui/kit/elements.js").Segment} Segment */
/** @typedef {import("./removal.js").Removal} Removal */

/**
 * A loss to read.
 * @param {number | null} loss
 */
export const nats = (loss) => (loss === null ? "not a number (it overflows)" : `${number(loss)} nats`);

/**
 * The median worth of skips, norms and what sublayers add.
 * @param {Removal} removal
 */
const medians = (removal) =>
  [
    ["as", "ms"],
    ["an", "mn"],
    ["a", "m"],
  ].map((kinds) => median(rises(removal, inEveryLayer(removal, kinds))));

/**
 * @param {Removal} removal
 * @param {string[]} kinds
 */
const inEveryLayer = ({ n_layers }, kinds) => kinds.flatMap((letters) => everyLayer(letters, n_layers));

/** @param {Removal} removal */
export function worth(removal) {
  if (!isWhole(removal)) return partlyWorth(removal);
  const [skip, norm, branch] = medians(removal).map((each) => number(each));
  return (
    `With one part switched off, the loss changes by ${skip} (a skip connection), ${norm} (a norm) or ` +
    `${branch} (a sublayer’s output): medians`
  );
}

/** @param {Removal} removal */
function partlyWorth(removal) {
  const { overview, n_parts } = removal;
  const measured = Object.keys(overview);
  if (!measured.length) return "What does each part do for your text?";
  return `${measured.length} of ${n_parts} parts measured. The costliest is ${dearest(removal, measured)}`;
}

/**
 * What can be measured here, and why these.
 * @param {Removal} removal
 */
function offer(removal) {
  const { candidates, n_parts, intact } = removal;
  const [[piece]] = intact.next;
  const left = unmeasured(removal).length;
  const chosen =
    `These ${candidates.length} of ${n_parts} parts are the sublayers whose additions change the logit of ` +
    `${quote(visible(piece))} most (see Push above).`;
  return `${chosen} Click any ${left ? "" : "other "}part to switch it off.`;
}

/**
 * What one part alone is worth; with none pointed at, what the medians hide.
 * @param {Removal} removal
 * @param {string | null} code
 * @returns {Segment[]}
 */
export function pointed(removal, code) {
  const { overview, intact } = removal;
  if (code === null) return isWhole(removal) ? [extremes(removal, Object.keys(overview))] : [offer(removal)];
  if (!overview[code]) return [["part", partName(code)], " has not been switched off alone yet. Click to do so."];
  const { loss, next } = overview[code];
  const [piece, chance] = next;
  return [
    "Without ",
    ["part", partName(code)],
    `, the loss is ${nats(loss)} instead of ${nats(intact.loss)}, and the most likely next token is `,
    ["prediction", quote(visible(piece))],
    ` (${percent(chance)}).`,
  ];
}

/**
 * @param {Removal} removal
 * @param {string[]} among
 */
function dearest(removal, among) {
  const worths = rises(removal, among);
  const most = Math.max(...worths);
  return `${partName(among[worths.indexOf(most)])} (${signed(most)})`;
}

/**
 * The dearest part of all, and of what sublayers add.
 * @param {Removal} removal
 * @param {string[]} codes
 */
function extremes(removal, codes) {
  const added = dearest(removal, inEveryLayer(removal, ["a", "m"]));
  const wrong = medians(removal).some((each) => each < 0);
  const less = wrong ? " A number below 0 means that the loss falls." : "";
  const most = `The costliest part is ${dearest(removal, codes)}. Of the sublayers’ outputs, it is ${added}.`;
  return `${most}${less} Point at a cell for its own run.`;
}

/**
 * What became of the loss.
 * @param {Removal} removal
 */
export function lossFinding({ intact, without, removed }) {
  if (!removed.length) return `With all parts on, the model’s loss on your text is ${nats(intact.loss)}`;
  const parts = removed.length === 1 ? "One part" : `${removed.length} parts`;
  return `${parts} switched off: the loss goes from ${lossOnly(intact.loss)} to ${nats(without.loss)}`;
}

/** @param {number | null} loss */
const lossOnly = (loss) => (loss === null ? nats(loss) : number(loss));

/**
 * What became of the guess at the next word; with nothing out, what the loss is.
 * @param {Removal} removal
 */
export function nextFinding(removal) {
  const { intact, without, removed } = removal;
  if (!removed.length) return `${measure(removal)} Switch a part off to compare.`;
  if (without.loss === null) return "The numbers overflow, so there is no prediction any more.";
  const [[piece, chance]] = without.next;
  const [[was]] = intact.next;
  if (piece === was) return `The most likely next token is still ${quote(visible(piece))} (${percent(chance)}).`;
  const now = `${quote(visible(piece))} (${percent(chance)})`;
  return `The most likely next token is now ${now} instead of ${quote(visible(was))}.`;
}

/** @param {Removal} removal */
function measure({ pieces, intact }) {
  if (pieces.length === 1)
    return "A text of one token has no next token to predict. Here the model’s own first guess is the target.";
  const mean = "The loss is the mean of −ln p, where p is the probability that the model gave to each next token.";
  const unit = "Its unit is the nat (natural-log unit).";
  if (intact.loss === null) return `${mean} ${unit}`;
  const perplexity = number(Math.exp(printed(intact.loss, 3)), 1);
  const power = `The perplexity is e^${number(intact.loss, 3)} ≈ ${perplexity}`;
  return `${mean} ${unit} ${power}: a uniform guess among so many tokens has this loss.`;
}
