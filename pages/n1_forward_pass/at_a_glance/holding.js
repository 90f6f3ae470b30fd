// @ts-check
// A button that acts once when it is pressed, and again and again while it is held.

const HELD_MS = 350; // a press that lasts longer is held
const BETWEEN_MS = 450; // at least, from one time to the next, so that each can be seen

const KEYS = new Set(["Enter", " "]);

export class Hold {
  /** @type {"up" | "pressed" | "held"} */
  #state = "up";
  #timer = 0;
  #acted = 0; // when

  /**
   * @param {HTMLButtonElement} button one that is not ready says so by `aria-disabled`
   * @param {() => void} act
   */
  constructor(button, act) {
    this.button = button;
    this.act = act;
    button.addEventListener("pointerdown", (event) => {
      if (event.button !== 0) return;
      button.setPointerCapture(event.pointerId); // the button may move while it is held
      this.#press();
    });
    button.addEventListener("pointerup", () => this.#release());
    for (const kind of ["pointercancel", "blur"]) button.addEventListener(kind, () => this.#let());
    button.addEventListener("contextmenu", (event) => this.#state !== "up" && event.preventDefault());
    button.addEventListener("keydown", (event) => this.#key(event, () => event.repeat || this.#press()));
    button.addEventListener("keyup", (event) => this.#key(event, () => this.#release()));
    // One that neither a pointer nor a key has made, as a screen reader's.
    button.addEventListener("click", (event) => event.detail === 0 && this.#once());
  }

  /** It can act again: it does, where it is still held. */
  ready() {
    if (this.#state !== "held") return;
    clearTimeout(this.#timer);
    this.#timer = window.setTimeout(() => this.#once(), Math.max(0, this.#acted + BETWEEN_MS - performance.now()));
  }

  /**
   * @param {KeyboardEvent} event
   * @param {() => unknown} then
   */
  #key(event, then) {
    if (!KEYS.has(event.key) || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    then();
  }

  #press() {
    if (this.#state !== "up") return;
    this.#state = "pressed";
    this.#timer = window.setTimeout(() => {
      this.#state = "held";
      this.#once();
    }, HELD_MS);
  }

  #release() {
    const pressed = this.#state === "pressed";
    this.#let();
    if (pressed) this.#once();
  }

  #let() {
    clearTimeout(this.#timer);
    this.#state = "up";
  }

  #once() {
    if (!this.button.isConnected || this.button.ariaDisabled === "true") return;
    this.#acted = performance.now();
    this.act();
  }
}
