// @ts-check
// The text with its blank: what stands before, a field to type in, four words to pick from.

import { make } from "../../../ui/kit/elements.js";
import { visible } from "../../../ui/kit/words.js";

/** @import { BlankHeader } from "./guess_result.js" */
/** @import { WordData } from "./guess_score.js" */
/** @import { TextHeader } from "./strip.js" */

const MOST = 60; // letters of a guess

/**
 * The words before the blank, the blank or what came there, and the words after it if they are not hidden.
 * @param {TextHeader} text
 * @param {number} word
 * @param {number} shown words from the beginning that may be seen
 * @param {Node} blank
 */
export function sentence(text, word, shown, blank) {
  const after = text.said.slice(word + 1, shown);
  const rest = shown < text.said.length && make("span", { class: "rest" }, " …");
  const lead = /^\s*/.exec(text.said[word])?.[0] ?? "";
  return [
    make("span", {}, text.said.slice(0, word).map(readable).join("")),
    lead,
    blank,
    after.map(readable).join(""),
    rest,
  ];
}

/** @param {string} said */
const readable = (said) => (/\S/.test(said) ? said : said.replace(/\n/g, "↵"));

/**
 * The field, whose form calls `commit` with what was typed.
 * @param {(typed: string) => void} commit
 */
export function field(commit) {
  const input = make("input", {
    class: "field",
    type: "text",
    maxlength: MOST,
    autocomplete: "off",
    autocapitalize: "off",
    spellcheck: "false",
    "aria-label": "Your guess: the next word",
    placeholder: "next word",
  });
  const submit = (/** @type {Event} */ event) => {
    event.preventDefault();
    if (input.value.trim()) commit(input.value.trim());
    else input.focus();
  };
  return make("form", { class: "guess", onsubmit: submit }, input, make("button", { class: "go" }, "Guess"));
}

/**
 * Four words to pick from, in the order of the alphabet.
 * @param {BlankHeader | undefined} blank none while it is on its way
 * @param {(word: WordData) => void} pick
 */
export const options = (blank, pick) =>
  blank
    ? blank.options.map((word) =>
        make("button", { type: "button", onclick: () => pick(word) }, visible(word.text.trim())),
      )
    : [make("span", { class: "name" }, "the model is finding some")];
