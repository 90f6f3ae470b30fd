// @ts-check
// a − b + c among the vocabulary's unit vectors, and how often it works: all of it in the browser.

import { clamp } from "../../../ui/kit/arithmetic.js";
import { find, make } from "../../../ui/kit/elements.js";
import { mount } from "../../../ui/kit/mount.js";
import { quote } from "../../../ui/kit/words.js";
import { verdictOf } from "./analogy_verdict.js";
import { cosineText } from "./cosine_text.js";
import { analogy, cosines, nearest } from "./embedding_space.js";
import { spaced } from "./token_name.js";
import { search } from "./token_search.js";
import { vocabulary } from "./vocabulary.js";

/** @import { Vocabulary } from "./vocabulary.js" */

/** @typedef {[number, number, number, number]} Example ids of a, b, c and the d that is hoped for */
/**
 * `skipped`: words of the examples in which one is not a single token; `table`: the address of the matrix.
 * @typedef {{table: string, examples: [number, number, number, number][],
 *   skipped: [string, string, string, string][]}} Analogies
 */
/** @typedef {Analogies & {root: HTMLElement, fields: HTMLInputElement[], vocabulary: Vocabulary}} Board */

const LISTED = 7;

export default mount((root, page) => {
  const fields = ["a", "b", "c"].map((name) => find(root, `.field.${name}`, HTMLInputElement));
  /** @type {Board | null} */
  let board = null;
  let latest = "";
  for (const field of fields)
    field.addEventListener("input", () => {
      if (!board) return;
      answer(board);
      page.drawn();
    });
  return {
    /** @param {Analogies} data */
    async receive(data) {
      if (data.table === latest) return;
      latest = data.table;
      const table = await vocabulary(data.table).catch(() => null);
      if (!table || latest !== data.table) return; // the map says so
      board = { ...data, root, fields, vocabulary: table };
      drawExamples(board, page.drawn);
      if (data.examples.length) take(board, data.examples[0]);
      else answer(board);
    },
  };
});

/**
 * @param {Board} board
 * @param {Example} example
 */
function take(board, example) {
  board.fields.forEach((field, i) => {
    field.value = board.vocabulary.shown[example[i]];
  });
  answer(board);
}

// -------------------------------------------------------------------------------- the examples

/**
 * @param {Board} board
 * @param {() => void} drawn called when a reader's choice has been drawn
 */
function drawExamples(board, drawn) {
  const { root, examples, skipped, vocabulary: table } = board;
  const verdicts = examples.map((ids) => verdictOf(table.space, ids));
  const [barred, free, none] = /** @type {const} */ (["barred", "free", "none"]).map(
    (way) => verdicts.filter((verdict) => verdict[way]).length,
  );
  const n = examples.length;
  find(root, ".tally").textContent = n ? `${n} examples, chosen by hand: ${barred} come out` : "";
  find(root, ".examples").replaceChildren(
    ...examples.map((ids, i) =>
      chip(ids, table, verdicts[i].barred, () => {
        take(board, ids);
        drawn();
      }),
    ),
  );
  const usual =
    `The usual rule bars the three inputs from answering. Without it ${free} of ${n} come out: the sum stays nearest ` +
    "to one of its own words. Leaving out the subtraction, so a + c with the inputs barred, gives " +
    `${none}: in those the answer was a neighbour anyway.`;
  find(root, ".verdict").textContent = n ? usual + left(skipped, table) : "";
}

/**
 * @param {Example} ids
 * @param {Vocabulary} table
 * @param {boolean} right
 * @param {() => void} choose
 */
function chip(ids, { shown }, right, choose) {
  const [a, b, c, d] = ids.map((id) => shown[id]);
  return make(
    "button",
    { type: "button", class: right ? "right" : "wrong", "aria-pressed": "false", onclick: choose },
    `${a} − ${b} + ${c} → ${d}`,
    make("b", { "aria-label": right ? "comes out" : "does not" }, right ? "✓" : "✗"),
  );
}

/**
 * Examples that cannot be scored with this vocabulary.
 * @param {Analogies["skipped"]} skipped
 * @param {Vocabulary} table
 */
function left(skipped, { pieces }) {
  if (!skipped.length) return "";
  const [a, b, c, d] = skipped[0];
  const split = skipped[0].find((word) => !pieces.includes(` ${word}`));
  return (
    ` ${skipped.length} more cannot be scored, such as ${a} − ${b} + ${c} = ${d}: ` +
    `“␣${split}” is not one token here.`
  );
}

// ---------------------------------------------------------------------------------- the answer

/** @param {Board} board */
function answer(board) {
  const { root, fields, examples, vocabulary: table } = board;
  const ids = fields.map((field) => search(table, field.value, 1)[0]);
  const missing = fields.find((_, i) => ids[i] === undefined);
  const asked = examples.map((example) => example.slice(0, 3).join() === ids.join());
  fields.forEach((field, i) => {
    field.classList.toggle("unknown", ids[i] === undefined);
  });
  root.querySelectorAll(".examples button").forEach((button, i) => {
    button.setAttribute("aria-pressed", String(asked[i]));
  });
  if (missing) refuse(root, missing.value.trim());
  else list(root, table, /** @type {[number, number, number]} */ (ids), examples[asked.indexOf(true)]?.[3]);
}

/**
 * @param {HTMLElement} root
 * @param {string} word that is no token, or none
 */
function refuse(root, word) {
  const told = `No single token holds ${quote(word)}: this vocabulary writes it with several.`;
  find(root, ".told").textContent = word ? told : "Write a word in each field.";
  find(root, ".result").textContent = "";
  find(root, ".answers").replaceChildren();
}

/**
 * @param {HTMLElement} root
 * @param {Vocabulary} table
 * @param {[a: number, b: number, c: number]} inputs
 * @param {number | undefined} hoped
 */
function list(root, { space, pieces, shown }, inputs, hoped) {
  const similar = cosines(space, analogy(space, ...inputs));
  const listed = nearest(similar, LISTED);
  const [first] = nearest(similar, 1, inputs);
  const digits = new Set(listed.map((id) => cosineText(similar[id]))).size < listed.length ? 3 : 2;
  const what = (/** @type {number} */ id) => {
    if (inputs.includes(id)) return " · an input";
    return (id === first ? " · first that is no input" : "") + (id === hoped ? " · hoped for" : "");
  };
  const used = inputs.map((id) => `${quote(spaced(pieces[id]))} ${id}`).join(", ");
  find(root, ".told").textContent = `Tokens used: ${used}.`;
  find(root, ".result").textContent = first === undefined ? "" : shown[first];
  find(root, ".answers").replaceChildren(
    ...listed.map((id) =>
      make(
        "div",
        { class: inputs.includes(id) ? "own" : "" },
        make("span", {}, spaced(pieces[id])),
        make("i", { style: `width:${100 * clamp(similar[id], 0, 1)}%` }),
        make("output", {}, cosineText(similar[id], digits), what(id)),
      ),
    ),
  );
}
