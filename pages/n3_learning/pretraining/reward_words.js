// @ts-check
// What the reward board says.

import { number, percent } from "../../../ui/kit/format.js";
import { quote } from "../../../ui/kit/words.js";

/**
 * What can be trained, and where a run's looks are to be had.
 * @typedef {{numbers: string, prompt: string, word: string, rewards: string[], betas: number[], updates: number,
 *   group: number, length: number}} RewardData
 */
/**
 * A text of the group: what it earned, and how much more than the others on average.
 * @typedef {{text: string, earned: number, advantage: number}} WrittenText
 */
/**
 * Means over the group. kl: in nats a text; next: token, probability at the start and now.
 * @typedef {{reward: number, kl: number, different: number, next: [string, number, number][],
 *   texts: WrittenText[]}} RewardLook
 */
/**
 * Looks from a number of updates on.
 * @typedef {{first: number, looks: RewardLook[]}} RewardHeader
 */

/**
 * @param {RewardData} data
 * @param {number} i
 */
export const rewardName = (data, i) =>
  data.rewards[i] === "each" ? `1 point for each ${quote(data.word)}` : `1 point if ${quote(data.word)} occurs`;

/**
 * @param {RewardData} data
 * @param {RewardLook[]} run
 * @param {RewardLook | undefined} look
 */
export function finding(data, run, look) {
  if (!look) return `Can a model learn to write ${quote(data.word)}, if nobody shows it an example?`;
  const at = run.indexOf(look);
  if (at === 0) return `Before any update, a text earns ${points(look.reward)} on average.`;
  return (
    `After ${at} ${at === 1 ? "update" : "updates"}, a text earns ${points(look.reward)} on average; ` +
    `at first it was ${number(run[0].reward)}.`
  );
}

const points = (/** @type {number} */ x) => `${number(x)} ${x === 1 ? "point" : "points"}`;

/**
 * @param {RewardData} data
 * @param {RewardLook[]} run
 * @param {RewardLook | undefined} look
 */
export function told(data, run, look) {
  if (!look)
    return (
      `Each update: the model writes ${data.group} texts of ${data.length} tokens, a program counts the points, and ` +
      "texts that earned more than the others become more probable."
    );
  const [start, lost] = [run[0], look.different < 0.5 * run[0].different];
  const variety =
    `of all tokens that the group wrote, ${percent(look.different)} are different ones; ` +
    `at first it was ${percent(start.different)}`;
  return lost ? `This is reward hacking. The points rise, and language is lost: ${variety}.` : `Variety: ${variety}.`;
}
