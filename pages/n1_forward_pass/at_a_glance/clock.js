// @ts-check
// Frames, as long as something moves.

export class Clock {
  #request = 0;
  #before = 0;

  /**
   * @param {(elapsed: number) => boolean} frame is given milliseconds and says whether another follows
   * @param {AbortSignal} gone
   */
  constructor(frame, gone) {
    this.frame = frame;
    this.gone = gone;
  }

  start() {
    if (this.#request) return;
    this.#before = 0;
    this.#request = requestAnimationFrame(this.#tick);
  }

  /** @param {number} now */
  #tick = (now) => {
    const elapsed = this.#before ? now - this.#before : 0;
    this.#before = now;
    this.#request = !this.gone.aborted && this.frame(elapsed) ? requestAnimationFrame(this.#tick) : 0;
  };
}
