// @ts-check
import assert from "node:assert/strict";
import { test } from "node:test";
import { newLine } from "../../../pages/n5_reference/write_it/code_field.js";
import { difference, isOpen, verdict } from "../../../pages/n5_reference/write_it/outcome_words.js";
import { createRunner } from "../../../pages/n5_reference/write_it/python_runner.js";

test("a new line keeps its indentation, and goes farther in after a colon", () => {
  assert.equal(newLine("a = 1"), "\n");
  assert.equal(newLine("    a = 1"), "\n    ");
  assert.equal(newLine("x\n  if a: "), "\n      ");
  assert.equal(newLine(""), "\n");
});

const passed = { passed: true, got: "1", error: "" };
const failed = { passed: false, got: "2", error: "" };
const outcome = (/** @type {(typeof passed)[]} */ results, error = "") => ({
  outcome: { error, printed: "", results },
});

test("what all tests have shown is one sentence or two", () => {
  assert.match(verdict(outcome([passed, passed]), ""), /^All 2 tests/);
  assert.equal(verdict(outcome([passed, failed]), "a"), "1 of 2 tests are passed.");
  assert.match(verdict(outcome([failed]), "def f():\n    ...\n"), /still missing/);
  assert.match(verdict(outcome([], "Line 1: SyntaxError"), ""), /does not run. Line 1/);
  for (const stopped of /** @type {const} */ (["slow", "absent", "broken"])) {
    assert.match(verdict({ stopped }, ""), /\.$|\?$/);
  }
});

test("the three dots count only as a line of their own", () => {
  assert.ok(isOpen("a\n    ...\n"));
  assert.ok(!isOpen("x[...] = 1"));
});

test("a difference is short, and its numbers have four digits", () => {
  assert.equal(difference(passed, "1"), "");
  assert.equal(difference(failed, "0.123456"), "returned 2, expected 0.1235");
  assert.equal(difference({ ...failed, error: "Line 2: NameError" }, "1"), "Line 2: NameError");
  assert.ok(difference(failed, JSON.stringify(Array(500).fill(1))).length < 170);
});

/** A worker that answers as it is told. */
class Fake {
  /** @type {((event: {data: unknown}) => void) | null} */
  onmessage = null;
  onerror = null;
  ended = false;
  /** @param {(asked: any) => unknown} answer */
  constructor(answer) {
    this.answer = answer;
  }
  postMessage(/** @type {unknown} */ asked) {
    const said = this.answer(asked);
    if (said) queueMicrotask(() => this.onmessage?.({ data: said }));
  }
  terminate() {
    this.ended = true;
  }
}

Object.assign(globalThis, { location: { origin: "http://127.0.0.1" } });

test("an endless loop ends its worker, and the next run has a new one", async (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  /** @type {Fake[]} */
  const made = [];
  const runner = createRunner("/python/", "", () => {
    made.push(
      new Fake((asked) => {
        if ("python" in asked) return { ready: true };
        return asked.code === "loop" ? null : { outcome: JSON.stringify(outcome([passed]).outcome) };
      }),
    );
    return /** @type {Worker} */ (/** @type {unknown} */ (made[made.length - 1]));
  });
  const job = (/** @type {string} */ code) => ({ code, function: "f", tests: "[]" });
  assert.ok("outcome" in (await runner.run(job("good"))));
  const looping = runner.run(job("loop"));
  for (let i = 0; i < 20; i++) await Promise.resolve();
  t.mock.timers.tick(5_001);
  assert.deepEqual(await looping, { stopped: "slow" });
  assert.ok(made[0].ended);
  assert.ok("outcome" in (await runner.run(job("good"))));
  assert.equal(made.length, 2);
});

test("a Python that cannot be loaded, or that breaks, is told", async () => {
  const with_ = (/** @type {(asked: any) => unknown} */ answer) =>
    createRunner("/python/", "", () => /** @type {Worker} */ (/** @type {unknown} */ (new Fake(answer))));
  const job = { code: "", function: "f", tests: "[]" };
  assert.deepEqual(await with_(() => ({ failed: "404" })).run(job), { stopped: "absent" });
  const breaks = with_((asked) => ("python" in asked ? { ready: true } : { failed: "fatal" }));
  assert.deepEqual(await breaks.run(job), { stopped: "broken" });
});
