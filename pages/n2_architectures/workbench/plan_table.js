// @ts-check
// The component table: each setting of both configurations, changed where it stands.

import { find, make } from "../../../ui/kit/elements.js";
import { count } from "../../../ui/kit/format.js";
import { onKeys } from "../../../ui/kit/keys.js";
import { differing, matters, NAMES, rowsFor, ZERO } from "./fields.js";
import { typed } from "./plan_address.js";
import { stepped } from "./steps.js";

/** @typedef {import("./workbench_board.js").State} State */
/** @typedef {import("./workbench_board.js").Side} Side */
/** @typedef {import("./workbench_board.js").Preset} Preset */
/** @typedef {import("./plan_address.js").Draft} Draft */
/** @typedef {import("./fields.js").Row} Row */
/** @typedef {(i: 0 | 1, draft: Draft) => void} Change */

const BOTH = /** @type {const} */ ([0, 1]);
const NAMED = ["left", "right"];

/**
 * What stands in the table: made anew for other rows or presets, else changed in place, so that a hand in the
 * middle of a number is not disturbed.
 * @typedef {{state: State, change: Change, key: string, heads: HTMLElement[], rows: {row: Row, line: HTMLElement,
 *   cells: HTMLElement[]}[]}} Table
 */
/** @type {WeakMap<HTMLElement, Table>} */
const tables = new WeakMap();

/**
 * @param {HTMLElement} root
 * @param {State} state
 * @param {Change} change
 */
export function drawTable(root, state, change) {
  const node = find(root, ".plans");
  const { sides, data } = state;
  const rows = rowsFor(sides.map(({ plan }) => plan));
  const used = rows.map(({ field }) => sides.map((side) => Number(isUsed(side, field))).join(""));
  const key = [
    data.model,
    ...sides.map(({ draft }) => draft.preset),
    ...rows.map(({ field }, i) => field + used[i]),
  ].join();
  let table = tables.get(node);
  if (table?.key === key) Object.assign(table, { state, change });
  else {
    table = { state, change, key, heads: [], rows: [] };
    build(root, node, table, rows);
    tables.set(node, table);
  }
  update(table);
  tellProblems(root, sides);
}

/**
 * Whether a side is read at a field, or was changed there.
 * @param {Side} side
 * @param {Row["field"]} field
 */
const isUsed = ({ plan, draft }, field) => matters(plan, field) || field in draft.edits;

/**
 * @param {HTMLElement} root
 * @param {HTMLElement} node
 * @param {Table} table
 * @param {readonly Row[]} rows
 */
function build(root, node, table, rows) {
  const focus = /** @type {HTMLElement | null} */ (node.querySelector(":focus"));
  table.heads = BOTH.map((i) => head(table, i));
  table.rows = rows.map((row) => line(root, table, row));
  node.replaceChildren(
    make("caption", { class: "spoken" }, "The settings of both configurations"),
    make("thead", {}, make("tr", {}, make("td"), ...table.heads)),
    make("tbody", {}, ...table.rows.map((each) => each.line)),
  );
  const { side, field } = focus?.dataset ?? {};
  const same = node.querySelector(`[data-side="${side}"][data-field="${field}"]`);
  if (same instanceof HTMLElement) same.focus();
}

/**
 * @param {Table} table
 * @param {0 | 1} i
 */
function head(table, i) {
  const { draft } = table.state.sides[i];
  const { presets } = table.state.data;
  const families = [...new Set(presets.map(({ family }) => family))];
  const option = (/** @type {Preset} */ each) =>
    make("option", { value: each.name, selected: each.name === draft.preset }, each.title);
  const choose = (/** @type {Event} */ event) =>
    table.change(i, { preset: /** @type {HTMLSelectElement} */ (event.target).value, edits: {} });
  const select = make(
    "select",
    { class: "field", "aria-label": `${NAMED[i]} configuration`, "data-side": i, "data-field": "", onchange: choose },
    ...families.map((family) =>
      make("optgroup", { label: family }, ...presets.filter((each) => each.family === family).map(option)),
    ),
  );
  return make("th", { scope: "col" }, select, make("span", { class: "below" }));
}

/**
 * Under a preset: where it is from, or the way back to it.
 * @param {Table} table
 * @param {0 | 1} i
 */
function below({ state, change }, i) {
  const { draft, preset } = state.sides[i];
  const edits = Object.keys(draft.edits).length;
  if (!edits) return make("small", { class: "sub" }, preset.source);
  const onclick = () => change(i, { preset: draft.preset, edits: {} });
  const text = `undo ${edits} edit${edits === 1 ? "" : "s"}`;
  return make("button", { class: "plain undo", type: "button", onclick }, text);
}

/**
 * @param {HTMLElement} root
 * @param {Table} table
 * @param {Row} row
 */
function line(root, table, row) {
  const says = () => find(root, ".says").replaceChildren(make("b", {}, `${capital(row.label)}: `), row.says);
  const label = make(
    "th",
    { scope: "row", title: `${row.field}: ${row.says}` },
    make("span", {}, row.label),
    make("span", { class: "differs", title: "The two differ here" }, "≠"),
  );
  const cells = BOTH.map((i) => make("td", {}, control(table, i, row)));
  return { row, cells, line: make("tr", { onfocusin: says, onpointerenter: says }, label, ...cells) };
}

const capital = (/** @type {string} */ text) => text[0].toUpperCase() + text.slice(1);

/**
 * @param {Table} table
 * @param {0 | 1} i
 * @param {Row} row
 */
function control(table, i, { field, label }) {
  const { data, sides } = table.state;
  if (!isUsed(sides[i], field)) return make("span", { class: "unused" }, "–");
  const edit = (/** @type {string} */ text) => table.change(i, changed(table.state, i, field, typed(text)));
  const attributes = { "aria-label": `${label}, ${NAMED[i]}`, "data-side": i, "data-field": field };
  const options = data.choices[field] ?? (typeof data.plain[field] === "boolean" ? ["yes", "no"] : null);
  if (options) {
    const onchange = (/** @type {Event} */ event) => edit(/** @type {HTMLSelectElement} */ (event.target).value);
    return make(
      "select",
      { ...attributes, onchange },
      ...options.map((each) => make("option", { value: each }, NAMES[each] ?? each)),
    );
  }
  const input = make("input", { type: "text", inputmode: "numeric", autocomplete: "off", ...attributes });
  input.addEventListener("input", () => edit(input.value));
  const step = (/** @type {1 | -1} */ by) => {
    input.value = count(stepped(table.state.sides[i].plan, field, by, data.limits[field]));
    edit(input.value);
  };
  onKeys(input, { ArrowUp: () => step(1), ArrowDown: () => step(-1) });
  input.addEventListener("blur", () => write(input, table, i, field));
  return input;
}

/**
 * What all controls show, and which rows differ.
 * @param {Table} table
 */
function update(table) {
  const { sides } = table.state;
  const differ = new Set(differing(sides[0].plan, sides[1].plan));
  table.heads.forEach((each, i) => {
    find(each, ".below").replaceChildren(below(table, i === 0 ? 0 : 1));
  });
  for (const { row, line, cells } of table.rows) {
    line.classList.toggle("different", differ.has(row.field));
    for (const i of BOTH) {
      const node = cells[i].firstElementChild;
      const isWrong = sides[i].field === row.field;
      cells[i].classList.toggle("wrong", isWrong);
      node?.classList.toggle("edited", row.field in sides[i].draft.edits);
      if (isWrong) node?.setAttribute("aria-invalid", "true");
      else node?.removeAttribute("aria-invalid");
      if (node && !node.matches(":focus")) write(node, table, i, row.field);
      else if (node instanceof HTMLSelectElement) write(node, table, i, row.field);
    }
  }
}

/**
 * @param {Element} node
 * @param {Table} table
 * @param {0 | 1} i
 * @param {Row["field"]} field
 */
function write(node, { state }, i, field) {
  const { draft, preset } = state.sides[i];
  const now = draft.edits[field] ?? shown({ ...state.data.plain, ...preset.plan }[field]);
  if (node instanceof HTMLSelectElement) node.value = now;
  if (!(node instanceof HTMLInputElement)) return;
  const digits = now.replace(/[,\s_]/g, "");
  node.value = /^\d+$/.test(digits) ? (digits === "0" && ZERO[field]) || count(Number(digits)) : now;
}

/** @param {boolean | number | string} value */
const shown = (value) => (typeof value === "boolean" ? (value ? "yes" : "no") : String(value));

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
  const kept = told.length ? ["The last configuration that was possible is still shown."] : [];
  find(root, ".told-problem").textContent = [...told, ...kept].join(" ");
}
