// @ts-check
// From logits to a draw. Fed once per text and model with the ranked logits of every position;
// position, settings, token and draws are answered here, and the address follows (`remember`).

import { recall, remember, rememberSoon, whenSent } from "../../../ui/kit/address.js";
import { clamp } from "../../../ui/kit/arithmetic.js";
import { check, radios } from "../../../ui/kit/controls.js";
import { find, make } from "../../../ui/kit/elements.js";
import { follow } from "../../../ui/kit/follow.js";
import { count, percent } from "../../../ui/kit/format.js";
import { onKeys } from "../../../ui/kit/keys.js";
import { mount } from "../../../ui/kit/mount.js";
import { unpack } from "../../../ui/kit/tensors.js";
import { labels, quote } from "../../../ui/kit/words.js";
import { STOPS } from "./draws.js";
import { drawDraws, drawsControls } from "./draws_card.js";
import { buildList, drawBelow, fillList, markRow, rowOf } from "./next_list.js";
import { drawOrder } from "./order_card.js";
import { placeAt, share, tokens, viewOf } from "./prediction.js";
import { samplingControls } from "./sampling_controls.js";
import { drawSteps } from "./share_steps.js";
import { drawVocabulary } from "./vocabulary_curve.js";

/** @typedef {import("../../../ui/kit/mount.js").Page} Page */
/** @typedef {import("./next_list.js").List} List */
/** @typedef {import("./prediction.js").Predictions} Predictions */
/** @typedef {import("./prediction.js").View} View */
/** @typedef {import("./sampling_settings.js").SamplingSettings} SamplingSettings */
/**
 * The settings as the reader has changed them, and how the controls show them; the word whose
 * prediction is seen; its list, in which one token is kept and one may be pointed at.
 * @typedef {{settings: SamplingSettings, showSettings: (settings: SamplingSettings) => void, view: View,
 *   list: List, kept: number, hover: number | null}} State
 */

export default mount((root, page) => {
  /** @type {State | undefined} */
  let state;
  listen(root, page, (act) => state && act(state));
  whenSent(root, (place) => state && visit(root, page, state, place));
  return {
    receive(/** @type {Uint8Array} */ bytes) {
      const sent = /** @type {Predictions} */ (unpack(bytes));
      const { pass_key, token } = sent.header;
      const was = state?.view.sent.header;
      if (pass_key === was?.pass_key && token === was.token) return;
      if (state) Object.assign(state, look(root, sent, token, state.settings));
      else state = begin(root, page, sent);
      if (pass_key !== was?.pass_key) namePlaces(root, page, state);
      draw(root, state);
    },
    stop: follow(root, () => state && draw(root, state)),
  };
});

/**
 * @param {HTMLElement} root
 * @param {Page} page
 * @param {(act: (state: State) => void) => void} once there is a state
 */
function listen(root, page, once) {
  const list = find(root, ".list");
  const step = (/** @type {number} */ by) => () =>
    once((state) => {
      keep(root, state, state.kept + by);
      find(root, ".spoken").textContent =
        `${state.view.listed[state.kept].word}, ${percent(share(state.view, state.kept))}`;
    });
  onKeys(list, { ArrowDown: step(1), ArrowUp: step(-1) });
  /** @type {(kind: string, act: (root: HTMLElement, state: State, row: number) => unknown) => void} */
  const on = (kind, act) =>
    list.addEventListener(kind, (event) =>
      once((state) => {
        const row = rowOf(state.list, event);
        if (row >= 0) act(root, state, row);
      }),
    );
  on("pointerover", (_, state, row) => row !== state.hover && point(root, state, row));
  on("click", (...kept) => {
    keep(...kept);
    page.drawn();
  });
  list.addEventListener("pointerleave", () => once((state) => point(root, state, null)));
}

/**
 * @param {HTMLElement} root
 * @param {Page} page
 * @param {Predictions} sent
 */
function begin(root, page, sent) {
  const { settings, token } = sent.header;
  settings.draws = STOPS.find((stop) => stop >= settings.draws) ?? settings.draws;
  mend(settings);
  const set = (/** @type {Partial<SamplingSettings>} */ changes) => {
    Object.assign(settings, changes);
    state.view = viewOf(state.view.sent, state.view.at, state.view, settings);
    draw(root, state);
    page.drawn();
    for (const [name, value] of Object.entries(changes)) rememberSoon(name, value);
  };
  drawsControls(root, settings, set);
  const showSettings = samplingControls(find(root, ".settings"), settings, set);
  /** @type {State} */
  const state = { settings, showSettings, ...look(root, sent, token, settings) };
  return state;
}

/**
 * What the address said too large or in words, it says now as it is used.
 * @param {SamplingSettings} settings
 */
function mend(settings) {
  for (const [name, value] of Object.entries(settings)) {
    if (recall(name) && Number(recall(name)) !== value) remember(name, value);
  }
}

/**
 * The prediction after another word.
 * @param {HTMLElement} root
 * @param {Predictions} sent
 * @param {number} at
 * @param {SamplingSettings} settings
 */
function look(root, sent, at, settings) {
  const view = viewOf(sent, at, placeAt(sent, at), settings);
  return { view, list: buildList(find(root, ".list"), view.listed), kept: 0, hover: null };
}

/**
 * @param {HTMLElement} root
 * @param {Page} page
 * @param {State} state
 */
function namePlaces(root, page, state) {
  const words = wordsOf(state.view);
  const visit = (/** @type {number} */ at) => {
    Object.assign(state, look(root, state.view.sent, at, state.settings));
    draw(root, state);
    page.drawn();
    remember("token", at + 1);
  };
  radios(find(root, ".places"), "Word", words.length, (i) => words[i], visit);
}

/**
 * Where the page sends its pictures: a word and settings.
 * @param {HTMLElement} root
 * @param {Page} page
 * @param {State} state
 * @param {Record<string, string>} to
 */
function visit(root, page, state, to) {
  for (const [name, value] of Object.entries(to)) {
    if (name in state.settings) Object.assign(state.settings, { [name]: Number(value) });
  }
  const at = to.token ? Number(to.token) - 1 : state.view.at;
  Object.assign(state, look(root, state.view.sent, at, state.settings));
  draw(root, state);
  page.drawn();
}

const wordsOf = (/** @type {View} */ { sent }) => labels(sent.header.pieces);

/**
 * The token that is pointed at; none for the one that is kept.
 * @param {HTMLElement} root
 * @param {State} state
 * @param {number | null} row
 */
function point(root, state, row) {
  state.hover = row;
  const looked = row ?? state.kept;
  markRow(state.list, looked);
  drawSteps(root, state.view, looked);
}

/**
 * @param {HTMLElement} root
 * @param {State} state
 * @param {number} row
 */
function keep(root, state, row) {
  state.kept = clamp(row, 0, state.view.listed.length - 1);
  point(root, state, null);
}

/**
 * @param {HTMLElement} root
 * @param {State} state
 */
function draw(root, state) {
  const { view, list } = state;
  state.showSettings(state.settings);
  check(find(root, ".places"), view.at);
  find(root, ".finding").replaceChildren(...finding(view));
  fillList(list, view);
  drawBelow(root, view);
  point(root, state, state.hover);
  drawDraws(root, view);
  drawOrder(root, view);
  drawVocabulary(root, view);
}

/** @param {View} view */
function finding(view) {
  const vocab = view.sent.header.vocab;
  const many = tokens(view, view.left.n);
  const word = quote(wordsOf(view)[view.at]);
  const first = make("b", { class: "prediction" }, quote(view.listed[0].word));
  if (many === 1) return [`After ${word}, `, first, " is the only token left, so it is chosen every time"];
  const drawn =
    many === vocab
      ? `any of the ${count(many)} tokens can be drawn`
      : `${count(many)} of ${count(vocab)} tokens can be drawn`;
  const probability = percent(share(view, 0));
  return [`After ${word}, the most probable next token is `, first, `, with ${probability}; ${drawn}`];
}
