// @ts-check
// The game of the next word: which text, which blank, what was guessed; below it the cost of each token.

import { hear, remember, whenSent } from "../../../ui/kit/address.js";
import { clamp } from "../../../ui/kit/arithmetic.js";
import { ask, busyDuring } from "../../../ui/kit/asking.js";
import { check, radios } from "../../../ui/kit/controls.js";
import { find, make, rich } from "../../../ui/kit/elements.js";
import { along, onKeys } from "../../../ui/kit/keys.js";
import { mount } from "../../../ui/kit/mount.js";
import { Parts } from "../../../ui/kit/parts.js";
import { unpack } from "../../../ui/kit/tensors.js";
import { visible } from "../../../ui/kit/words.js";
import { field, options, sentence } from "./guess_line.js";
import { asks, costs, distribution } from "./guess_result.js";
import { same, summary, tally } from "./guess_score.js";
import { HOW, HOW_WRONG, question, score, stretch, UNCOUNTED, verdict } from "./guess_words.js";
import { bars, dearest, detail, sums } from "./strip.js";

/** @import { BlankHeader } from "./guess_result.js" */
/** @import { Made, WordData } from "./guess_score.js" */
/** @import { TextHeader } from "./strip.js" */
/** @import { Page } from "../../../ui/kit/mount.js" */
/** @typedef {{key: string, name: string}} TextName */
/** @typedef {{word: number, guess: WordData}} GuessHeader */
/**
 * @typedef {{numbers: string, sentence: Record<string, string>, texts: TextName[], text: TextHeader, model: string,
 *   vocab: number, note: string}} GuessBoardData
 */
/**
 * `about`: the text's key; `words`: the blank of each text; `open`: texts that are shown whole; `made`: the first
 * guess at each blank; `token`: the bar that is kept.
 * @typedef {{root: HTMLElement, page: Page, data?: GuessBoardData, about: string, texts?: Parts<TextHeader>,
 *   blanks?: Parts<BlankHeader>, words: Map<string, number>, open: Set<string>, made: Map<string, Made>,
 *   token: number, stripped: string}} Board
 */

const CHOSEN = "blanks"; // the setting in the address
const MINE = "mine";

export default mount((root, page) => {
  /** @type {Board} */
  const board = { root, page, about: "", words: new Map(), open: new Set(), made: new Map(), token: 1, stripped: "" };
  find(root, ".how").textContent = HOW;
  find(root, ".wrong").textContent = HOW_WRONG;
  find(root, ".next").addEventListener("click", () => goOn(board));
  find(root, ".all").addEventListener("click", () => {
    board.open.add(board.about);
    draw(board);
  });
  listenToStrip(board);
  hear(root, (name, value) => name === CHOSEN && choose(board, value));
  whenSent(root, (place) => place[CHOSEN] && choose(board, place[CHOSEN]));
  return { receive: (/** @type {GuessBoardData} */ data) => receive(board, data) };
});

/**
 * @param {Board} board
 * @param {GuessBoardData} data
 */
async function receive(board, data) {
  const was = board.data;
  if (was && JSON.stringify([was.sentence, was.numbers]) === JSON.stringify([data.sentence, data.numbers])) return;
  board.data = data;
  if (was?.sentence.model !== data.sentence.model) forget(board, () => true);
  else forget(board, (key) => key.startsWith(MINE));
  board.texts = new Parts(board.root, `${data.numbers}/text`, data.sentence, ({ header }) => header);
  board.blanks = new Parts(board.root, `${data.numbers}/blank`, data.sentence, ({ header }) => header);
  board.texts.add(data.text.key, data.text);
  const { texts } = data;
  const draws = (/** @type {number} */ i) => texts[i].name;
  radios(find(board.root, ".texts"), "Text", texts.length, draws, (i) => remember(CHOSEN, texts[i].key));
  find(board.root, ".note").textContent = data.note;
  board.about = data.text.key;
  if (was && was.sentence.text !== data.sentence.text)
    remember(CHOSEN, MINE); // what was typed is wanted
  else await show(board);
}

/**
 * What was guessed, where it is of another sentence or model.
 * @param {Board} board
 * @param {(key: string) => boolean} isOld
 */
function forget({ words, open, made }, isOld) {
  for (const kept of [words, open, made]) for (const key of [...kept.keys()]) if (isOld(key)) kept.delete(key);
}

/**
 * @param {Board} board
 * @param {string} key of a text
 */
function choose(board, key) {
  if (!board.data?.texts.some((text) => text.key === key)) return;
  board.about = key;
  show(board);
}

/**
 * The chosen text, once it is here.
 * @param {Board} board
 */
async function show(board) {
  const { texts, about } = board;
  const here = await texts?.ask(about, { about });
  if (here && board.texts === texts && board.about === about) draw(board);
}

/**
 * The word that is asked for, at first the last of the reader's own; none where a text has only one.
 * @param {Board} board
 * @param {TextHeader} text
 */
function wordOf({ words, made }, text) {
  const free = text.blanks.filter((word) => !made.has(`${text.key} ${word}`));
  return words.get(text.key) ?? (text.open ? text.blanks.at(-1) : (free[0] ?? text.blanks.at(-1)));
}

/**
 * How many words may be seen: of a text to be guessed, those up to the next blank that was not.
 * @param {Board} board
 * @param {TextHeader} text
 */
function wordsShown({ open, made }, text) {
  if (text.open || open.has(text.key)) return text.words.length;
  return text.blanks.find((word) => !made.has(`${text.key} ${word}`)) ?? text.words.length;
}

/** @param {Board} board */
function draw(board) {
  const { root, data, texts, about } = board;
  const text = texts?.get(about);
  if (!data || !text) return;
  check(
    find(root, ".texts"),
    data.texts.findIndex(({ key }) => key === about),
  );
  const word = wordOf(board, text);
  if (word === undefined) drawNothing(board);
  else drawBlank(board, text, word);
  drawStrip(board, text);
  board.page.drawn();
}

/** @param {Board} board */
function drawNothing({ root }) {
  find(root, ".finding").textContent = "A single token has no next word to guess. Type a longer sentence.";
  for (const part of [".sentence", ".four"]) find(root, part).replaceChildren();
  for (const part of [".pick", ".result", ".onwards"]) find(root, part).hidden = true;
}

/**
 * @param {Board} board
 * @param {TextHeader} text
 * @param {number} word
 */
function drawBlank(board, text, word) {
  const { root, blanks, about } = board;
  const key = `${about} ${word}`;
  const blank = blanks?.get(key);
  const made = board.made.get(key);
  const data = /** @type {GuessBoardData} */ (board.data);
  if (!blank) bring(board, key, { about, word });
  const came = made && make("b", { class: "prediction" }, visible(text.said[word].trim()));
  const commit = (/** @type {string} */ typed) => guessTyped(board, text, word, typed);
  const shown = Math.max(wordsShown(board, text), word + (made ? 1 : 0));
  find(root, ".finding").replaceChildren(
    ...rich(made ? verdict(made, data.model) : question(text.said, word, data.vocab)),
  );
  find(root, ".sentence").replaceChildren(...nodes(sentence(text, word, shown, came ?? field(commit))));
  find(root, ".pick").hidden = Boolean(made);
  find(root, ".four").replaceChildren(...options(blank, (picked) => settle(board, word, picked, true)));
  find(root, ".result").hidden = !made || !blank;
  if (made && blank) {
    find(root, ".words").replaceChildren(...distribution(blank, made));
    find(root, ".costs").replaceChildren(...nodes(costs(blank, made, data.vocab)));
    find(root, ".why").replaceChildren(...nodes([asks(text, word)]));
  }
  find(root, ".onwards").hidden = false;
  find(root, ".next").hidden = !made || nextBlank(board, text, word) === undefined;
  find(root, ".all").hidden = wordsShown(board, text) === text.words.length;
  drawScore(board, Boolean(made?.seen));
}

/**
 * Without what is not there.
 * @param {readonly (Node | string | false | null | undefined)[]} parts
 */
const nodes = (parts) => /** @type {(Node | string)[]} */ (parts.filter(Boolean));

/**
 * @param {Board} board
 * @param {boolean} seen whether the guess on screen does not count
 */
function drawScore({ root, made, data }, seen) {
  const found = tally([...made.values()]);
  find(root, ".score").hidden = !made.size;
  find(root, ".told").textContent = found.n ? score(found, data?.model) : "";
  find(root, ".unseen").textContent = seen ? UNCOUNTED : "";
}

// ---------------------------------------------------------------------------------------- a guess

/**
 * A blank's numbers come, and are shown if it is still looked at.
 * @param {Board} board
 * @param {string} key
 * @param {{about: string, word: number}} asked
 */
function bring(board, key, asked) {
  const { blanks } = board;
  blanks?.ask(key, asked).then((here) => {
    const text = board.texts?.get(asked.about);
    if (here && board.blanks === blanks && board.about === asked.about && text && wordOf(board, text) === asked.word) {
      const typed = board.root.querySelector(".guess input");
      if (typed instanceof HTMLInputElement) fillOptions(board, key, asked.word);
      else draw(board);
    }
  });
}

/**
 * The four words, without taking away what is being typed.
 * @param {Board} board
 * @param {string} key
 * @param {number} word
 */
function fillOptions(board, key, word) {
  const blank = board.blanks?.get(key);
  find(board.root, ".four").replaceChildren(...options(blank, (picked) => settle(board, word, picked, true)));
  board.page.drawn();
}

/**
 * What was typed is worth, which the server is asked for.
 * @param {Board} board
 * @param {TextHeader} text
 * @param {number} word
 * @param {string} typed
 */
async function guessTyped(board, text, word, typed) {
  const { data, blanks } = board;
  if (!data || !blanks) return;
  const key = `${text.key} ${word}`;
  const asked = { ...data.sentence, about: text.key, word: String(word), guess: typed };
  const both = Promise.all([ask(`${data.numbers}/guess`, asked), blanks.ask(key, { about: text.key, word })]);
  const [bytes] = await busyDuring(board.root, both);
  if (!bytes?.length || board.blanks !== blanks) return;
  const { header } = /** @type {{header: GuessHeader}} */ (unpack(bytes));
  settle(board, word, header.guess, false);
}

/**
 * The first guess at a blank counts.
 * @param {Board} board
 * @param {number} word
 * @param {WordData} guess
 * @param {boolean} picked
 */
function settle(board, word, guess, picked) {
  const key = `${board.about} ${word}`;
  const blank = board.blanks?.get(key);
  const text = board.texts?.get(board.about);
  if (!blank || !text || board.made.has(key)) return;
  const seen = wordsShown(board, text) > word;
  board.made.set(key, { guess, truth: blank.truth, first: blank.likely[0]?.text ?? "", picked, seen });
  board.words.set(board.about, word);
  draw(board);
  const right = same(guess.text, blank.truth.text);
  find(board.root, ".spoken").textContent =
    `${right ? "Right." : "Not this one."} ${find(board.root, ".finding").textContent}`;
  const following = nextBlank(board, text, word);
  if (following !== undefined) board.blanks?.ask(`${text.key} ${following}`, { about: text.key, word: following });
  const next = find(board.root, ".next");
  if (!next.hidden) next.focus({ preventScroll: true });
}

/**
 * @param {Board} board
 * @param {TextHeader} text
 * @param {number} word
 */
function nextBlank({ made }, text, word) {
  const free = text.blanks.filter((each) => !made.has(`${text.key} ${each}`));
  return free.find((each) => each > word) ?? free[0];
}

/** @param {Board} board */
function goOn(board) {
  const text = board.texts?.get(board.about);
  const word = text && nextBlank(board, text, wordOf(board, text) ?? 0);
  if (word === undefined) return;
  board.words.set(board.about, word);
  draw(board);
  const input = board.root.querySelector(".guess input");
  if (input instanceof HTMLElement) input.focus({ preventScroll: true });
}

// ---------------------------------------------------------------------------------------- the strip

/**
 * @param {Board} board
 * @param {TextHeader} text
 */
function drawStrip(board, text) {
  const { root, data } = board;
  const words = wordsShown(board, text);
  const shown = words < text.words.length ? text.words[words][0] : text.pieces.length;
  const name = `${board.about} ${shown}`;
  if (name !== board.stripped) board.token = dearest(text, shown);
  board.stripped = name;
  const whole = shown === text.pieces.length;
  const hidden =
    !whole && make("div", { class: "hidden", "aria-hidden": "true" }, "the rest is hidden until you guess");
  find(root, ".strip").replaceChildren(...nodes([...bars(text, shown), hidden]));
  find(root, ".cost").textContent =
    shown > 1
      ? stretch(summary(text.nats.slice(0, shown - 1), data?.vocab ?? 1), data?.model ?? "", whole)
      : "The first token has nothing before it, so its cost is not counted.";
  find(root, ".sums").replaceChildren(...sums(text, shown, data?.vocab ?? 1));
  look(board, text, board.token);
}

/**
 * @param {Board} board
 * @param {TextHeader} text
 * @param {number} i a token
 */
function look({ root }, text, i) {
  const strip = find(root, ".strip");
  for (const [j, node] of strip.querySelectorAll(".token").entries()) {
    node.classList.toggle("here", j === i);
    node.setAttribute("aria-selected", String(j === i));
  }
  strip.setAttribute("aria-activedescendant", `token-${i}`);
  find(root, ".detail").replaceChildren(...(text.nats.length >= i ? nodes(detail(text, i)) : []));
}

/** @param {Board} board */
function listenToStrip(board) {
  const strip = find(board.root, ".strip");
  const text = () => board.texts?.get(board.about);
  const at = (/** @type {Event} */ { target }) =>
    [...strip.querySelectorAll(".token")].findIndex((node) => node.contains(/** @type {Node} */ (target)));
  const show = (/** @type {number} */ i) => {
    const now = text();
    if (now && i > 0) look(board, now, i);
  };
  strip.addEventListener("pointerover", (event) => show(at(event)));
  strip.addEventListener("pointerleave", () => show(board.token));
  strip.addEventListener("click", (event) => {
    const i = at(event);
    if (i > 0) pickToken(board, i);
  });
  onKeys(
    strip,
    along((by) => {
      const most = strip.querySelectorAll(".token").length - 1;
      if (most > 0) keep(board, clamp(board.token + by, 1, most));
    }),
  );
}

/**
 * @param {Board} board
 * @param {number} i
 */
function keep(board, i) {
  const text = board.texts?.get(board.about);
  if (!text) return;
  board.token = i;
  look(board, text, i);
  find(board.root, ".spoken").textContent = find(board.root, ".detail").textContent;
}

/**
 * A bar that is clicked is kept, and its word becomes the blank, where the reader's own text has one.
 * @param {Board} board
 * @param {number} i
 */
function pickToken(board, i) {
  const text = board.texts?.get(board.about);
  const word = text?.words.findIndex(([start, end]) => start <= i && i < end) ?? -1;
  if (text?.open && text.blanks.includes(word)) {
    board.words.set(board.about, word);
    draw(board);
  }
  keep(board, i);
}
