// @ts-check
// The notes beside the picture: what the step looked at does, with the run's own numbers.

import { make } from "../../../ui/kit/elements.js";
import { count } from "../../../ui/kit/format.js";
import { markTerms } from "../../../ui/kit/marks.js";
import { LeversBox } from "./levers_box.js";
import { nodes } from "./nodes.js";
import { NOTES, noteKey, place } from "./notes.js";

/** @import { Facts } from "./facts.js" */
/** @import { Cost } from "./note.js" */
/** @import { NoteId } from "./notes.js" */

export class NotesPanel {
  #shown = { id: "", key: "" };
  #scrolled = false; // known without asking, which would lay out
  #levers = new LeversBox();

  /** @param {HTMLElement} box */
  constructor(box) {
    this.box = box;
    box.addEventListener("scroll", () => {
      this.#scrolled = box.scrollTop > 0;
    });
  }

  /** There is another pass: its notes are others. */
  forget() {
    this.#shown.key = "";
  }

  /**
   * @param {NoteId} id
   * @param {Facts} facts
   */
  show(id, facts) {
    const key = noteKey(id, facts);
    if (this.#shown.key === key) return;
    const sameStep = this.#shown.id === id;
    this.#shown = { id, key };
    if (!sameStep) this.#levers.close();
    this.box.replaceChildren(...this.#content(id, facts));
    markTerms(this.box.querySelectorAll(":scope > p"));
    if (!sameStep && this.#scrolled) this.box.scrollTop = 0;
  }

  /**
   * @param {NoteId} id
   * @param {Facts} f
   */
  #content(id, f) {
    const note = NOTES[id](f);
    const live = { class: "tag", title: "Computed just now, by this model from this text" };
    const parts = [
      make("div", { class: "kicker" }, make("span", {}, place(id, f)), make("b", live, "live")),
      ...note.text.map((text) => make("p", {}, text)),
      note.role && make("p", { class: note.role.shown ? "role" : "role faded" }, note.role.said),
      note.formula && make("div", { class: "box formula" }, ...nodes(note.formula)),
      note.shapes && make("div", { class: "shapes" }, note.shapes),
      note.numbers &&
        make("div", { class: "box numbers" }, ...note.numbers.map((line) => make("code", {}, ...nodes(line)))),
      note.costs && costs(note.costs, f),
      this.#levers.fill(note.levers),
      note.takeaway && make("p", { class: "takeaway" }, note.takeaway),
    ];
    return parts.filter((part) => part instanceof Node);
  }
}

/**
 * @param {readonly [training: Cost, decoding: Cost]} both
 * @param {Facts} f
 */
function costs([training, decoding], { n, model }) {
  const one = (/** @type {string} */ kind, /** @type {string} */ meaning, /** @type {Cost} */ [order, text]) =>
    make(
      "div",
      { class: "box", title: `${kind}: ${meaning}` },
      make("small", {}, kind),
      make("b", {}, order),
      make("small", {}, text),
    );
  const legend =
    `n = ${n} tokens, d = ${model.d_model} numbers per vector, V = ${count(model.vocab_size)} entries. FLOP: ` +
    "floating-point operations of the forward pass. In training, the backward pass needs about twice as many again.";
  return make(
    "div",
    { class: "costs" },
    one("Training", "all tokens of a text at once", training),
    one("Decoding", "one new token at a time", decoding),
    make("small", { class: "caption" }, legend),
  );
}
