// @ts-check
// The tour: eight stops, each one act of the reader's. It watches what the screen shows, and goes on when
// that has been done which a stop asks for.

import { remember } from "../../../ui/kit/address.js";
import { TourCard } from "./tour_card.js";
import { choices, STOPS } from "./tour_stops.js";

/** @import { Acts, Now, Scene } from "./tour_stops.js" */

const READ_MS = 6000; // what was to be seen stays so long

export class Tour {
  /** @type {number | null} */
  #stop = null;
  /** @type {Now | null} */
  #now = null;
  /** @type {Now | null} */
  #begun = null;
  /** @type {number | null} */
  #guess = null;
  /** @type {string | null} what was to be seen, once that is done which was asked for */
  #told = null;
  #timer = 0;
  #listening = new AbortController();

  /**
   * @param {HTMLElement} root
   * @param {Acts} acts
   */
  constructor(root, acts) {
    this.root = root;
    this.acts = acts;
    this.card = new TourCard(root, {
      back: () => this.go((this.#stop ?? 1) - 1),
      on: () => this.#on(),
      end: () => this.end(),
      name: (token) => this.#name(token),
    });
  }

  /** @param {number} stop from 0 */
  async go(stop) {
    if (!this.#now || stop < 0 || stop >= STOPS.length) return;
    if (this.#stop === null) this.#open();
    clearTimeout(this.#timer);
    this.#stop = stop;
    this.#guess = this.#told = this.#begun = null;
    remember("tour", stop + 1);
    this.acts.close();
    this.acts.hover({ row: null, key: null });
    await STOPS[stop].prepare?.(this.acts, this.#now);
    // What was asked for is drawn in the next frame.
    requestAnimationFrame(() => requestAnimationFrame(() => this.#stop === stop && this.#begin()));
  }

  end() {
    if (this.#stop === null) return;
    clearTimeout(this.#timer);
    this.#listening.abort();
    this.#stop = null;
    this.card.close();
    remember("tour", "");
  }

  /**
   * What is on screen now.
   * @param {Now} now
   */
  show(now) {
    this.#now = now;
    const scene = this.#scene();
    if (this.#stop === null || !scene) return;
    const stop = STOPS[this.#stop];
    if (this.#told === null && stop.done(scene)) {
      this.#told = stop.told(scene);
      this.card.point([...stop.subjects, ...(stop.shows ?? [])], null);
      if (now.state.time.playing) setTimeout(() => this.#pause());
      this.#timer = window.setTimeout(() => this.#on(), READ_MS);
      this.#say();
    } else this.card.place();
  }

  #open() {
    this.card.open();
    this.#listening = new AbortController();
    const { signal } = this.#listening;
    const heard = (/** @type {KeyboardEvent} */ event) => {
      if (!this.root.isConnected) this.#listening.abort();
      else if (event.key === "Escape") {
        event.stopPropagation();
        event.preventDefault();
        this.end();
      }
    };
    document.addEventListener("keydown", heard, { signal, capture: true });
  }

  #begin() {
    if (this.#stop === null || !this.#now) return;
    this.#begun = this.#now;
    const { subjects, hand } = STOPS[this.#stop];
    this.card.point(subjects, hand ?? subjects[0]);
    this.#say();
  }

  #pause() {
    if (this.#now?.state.time.playing) this.acts.steps.toggle();
  }

  #on() {
    if (this.#stop === null) return;
    if (this.#stop + 1 === STOPS.length) this.end();
    else this.go(this.#stop + 1);
  }

  /** @param {number} token that the reader thinks is read most */
  #name(token) {
    if (this.#stop === null || this.#guess !== null) return;
    this.#guess = token;
    this.#say();
    STOPS[this.#stop].named?.(this.acts);
  }

  /** @returns {Scene | null} */
  #scene() {
    return this.#now && this.#begun && { ...this.#now, begun: this.#begun, guess: this.#guess };
  }

  #say() {
    const scene = this.#scene();
    if (this.#stop === null || !scene) return;
    const { ask, asksForToken } = STOPS[this.#stop];
    const open = asksForToken && this.#guess === null;
    const asked =
      asksForToken && this.#guess !== null ? `You say “${scene.trace.word(this.#guess)}”. Watch.` : ask(scene);
    this.card.say({
      place: `${this.#stop + 1} of ${STOPS.length}`,
      text: this.#told ?? asked,
      first: this.#stop === 0,
      last: this.#stop + 1 === STOPS.length,
      ended: this.#told !== null,
      choices: open ? choices(scene).map((token) => ({ token, word: scene.trace.word(token) })) : [],
    });
  }
}
