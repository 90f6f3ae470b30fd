// @ts-check
// A staircase: each beginning of the text, the future hidden, and what one pass predicts after it.

import { find, make, rich } from "../../../ui/kit/elements.js";
import { number, percent } from "../../../ui/kit/format.js";
import { mount } from "../../../ui/kit/mount.js";
import { quote, visible } from "../../../ui/kit/words.js";

/** @typedef {{guess: string, guess_p: number, real: string, p: number, loss: number}} Prediction */
/**
 * The first tokens of `total`; `apart`: how far probabilities are at most from those of passes over each
 * beginning alone; `mean`: of the losses.
 * @typedef {{pieces: string[], total: number, predictions: Prediction[], apart: number, mean: number}} OnePass
 */

export default mount((root) => ({
  /** @param {OnePass} pass */
  receive(pass) {
    find(root, ".finding").replaceChildren(...rich(finding(pass)));
    find(root, ".stairs").hidden = pass.predictions.length === 0;
    find(root, ".stairs").replaceChildren(...(pass.predictions.length ? [heading(), ...stairs(pass)] : []));
    find(root, ".check").textContent = checked(pass);
  },
}));

/**
 * @param {OnePass} pass
 * @returns {import("../../../ui/kit/elements.js").Segment[]}
 */
export function finding({ pieces, total, predictions, mean }) {
  if (!predictions.length) return ["A single token has no next token in the text. Type a longer one."];
  const part = total > pieces.length ? `the first ${pieces.length} of your ${total} tokens` : `your ${total} tokens`;
  const many = predictions.length === 1 ? "1 prediction" : `${predictions.length} predictions`;
  return [
    `One pass over ${part} makes ${many} that can be checked. Their mean loss is `,
    ["attention", `${number(mean)} nats`],
  ];
}

/**
 * What passes over each beginning alone have shown.
 * @param {OnePass} pass
 */
function checked({ predictions, apart }) {
  if (!predictions.length) return "";
  const same = apart < 1e-3 ? "the same probabilities, up to rounding" : "other probabilities";
  return (
    `Check: the model was also run on each of these beginnings alone. It gives ${same} ` +
    `(largest difference ${number(apart, 2)}). So one pass replaces ${predictions.length}.`
  );
}

const heading = () =>
  make(
    "div",
    { class: "row head", role: "row" },
    ["position", "may look at", "most probable next token", "next token of your text", "loss, −ln p"].map((name, i) =>
      make("div", { class: ["at", "read", "next", "right", "loss"][i], role: "columnheader" }, name),
    ),
  );

/** @param {OnePass} pass */
const stairs = ({ pieces, predictions }) =>
  predictions.map((prediction, t) => stair(pieces.map(visible), prediction, t));

/**
 * @param {readonly string[]} words
 * @param {Prediction} prediction
 * @param {number} t
 */
const stair = (words, { guess, guess_p, real, p, loss }, t) =>
  make(
    "div",
    { class: "row", role: "row" },
    make("div", { class: "at", role: "cell" }, t + 1),
    make(
      "div",
      { class: "read", role: "cell" },
      words.map((word, i) => make("span", { class: look(i - t), "aria-hidden": i > t && "true" }, word)),
    ),
    make("div", { class: "next", role: "cell" }, make("b", {}, quote(visible(guess))), ` ${percent(guess_p)}`),
    make("div", { class: "right", role: "cell" }, make("b", {}, quote(visible(real))), ` ${percent(p)}`),
    make("div", { class: "loss", role: "cell" }, number(loss)),
  );

/**
 * Of a token that stands so far behind the row's own.
 * @param {number} ahead
 */
const look = (ahead) => (ahead === 0 ? "now" : ahead === 1 ? "target" : ahead > 1 ? "hidden" : null);
