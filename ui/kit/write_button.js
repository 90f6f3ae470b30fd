// @ts-check
// A button that has a text written on: it asks the server for stretch after stretch, until all is
// written or it is pressed again. Whatever takes the board away ends it, for nobody asks any more.

const STOP = "■ Stop";
const LOST = 3_000; // ms without an answer, after which the question is put again
let stopOther = () => {}; // one text is written at a time

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
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let patience;
  const show = (/** @type {boolean} */ now) => {
    clearTimeout(patience);
    running = now;
    button.textContent = running ? STOP : resting;
  };
  const stop = () => show(false);
  const goOn = () => {
    show(true);
    patience = setTimeout(goOn, LOST);
    ask();
  };
  return {
    isRunning: () => running,
    run() {
      stopOther();
      stopOther = stop;
      goOn();
    },
    stop,
    answered(done, name) {
      resting = name;
      if (running && !done) goOn();
      else stop();
    },
  };
}
