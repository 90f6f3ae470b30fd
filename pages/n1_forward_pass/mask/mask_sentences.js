// @ts-check
// What the board says of a mask: its name, its outcome, its cells.

import { range } from "../../../ui/kit/arithmetic.js";
import { number, percent } from "../../../ui/kit/format.js";
import { quote } from "../../../ui/kit/words.js";
import { may } from "./mask_choice.js";
import { OTHER, sees, TRAINED, weightRow } from "./mask_pass.js";
import { isPadding, isPicture, isStale, kindOf, tokenOf } from "./mask_view.js";

/** @typedef {import("../../../ui/kit/elements.js").Segment} Segment */
/** @typedef {import("./mask_view.js").MaskView} MaskView */

const nats = (/** @type {number} */ x) => `${number(x)} nats`;

/**
 * The mask chosen, to begin a sentence with.
 * @param {MaskView} view
 */
export function called({ pass: { n }, mask: { choice, copyOf } }) {
  if (copyOf !== undefined) return copyOf;
  const [a] = choice.values;
  const causal = choice.causal ? "causal " : "";
  /** @type {Record<string, string>} */
  const names = {
    full: "With every token visible",
    causal: "Under the causal mask",
    sliding_window: `With a ${causal}window of ${a} token${a === 1 ? "" : "s"}${choice.causal ? "" : " to each side"}`,
    chunked: `With ${causal}chunks of ${a}`,
    dilated: `With a ${causal}dilated window`,
    strided: `With the ${causal}strided pattern`,
    block_sparse: `With the ${causal}block-sparse pattern`,
    prefix: `With a prefix of ${a} token${a === 1 ? "" : "s"}`,
    document: `With two documents, cut after token ${a}`,
    padding: `With the last ${n - a} tokens treated as padding`,
  };
  return names[choice.kind] ?? "Under your own mask";
}

/**
 * What the mask does to the loss.
 * @param {MaskView} view
 * @returns {Segment[]}
 */
export function finding(view) {
  const { pass, mask } = view;
  const { counted } = pass.header;
  if (isPicture(view))
    return ["Your tokens would look at a second text, the source. This model has no cross-attention, so nothing runs."];
  if (counted < 1 && pass.n > 1) return ["All tokens but the first are padding, so no token is left to be predicted."];
  if (pass.n < 2) return ["A single token can look only at itself. Type a longer text."];
  if (isStale(view)) return [`${called(view)} …`];
  const [was, is] = pass.means;
  /** @type {Segment[]} */
  const end = [["attention", nats(is)], " per token."];
  if (pass.isTrained) return asTrained(pass, end);
  const loss = mask.choice.kind === "padding" ? `the loss on the other ${counted + 1} tokens` : "the loss on your text";
  if (number(is) === number(was)) return [`${called(view)}, ${loss} stays at `, ...end];
  return [`${called(view)}, ${loss} ${is > was ? "rises" : "falls"} from ${number(was)} to `, ...end];
}

/**
 * What the causal mask does to the first and the last token, and the loss that goes with it.
 * @param {import("./mask_pass.js").MaskPass} pass
 * @param {Segment[]} loss
 * @returns {Segment[]}
 */
function asTrained({ words, n }, loss) {
  const [first, last] = [words[0], words[n - 1]].map((word) => /** @type {Segment} */ (["query", quote(word)]));
  const all = n === 2 ? "both tokens" : `all ${n} tokens`;
  return ["Under the causal mask, ", first, " may look only at itself, ", last, ` at ${all}. The loss is `, ...loss];
}

/**
 * Of a cell, or of a whole row where no column is pointed at.
 * @param {MaskView} view
 * @param {number} row
 * @param {number} [column]
 * @returns {Segment[]}
 */
export function pointed(view, row, column) {
  const { pass, mask } = view;
  /** @type {Segment} */
  const from = ["query", quote(pass.words[row])];
  if (column === undefined) {
    const open = range(pass.n).filter((key) => may(mask, row, key)).length;
    return [
      from,
      ` may look at ${open} of ${pass.n} tokens${isPicture(view) ? " of the source." : `; as trained, at ${row + 1}.`}`,
    ];
  }
  /** @type {Segment} */
  const to = ["key", column === row ? "itself" : quote(pass.words[column])];
  const open = may(mask, row, column) ? " may look at " : " may not look at ";
  if (isPicture(view)) return [from, open, to, isPadding(view, column) ? ", which is padding." : " of the source."];
  return [
    from,
    open,
    to,
    `. Attention weight: ${weightNow(view, row, column)} under this mask, `,
    `${weightAsTrained(view, row, column)} as trained.`,
  ];
}

/**
 * @param {MaskView} view
 * @param {number} row
 * @param {number} column
 */
function weightNow(view, row, column) {
  if (isStale(view)) return "…";
  if (!sees(view.pass, row, column)) return "0 (hidden)";
  return number(weightRow(view.pass, OTHER, view, row)[column], 3);
}

/**
 * @param {MaskView} view
 * @param {number} row
 * @param {number} column
 */
const weightAsTrained = (view, row, column) =>
  column > row ? "0 (hidden)" : number(weightRow(view.pass, TRAINED, view, row)[column], 3);

/**
 * How much of the mask is open.
 * @param {MaskView} view
 */
export function openCells({ mask: { cells } }) {
  const open = cells.filter(Boolean).length;
  return `${open} of ${cells.length} cells are open (${percent(open / cells.length)})`;
}

/**
 * What the chosen pattern is, and where it stands in print.
 * @param {MaskView} view
 */
export function patternNote(view) {
  const own =
    view.mask.copyOf === undefined
      ? "You painted these cells. A row is the token that looks, a column the token looked at."
      : "This is a copy of the last pattern. Click or drag over its cells to change them.";
  const { note, source } = kindOf(view) ?? { note: own, source: "" };
  return { note, source };
}

/**
 * What the rows of the pass under the mask add up to.
 * @param {MaskView} view
 * @returns {Segment[]}
 */
export function rowsNote(view) {
  const { blind, n } = view.pass;
  if (isPicture(view)) return ["The page only draws who may look at whom."];
  if (blind.size === 0) return ["The attention weights of each row add up to 1."];
  return [
    ["ink", `${blind.size} of ${n} rows have no open cell`],
    ": all their attention weights are 0, so they receive no values.",
  ];
}

/**
 * The three maps to those who cannot see them, by the row of the token looked at.
 * @param {MaskView} view
 */
export function describedMaps(view) {
  const { pass, mask } = view;
  const { n, words } = pass;
  const token = tokenOf(view);
  const open = range(n).filter((key) => may(mask, token, key));
  const shares = (/** @type {number} */ which) =>
    Array.from(weightRow(pass, which, view, token), (share, key) => `${words[key]} ${number(share)}`).join(", ");
  return {
    who:
      `Mask of ${n} queries by ${n} keys. ${words[token]} may look at ` +
      `${open.map((key) => words[key]).join(", ") || "nobody"}. Arrow keys move, space changes a cell.`,
    before: `Weights of ${words[token]} under the causal mask: ${shares(TRAINED)}`,
    after: isPicture(view)
      ? "Not run: this model reads no second text."
      : `Weights of ${words[token]} under this mask: ${shares(OTHER)}`,
  };
}
