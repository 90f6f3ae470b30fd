// @ts-check
// A button that has a text written on: it asks the server for stretch after stretch, until all is
// written or it is pressed again. Whatever takes the board away ends it, for nobody asks any more.

const STOP = "■ Stop";

/**
 * @typedef {{isRunning: () => boolean, run: () => void, stop: () => void,
 *   answered: (done: boolean, name: string) => void}} WriteButton
 */

/**
 * `run` asks, `stop` does not ask again; `answered` is for each answer and says what the button is
 * called while nothing is asked for.
 * @param {HTMLElement} button
 * @param {() => void} ask the server for a stretch more
 * @returns {WriteButton}
 */
export function writeButton(button, ask) {
  let running = false;
  let resting = "";
  const show = (/** @type {boolean} */ now) => {
    running = now;
    button.textContent = running ? STOP : resting;
  };
  return {
    isRunning: () => running,
    run() {
      show(true);
      ask();
    },
    stop: () => show(false),
    answered(done, name) {
      resting = name;
      show(running && !done);
      if (running) ask();
    },
  };
}
