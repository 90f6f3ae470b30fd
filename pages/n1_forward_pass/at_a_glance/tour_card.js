// @ts-check
// The tour on screen: a card beside its subject, and a veil over all else, above everything on the page.

import { frameBox } from "../../../ui/kit/address.js";
import { find, make } from "../../../ui/kit/elements.js";
import { button, put, px } from "./nodes.js";
import { around, cardBeside, cardWidth, isPhone, lit, shadePath } from "./tour_places.js";

/** @import { Box } from "./layout.js" */
/** @import { Subject } from "./tour_stops.js" */

/** @typedef {{back: () => void, on: () => void, end: () => void, name: (token: number) => void}} Acts */
/**
 * `choices`: tokens to name, by their words; `ended`: what was asked for is done.
 * @typedef {{place: string, text: string, first: boolean, last: boolean, ended: boolean,
 *   choices: readonly {token: number, word: string}[]}} Said
 */

const SUBJECTS = { rows: ".rows", band: ".places", prediction: ".prediction", timeline: ".timeline" };

const NOWHERE = { left: 0, top: 0, width: 0, height: 0 };

export class TourCard {
  #place = make("span", { class: "place" });
  #text = make("p", { "aria-live": "polite" });
  #choices = make("div", { class: "choices", role: "group", "aria-label": "Your prediction" });
  #back = button({ class: "plain" }, "Back");
  #on = button({ class: "on" });
  #shade = make("div", { class: "shade" });
  #ring = make("div", { class: "ring" });
  /** @type {readonly Subject[]} */
  #subjects = [];
  /** @type {Subject | null} */
  #hand = null;
  #listening = new AbortController();

  /**
   * @param {HTMLElement} root
   * @param {Acts} acts
   */
  constructor(root, acts) {
    this.root = root;
    this.acts = acts;
    const close = button({ class: "close", "aria-label": "End the tour (Escape)", onclick: acts.end }, "×");
    this.#back.addEventListener("click", acts.back);
    this.#on.addEventListener("click", acts.on);
    const foot = make("footer", {}, this.#back, this.#on);
    const head = make("header", {}, this.#place, close);
    this.card = make("section", { class: "tour-card", "aria-label": "Tour" }, head, this.#text, this.#choices, foot);
    this.box = make("div", { class: "tour", popover: "manual" }, this.#shade, this.#ring, this.card);
  }

  open() {
    if (this.box.isConnected) return;
    this.root.append(this.box);
    this.box.showPopover?.();
    this.#listening = new AbortController();
    const { signal } = this.#listening;
    const place = () => requestAnimationFrame(() => this.place());
    window.addEventListener("resize", place, { signal });
    document.addEventListener("scroll", place, { signal, capture: true, passive: true });
  }

  close() {
    this.#listening.abort();
    this.box.remove();
  }

  /**
   * Show its subjects in the light.
   * @param {readonly Subject[]} subjects
   * @param {Subject | null} hand where the reader has to act; null: nowhere any more
   */
  point(subjects, hand) {
    this.#subjects = subjects;
    this.#hand = hand;
    const block = isPhone({ width: innerWidth, height: innerHeight }) ? "start" : "center"; // the card is below it
    if (hand) for (const subject of [...subjects].reverse()) this.#node(subject)?.scrollIntoView({ block });
    if (hand === "prediction") find(this.root, ".prediction details", HTMLDetailsElement).open = true;
    this.place();
  }

  /** @param {Said} said */
  say({ place, text, first, last, ended, choices }) {
    this.#place.textContent = place;
    this.#text.textContent = text;
    this.#back.hidden = first;
    this.#on.textContent = last && ended ? "Finish" : ended ? "Next" : "Skip";
    this.#on.classList.toggle("ended", ended);
    this.#choices.replaceChildren(
      ...choices.map(({ token, word }) => button({ onclick: () => this.acts.name(token) }, word)),
    );
    this.#choices.hidden = choices.length === 0;
    this.place();
  }

  /** Everything to where its subjects stand now. */
  place() {
    if (!this.box.isConnected) return;
    const room = { width: innerWidth, height: innerHeight };
    const holes = this.#subjects.map((subject) => lit(this.#box(subject), room));
    this.#shade.style.clipPath = `path(evenodd, "${shadePath(holes, room)}")`;
    this.card.style.width = px(cardWidth(room));
    if (!holes.length) return;
    this.#ring.hidden = !this.#hand;
    if (this.#hand) put(this.#ring, lit(this.#box(this.#hand), room));
    const { left, top } = cardBeside(holes[0], { width: this.card.offsetWidth, height: this.card.offsetHeight }, room);
    this.card.style.left = px(left);
    this.card.style.top = px(top);
  }

  /**
   * @param {Subject} subject
   * @returns {Element | null}
   */
  #node(subject) {
    if (subject === "sentence") return frameBox();
    return find(this.root, subject === "tokens" ? ".rows" : SUBJECTS[subject]);
  }

  /**
   * @param {Subject} subject
   * @returns {Box}
   */
  #box(subject) {
    if (subject !== "tokens") return this.#node(subject)?.getBoundingClientRect() ?? NOWHERE;
    const rows = find(this.root, ".rows").getBoundingClientRect();
    const chips = Array.from(find(this.root, ".chips").children, (chip) => chip.getBoundingClientRect());
    const all = around(chips);
    const top = Math.max(all.top, rows.top);
    return { ...all, top, height: Math.min(all.top + all.height, rows.bottom) - top };
  }
}
