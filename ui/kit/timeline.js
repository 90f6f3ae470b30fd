// @ts-check
// The step of a training: a slider over its snapshots, played or dragged.

import { clamp } from "./arithmetic.js";
import { slider } from "./controls.js";
import { make } from "./elements.js";

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
  /** @type {ReturnType<typeof setInterval> | undefined} */
  let clock;
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
      stop();
      go(to);
    },
  });
  const goTo = (/** @type {number} */ to) => {
    slide.set(clamp(to, 0, n - 1));
    go(clamp(to, 0, n - 1));
  };
  const stop = () => {
    clearInterval(clock);
    clock = undefined;
    play.textContent = "Play";
  };
  const tick = () => {
    if (!slide.isConnected || now >= n - 1) stop();
    else goTo(now + 1);
  };
  play.addEventListener("click", () => {
    if (clock) return stop();
    play.textContent = "Pause";
    goTo(now >= n - 1 ? 0 : now + 1);
    clock = setInterval(tick, PAUSE);
  });
  return { node: make("div", { class: "timeline" }, play, slide), goTo, stop };
}
