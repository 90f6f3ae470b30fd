// @ts-check
// What follows from both configurations: parameters by part, arithmetic, memory.

import { sum } from "../../../ui/kit/arithmetic.js";
import { check, radios, slider } from "../../../ui/kit/controls.js";
import { find, make } from "../../../ui/kit/elements.js";
import { count, flops, memory, percent, scientific, short } from "../../../ui/kit/format.js";
import {
  activeParameters,
  allFlops,
  cacheNumbers,
  countParameters,
  PARTS,
  passFlops,
  servingMemory,
  tokenFlops,
  totalParameters,
  trainingFlops,
  trainingMemory,
} from "./consequences.js";
import { activeFinding, checked, compared, times, titleOf } from "./workbench_text.js";

/** @typedef {import("./workbench_board.js").State} State */
/** @typedef {import("./workbench_board.js").Side} Side */
/** @typedef {import("./blueprint.js").Blueprint} Blueprint */
/** @typedef {import("../../../ui/kit/elements.js").Child} Child */
/** @typedef {Partial<Pick<State, "n" | "batch" | "bits" | "precision">>} Settings */

const LONGEST = 20; // a power of two
const TOKENS_PER_PARAMETER = 20; // Hoffmann et al. 2022
const BITS = [32, 16, 8, 4];
const PRECISIONS = /** @type {const} */ (["float32", "mixed"]);
/** Each part's name and role. @type {Record<string, [string, string]>} */
const NAMES = {
  embedding: ["embedding", "residual"],
  positions: ["positions", "key"],
  attention: ["attention", "attention"],
  feed_forward: ["MLP", "feed-forward"],
  norms: ["norms", "muted"],
  unembedding: ["unembedding", "query"],
  weights: ["weights", "feed-forward"],
  gradients: ["gradients", "negative"],
  optimizer: ["Adam", "key"],
  activations: ["activations", "attention"],
  cache: ["cache", "value"],
};

/**
 * @param {HTMLElement} root
 * @param {(changes: Settings) => void} change
 * @returns what moves the controls to a state
 */
export function listenToLedger(root, change) {
  const power = (/** @type {number} */ x) => count(2 ** x);
  const each = { min: 0, step: 1, show: power };
  const n = slider({
    label: "tokens of a text",
    max: LONGEST,
    value: 10,
    ...each,
    change: (x) => change({ n: 2 ** x }),
  });
  const batch = slider({
    label: "texts at a time",
    max: 10,
    value: 0,
    ...each,
    change: (x) => change({ batch: 2 ** x }),
  });
  find(root, ".lengths").append(n, batch);
  const trained = choice("Training", ["32-bit", "mixed 16-bit"], (i) => change({ precision: PRECISIONS[i] }));
  const served = choice(
    "Answering",
    BITS.map((bits) => `${bits}-bit`),
    (i) => change({ bits: BITS[i] }),
  );
  find(root, ".precisions").append(trained, served);
  const set = (/** @type {State} */ state) => {
    n.set(Math.log2(state.n));
    batch.set(Math.log2(state.batch));
    check(trained, PRECISIONS.indexOf(state.precision));
    check(served, BITS.indexOf(state.bits));
  };
  return { set };
}

/**
 * @param {string} name
 * @param {readonly string[]} labels
 * @param {(i: number) => void} choose
 */
function choice(name, labels, choose) {
  const chips = make("div", { class: "chips" });
  radios(chips, name, labels.length, (i) => labels[i], choose);
  return make("div", { class: "choice" }, make("span", { class: "name" }, name), chips);
}

/**
 * @param {HTMLElement} root
 * @param {State} state
 */
export function drawLedger(root, state) {
  drawParameters(root, state);
  drawArithmetic(root, state);
  drawMemory(root, state);
}

/**
 * @param {HTMLElement} table
 * @param {readonly Side[]} sides
 * @param {readonly Child[]} rows
 */
function fill(table, sides, rows) {
  const heads = [...sides.map(titleOf), "right ÷ left"].map((each) => make("th", { scope: "col" }, each));
  table.replaceChildren(make("thead", {}, make("tr", {}, make("td"), ...heads)), make("tbody", {}, ...rows));
}

/**
 * @param {Child} name
 * @param {readonly [number, number]} values
 * @param {(value: number, i: number) => Child} show
 * @param {string} [kind]
 */
function row(name, values, show, kind = "") {
  const cells = values.map((value, i) => make("td", {}, show(value, i)));
  const ratio = times(values[0], values[1]);
  return make(
    "tr",
    { class: kind },
    make("th", { scope: "row" }, name),
    ...cells,
    make("td", { class: "ratio" }, ratio),
  );
}

/**
 * @param {string} part
 */
const label = (part) => [make("i", { class: `dot ${NAMES[part][1]}` }), NAMES[part][0]];

/**
 * @template T
 * @param {readonly Side[]} sides
 * @param {(plan: Blueprint, i: number) => T} value
 */
const both = (sides, value) => /** @type {[T, T]} */ (sides.map(({ plan }, i) => value(plan, i)));

/**
 * @param {HTMLElement} root
 * @param {State} state
 */
function drawParameters(root, { sides }) {
  const parts = both(sides, (plan) => countParameters(plan));
  const totals = both(sides, totalParameters);
  const active = both(sides, activeParameters);
  const names = sides.map(titleOf);
  find(root, ".counted").replaceChildren(
    "Parameters: ",
    make("b", { class: "attention" }, compared(totals[0], totals[1], names)),
    `.${sides.map(activeFinding).join("")}`,
  );
  const written = (/** @type {number} */ value, /** @type {number} */ i) =>
    value ? [count(value), make("small", {}, percent(value / totals[i]))] : "none";
  const exact = (/** @type {number} */ value, /** @type {number} */ i) => [
    make("b", {}, count(value)),
    make("small", {}, checked(sides[i])),
  ];
  fill(find(root, ".parameters"), sides, [
    row("all", totals, exact, "total"),
    active.some((each, i) => each !== totals[i]) && row("met by one token", active, count),
    make(
      "tr",
      { class: "shares" },
      make("th", { scope: "row" }, "shares"),
      ...parts.map((each) => make("td", {}, shares(each))),
      make("td"),
    ),
    ...PARTS.filter((part) => parts.some((each) => each[part])).map((part) =>
      row(label(part), [parts[0][part], parts[1][part]], written),
    ),
  ]);
}

/**
 * A bar of parts; `whole` is what its full width stands for.
 * @param {Record<string, number>} parts
 * @param {number} [whole]
 */
function shares(parts, whole = sum(Object.values(parts))) {
  const pieces = Object.entries(parts).map(([part, value]) =>
    make("i", {
      class: NAMES[part][1],
      style: `width:${(100 * value) / whole}%`,
      title: `${NAMES[part][0]}: ${percent(value / whole)}`,
    }),
  );
  return make("div", { class: "bar", "aria-hidden": "true" }, ...pieces);
}

/**
 * @param {HTMLElement} root
 * @param {State} state
 */
function drawArithmetic(root, { sides, n, data }) {
  const own = both(sides, (plan) => allFlops(passFlops(plan, data.tokens)));
  const pass = both(sides, (plan) => allFlops(passFlops(plan, n)));
  const one = both(sides, (plan) => tokenFlops(plan, n));
  const trained = sides.map(trainedOn);
  const training = both(sides, (plan, i) => trainingFlops(plan, n, trained[i].tokens));
  const rule = both(sides, (plan, i) => 6 * activeParameters(plan) * trained[i].tokens);
  const attention = both(sides, (_, i) => (one[i].scores + one[i].mixing) / allFlops(one[i]));
  const totals = /** @type {[number, number]} */ (one.map(allFlops));
  find(root, ".computed").replaceChildren(
    `Arithmetic: as the last of ${count(n)} tokens, a new token takes `,
    make("b", { class: "attention" }, `${flops(totals[0])} and ${flops(totals[1])}`),
    ".",
  );
  fill(find(root, ".arithmetic"), sides, [
    row(`reading your text, ${count(data.tokens)} tokens`, own, flops),
    row(`reading ${count(n)} tokens`, pass, flops),
    row("writing one more token", totals, (value, i) => [
      flops(value),
      make("small", {}, `${percent(attention[i])} for scores and mixing`),
    ]),
    row(`training on texts of ${count(n)} tokens`, training, (value, i) => [
      `${scientific(value)} FLOP`,
      make("small", {}, trained[i].said),
    ]),
    row("training, by the rule 6·N·D", rule, (value) => `${scientific(value)} FLOP`),
  ]);
}

/**
 * How many tokens a model was trained on, or would be.
 * @param {Side} side
 */
function trainedOn({ preset, plan, isEdited }) {
  if (preset.tokens && !isEdited)
    return { tokens: preset.tokens, said: `on ${short(preset.tokens)} tokens, as published` };
  const tokens = TOKENS_PER_PARAMETER * totalParameters(plan);
  return { tokens, said: `on ${short(tokens)} tokens, 20 for each parameter` };
}

/**
 * @param {HTMLElement} root
 * @param {State} state
 */
function drawMemory(root, state) {
  const { sides, n, batch, bits, precision } = state;
  const training = both(sides, (plan) => trainingMemory(plan, { n, batch, precision }));
  const serving = both(sides, (plan) => servingMemory(plan, { n, batch, bits }));
  const total = (/** @type {Record<string, number>} */ parts) => sum(Object.values(parts));
  const one = both(sides, (plan) => cacheNumbers(plan, n) * (bits === 32 ? 4 : 2));
  find(root, ".remembered").replaceChildren(
    `Memory: the cache of one text of ${count(n)} tokens takes `,
    make("b", { class: "value" }, `${memory(one[0])} and ${memory(one[1])}`),
    ".",
  );
  find(root, ".memories").replaceChildren(
    memories(
      "While it is trained",
      sides,
      training.map((each) => ({ ...each })),
      total,
    ),
    memories(
      "While it answers",
      sides,
      serving.map((each) => ({ ...each })),
      total,
    ),
  );
}

/**
 * @param {string} title
 * @param {readonly Side[]} sides
 * @param {readonly Record<string, number>[]} parts
 * @param {(parts: Record<string, number>) => number} total
 */
function memories(title, sides, parts, total) {
  const totals = /** @type {[number, number]} */ (parts.map(total));
  const whole = Math.max(...totals);
  const bars = make(
    "tr",
    { class: "shares" },
    make("th", { scope: "row" }, "to one scale"),
    ...parts.map((each) => make("td", {}, shares(each, whole))),
    make("td"),
  );
  const table = make("table", { class: "ledger" });
  fill(table, sides, [
    row("all", totals, (value) => make("b", {}, memory(value)), "total"),
    bars,
    ...Object.keys(parts[0]).map((part) => row(label(part), [parts[0][part], parts[1][part]], memory)),
  ]);
  return make("div", {}, make("h4", {}, title), make("div", { class: "scroll" }, table));
}
