// @ts-check
// The first ten seconds of the first visit, once: a sentence without its next word, the words on their
// lanes, the layers one after the other, the word that wins.

import { make } from "../../../ui/kit/elements.js";
import { percent } from "../../../ui/kit/format.js";
import { saidSince, yourGuess } from "./hero_guess.js";
import { AT, counted, later, phase } from "./hero_time.js";
import { button } from "./nodes.js";

/** @import { HeroStage } from "./hero_stage.js" */
/** @import { Trace } from "./trace.js" */
/** @typedef {{tour: () => void, ownWords: () => void}} Ways to go on */

const COARSE = matchMedia("(pointer: coarse)");
const TYPING_MS = 4000; // after the last letter the time goes on
const SILENT = new Set(["Shift", "Control", "Alt", "Meta", "Tab", "CapsLock", "Dead", "Process"]);

export class Hero {
  #ms = 0;
  #before = 0;
  #typed = Number.NEGATIVE_INFINITY; // when

  /**
   * @param {HTMLElement} root
   * @param {Trace} trace
   * @param {HeroStage} stage
   * @param {Ways} ways
   */
  constructor(root, trace, stage, ways) {
    this.root = root;
    this.trace = trace;
    this.stage = stage;
    const label = "Your guess of the next word";
    this.field = make("input", { "aria-label": label, placeholder: "type your guess, or wait", maxlength: 24 });
    this.field.autocomplete = "off";
    this.share = make("b");
    this.since = make("span");
    this.yours = make("p", { class: "yours" });
    const go = (/** @type {() => void} */ way) => () => {
      this.#close();
      way();
    };
    const tour = button({ class: "first", onclick: go(ways.tour) }, "Take the tour");
    const own = button({ onclick: go(ways.ownWords) }, "My own words");
    this.end = make("div", { class: "hero-end" }, make("p", {}, this.share, this.since), this.yours);
    this.end.append(make("div", { class: "ways" }, tour, own));
    this.hint = make("p", { class: "hint" }, COARSE.matches ? "Touch to skip" : "Press any key or click to skip");
    this.box = make("dialog", { class: "hero", "aria-label": "What a language model does" });
    this.box.append(this.stage.box, this.field, this.end, this.hint);
    this.#listen();
  }

  play() {
    this.root.append(this.box);
    this.box.showModal();
    if (COARSE.matches) this.field.blur(); // no keyboard over the sentence
    this.stage.measure();
    const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
    if (still) this.#ms = AT.end;
    this.#draw();
    if (!still) requestAnimationFrame(this.#tick);
  }

  #listen() {
    this.box.addEventListener("keydown", (event) => this.#key(event));
    this.box.addEventListener("pointerdown", (event) => {
      const target = /** @type {HTMLElement} */ (event.target);
      if (target !== this.field && target.tagName !== "BUTTON") this.#skip();
    });
    this.box.addEventListener("cancel", (event) => {
      event.preventDefault();
      this.#skip();
    });
    this.field.addEventListener("input", () => {
      this.#typed = performance.now();
    });
    window.addEventListener("resize", () => this.box.open && this.#measure());
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    event.stopPropagation(); // the page behind has keys of its own
    const { key, target } = event;
    if (SILENT.has(key) || event.ctrlKey || event.metaKey || key === "Escape") return; // Escape cancels
    if (target === this.field && !this.field.hidden && phase(this.#ms) === "ask") {
      if (key === "Enter") this.#typed = Number.NEGATIVE_INFINITY;
      if (key === "Enter" || key.length === 1 || key === "Backspace" || key.startsWith("Arrow")) return;
    }
    if (/** @type {HTMLElement} */ (target).tagName === "BUTTON" && (key === "Enter" || key === " ")) return;
    event.preventDefault();
    this.#skip();
  }

  /** To the last frame; from there to the page. */
  #skip() {
    if (phase(this.#ms) === "end") this.#close();
    else {
      this.#ms = AT.end;
      this.#draw();
    }
  }

  #close() {
    this.box.close();
    this.box.remove();
  }

  #measure() {
    this.stage.measure();
    this.#draw();
  }

  /** @param {number} now */
  #tick = (now) => {
    if (!this.box.isConnected || phase(this.#ms) === "end") return;
    const typing = now - this.#typed < TYPING_MS;
    this.#ms = later(this.#ms, this.#before ? Math.min(now - this.#before, 100) : 0, typing);
    this.#before = now;
    this.#draw();
    requestAnimationFrame(this.#tick);
  };

  #draw() {
    const [ms, { trace }] = [this.#ms, this];
    const now = phase(ms);
    const [first] = trace.guesses(trace.n - 1);
    const lens = trace.lens(trace.n - 1) ?? [];
    if (this.box.dataset.phase !== now) {
      this.box.dataset.phase = now;
      this.yours.textContent = yourGuess(trace, this.field.value);
      this.field.disabled = now !== "ask";
      if (now === "end") {
        this.hint.textContent = COARSE.matches
          ? "Touch to see the whole picture"
          : "Press any key to see the whole picture";
        this.box.querySelector("button")?.focus();
      }
    }
    this.stage.draw(ms);
    this.end.classList.toggle("come", ms >= AT.dropped);
    this.share.textContent = percent(counted(ms, first.share));
    this.since.textContent = saidSince(lens);
  }
}
