// @ts-check
// The reader's answers, kept by the browser: given back to the page, shown, saved as a file, erased.

import { send } from "../kit/address.js";
import { find, make } from "../kit/elements.js";
import { mount } from "../kit/mount.js";
import { add, csv, KEY, latest, read, tally, words, write } from "./kept_answers.js";

/** @import { Round } from "./kept_answers.js" */
/** @import { Page } from "../kit/mount.js" */
/**
 * @typedef {{question: number, option: number, title: string, asked: string, chosen: string,
 *   right: boolean}} GivenAnswer
 */
/**
 * @typedef {{page: string, about: string, text: string, model: string, place: Record<string, string>, size: number,
 *   given: GivenAnswer[], fresh: boolean, show: Record<string, string>, look: boolean,
 *   moment: number}} AnswersData
 */
/** @typedef {{root: HTMLElement, page: Page, data?: AnswersData}} Board */

const BLOCKED = "This browser keeps nothing for this page, so your answers last until you leave it.";

export default mount((root, page) => {
  /** @type {Board} */
  const board = { root, page };
  listen(board);
  return { receive: (/** @type {AnswersData} */ data) => receive(board, data) };
});

// ------------------------------------------------------------------------------------- the storage

/** @type {string | null} */
let unstored = null; // where the browser stores nothing

/** @returns {Round[]} */
function load() {
  if (unstored !== null) return read(unstored);
  try {
    return read(localStorage.getItem(KEY));
  } catch {
    return [];
  }
}

/** @param {Round[]} rounds */
function store(rounds) {
  const written = write(rounds);
  try {
    localStorage.setItem(KEY, written);
    unstored = null;
  } catch {
    unstored = written;
  }
}

function erase() {
  unstored = null;
  try {
    localStorage.removeItem(KEY);
  } catch {
    // it holds nothing
  }
}

// ----------------------------------------------------------------------------------------- the page

/**
 * @param {Board} board
 * @param {AnswersData} data
 */
function receive(board, data) {
  const was = board.data;
  board.data = data;
  const { page, about, text, model, place, size, given } = data;
  const now = new Date().toISOString();
  const answers = given.map((answer) => ({ ...answer, when: now }));
  if (given.length) store(add(load(), { page, about, text, model, place, size, answers }, now));
  if (data.fresh) {
    const kept = latest(load(), page, about);
    if (kept) board.page.setTriggerValue("kept", { place: kept.place, answers: kept.answers });
  }
  if (was && was.moment !== data.moment && data.moment) send(data.show, data.look);
  draw(board);
}

/** @param {Board} board */
function listen(board) {
  const { root } = board;
  const dialog = find(root, "dialog", HTMLDialogElement);
  const on = (/** @type {string} */ name, /** @type {() => void} */ act) =>
    find(root, name).addEventListener("click", act);
  on(".open", () => {
    ask(root, false);
    list(root);
    dialog.showModal();
  });
  on(".close", () => dialog.close());
  dialog.addEventListener("click", (event) => event.target === dialog && dialog.close());
  on(".json", () => save("my-answers.json", "application/json", write(load())));
  on(".csv", () => save("my-answers.csv", "text/csv;charset=utf-8", `\ufeff${csv(load())}`));
  on(".erase", () => ask(root, true));
  on(".no", () => ask(root, false));
  on(".yes", () => {
    erase();
    ask(root, false);
    list(root);
    draw(board);
    board.page.setTriggerValue("erased", true);
  });
}

/**
 * @param {HTMLElement} root
 * @param {boolean} sure whether the reader is asked if all are to be erased
 */
function ask(root, sure) {
  find(root, ".sure").hidden = !sure;
  find(root, ".acts").hidden = sure;
  find(root, sure ? ".no" : ".close").focus();
}

/**
 * @param {string} name of the file
 * @param {string} type
 * @param {string} content
 */
function save(name, type, content) {
  const href = URL.createObjectURL(new Blob([content], { type }));
  make("a", { href, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(href), 1_000);
}

// ------------------------------------------------------------------------------------------ drawing

/** @param {Board} board */
function draw({ root, data }) {
  if (!data) return;
  const { right, of } = tally(load().filter(({ page, about }) => page === data.page && about !== data.about));
  find(root, ".others").textContent = of ? `With other texts: ${right} of ${of}` : "";
}

/** @param {HTMLElement} root */
function list(root) {
  const rounds = load();
  const pages = [...new Set(rounds.map(({ page }) => page))];
  const none = make("p", {}, "You have not answered a question yet.");
  find(root, ".pages").replaceChildren(
    ...(pages.length ? pages.map((page) => pageOf(rounds.filter((round) => round.page === page))) : [none]),
  );
  for (const button of root.querySelectorAll(".acts button"))
    if (button instanceof HTMLButtonElement) button.disabled = !pages.length;
  if (unstored !== null) find(root, ".kept").textContent = BLOCKED;
}

/** @param {Round[]} rounds of one page */
function pageOf(rounds) {
  const { right, of } = tally(rounds);
  const answers = rounds.flatMap(({ text, model, answers }) => answers.map((answer) => ({ ...answer, text, model })));
  answers.sort((a, b) => (a.when < b.when ? 1 : -1));
  return make(
    "details",
    {},
    make("summary", {}, rounds[0].page, make("span", {}, `${right} of ${of} right at the first try`)),
    make(
      "ul",
      {},
      ...answers.map(({ title, chosen, right, when, text, model }) =>
        make(
          "li",
          { class: right ? "right" : "wrong" },
          make("span", { role: "img", "aria-label": right ? "right" : "wrong" }, right ? "✓" : "✕"),
          make("div", {}, make("b", {}, `${title}: `), words(chosen), make("p", {}, about(when, text, model))),
        ),
      ),
    ),
  );
}

const SHORT = 60;

/**
 * When, with which text and model.
 * @param {string} when
 * @param {string} text
 * @param {string} model
 */
function about(when, text, model) {
  const day = new Date(when);
  const date = Number.isNaN(day.getTime())
    ? when
    : day.toLocaleString("en", { dateStyle: "medium", timeStyle: "short" });
  return `${date} · “${text.length > SHORT ? `${text.slice(0, SHORT)}…` : text}” · ${model}`;
}
