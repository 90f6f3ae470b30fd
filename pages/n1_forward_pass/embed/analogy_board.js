// @ts-check
// a − b + c among the vocabulary's unit vectors, and how often it works: the server compares with every row.

import { clamp } from "../../../ui/kit/arithmetic.js";
import { find, make } from "../../../ui/kit/elements.js";
import { mount } from "../../../ui/kit/mount.js";
import { quote } from "../../../ui/kit/words.js";
import { ask, during } from "./asking.js";
import { cosineText } from "./cosine_text.js";
import { spaced } from "./token_name.js";
import { fill, toldOf } from "./typed_words.js";

/** @import { Page } from "../../../ui/kit/mount.js" */

/** @typedef {[string, string, string, string]} Example words a, b, c and the d that is hoped for */
/**
 * `skipped`: the examples in which a word is not a single token, `split` such a word of the first;
 * `table`: the address of the matrix.
 * @typedef {{table: string, examples: [string, string, string, string][],
 *   skipped: [string, string, string, string][], split: string}} Analogies
 */
/**
 * The tokens that a, b and c stand for, and those nearest to a − b + c, best first; `missing`: what was typed that
 * no token holds; `first`: the nearest that is none of the three.
 * @typedef {{missing: string | null, used: number[], used_pieces: string[], ids: number[], pieces: string[],
 *   cosines: number[], first: number}} SumHeader
 */
/**
 * By the usual rule, which bars a, b and c from answering; with them allowed; and with a + c alone.
 * @typedef {{barred: boolean, free: boolean, none: boolean}} Verdict
 */
/** @typedef {{verdicts: Verdict[]}} VerdictsHeader */
/** @typedef {{root: HTMLElement, page: Page, fields: HTMLInputElement[], data: Analogies}} Board */

const TYPING = 120; // ms without a key
const MISSING = "The answer did not arrive. Reload the page.";

export default mount((root, page) => {
  const fields = ["a", "b", "c"].map((name) => find(root, `.field.${name}`, HTMLInputElement));
  /** @type {Board | null} */
  let board = null;
  for (const field of fields)
    field.addEventListener("input", () => {
      if (board) answer(board, TYPING);
    });
  return {
    /** @param {Analogies} data */
    async receive(data) {
      if (data.table === board?.data.table) return;
      board = { root, page, fields, data };
      if (data.examples.length) fill(fields, data.examples[0]);
      await Promise.all([answer(board), judge(board)]);
    },
  };
});

// -------------------------------------------------------------------------------- the examples

/**
 * Which examples come out.
 * @param {Board} board
 */
async function judge(board) {
  const { root, data } = board;
  const told = await during(root, ask(data.table, "verdicts"));
  if (!root.isConnected) return;
  if (!told) find(root, ".verdict").textContent = MISSING;
  else drawExamples(board, /** @type {VerdictsHeader} */ (told.header).verdicts);
}

/**
 * @param {Board} board
 * @param {readonly Verdict[]} verdicts
 */
function drawExamples(board, verdicts) {
  const { root, data } = board;
  const [barred, free, none] = /** @type {const} */ (["barred", "free", "none"]).map(
    (way) => verdicts.filter((verdict) => verdict[way]).length,
  );
  const n = verdicts.length;
  find(root, ".tally").textContent = n
    ? `In ${barred} of ${n} examples, chosen by hand, the expected word is nearest`
    : "";
  find(root, ".examples").replaceChildren(
    ...data.examples.map((example, i) =>
      chip(example, verdicts[i].barred, () => {
        fill(board.fields, example);
        answer(board);
      }),
    ),
  );
  const usual =
    `By the usual rule the three input words may not be the answer. Without this rule it is ${free} of ${n}, since ` +
    "the sum is often nearest to one of its own words. Without the subtraction, as a + c under the usual rule, " +
    `it is ${none}: there the answer was a neighbour anyway (compare Linzen 2016).`;
  find(root, ".verdict").textContent = n ? usual + left(data) : "";
  press(board);
}

/**
 * @param {Example} example
 * @param {boolean} right
 * @param {() => void} choose
 */
function chip([a, b, c, d], right, choose) {
  return make(
    "button",
    { type: "button", class: right ? "right" : "wrong", "aria-pressed": "false", onclick: choose },
    `${a} − ${b} + ${c} → ${d}`,
    make("b", { "aria-label": right ? "nearest" : "not nearest" }, right ? "✓" : "✗"),
  );
}

/**
 * Examples that cannot be scored with this vocabulary.
 * @param {Analogies} data
 */
function left({ skipped, split }) {
  if (!skipped.length) return "";
  const [a, b, c, d] = skipped[0];
  return (
    ` ${skipped.length} more cannot be scored with this vocabulary. In ${a} − ${b} + ${c} = ${d}, ` +
    `for example, “␣${split}” is not a single token.`
  );
}

// ---------------------------------------------------------------------------------- the answer

/** @param {Board} board */
const asked = ({ fields, data: { examples } }) =>
  examples.findIndex((example) => fields.every((field, i) => field.value === example[i]));

/** @param {Board} board */
function press(board) {
  const at = asked(board);
  board.root.querySelectorAll(".examples button").forEach((button, i) => {
    button.setAttribute("aria-pressed", String(i === at));
  });
}

/**
 * @param {Board} board
 * @param {number} [rest] ms without a key, before the server is asked
 */
async function answer(board, rest = 0) {
  const { root, page, fields, data } = board;
  press(board);
  const told = await toldOf(root, fields, ([a, b, c]) => ask(data.table, "sum", { a, b, c }), rest);
  if (told === undefined) return;
  if (!told) find(root, ".told").textContent = MISSING;
  else list(root, /** @type {SumHeader} */ (told.header), fields, data.examples[asked(board)]?.[3]);
  page.drawn();
}

/**
 * @param {HTMLElement} root
 * @param {SumHeader} header
 * @param {readonly HTMLInputElement[]} fields
 * @param {string | undefined} hoped
 */
function list(root, header, fields, hoped) {
  const { missing, used, ids, pieces, cosines, first } = header;
  for (const field of fields) field.classList.toggle("unknown", field.value === missing);
  if (missing !== null) return refuse(root, missing.trim());
  const digits = new Set(cosines.map((cosine) => cosineText(cosine))).size < cosines.length ? 3 : 2;
  const what = (/** @type {number} */ i) => {
    if (used.includes(ids[i])) return " · an input";
    return (ids[i] === first ? " · the answer" : "") + (pieces[i] === ` ${hoped}` ? " · expected" : "");
  };
  const names = used.map((id, i) => `${quote(spaced(header.used_pieces[i]))} ${id}`).join(", ");
  find(root, ".told").textContent = `Tokens used: ${names}.`;
  find(root, ".result").textContent = pieces[ids.indexOf(first)]?.trim() ?? "";
  find(root, ".answers").replaceChildren(
    ...ids.map((id, i) =>
      make(
        "div",
        { class: used.includes(id) ? "own" : "" },
        make("span", {}, spaced(pieces[i])),
        make("i", { style: `width:${100 * clamp(cosines[i], 0, 1)}%` }),
        make("output", {}, cosineText(cosines[i], digits), what(i)),
      ),
    ),
  );
}

/**
 * @param {HTMLElement} root
 * @param {string} word that is no token, or none
 */
function refuse(root, word) {
  const told = `No single token holds ${quote(word)}. This vocabulary writes it with several.`;
  find(root, ".told").textContent = word ? told : "Write a word in each field.";
  find(root, ".result").textContent = "";
  find(root, ".answers").replaceChildren();
}
