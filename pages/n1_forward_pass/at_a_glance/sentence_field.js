// @ts-check
// The reader's sentence: a new one asks for its pass at once, beside Streamlit, and for a run of the
// app only where the frame has to change with it.

import { onField, recall, remember } from "../../../ui/kit/address.js";
import { ask } from "../../../ui/kit/asking.js";
import { Asking } from "./asking.js";
import { Trace } from "./trace.js";

/** @import { Sentence, Told } from "./pass_message.js" */

const LENSES_MS = 300; // after a picture, if no other is asked for
const TYPING_MS = 300; // as long as Streamlit's field waits for more letters (ui/frame.py)

/**
 * `layer`: the one looked at, from 1; `during`: as long as an answer is on its way, the reader is told so;
 * `run`: of the app, with this text.
 * @typedef {object} Acts
 * @property {() => number | null} layer
 * @property {<T>(answer: Promise<T>) => Promise<T>} during
 * @property {(trace: Trace, asking: Asking) => void} show
 * @property {(lost: boolean) => void} lose
 * @property {(text: string) => void} run
 */

export class SentenceField {
  /** @type {Told | null} */
  #told = null;
  /** @type {Sentence | null} the latest, told or typed */
  #sentence = null;
  /** @type {string | null} */
  #asked = null;
  #noticed = false; // whether the pass shown is of a text that the frame has something to say about
  #turn = 0;
  #typing = 0;

  /**
   * @param {Acts} acts
   * @param {AbortSignal} gone
   */
  constructor(acts, gone) {
    this.acts = acts;
    this.gone = gone;
    // As Streamlit's field: at once by Enter and on leaving it, otherwise when the letters pause.
    const typed = (/** @type {HTMLInputElement} */ field) => this.#typed(field.value);
    const soon = (/** @type {HTMLInputElement} */ field) => {
      clearTimeout(this.#typing);
      this.#typing = window.setTimeout(() => typed(field), TYPING_MS);
    };
    const entered = (/** @type {HTMLInputElement} */ field, /** @type {Event} */ event) => {
      const { key, isComposing } = /** @type {KeyboardEvent} */ (event);
      if (key === "Enter" && !isComposing) typed(field);
    };
    onField("text", "input", soon, gone);
    onField("text", "keydown", entered, gone);
    onField("text", "focusout", typed, gone);
  }

  /**
   * What a run of the app has found the sentence to be. It may have begun before the reader typed
   * another one, and then has to be run again: the field knows, once it shows what the run has set.
   * @param {Told} told
   */
  async receive(told) {
    this.#turn += 1;
    const turn = this.#turn;
    const before = this.#sentence?.text;
    if (before !== undefined && before !== told.sentence.text) {
      await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
      if (turn !== this.#turn) return;
      if (kept(recall("text"), told.longest) !== told.sentence.text) {
        this.acts.run(before);
        return;
      }
    }
    this.#told = told;
    this.#sentence = told.sentence;
    await this.#ask(told.passes, told.sentence, told.view);
  }

  /** @param {string} value of the field */
  async #typed(value) {
    clearTimeout(this.#typing);
    const [told, before] = [this.#told, this.#sentence];
    if (!told || !before) return;
    const text = kept(value, told.longest);
    if (text === before.text) return;
    const frameChanges = told.noticed || before.more !== "" || text.length < value.length;
    const sentence = { model: before.model, text, more: "" };
    this.#sentence = sentence;
    remember("more", "");
    remember("token", "");
    await this.#ask(told.passes, sentence, { layer: this.acts.layer(), token: null });
    if (this.#sentence === sentence && !this.gone.aborted && (frameChanges || this.#noticed)) this.acts.run(text);
  }

  /**
   * @param {string} passes
   * @param {Sentence} sentence
   * @param {{layer: number | null, token: number | null}} place looked at, from 1
   */
  async #ask(passes, sentence, { layer, token }) {
    const asked = JSON.stringify(sentence);
    if (asked === this.#asked) return;
    this.#asked = asked;
    const place = { layer: String(layer ?? ""), token: String(token ?? "") };
    const trace = await this.acts.during(passAt(passes, { ...sentence, ...place }));
    if (asked !== this.#asked || this.gone.aborted) return;
    this.acts.lose(trace === null);
    if (trace) {
      this.#noticed = trace.header.noticed;
      const asking = new Asking(trace, passes, sentence);
      this.acts.show(trace, asking);
      setTimeout(() => asked === this.#asked && !this.gone.aborted && asking.lenses(), LENSES_MS);
    } else this.#asked = null; // asked again by the next run
  }
}

/**
 * What is read of a text.
 * @param {string} text
 * @param {number} longest
 */
const kept = (text, longest) => Array.from(text).slice(0, longest).join("");

/**
 * Null: there is no answer, or not the whole of one.
 * @param {string} passes
 * @param {Record<string, string>} parameters
 */
async function passAt(passes, parameters) {
  const bytes = await ask(passes, parameters);
  try {
    return bytes && new Trace(bytes);
  } catch {
    return null;
  }
}
