// @ts-check
// What a run of the tests has shown, in words.

/** @import { Answer, Result } from "./python_runner.js" */

const STOPPED = {
  slow: "The code took longer than 5 seconds and was stopped. Is there a loop that never ends?",
  absent: "Python could not be loaded from the server. Your code is still here; reload the page to try again.",
  broken: "Python ended while your code ran. Your code is still here; run the tests again.",
};
const MISSING = "...";

/**
 * Of all tests.
 * @param {Answer} answer
 * @param {string} code
 */
export function verdict(answer, code) {
  if ("stopped" in answer) return STOPPED[answer.stopped];
  const { error, results } = answer.outcome;
  if (error) return `The code does not run. ${error}`;
  const passed = results.filter((each) => each.passed).length;
  if (passed === results.length) return `All ${passed} tests are passed. This is the model’s own arithmetic.`;
  const still = isOpen(code) ? " The line is still missing: write it in the place of the three dots." : "";
  return `${passed} of ${results.length} tests are passed.${still}`;
}

/** @param {string} code */
export const isOpen = (code) => code.split("\n").some((line) => line.trim() === MISSING);

const MOST = 120;

/**
 * Of one test: what came back, where something else was wanted.
 * @param {Result} result
 * @param {string} expected JSON
 */
export function difference({ passed, got, error }, expected) {
  if (passed) return "";
  if (error) return error;
  return `returned ${got}, expected ${shortened(expected)}`;
}

/** @param {string} expected */
const shortened = (expected) => {
  const digits = expected.replace(/-?\d+\.\d{4,}(?:e-?\d+)?/g, (number) =>
    String(Number(Number(number).toPrecision(4))),
  );
  return digits.length > MOST ? `${digits.slice(0, MOST)} …` : digits;
};
