// @ts-check
// Steps that play by themselves.

/** @typedef {{at: number, last: number}} Place where the steps stand, counted from 0 */
/**
 * `place` is empty while there is nothing to play; `goTo` shows a step; each one stays for `beat` milliseconds.
 * @typedef {{place: () => Place | null | undefined, goTo: (at: number) => void, beat: () => number}} Steps
 */
/** @typedef {{pause: () => void}} Player */

/**
 * A button plays the steps from the next one on, or from the first where the last one stands; pressed again, it
 * pauses.
 * @param {HTMLElement} button
 * @param {Steps} steps
 * @returns {Player}
 */
export function player(button, { place, goTo, beat }) {
  /** @type {ReturnType<typeof setInterval> | undefined} */
  let clock;
  const pause = () => {
    clearInterval(clock);
    clock = undefined;
    button.textContent = "Play";
  };
  const tick = () => {
    const now = place();
    if (!button.isConnected || !now || now.at >= now.last) pause();
    else goTo(now.at + 1);
  };
  button.addEventListener("click", () => {
    const now = place();
    if (clock !== undefined || !now) return pause();
    button.textContent = "Pause";
    goTo(now.at >= now.last ? 0 : now.at + 1);
    clock = setInterval(tick, beat());
  });
  return { pause };
}
