// @ts-check
// Two configurations side by side: set in a table, drawn, and followed into every consequence.

import { rememberSoon, whenSent } from "../../../ui/kit/address.js";
import { find } from "../../../ui/kit/elements.js";
import { follow } from "../../../ui/kit/follow.js";
import { mount } from "../../../ui/kit/mount.js";
import { drawCode } from "./code_card.js";
import { drawPlans, roomFor } from "./drawing.js";
import { edited } from "./edited.js";
import { FIELDS } from "./fields.js";
import { drawLedger, listenToLedger } from "./ledger.js";
import { read, written } from "./plan_address.js";
import { drawTable } from "./plan_table.js";
import { finding, notes } from "./workbench_text.js";

/** @typedef {import("../../../ui/kit/mount.js").Page} Page */
/** @typedef {import("./blueprint.js").Blueprint} Blueprint */
/** @typedef {import("./plan_address.js").Draft} Draft */
/**
 * A published configuration; `plan` is what differs from the plain one. `stated` is what its paper says,
 * `exact` the number of elements in the published weights, 0 where there are none; `tokens` it was trained
 * on, 0 where that is not known.
 * @typedef {{name: string, title: string, family: string, source: string, stated: string, exact: number,
 *   tokens: number, note: string, plan: Record<string, boolean | number | string>}} Preset
 */
/**
 * The tokens of the reader's text, both configurations as the address has them, the rules.
 * @typedef {{model: string, tokens: number, left: string, right: string,
 *   plain: Record<string, boolean | number | string>, presets: Preset[], limits: Record<string, [number, number]>,
 *   choices: Record<string, string[]>}} WorkbenchData
 */
/**
 * One of the two: what was chosen and typed, the last configuration that can be built, whether it is another
 * than the published one, and why what was typed cannot be built, if so.
 * @typedef {{draft: Draft, preset: Preset, plan: Blueprint, isEdited: boolean, problem: string, field: string}} Side
 */
/**
 * @typedef {{data: WorkbenchData, sides: [Side, Side], n: number, batch: number, bits: number,
 *   precision: "float32" | "mixed"}} State
 */

export const SIDES = /** @type {const} */ (["left", "right"]);

export default mount((root, page) => {
  /** @type {State | undefined} */
  let state;
  find(root, ".code-card details").addEventListener("toggle", () => state && drawCode(root, state.sides));
  const change = (/** @type {0 | 1} */ i, /** @type {Draft} */ draft) => {
    if (!state) return;
    state.sides[i] = side(state.data, draft, state.sides[i]);
    rememberSoon(SIDES[i], written(draft));
    draw(root, state, change);
    requestAnimationFrame(page.drawn); // marks terms, for which it asks what is visible
  };
  const settings = listenToLedger(root, (changes) => {
    if (!state) return;
    Object.assign(state, changes);
    drawLedger(root, state);
    page.drawn();
  });
  whenSent(root, (place) => {
    if (!state) return;
    const { data, sides } = state;
    SIDES.forEach((name, i) => {
      if (place[name]) sides[i] = side(data, drafted(data, place[name], name));
    });
    draw(root, state, change);
    page.drawn();
  });
  return {
    receive(/** @type {WorkbenchData} */ data) {
      state = renewed(data, state);
      settings.set(state);
      draw(root, state, change);
    },
    stop: follow(root, () => state && draw(root, state, change)),
  };
});

/**
 * What the reader has set stays, unless the address says otherwise now.
 * @param {WorkbenchData} data
 * @param {State | undefined} was
 * @returns {State}
 */
function renewed(data, was) {
  const made = SIDES.map((name, i) => {
    const own = was && (written(was.sides[i].draft) === data[name] || was.data[name] === data[name]);
    return side(data, own ? was.sides[i].draft : drafted(data, data[name], name));
  });
  const sides = /** @type {[Side, Side]} */ (made);
  return was ? { ...was, data, sides } : { data, sides, n: 1024, batch: 1, bits: 16, precision: "mixed" };
}

/**
 * @param {WorkbenchData} data
 * @param {string} text as the address has it
 * @param {"left" | "right"} name
 * @returns {Draft}
 */
function drafted({ presets }, text, name) {
  const isPreset = (/** @type {string} */ wanted) => presets.some((each) => each.name === wanted);
  const isField = (/** @type {string} */ wanted) => FIELDS.some(({ field }) => field === wanted);
  const first = name === "left" ? presets[0].name : "gpt2";
  return read(text, isPreset, isField) ?? { preset: first, edits: {} };
}

/**
 * What was typed and cannot be built leaves the last configuration that can.
 * @param {WorkbenchData} data
 * @param {Draft} draft
 * @param {Side} [was]
 * @returns {Side}
 */
function side(data, draft, was) {
  const preset = data.presets.find(({ name }) => name === draft.preset) ?? data.presets[0];
  const published = planOf(data, preset);
  const { plan, problem, field } = edited(published, draft.edits, data);
  const last = was?.draft.preset === draft.preset ? was.plan : published;
  const shown = plan ?? last;
  const isEdited = JSON.stringify(shown) !== JSON.stringify(published);
  return { draft, preset, plan: shown, isEdited, problem, field };
}

/**
 * @param {WorkbenchData} data
 * @param {Preset} preset
 */
const planOf = ({ plain }, preset) => /** @type {Blueprint} */ ({ ...plain, ...preset.plan });

/**
 * @param {HTMLElement} root
 * @param {State} state
 * @param {(i: 0 | 1, draft: Draft) => void} change
 */
function draw(root, state, change) {
  const room = roomFor(root); // before anything is written: asking later would lay the page out twice
  find(root, ".plans-card .finding").replaceChildren(...finding(state));
  const kind = state.sides.some(({ isEdited, preset }) => isEdited || !preset.stated) ? "live" : "published";
  const tag = find(root, ".plans-card .tag");
  tag.className = `tag ${kind}`;
  tag.textContent = kind;
  find(root, ".notes").replaceChildren(...notes(state.sides));
  drawTable(root, state, change);
  drawPlans(root, state.sides, room);
  drawLedger(root, state);
  drawCode(root, state.sides);
}
