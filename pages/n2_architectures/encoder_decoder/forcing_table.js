// @ts-check
// A changed target, both ways: what is read, what is predicted, what it costs.

import { check, radios } from "../../../ui/kit/controls.js";
import { find, make } from "../../../ui/kit/elements.js";
import { number } from "../../../ui/kit/format.js";
import { changed, nats } from "./date_answer.js";
import { shown } from "./date_words.js";

/** @import { Answer, Choice } from "./date_answer.js" */

const DIGITS = 10;
const HIGH = 1; // nats from which on a loss stands out

/**
 * @param {HTMLElement} root
 * @param {Answer} answer
 * @param {(place: number) => void} choosePlace
 * @param {(digit: number) => void} chooseDigit
 */
export function layChanges(root, { header }, choosePlace, chooseDigit) {
  const { places, wanted } = header;
  const label = (/** @type {number} */ i) => `${places[i] + 1}: ${wanted[places[i]]}`;
  radios(find(root, ".places"), "Position", places.length, label, choosePlace);
  const digit = (/** @type {number} */ i) => make("span", {}, String(i));
  radios(find(root, ".digits"), "Digit", DIGITS, digit, chooseDigit);
  for (const [i, input] of find(root, ".digits").querySelectorAll("input").entries()) input.ariaLabel = `to ${i}`;
}

/**
 * @param {HTMLElement} root
 * @param {Answer} answer
 * @param {Choice} choice
 */
export function drawForcing(root, answer, choice) {
  check(find(root, ".places"), choice.place);
  check(find(root, ".digits"), choice.digit);
  const { at, target, forced, chances, free } = changed(answer, choice);
  const isChanged = target[at] !== answer.header.wanted[at];
  const differs = (/** @type {readonly string[]} */ made) => (/** @type {string} */ char, /** @type {number} */ i) => {
    if (i === at && made === target && isChanged) return "changed";
    return char !== target[i] ? "differs" : "";
  };
  const reads = (/** @type {readonly string[]} */ past) => ["▸", ...past.slice(0, -1)];
  const plain = () => "";
  find(root, ".both").replaceChildren(
    line(
      "position",
      "small",
      target.map((_, i) => String(i + 1)),
      plain,
    ),
    line("target", "", target, differs(target)),
    group("Teacher forcing: it reads the target, right or wrong", target.length),
    line("reads", "reads", reads(target), plain),
    line("predicts", "", forced, differs(forced)),
    line(
      "loss, nats",
      "small",
      Array.from(chances, (p) => number(nats(p), 2, 0)),
      (_, i) => (nats(chances[i]) >= HIGH ? "high" : ""),
    ),
    group("Generation: it reads what it has written itself", target.length),
    line("reads", "reads", reads(free), plain),
    line("writes", "", free, (char, i) => (i === at && isChanged ? "changed" : differs(free)(char, i))),
  );
}

/**
 * @param {string} name
 * @param {string} kind
 * @param {readonly string[]} cells
 * @param {(char: string, i: number) => string} mark
 */
const line = (name, kind, cells, mark) =>
  make("tr", { class: kind }, make("th", { scope: "row" }, name), ...cells.map((char, i) => cell(char, mark(char, i))));

/** @param {string} char @param {string} mark */
const cell = (char, mark) => make("td", { class: mark }, shown(char));

/** @param {string} name @param {number} n */
const group = (name, n) => make("tr", { class: "group" }, make("th", { colspan: n + 1 }, name));
