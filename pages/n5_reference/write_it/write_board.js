// @ts-check
// A function with one line missing: the reader writes it, and runs the tests in this browser.

import { recall, remember, whenSent } from "../../../ui/kit/address.js";
import { check, radios } from "../../../ui/kit/controls.js";
import { find, make } from "../../../ui/kit/elements.js";
import { mount } from "../../../ui/kit/mount.js";
import { writeCode } from "./code_field.js";
import { keepCode, keptCode } from "./kept_code.js";
import { difference, verdict } from "./outcome_words.js";
import { createRunner } from "./python_runner.js";

/** @import { Answer } from "./python_runner.js" */
/** @import { Page } from "../../../ui/kit/mount.js" */

/** @typedef {{title: string, arguments: string, expected: string, of_model: boolean}} TestData */
/** @typedef {{name: string, title: string, function: string, task: string, hint: string, code: string, line: string,
 *   aim: string, tests: TestData[]}} ExerciseData */
/** @typedef {{python: string, harness: string, shown: string, exercises: ExerciseData[]}} WriteData */
/** @typedef {ReturnType<typeof createRunner>} Runner */
/** @typedef {{root: HTMLElement, page: Page, at: number, asked: number, data?: WriteData, runner?: Runner}} Board */

const ABSENT =
  "Python for the browser is not installed on this server, so the code cannot run here. It can be read, and it runs " +
  "wherever Python does.";

export default mount((root, page) => {
  /** @type {Board} */
  const board = { root, page, at: 0, asked: 0 };
  const field = find(root, ".code", HTMLTextAreaElement);
  writeCode(
    field,
    (code) => keepCode(exercise(board).name, code),
    () => run(board),
  );
  find(root, ".run").addEventListener("click", () => run(board));
  find(root, ".show").addEventListener("click", () => write(board, solved(exercise(board))));
  find(root, ".again").addEventListener("click", () => write(board, exercise(board).code));
  whenSent(root, ({ exercise: name }) => {
    if (!name) return false;
    go(board, name);
    page.drawn();
    return true;
  });
  return {
    receive(/** @type {WriteData} */ data) {
      const isNew = !board.data;
      board.data = data;
      if (isNew) build(board);
      go(board, recall("exercise") || data.shown);
    },
    stop: () => board.runner?.end(),
  };
});

/** @param {Board} board */
const exercise = ({ data, at }) => /** @type {WriteData} */ (data).exercises[at];

/** @param {ExerciseData} exercise */
const solved = ({ code, line }) => code.replace("...", () => line);

/**
 * @param {Board} board
 * @param {string} name of an exercise; another name leads to the first
 */
function go(board, name) {
  board.at = Math.max(board.data?.exercises.findIndex((each) => each.name === name) ?? 0, 0);
  show(board);
}

/** @param {Board} board */
function build(board) {
  const { root, data } = board;
  if (!data) return;
  const choices = find(root, ".exercises");
  radios(
    choices,
    "Exercise",
    data.exercises.length,
    (i) => data.exercises[i].title,
    (i) => {
      board.at = i;
      remember("exercise", i ? data.exercises[i].name : "");
      show(board);
      board.page.drawn();
    },
  );
}

/** @param {Board} board */
function show(board) {
  const { root, data } = board;
  const { name, task, hint, code, aim } = exercise(board);
  board.asked++; // what was run before is no longer looked at
  check(find(root, ".exercises"), board.at);
  find(root, ".finding").textContent = aim;
  find(root, ".task").textContent = task;
  find(root, ".hint").textContent = `Hint: ${hint}`;
  const field = find(root, ".code", HTMLTextAreaElement);
  field.value = keptCode(name) ?? code;
  field.rows = Math.max(code.split("\n").length + 1, 12);
  find(root, ".run", HTMLButtonElement).disabled = !data?.python;
  say(root, data?.python ? "Not run yet." : ABSENT, "");
  list(board, null);
}

/**
 * Another text in the field, as if it were typed.
 * @param {Board} board
 * @param {string} code
 */
function write(board, code) {
  const field = find(board.root, ".code", HTMLTextAreaElement);
  field.value = code;
  keepCode(exercise(board).name, code === exercise(board).code ? null : code);
  say(board.root, "Not run yet.", "");
  list(board, null);
}

/** @param {Board} board */
async function run(board) {
  const { root, data } = board;
  if (!data?.python) return;
  const { function: name, tests } = exercise(board);
  const asked = ++board.asked;
  board.runner ??= createRunner(data.python, data.harness);
  const code = find(root, ".code", HTMLTextAreaElement).value;
  const button = find(root, ".run", HTMLButtonElement);
  button.disabled = true;
  say(root, "Python is starting in this browser. That takes a few seconds, once.", "");
  board.runner.isReady().then((is) => is && button.disabled && say(root, "The tests run.", ""));
  const cases = tests.map((test) => `{"arguments":${test.arguments},"expected":${test.expected}}`);
  const answer = await board.runner.run({ code, function: name, tests: `[${cases}]` });
  button.disabled = false;
  if (asked !== board.asked) return;
  tell(board, answer, code);
  board.page.drawn();
}

/**
 * @param {Board} board
 * @param {Answer} answer
 * @param {string} code
 */
function tell(board, answer, code) {
  const passed = "outcome" in answer && !answer.outcome.error && answer.outcome.results.every((each) => each.passed);
  say(board.root, verdict(answer, code), passed ? "passed" : "failed");
  list(board, answer);
  const printed = find(board.root, ".printed");
  printed.textContent = "outcome" in answer ? answer.outcome.printed : "";
  printed.hidden = !printed.textContent;
}

/**
 * @param {HTMLElement} root
 * @param {string} text
 * @param {string} kind
 */
function say(root, text, kind) {
  const place = find(root, ".verdict");
  place.textContent = text;
  place.className = `verdict ${kind}`;
}

/**
 * @param {Board} board
 * @param {Answer | null} answer
 */
function list(board, answer) {
  const results = answer && "outcome" in answer ? answer.outcome.results : [];
  if (!answer) find(board.root, ".printed").hidden = true;
  find(board.root, ".tests").replaceChildren(
    ...exercise(board).tests.map((test, i) => {
      const result = results[i];
      const [kind, mark, spoken] = !result
        ? ["open", "○", "not run"]
        : result.passed
          ? ["passed", "✓", "passed"]
          : ["failed", "✗", "failed"];
      return make(
        "li",
        { class: kind },
        make("span", { class: "mark", role: "img", "aria-label": spoken }, mark),
        make("span", {}, test.title),
        result && !result.passed && make("span", { class: "said" }, difference(result, test.expected)),
      );
    }),
  );
}
