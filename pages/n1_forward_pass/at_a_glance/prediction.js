// @ts-check
// The answer: the likeliest next token in large, the next ones below it, and how one of them is written.

import { make } from "../../../ui/kit/elements.js";
import { percent } from "../../../ui/kit/format.js";
import { quote } from "../../../ui/kit/words.js";
import { DrawControls } from "./draw_controls.js";
import { guessed } from "./known.js";
import { button } from "./nodes.js";
import { isShaped, odds } from "./odds.js";
import { written } from "./shares.js";
import { reach } from "./stages.js";

/** @import { Flight } from "./flight.js" */
/** @import { Odds } from "./odds.js" */
/** @import { Look, Sampling } from "./state.js" */
/** @import { Trace } from "./trace.js" */
/** @typedef {{button: HTMLButtonElement, word: HTMLElement, share: HTMLElement, bar: HTMLElement}} Entry */
/**
 * @typedef {object} Acts
 * @property {(token: number) => void} take a token as the next
 * @property {() => void} draw one
 * @property {(change: Partial<Sampling>) => void} shape the odds
 */

const FOLDED = 5; // guesses in sight at first

export class Prediction {
  #head = make("h4");
  #all = button({ class: "all", "aria-expanded": "false" });
  #list = make("ol");
  #goesOn = make("p", { class: "goes-on" });
  /** @type {Entry[]} */
  #entries = [];
  /** @type {DrawControls | null} */
  #draw = null;
  /** @type {Trace | null} */
  #trace = null;
  #drawn = false; // a drawn token is on its way
  #blurred = false; // a button lost the focus because it was hidden

  /**
   * @param {HTMLElement} box
   * @param {Flight} flight
   * @param {Acts} acts
   */
  constructor(box, flight, acts) {
    this.box = box;
    this.flight = flight;
    this.acts = acts;
    this.#all.addEventListener("click", () => {
      this.#all.ariaExpanded = String(this.#all.ariaExpanded !== "true");
      this.acts.shape({}); // draws again
    });
  }

  /**
   * @param {Trace} trace
   * @param {Look} look
   * @param {Sampling} sampling
   */
  show(trace, look, sampling) {
    const { row } = look;
    const come = guessed(look);
    this.#land(trace);
    this.box.classList.toggle("blank", come === 0);
    this.box.inert = reach(look, "unembed") < 0.5;
    this.#lay(row === trace.n - 1, sampling);
    this.#draw?.ready(trace);
    const shaped = isShaped(trace, row, sampling);
    const column = shaped && make("small", {}, "probability → in the draw");
    this.#head.replaceChildren(`Next token after ${quote(trace.word(row))}`, column || "");
    const known = odds(trace, row, sampling);
    const open = this.#all.ariaExpanded === "true";
    this.#all.textContent = `show ${open ? FOLDED : known.length}`;
    const guesses = open ? known : known.slice(0, FOLDED);
    const words = trace.distinct(guesses.map(({ id }) => id));
    for (const { button: left } of this.#entries.splice(guesses.length)) left.parentElement?.remove();
    guesses.forEach((guess, k) => {
      this.#write(k, guess, { word: words[k], shaped, come, next: trace.ids[row + 1] });
    });
    this.#goesOn.textContent = goesOn(trace, row);
  }

  /**
   * A pass has come: a word that was drawn flies to its row from where it stood in the list.
   * @param {Trace} trace
   */
  #land(trace) {
    if (trace === this.#trace) return;
    const before = this.#trace;
    this.#trace = trace;
    const last = trace.ids[trace.n - 1];
    const listed = this.#entries.find((entry) => entry.button.value === String(last));
    const from = this.#drawn && before?.n === trace.n - 1 ? (listed?.word ?? this.#draw?.draw ?? null) : null;
    this.flight.land(trace.word(trace.n - 1), from);
    this.#drawn = false;
  }

  /**
   * After the last token stand the controls of the draw; after others, how the text goes on. The
   * controls keep their room, and the focus comes back with them.
   * @param {boolean} last
   * @param {Sampling} sampling
   */
  #lay(last, sampling) {
    if (!this.#draw) {
      const acts = { write: () => this.#take(this.#entries[0]), draw: () => this.#drawOne(), shape: this.acts.shape };
      this.#draw = new DrawControls(sampling, acts);
      const end = make("div", { class: "end" }, this.#draw.box, this.#goesOn);
      this.box.replaceChildren(make("div", { class: "head" }, this.#head, this.#all), this.#list, end);
    }
    const { box, write, draw } = this.#draw;
    this.#draw.show(sampling);
    if (box.classList.contains("hidden") === !last) return;
    const tree = /** @type {Document | ShadowRoot} */ (box.getRootNode());
    if (!last) this.#blurred = tree.activeElement === write || tree.activeElement === draw;
    box.classList.toggle("hidden", !last);
    if (last && this.#blurred && !tree.activeElement) write.focus({ preventScroll: true });
  }

  /** @param {Entry} entry */
  #take(entry) {
    this.#draw?.wait();
    this.flight.launch(entry.word.textContent ?? "", entry.word);
    this.acts.take(Number(entry.button.value));
  }

  #drawOne() {
    this.#drawn = true;
    this.acts.draw();
  }

  /**
   * @param {number} k
   * @param {Odds} guess
   * @param {{word: string, shaped: boolean, come: number, next: number | undefined}} shown
   */
  #write(k, guess, { word, shaped, come, next }) {
    this.#entries[k] ??= this.#entry();
    const entry = this.#entries[k];
    const last = next === undefined;
    const actual = guess.id === next;
    entry.button.className = `guess${guess.fate === "cut" ? " cut" : ""}${actual ? " actual" : ""}`;
    entry.button.title = last ? "Append this token" : actual ? "The text goes on with this token" : "";
    entry.button.disabled = !last;
    entry.button.value = String(guess.id);
    entry.word.textContent = word;
    entry.share.replaceChildren(...(shaped ? [make("small", {}, `${percent(guess.own)} → `)] : []), written(guess));
    entry.bar.style.setProperty("--share", String(guess.odds * come));
    entry.bar.style.setProperty("--own", String(guess.own * come));
  }

  /** @returns {Entry} */
  #entry() {
    const [word, share, bar] = [make("b"), make("span"), make("i")];
    const take = () => {
      if (this.#draw?.write.ariaDisabled !== "true") this.#take(entry);
    };
    const entry = { word, share, bar, button: button({ onclick: take }, word, share, bar) };
    this.#list.append(make("li", {}, entry.button));
    return entry;
  }
}

/**
 * How the text goes on after a row; nothing is said after the last.
 * @param {Trace} trace
 * @param {number} row
 */
function goesOn(trace, row) {
  if (row === trace.n - 1) return "";
  const word = quote(trace.word(row + 1));
  const guesses = trace.guesses(row);
  const rank = guesses.findIndex(({ id }) => id === trace.ids[row + 1]);
  return rank >= 0
    ? `◂ the text goes on with ${word}, number ${rank + 1} in this list`
    : `The text goes on with ${word}, which is not among the ${guesses.length} most probable.`;
}
