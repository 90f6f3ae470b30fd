// @ts-check
import assert from "node:assert/strict";
import { test } from "node:test";
import { same, tally } from "../../../pages/n0_why/next_word/guess_score.js";
import { bet, formula, lastWords, question, score, verdict } from "../../../pages/n0_why/next_word/guess_words.js";
import { cut, ownFinding } from "../../../pages/n0_why/next_word/own_pair_words.js";
import { finding, verdict as pairVerdict, passes } from "../../../pages/n0_why/next_word/pair_words.js";

const word = (/** @type {string} */ text, /** @type {number[]} */ ...chances) => ({
  text,
  pieces: [text],
  nats: chances.map((p) => -Math.log(p)),
});
const LAMB = word(" lamb", 0.5);
const FLEECE = word(" fleece", 0.5, 0.25);
const RIGHT = { guess: word(" Lamb", 0.01), truth: LAMB, first: " lamb", picked: false, seen: false };
const WRONG = { guess: word(" wool", 0.125), truth: FLEECE, first: " fleece", picked: true, seen: false };

test("a guess is right whatever its capitals and blanks", () => {
  assert.ok(same(" Lamb", "lamb"));
  assert.ok(!same("lambs", "lamb"));
});

test("a session is scored by hand", () => {
  const found = tally([RIGHT, WRONG]);
  // right: −ln (½ + ½ · ½) = ln 4/3; wrong: ln 8 + ln 2; the model: ln 2 and ln 8
  assert.ok(Math.abs(found.reader - (Math.log(4 / 3) + Math.log(16)) / 2) < 1e-12);
  assert.ok(Math.abs(found.model - (Math.log(2) + Math.log(8)) / 2) < 1e-12);
  assert.deepEqual([found.n, found.right, found.modelRight, found.picked], [2, 1, 2, 1]);
  assert.deepEqual(tally([RIGHT, WRONG, { ...WRONG, seen: true }]), found);
  const told = score(found, "the model");
  assert.match(told, /After 2 guesses you are ahead|After 2 guesses the model is ahead/);
  assert.match(told, /1\.53 nats a word, the model paid 1\.39/);
  assert.match(told, /the right word in 1 of 2, its most probable word was right in 2/);
  assert.match(told, /1 of your words came from the four offered/);
});

test("sums are printed so that they come out", () => {
  assert.equal(formula(FLEECE), "−ln 0.500 − ln 0.250 = 2.08 nats");
  assert.equal(bet(RIGHT), "−ln (½ + ½ · 0.500) = 0.29 nats");
  assert.equal(bet(WRONG), "−ln (½ · 0.125) = 2.77 nats");
});

test("headings name the words", () => {
  const said = ["Mary", " had", " a", " little", " lamb", ",", " its"];
  assert.equal(lastWords(said, 4), "Mary had a little");
  assert.equal(lastWords(said, 7), "… a little lamb, its");
  assert.equal(
    question(said, 4, 49152).flat().join(""),
    "After attention“Mary had a little” any of 49,152 tokens could follow. Which word do you expect?",
  );
  assert.match(
    verdict(RIGHT, "SmolLM2").flat().join(""),
    /You are right: .*“lamb”. It cost SmolLM2 0.69 nats: a probability of 50 %/,
  );
  assert.match(verdict(WRONG, "SmolLM2").flat().join(""), /“fleece”.*2.08 nats.*“wool”.*would have cost 2.08/);
});

test("a pair passes where both sides fit", () => {
  const side = (/** @type {number} */ a, /** @type {number} */ b) => ({
    before: "The",
    changed: " keys",
    after: " are lost. They",
    fits: " are",
    other: " is",
    nats: [-Math.log(a), -Math.log(b)],
  });
  const good = { kind: "grammar", says: "", story: false, sides: [side(0.5, 0.1), side(0.4, 0.2)] };
  const bad = { ...good, sides: [side(0.5, 0.1), side(0.1, 0.25)] };
  assert.ok(passes(good));
  assert.ok(!passes(bad));
  assert.match(pairVerdict(good), /“are” is 5.0 times as probable as “is”/);
  assert.match(pairVerdict(bad), /It fails: .*“is” 25 % and “are” only 10 %/);
  assert.match(finding([good, bad], 2, "SmolLM2"), /in 1 of 2 pairs\.$/);
  const rare = { ...good, sides: [side(0.5, 0.1), side(0.002, 0.001)] };
  assert.match(pairVerdict(rare), /But “are” itself gets only 0.20 %/);
  assert.match(finding([rare], 2, "SmolLM2"), /in 1 of the first 1 pairs, though in 1 of these/);
  assert.match(finding([], 2, "SmolLM2"), /Does SmolLM2 notice/);
});

test("an own pair is compared by hand", () => {
  const pair = { beginning: "Mary had a little", words: [LAMB, FLEECE], problem: "" };
  const told = ownFinding(pair, "the model");
  assert.equal(
    told,
    "After “Mary had a little”, “lamb” costs 0.69 nats and “fleece” 2.08 nats. " +
      "For the model, “lamb” is 4.0 times as probable.",
  );
  assert.match(ownFinding({ ...pair, words: [LAMB, LAMB] }, "it"), /they are equally probable/);
  assert.match(
    ownFinding({ ...pair, beginning: "word ".repeat(40).trim() }, "it"),
    /^After “… word word word word word word”/,
  );
  assert.equal(ownFinding({ ...pair, problem: "The beginning is empty." }, "it"), "The beginning is empty.");
  assert.equal(cut(LAMB), "");
  assert.equal(cut({ ...FLEECE, pieces: [" flee", "ce"] }), "2 tokens: “flee” “ce”");
});
