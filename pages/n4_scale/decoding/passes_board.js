// @ts-check
// Prefill and decode, stepped by hand pass by pass; below it, both ways by the clock.

import { recall, whenSent } from "../../../ui/kit/address.js";
import { clamp } from "../../../ui/kit/arithmetic.js";
import { check, radios, slider } from "../../../ui/kit/controls.js";
import { find, rich } from "../../../ui/kit/elements.js";
import { follow } from "../../../ui/kit/follow.js";
import { onKeys } from "../../../ui/kit/keys.js";
import { mount } from "../../../ui/kit/mount.js";
import { Palette } from "../../../ui/kit/palette.js";
import { player } from "../../../ui/kit/player.js";
import { fit } from "../../../ui/kit/plot.js";
import { labels } from "../../../ui/kit/words.js";
import { drawCounts, drawLineUp, drawTriangle, finding, told } from "./passes_scene.js";
import { StepClock } from "./step_clock.js";

/** @import { Slider } from "../../../ui/kit/controls.js" */
/** @import { Player } from "../../../ui/kit/player.js" */
/** @import { Page } from "../../../ui/kit/mount.js" */
/** @import { Scene } from "./passes_scene.js" */

/**
 * @typedef {{pass_id: string, pieces: string[], n_prompt: number, n_text: number,
 *   lengths: number[], numbers: string, sentence: Record<string, string>}} PassesData
 */
/**
 * @typedef {{root: HTMLElement, page: Page, scene: Scene, clock: StepClock, palette: Palette, data?: PassesData,
 *   place?: Slider, player?: Player}} Board
 */

const PACE = 1100; // milliseconds of a pass

export default mount((root, page) => {
  const palette = new Palette(root);
  /** @type {Board} */
  const board = {
    ...{ root, page, palette, clock: new StepClock(root, palette) },
    scene: { words: [], prompt: 0, written: 0, at: 0, cached: true },
  };
  listen(board);
  whenSent(root, (to) => {
    if (!to.cache) return false;
    board.scene.cached = to.cache !== "without";
    goTo(board, last(board));
    return true;
  });
  const stop = follow(root, () => {
    palette.forget();
    draw(board);
    board.clock.draw();
    fit(find(root, ".clock-plot"));
  });
  return {
    receive: (/** @type {PassesData} */ data) => receive(board, data),
    stop: () => {
      board.player?.pause();
      board.clock.going?.abort();
      stop();
    },
  };
});

/** @param {Board} board */
function listen(board) {
  const { root, scene } = board;
  const by = (/** @type {number} */ passes) => () => {
    board.player?.pause();
    goTo(board, scene.at + passes);
    find(root, ".spoken").textContent = find(root, ".told").textContent;
  };
  find(root, ".back").addEventListener("click", by(-1));
  find(root, ".forward").addEventListener("click", by(1));
  board.player = player(find(root, ".play"), {
    place: () => ({ at: scene.at, last: last(board) }),
    goTo: (at) => goTo(board, at),
    beat: () => PACE,
  });
  find(root, ".measure").addEventListener("click", () => board.data && board.clock.measure(board.data));
  onKeys(find(root, ".stage"), { ArrowLeft: by(-1), ArrowRight: by(1) });
  radios(
    find(root, ".ways"),
    "Cache",
    2,
    (i) => ["with", "without"][i],
    (i) => {
      scene.cached = i === 0;
      draw(board);
      find(root, ".spoken").textContent = find(root, ".told").textContent;
    },
  );
}

/** @param {Board} board */
const last = ({ scene }) => Math.max(0, scene.written - 1);

/**
 * @param {Board} board
 * @param {number} at
 */
function goTo(board, at) {
  board.scene.at = clamp(at, 0, last(board));
  draw(board);
}

/**
 * @param {Board} board
 * @param {PassesData} data
 */
function receive(board, data) {
  const { root, scene } = board;
  const isNew = board.data?.pass_id !== data.pass_id;
  board.data = data;
  if (isNew) {
    board.player?.pause();
    board.clock.forget();
    const written = data.pieces.length - data.n_prompt;
    Object.assign(scene, { words: labels(data.pieces), prompt: data.n_prompt, written, at: Math.min(1, written) });
    scene.cached = recall("cache") !== "without";
    scene.at = clamp(scene.at, 0, last(board));
    const many = last(board) + 1;
    board.place = slider({
      ...{ label: "Pass", min: 1, max: many, step: 1, value: scene.at + 1 },
      show: (to) => `${to} of ${many}`,
      change: (to) => {
        board.player?.pause();
        goTo(board, to - 1);
      },
    });
    find(root, ".place").replaceChildren(board.place);
  }
  draw(board);
}

/** @param {Board} board */
function draw(board) {
  const { root, scene, data } = board;
  if (!data) return;
  board.place?.set(scene.at + 1);
  check(find(root, ".ways"), scene.cached ? 0 : 1);
  find(root, ".back", HTMLButtonElement).disabled = scene.at === 0;
  find(root, ".forward", HTMLButtonElement).disabled = scene.at === last(board);
  find(root, ".finding").replaceChildren(...rich(finding(scene)));
  find(root, ".pass-title").textContent = `Pass ${scene.at + 1}: ${scene.at ? "decode" : "prefill"}`;
  const cut = data.n_text > data.n_prompt ? ` Drawn for the first ${data.n_prompt} of your ${data.n_text} tokens.` : "";
  find(root, ".told").textContent = told(scene) + cut;
  drawTriangle(root, scene);
  drawLineUp(root, scene);
  drawCounts(root, scene);
}
