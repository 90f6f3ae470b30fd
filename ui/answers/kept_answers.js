// @ts-check
// The reader's answers as the browser keeps them: read with care, added to, counted, written out.

export const KEY = "forward-pass-answers";
export const VERSION = 1;
export const MOST = { rounds: 300, answers: 20, letters: 2_000, characters: 1_000_000 };

/**
 * `question` and `option` count from 0; `when` is a date as text.
 * @typedef {{question: number, option: number, title: string, asked: string, chosen: string, right: boolean,
 *   when: string}} Answer
 */
/**
 * What was asked on a page about one text, model and place; `size` is how many questions there were.
 * @typedef {{page: string, about: string, text: string, model: string, place: Record<string, string>, size: number,
 *   answers: Answer[]}} Round
 */

const isText = (/** @type {unknown} */ x) => typeof x === "string" && x.length <= MOST.letters;
const isCount = (/** @type {unknown} */ x) => Number.isInteger(x) && Number(x) >= 0 && Number(x) < MOST.answers;
const isRecord = (/** @type {unknown} */ x) => typeof x === "object" && x !== null && !Array.isArray(x);

/** @param {any} x */
const isAnswer = (x) =>
  isRecord(x) &&
  [x.title, x.asked, x.chosen, x.when].every(isText) &&
  [x.question, x.option].every(isCount) &&
  typeof x.right === "boolean";

/** @param {any} x */
const isRound = (x) =>
  isRecord(x) &&
  [x.page, x.about, x.text, x.model].every(isText) &&
  isRecord(x.place) &&
  Object.values(x.place).every(isText) &&
  isCount(x.size) &&
  Array.isArray(x.answers) &&
  x.answers.length <= MOST.answers &&
  x.answers.every(isAnswer);

/**
 * The rounds in what was stored; none in what is missing, damaged, too large or of another version.
 * @param {string | null} stored
 * @returns {Round[]}
 */
export function read(stored) {
  if (!stored || stored.length > MOST.characters) return [];
  try {
    const { version, rounds } = JSON.parse(stored);
    return version === VERSION && Array.isArray(rounds) ? rounds.filter(isRound).slice(-MOST.rounds) : [];
  } catch {
    return [];
  }
}

/**
 * As it is stored and exported; the oldest rounds make room.
 * @param {readonly Round[]} rounds
 */
export function write(rounds) {
  let kept = rounds.slice(-MOST.rounds);
  let written = JSON.stringify({ version: VERSION, rounds: kept });
  while (written.length > MOST.characters) {
    kept = kept.slice(Math.ceil(kept.length / 10));
    written = JSON.stringify({ version: VERSION, rounds: kept });
  }
  return written;
}

const clip = (/** @type {string} */ text) => text.slice(0, MOST.letters);
const placeOf = (/** @type {Round} */ { place }) => JSON.stringify(Object.entries(place).sort());

/**
 * The rounds with these answers in theirs, which becomes the latest; an answer given before stays.
 * @param {readonly Round[]} rounds
 * @param {Round} round
 * @param {string} now
 */
export function add(rounds, round, now) {
  const { page, about } = round;
  const isSame = (/** @type {Round} */ old) =>
    old.page === page && old.about === about && placeOf(old) === placeOf(round);
  const was = rounds.find(isSame)?.answers ?? [];
  const fresh = round.answers.filter(({ question }) => !was.some((old) => old.question === question));
  if (!fresh.length) return [...rounds];
  const written = fresh.map((answer) => ({
    ...answer,
    ...{ title: clip(answer.title), asked: clip(answer.asked), chosen: clip(answer.chosen), when: now },
  }));
  const whole = { ...round, text: clip(round.text), answers: [...was, ...written].slice(0, MOST.answers) };
  return [...rounds.filter((old) => !isSame(old)), whole];
}

/**
 * What was answered last on a page about a text and model.
 * @param {readonly Round[]} rounds
 * @param {string} page
 * @param {string} about
 */
export const latest = (rounds, page, about) => rounds.findLast((round) => round.page === page && round.about === about);

/**
 * How many first answers were right; a question is counted once for each text, model and wording.
 * @param {readonly Round[]} rounds
 */
export function tally(rounds) {
  /** @type {Map<string, Answer>} */
  const first = new Map();
  for (const { page, about, answers } of rounds) {
    for (const answer of answers) {
      const name = JSON.stringify([page, about, answer.asked]);
      const was = first.get(name);
      if (!was || answer.when < was.when) first.set(name, answer);
    }
  }
  const counted = [...first.values()];
  return { right: counted.filter(({ right }) => right).length, of: counted.length };
}

/**
 * Our Markdown as plain words.
 * @param {string} text
 */
export const words = (text) => text.replace(/\\([!-/:-@[-`{-~])|\*\*/g, "$1");

const COLUMNS = ["page", "question", "asked", "answer", "result", "when", "text", "model"];

/**
 * A table for a spreadsheet, in which no text of the reader's can be taken for a formula.
 * @param {readonly Round[]} rounds
 */
export function csv(rounds) {
  const cell = (/** @type {string} */ text) => `"${text.replace(/^[=+\-@\t\r]/, "'$&").replaceAll('"', '""')}"`;
  const rows = rounds.flatMap(({ page, text, model, answers }) =>
    answers.map(({ title, asked, chosen, right, when }) => [
      ...[page, title, words(asked), words(chosen), right ? "right" : "wrong", when, text, model],
    ]),
  );
  return [COLUMNS, ...rows].map((row) => row.map(cell).join(",")).join("\r\n");
}
