// @ts-check
// Terms marked where a board first names them, explained on hover, focus and touch (ui/board.css), as
// ui/glossary.py does in the prose of a page. A page that has marked a term already does so once.

import { make } from "./elements.js";
import { TERMS } from "./served.js";
import { finder, pieces } from "./terms.js";

/** @import { Term } from "./terms.js" */

const LEFT = "a, b, bdi, button, code, label, summary, sub, sup, kbd, .mono, .tag"; // the reader's words, formulas
const SAID = ".sub, .hint, .caption, .told, .note";

const found = finder(TERMS);
/** @type {Map<Term, HTMLElement>} */
const marked = new Map();

/** @param {Term} term */
const isKnown = (term) => Boolean(marked.get(term)?.isConnected || document.querySelector(`a[href="${term.place}"]`));

/** @param {Term} term @param {string} text */
function mark(term, text) {
  const attributes = { class: "term", href: term.place, "data-says": term.says };
  const made = make("a", { ...attributes, onclick: (/** @type {Event} */ event) => event.preventDefault() }, text);
  marked.set(term, made);
  return made;
}

/**
 * Marks terms in sentences of ours: what stands in them directly, not what is set off.
 * @param {Iterable<Element>} sentences
 */
export function markTerms(sentences) {
  for (const sentence of sentences) {
    if (!sentence.checkVisibility() || sentence.closest(LEFT)) continue;
    for (const node of [...sentence.childNodes]) {
      if (!(node instanceof Text)) continue;
      const parts = pieces(node.data, found, isKnown);
      if (parts.length > 1)
        node.replaceWith(...parts.map((part) => (typeof part === "string" ? part : mark(part.term, part.text))));
    }
  }
}

/**
 * Marks terms in the captions of a board.
 * @param {HTMLElement} root
 */
export const markCaptions = (root) => markTerms(root.querySelectorAll(SAID));
