// @ts-check
// The step of a training: a slider over its snapshots, played or dragged.

import { clamp } from "./arithmetic.js";
import { slider } from "./controls.js";
import { make } from "./elements.js";
import { player } from "./player.js";

const PAUSE = 900; // milliseconds at each snapshot
const REST = 300; // milliseconds after which a hand that drags is said to rest

/** @typedef {{node: HTMLElement, goTo: (at: number) => void, stop: () => void}} Timeline */

/**
 * @param {{n: number, at: number, show: (at: number) => string, change: (at: number) => void,
 *   rest: (at: number) => void}} steps `change` is called with each snapshot that is gone to, by hand or while it
 *   plays; `rest` once that has stopped, with what need not keep up with a hand
 * @returns {Timeline}
 */
export function timeline({ n, at, show, change, rest }) {
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let resting;
  let now = at;
  const go = (/** @type {number} */ to) => {
    now = to;
    change(to);
    clearTimeout(resting);
    resting = setTimeout(() => slide.isConnected && rest(to), REST);
  };
  const play = make("button", { class: "go", type: "button" }, "Play");
  const slide = slider({
    ...{ label: "Training step", min: 0, max: n - 1, step: 1, value: at, show },
    change: (to) => {
      pause();
      go(to);
    },
  });
  const goTo = (/** @type {number} */ to) => {
    slide.set(clamp(to, 0, n - 1));
    go(clamp(to, 0, n - 1));
  };
  const { pause } = player(play, { place: () => ({ at: now, last: n - 1 }), goTo, beat: () => PAUSE });
  return { node: make("div", { class: "timeline" }, play, slide), goTo, stop: pause };
}
