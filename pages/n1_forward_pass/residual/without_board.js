// @ts-check
// Every part of the model as a button. What a part alone is worth is here already; a click asks the
// server for the pass without all parts that are off, and the address remembers which.

import { remember } from "../../../ui/kit/address.js";
import { askEach } from "../../../ui/kit/asking.js";
import { find, make, rich } from "../../../ui/kit/elements.js";
import { follow } from "../../../ui/kit/follow.js";
import { percent } from "../../../ui/kit/format.js";
import { mount } from "../../../ui/kit/mount.js";
import { Palette } from "../../../ui/kit/palette.js";
import { unpack } from "../../../ui/kit/tensors.js";
import { labels, visible } from "../../../ui/kit/words.js";
import { drawGrid } from "./parts_grid.js";
import { unmeasured } from "./removal.js";
import { lossFinding, nextFinding, pointed, worth } from "./removal_prose.js";
import { surpriseBars } from "./surprise_bars.js";

/** @typedef {import("./removal.js").PartHeader} PartHeader */
/** @typedef {import("./removal.js").Removal} Removal */
/** @typedef {import("../../../ui/kit/mount.js").Page} Page */

class WithoutBoard {
  /** @type {AbortController | null} */
  #work = null; // the parts that are being measured

  /**
   * @param {HTMLElement} root
   * @param {Page} page
   * @param {Removal} removal
   */
  constructor(root, page, removal) {
    this.root = root;
    this.page = page;
    this.palette = new Palette(root);
    this.removal = removal;
    /** @type {readonly string[]} */
    this.out = removal.removed; // from now on; the server has answered for `removal.removed`
    find(root, ".back").addEventListener("click", () => this.take([]));
    find(root, ".work button").addEventListener("click", () => (this.#work ? this.rest() : this.measure()));
    this.unfollow = follow(root, () => this.draw());
    this.draw();
  }

  stop() {
    this.#work?.abort();
    this.unfollow();
  }

  /** @param {Removal} removal */
  receive(removal) {
    const isSame = subject(this.removal) === subject(removal);
    if (isSame) removal.overview = { ...this.removal.overview, ...removal.overview };
    else this.#work?.abort();
    if (removal.removed.length === 1) removal.overview[removal.removed[0]] = alone(removal.without);
    this.removal = removal;
    this.out = removal.removed;
    this.draw();
  }

  /**
   * These parts are out, and no others.
   * @param {readonly string[]} codes
   */
  take(codes) {
    this.out = codes;
    mark(this.root, codes);
    const value = codes.join(".");
    remember("removed", value);
    this.page.setTriggerValue("cut", value || "nothing");
  }

  /** One part after another, until all are measured or the reader goes on. */
  async measure() {
    const work = new AbortController();
    this.#work = work;
    this.draw();
    const { sentence, parts } = this.removal;
    const questions = unmeasured(this.removal).map((part) => ({ ...sentence, part }));
    await askEach(parts, questions, (bytes) => this.learn(bytes), work.signal);
    if (this.#work === work) this.rest();
  }

  rest() {
    this.#work?.abort();
    this.#work = null;
    this.draw();
  }

  /**
   * What one part is worth, as it comes.
   * @param {Uint8Array} bytes
   */
  learn(bytes) {
    const { header } = /** @type {import("../../../ui/kit/tensors.js").Packed<PartHeader>} */ (unpack(bytes));
    this.removal.overview[header.code] = header.alone;
    this.draw();
  }

  draw() {
    const { root, removal } = this;
    this.palette.forget();
    this.drawParts();
    drawOutcome(root, removal);
    drawWork(root, removal, this.#work !== null);
  }

  drawParts() {
    const { root, removal, palette } = this;
    const point = (/** @type {string | null} */ code) =>
      find(root, ".pointed").replaceChildren(...rich(pointed(removal, code)));
    const toggle = (/** @type {string[]} */ codes) => {
      const rest = this.out.filter((code) => !codes.includes(code));
      const all = codes.every((code) => this.out.includes(code));
      this.take(all ? rest : [...rest, ...codes]);
    };
    find(root, ".worth").textContent = worth(removal);
    drawGrid(find(root, ".grid"), removal, palette, { toggle, point });
    mark(root, this.out);
    point(null);
  }
}

export default mount((root, page) => {
  /** @type {WithoutBoard | undefined} */
  let board;
  return {
    receive(/** @type {Removal} */ removal) {
      if (board) board.receive(removal);
      else board = new WithoutBoard(root, page, removal);
    },
    stop: () => board?.stop(),
  };
});

/**
 * What the parts' worth belongs to.
 * @param {Removal} removal
 */
const subject = ({ sentence }) => JSON.stringify(sentence);

/**
 * @param {import("./removal.js").Outcome} without
 * @returns {import("./removal.js").Alone}
 */
const alone = ({ loss, next }) => ({ loss, next: next[0] });

/**
 * Where not all parts are measured unasked: the button that measures some, and how far that is.
 * @param {HTMLElement} root
 * @param {Removal} removal
 * @param {boolean} isRunning
 */
function drawWork(root, removal, isRunning) {
  const n = removal.candidates.length;
  const done = n - unmeasured(removal).length;
  find(root, ".work").hidden = done === n;
  find(root, ".work button").textContent = isRunning ? "Stop" : `Measure ${n - done} parts`;
  find(root, ".work .sub").textContent = isRunning ? `${done} of ${n}` : "One run of the model for each.";
  const progress = find(root, ".work progress", HTMLProgressElement);
  progress.hidden = !isRunning;
  progress.value = done / (n || 1);
}

/**
 * @param {HTMLElement} root
 * @param {readonly string[]} out
 */
function mark(root, out) {
  for (const button of /** @type {NodeListOf<HTMLElement>} */ (root.querySelectorAll(".cell")))
    button.setAttribute("aria-pressed", String(out.includes(button.dataset.code ?? "")));
  find(root, ".back", HTMLButtonElement).disabled = !out.length;
}

/**
 * @param {HTMLElement} root
 * @param {Removal} removal
 */
function drawOutcome(root, removal) {
  const { intact, without, removed, pieces } = removal;
  const told = [lossFinding(removal), nextFinding(removal)];
  find(root, ".finding").textContent = told[0];
  find(root, ".said").textContent = told[1];
  find(root, ".spoken").textContent = removed.length ? told.join(". ") : "";
  find(root, ".bars-of").replaceChildren(
    guessList("", "next token, all parts on", intact.next),
    ...(removed.length ? [guessList("hurt", "next token, parts off", without.next)] : []),
  );
  const words = find(root, ".words");
  // A lone word is followed by the intact model's own guess.
  const targets = pieces.length > 1 ? labels(pieces).slice(1) : [visible(intact.next[0][0])];
  words.replaceChildren(surpriseBars(removal, targets, words.clientWidth));
}

/**
 * @param {string} kind
 * @param {string} title
 * @param {[string, number][]} guesses
 */
const guessList = (kind, title, guesses) =>
  make(
    "div",
    { class: `list ${kind}` },
    make("b", {}, title),
    guesses.map(([piece, chance]) => [
      make("span", { class: "word" }, visible(piece)),
      make("span", { class: "bar" }, make("i", { style: `width:${100 * chance}%` })),
      make("span", {}, percent(chance)),
    ]),
  );
