// @ts-check
// The next token: the likeliest with their shares, and how one of them is drawn.

import { make } from "../../../ui/kit/elements.js";
import { percent } from "../../../ui/kit/format.js";
import { quote } from "../../../ui/kit/words.js";
import { DrawControls } from "./draw_controls.js";
import { guessed } from "./known.js";
import { button } from "./nodes.js";
import { isShaped, odds } from "./odds.js";
import { written } from "./shares.js";
import { reach } from "./stages.js";

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

export class Prediction {
  #head = make("h4");
  #list = make("ol");
  #foot = make("h4");
  /** @type {Entry[]} */
  #entries = [];
  /** @type {DrawControls | null} */
  #draw = null;

  /**
   * @param {HTMLElement} box
   * @param {Acts} acts
   */
  constructor(box, acts) {
    this.box = box;
    this.acts = acts;
  }

  /**
   * @param {Trace} trace
   * @param {Look} look
   * @param {Sampling} sampling
   * @param {number} most guesses
   */
  show(trace, look, sampling, most) {
    const { row } = look;
    const come = guessed(look);
    this.box.classList.toggle("blank", come === 0);
    this.box.inert = reach(look, "unembed") < 0.5;
    this.#lay(row === trace.n - 1, sampling);
    this.#draw?.ready(trace);
    const shaped = isShaped(trace, row, sampling);
    const column = make("small", {}, shaped ? "share → odds of the draw" : "share");
    this.#head.replaceChildren(`next token after ${quote(trace.word(row))}`, column);
    const guesses = odds(trace, row, sampling).slice(0, most);
    const words = trace.distinct(guesses.map(({ id }) => id));
    for (const { button: left } of this.#entries.splice(guesses.length)) left.parentElement?.remove();
    guesses.forEach((guess, k) => {
      this.#write(k, guess, { word: words[k], shaped, come, next: trace.ids[row + 1] });
    });
    this.#foot.textContent = goesOn(trace, row, most);
  }

  /**
   * After the last token stand the controls of the draw; after others, how the text goes on.
   * @param {boolean} last
   * @param {Sampling} sampling
   */
  #lay(last, sampling) {
    if (last) this.#draw ??= new DrawControls(sampling, this.acts);
    const end = last && this.#draw ? this.#draw.box : this.#foot;
    if (this.box.lastChild !== end) this.box.replaceChildren(this.#head, this.#list, end);
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
      this.#draw?.wait();
      this.acts.take(Number(entry.button.value));
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
 * @param {number} listed
 */
function goesOn(trace, row, listed) {
  if (row === trace.n - 1) return "";
  const word = quote(trace.word(row + 1));
  const rank = trace.guesses(row).findIndex(({ id }) => id === trace.ids[row + 1]);
  return rank >= 0
    ? `◂ the text goes on with ${word}, choice ${rank + 1}`
    : `The text goes on with ${word}, not among these ${listed}.`;
}
