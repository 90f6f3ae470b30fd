// @ts-check
// The component table: each setting of both configurations, changed where it stands.

import { find, make } from "../../../ui/kit/elements.js";
import { count } from "../../../ui/kit/format.js";
import { differing, matters, NAMES, rowsFor, ZERO } from "./fields.js";
import { typed } from "./plan_address.js";

/** @typedef {import("./workbench_board.js").State} State */
/** @typedef {import("./workbench_board.js").Side} Side */
/** @typedef {import("./workbench_board.js").Preset} Preset */
/** @typedef {import("./plan_address.js").Draft} Draft */
/** @typedef {import("./fields.js").Row} Row */
/** @typedef {(i: 0 | 1, draft: Draft) => void} Change */

const BOTH = /** @type {const} */ ([0, 1]);
const NAMED = ["left", "right"];

/**
 * @param {HTMLElement} root
 * @param {State} state
 * @param {Change} change
 */
export function drawTable(root, state, change) {
  const table = find(root, ".plans");
  const focus = /** @type {HTMLElement | null} */ (table.querySelector(":focus"));
  const rows = rowsFor(state.sides.map(({ plan }) => plan));
  const differ = new Set(differing(state.sides[0].plan, state.sides[1].plan));
  table.replaceChildren(
    make("caption", { class: "spoken" }, "The settings of both configurations"),
    make("thead", {}, make("tr", {}, make("td"), ...BOTH.map((i) => head(state, i, change)))),
    make("tbody", {}, ...rows.map((row) => line(root, state, row, differ.has(row.field), change))),
  );
  tellProblems(root, state.sides);
  if (focus) restore(table, /** @type {HTMLInputElement} */ (focus));
}

/**
 * The hand stays where it was, also in the middle of a number.
 * @param {HTMLElement} table
 * @param {HTMLInputElement} focus
 */
function restore(table, focus) {
  const { side, field } = focus.dataset;
  const same = table.querySelector(`[data-side="${side}"][data-field="${field}"]`);
  if (!(same instanceof HTMLElement)) return;
  if (same instanceof HTMLInputElement && same.type === "text") {
    same.value = focus.value;
    same.focus();
    same.setSelectionRange(focus.selectionStart, focus.selectionEnd);
  } else same.focus();
}

/**
 * @param {State} state
 * @param {0 | 1} i
 * @param {Change} change
 */
function head(state, i, change) {
  const { draft, preset } = state.sides[i];
  const { presets } = state.data;
  const families = [...new Set(presets.map(({ family }) => family))];
  const option = (/** @type {Preset} */ each) =>
    make("option", { value: each.name, selected: each.name === draft.preset }, each.title);
  const choose = (/** @type {Event} */ event) =>
    change(i, { preset: /** @type {HTMLSelectElement} */ (event.target).value, edits: {} });
  const select = make(
    "select",
    { class: "field", "aria-label": `${NAMED[i]} configuration`, "data-side": i, "data-field": "", onchange: choose },
    ...families.map((family) =>
      make("optgroup", { label: family }, ...presets.filter((each) => each.family === family).map(option)),
    ),
  );
  const undo = () => change(i, { preset: draft.preset, edits: {} });
  const edits = Object.keys(draft.edits).length;
  const back = make(
    "button",
    { class: "plain undo", type: "button", onclick: undo },
    `undo ${edits} edit${edits === 1 ? "" : "s"}`,
  );
  return make("th", { scope: "col" }, select, edits ? back : make("small", { class: "sub" }, preset.source));
}

/**
 * @param {HTMLElement} root
 * @param {State} state
 * @param {Row} row
 * @param {boolean} differs
 * @param {Change} change
 */
function line(root, state, row, differs, change) {
  const says = () => find(root, ".says").replaceChildren(make("b", {}, `${capital(row.label)}: `), row.says);
  const label = make(
    "th",
    { scope: "row", title: `${row.field}: ${row.says}` },
    make("span", {}, row.label),
    differs && make("span", { class: "differs", title: "The two differ here" }, "≠"),
  );
  const cells = BOTH.map((i) => {
    const wrong = state.sides[i].field === row.field;
    return make("td", { class: wrong && "wrong" }, control(state, i, row, change));
  });
  return make("tr", { class: differs && "different", onfocusin: says, onpointerenter: says }, label, ...cells);
}

const capital = (/** @type {string} */ text) => text[0].toUpperCase() + text.slice(1);

/**
 * @param {State} state
 * @param {0 | 1} i
 * @param {Row} row
 * @param {Change} change
 */
function control(state, i, { field, label }, change) {
  const { draft, preset, plan } = state.sides[i];
  if (!matters(plan, field) && !(field in draft.edits)) return make("span", { class: "unused" }, "–");
  const published = { ...state.data.plain, ...preset.plan }[field];
  const edit = (/** @type {string} */ text) => change(i, changed(state, i, field, typed(text)));
  const isWrong = state.sides[i].field === field;
  const attributes = {
    ...{ "aria-label": `${label}, ${NAMED[i]}`, "data-side": i, "data-field": field },
    class: field in draft.edits ? "edited" : false,
    "aria-invalid": isWrong && "true",
  };
  const options = state.data.choices[field] ?? (typeof published === "boolean" ? ["yes", "no"] : null);
  const now = draft.edits[field] ?? shown(published);
  if (options) return chooser(options, now, attributes, edit);
  const value = /^\d+$/.test(now) ? (now === "0" && ZERO[field]) || count(Number(now)) : now;
  const input = make("input", { type: "text", inputmode: "numeric", autocomplete: "off", value, ...attributes });
  input.addEventListener("input", () => edit(input.value));
  return input;
}

/** @param {boolean | number | string} value */
const shown = (value) => (typeof value === "boolean" ? (value ? "yes" : "no") : String(value));

/**
 * @param {readonly string[]} options
 * @param {string} now
 * @param {Record<string, any>} attributes
 * @param {(text: string) => void} edit
 */
function chooser(options, now, attributes, edit) {
  const known = options.includes(now) ? options : [...options, now];
  const change = (/** @type {Event} */ event) => edit(/** @type {HTMLSelectElement} */ (event.target).value);
  return make(
    "select",
    { ...attributes, onchange: change },
    ...known.map((each) => make("option", { value: each, selected: each === now }, NAMES[each] ?? each)),
  );
}

/**
 * The draft with one field changed. Where every head had keys and values of its own, it keeps them.
 * @param {State} state
 * @param {0 | 1} i
 * @param {string} field
 * @param {string} text
 * @returns {Draft}
 */
function changed({ data, sides }, i, field, text) {
  const { draft, preset, plan } = sides[i];
  const published = { ...data.plain, ...preset.plan };
  const follows = field === "n_heads" && plan.n_heads === plan.n_kv_heads ? { n_kv_heads: text } : {};
  const edits = { ...draft.edits, [field]: text, ...follows };
  const plain = (/** @type {string} */ name, /** @type {string} */ value) =>
    value === ZERO[name] ? "0" : value.replace(/[,\s_]/g, "");
  const kept = Object.entries(edits).filter(([name, value]) => plain(name, value) !== shown(published[name]));
  return { preset: draft.preset, edits: Object.fromEntries(kept) };
}

/**
 * @param {HTMLElement} root
 * @param {readonly Side[]} sides
 */
function tellProblems(root, sides) {
  const told = sides.flatMap(({ problem, preset }) => (problem ? [`${preset.title}: ${problem}`] : []));
  const kept = told.length ? ["What was possible before is still shown."] : [];
  find(root, ".told-problem").textContent = [...told, ...kept].join(" ");
}
