// @ts-check
import assert from "node:assert/strict";
import { test } from "node:test";
import { add, csv, latest, MOST, read, tally, VERSION, write } from "../../ui/answers/kept_answers.js";

/** @typedef {import("../../ui/answers/kept_answers.js").Answer} Answer */
/** @typedef {import("../../ui/answers/kept_answers.js").Round} Round */

/** @type {(question: number, right: boolean, more?: Partial<Answer>) => Answer} */
const answer = (question, right, more = {}) => ({
  ...{ question, option: 1, title: `Q${question}`, asked: `Which of ${question}?`, chosen: "This", right, when: "" },
  ...more,
});
/** @type {(answers: Answer[], more?: Partial<Round>) => Round} */
const round = (answers, more = {}) => ({
  ...{ page: "Attend", about: "a", text: "A cat", model: "m", place: { layer: "1" }, size: 3, answers },
  ...more,
});

test("what is written is read again", () => {
  const rounds = add([], round([answer(0, true)]), "2026-01-01");
  assert.deepEqual(read(write(rounds)), rounds);
  assert.equal(rounds[0].answers[0].when, "2026-01-01");
});

test("what is missing, damaged, too large or of another version is ignored", () => {
  const good = write(add([], round([answer(0, true)]), ""));
  for (const bad of [null, "", "{", "null", "7", '"x"', "[]", '{"version":1}', '{"version":1,"rounds":{}}'])
    assert.deepEqual(read(bad), []);
  assert.deepEqual(read(good.replace(`"version":${VERSION}`, `"version":${VERSION + 1}`)), []);
  assert.deepEqual(read(good + " ".repeat(MOST.characters)), []);
});

test("of what is foreign, the sound rounds stay", () => {
  const sound = round([answer(0, true)]);
  const odd = [
    null,
    { ...sound, page: 7 },
    { ...sound, place: { layer: 1 } },
    { ...sound, place: [] },
    { ...sound, size: 1e9 },
    { ...sound, answers: [{ ...answer(0, true), option: -1 }] },
    { ...sound, answers: [{ ...answer(0, true), right: "yes" }] },
    { ...sound, answers: Array(MOST.answers + 1).fill(answer(0, true)) },
    { ...sound, text: "x".repeat(MOST.letters + 1) },
  ];
  assert.deepEqual(read(JSON.stringify({ version: VERSION, rounds: [...odd, sound] })), [sound]);
});

test("only the first answer to a question counts, and a round continues", () => {
  let rounds = add([], round([answer(0, false)]), "1");
  rounds = add(rounds, round([answer(0, true), answer(1, true)]), "2");
  assert.equal(rounds.length, 1);
  assert.deepEqual(
    rounds[0].answers.map(({ right, when }) => [right, when]),
    [
      [false, "1"],
      [true, "2"],
    ],
  );
  assert.deepEqual(add(rounds, round([answer(0, true)]), "3"), rounds);
});

test("the round answered last about a text is found; a place has a round of its own", () => {
  let rounds = add([], round([answer(0, true)]), "1");
  rounds = add(rounds, round([answer(0, true)], { place: { layer: "2" } }), "2");
  rounds = add(rounds, round([answer(1, true)]), "3");
  assert.equal(rounds.length, 2);
  assert.equal(latest(rounds, "Attend", "a")?.place.layer, "1");
  assert.equal(latest(rounds, "Attend", "b"), undefined);
});

test("a question counts once for each text", () => {
  let rounds = add([], round([answer(0, false)]), "1");
  rounds = add(rounds, round([answer(0, true)], { place: {} }), "2"); // the same words at another place
  rounds = add(rounds, round([answer(0, true)], { about: "b" }), "3");
  assert.deepEqual(tally(rounds), { right: 1, of: 2 });
  assert.deepEqual(tally([]), { right: 0, of: 0 });
});

test("storage has bounds, and the oldest make room", () => {
  const long = answer(0, true, { asked: "x".repeat(9_999), chosen: "x".repeat(9_999) });
  /** @type {Round[]} */
  let rounds = [];
  for (let i = 0; i < MOST.rounds + 50; i++)
    rounds = add(rounds, round([long], { about: String(i), text: "y".repeat(9_999) }), "");
  const written = write(rounds);
  assert.ok(written.length <= MOST.characters);
  assert.ok(read(written).length > 100);
  assert.equal(read(written).at(-1)?.about, String(MOST.rounds + 49));
});

test("in a table quotes are doubled, lines stay inside, and nothing is a formula", () => {
  const text = '=HYPERLINK("x")\nb';
  const [head, ...rows] = csv([round([answer(0, true, { chosen: "−3" })], { text })]).split("\r\n");
  assert.equal(head, '"page","question","asked","answer","result","when","text","model"');
  assert.deepEqual(rows, [`"Attend","Q0","Which of 0?","−3","right","","'=HYPERLINK(""x"")\nb","m"`]);
});
