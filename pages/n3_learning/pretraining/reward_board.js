// @ts-check
// A model rewarded for a word: trained a few updates at a time while the reader watches, then scrubbed through.

import { ask, busyDuring } from "../../../ui/kit/asking.js";
import { check, radios, slider } from "../../../ui/kit/controls.js";
import { find } from "../../../ui/kit/elements.js";
import { follow } from "../../../ui/kit/follow.js";
import { mount } from "../../../ui/kit/mount.js";
import { unpack } from "../../../ui/kit/tensors.js";
import { drawNext, drawTexts, drawTrends } from "./reward_pictures.js";
import { finding, rewardName, told } from "./reward_words.js";

/** @import { RewardData, RewardHeader, RewardLook } from "./reward_words.js" */
/** @import { Page } from "../../../ui/kit/mount.js" */

/**
 * runs: looks by reward and β; at: the look that is shown; going: a training on its way.
 * @typedef {{root: HTMLElement, page: Page, reward: number, beta: number, at: number, data?: RewardData,
 *   runs: Map<string, RewardLook[]>, going?: AbortController, failed: boolean}} Board
 */

export default mount((root, page) => {
  /** @type {Board} */
  const board = { root, page, reward: 0, beta: 0, at: 0, runs: new Map(), failed: false };
  find(root, ".train").addEventListener("click", () => (board.going ? halt(board) : train(board)));
  const stop = follow(root, () => draw(board));
  return {
    receive(/** @type {RewardData} */ data) {
      if (!board.data) build(board, data);
      draw(board);
    },
    stop: () => {
      board.going?.abort();
      stop();
    },
  };
});

/**
 * @param {Board} board
 * @param {RewardData} data
 */
function build(board, data) {
  board.data = data;
  const { root } = board;
  const choose = (/** @type {Partial<Board>} */ to) => {
    Object.assign(board, to);
    halt(board);
    goTo(board, looks(board).length - 1);
  };
  const [rewards, betas] = [find(root, ".rewards"), find(root, ".betas")];
  radios(
    rewards,
    "Reward",
    data.rewards.length,
    (i) => rewardName(data, i),
    (reward) => choose({ reward }),
  );
  radios(
    betas,
    "KL penalty β",
    data.betas.length,
    (i) => `β = ${data.betas[i]}`,
    (beta) => choose({ beta }),
  );
  check(rewards, 0);
  check(betas, 0);
}

const key = (/** @type {Board} */ { reward, beta }) => `${reward} ${beta}`;
const looks = (/** @type {Board} */ board) => board.runs.get(key(board)) ?? [];

/** @param {Board} board */
function halt(board) {
  board.going?.abort();
  board.going = undefined;
  draw(board);
}

/** @param {Board} board */
async function train(board) {
  const { data, root, runs } = board;
  if (!data) return;
  const going = new AbortController();
  Object.assign(board, { going, failed: false });
  const wanted = { reward: data.rewards[board.reward], beta: String(data.betas[board.beta]) };
  const run = looks(board);
  runs.set(key(board), run);
  draw(board);
  while (run.length <= data.updates) {
    const question = { ...wanted, first: String(run.length) };
    const bytes = await busyDuring(root, ask(data.numbers, question, going.signal));
    if (going.signal.aborted) return;
    if (!bytes) {
      board.failed = true;
      break;
    }
    const following = board.at >= run.length - 1;
    run.push(.../** @type {RewardHeader} */ (unpack(bytes).header).looks);
    if (following) board.at = run.length - 1;
    draw(board);
  }
  board.going = undefined;
  draw(board);
  find(root, ".spoken").textContent = find(root, ".finding").textContent;
  board.page.drawn();
}

/**
 * @param {Board} board
 * @param {number} at
 */
function goTo(board, at) {
  board.at = Math.max(0, at);
  draw(board);
  board.page.drawn();
}

/** @param {Board} board */
function draw(board) {
  const { root, data, at, going, failed } = board;
  if (!data) return;
  const run = looks(board);
  const look = run[Math.min(at, run.length - 1)];
  const button = find(root, ".train", HTMLButtonElement);
  button.textContent = going ? "Stop" : run.length ? "Go on" : "Train now";
  button.hidden = !going && run.length > data.updates;
  find(root, ".finding").textContent = finding(data, run, look);
  find(root, ".told").textContent = failed ? "The training could not be run. Try again." : told(data, run, look);
  find(root, ".result").hidden = !look;
  if (!look) return;
  placeSlider(board, run);
  drawTrends(find(root, ".trends"), data, run, at);
  drawNext(root, data, look);
  drawTexts(root, data, look);
}

/**
 * @param {Board} board
 * @param {RewardLook[]} run
 */
function placeSlider(board, run) {
  const last = run.length - 1;
  const box = find(board.root, ".place");
  if (box.dataset.made === `${key(board)} ${last}`) return;
  box.dataset.made = `${key(board)} ${last}`;
  box.replaceChildren(
    slider({
      ...{ label: "After update", min: 0, max: last, step: 1, value: Math.min(board.at, last) },
      ...{ show: (to) => `${to} of ${last}`, change: (to) => goTo(board, to) },
    }),
  );
}
