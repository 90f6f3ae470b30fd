// @ts-check
// The reader's own pair: three fields, asked about once the hand rests, kept in the address.

import { recall, rememberSoon } from "../../../ui/kit/address.js";
import { ask, busyDuring } from "../../../ui/kit/asking.js";
import { find, make } from "../../../ui/kit/elements.js";
import { percent } from "../../../ui/kit/format.js";
import { unpack } from "../../../ui/kit/tensors.js";
import { visible } from "../../../ui/kit/words.js";
import { cost } from "./guess_score.js";
import { formula } from "./guess_words.js";
import { cut, ownFinding, waiting } from "./own_pair_words.js";

/** @import { WordData } from "./guess_score.js" */
/** @import { OwnPairHeader } from "./own_pair_words.js" */
/** @import { PairsBoardData } from "./pairs_board.js" */

const TYPING = 300; // ms without a key

/**
 * @param {HTMLElement} root
 * @param {() => void} drawn called with each answer that is shown
 */
export function ownPair(root, drawn) {
  /** @type {PairsBoardData | undefined} */
  let data;
  const fields = ["beginning", "first", "second"].map((name) => find(root, `.${name}`, HTMLInputElement));
  const typed = () => Object.fromEntries(fields.map(({ name, value }) => [name, value]));
  const answer = async () => {
    if (!data) return;
    const [asked, of] = [typed(), data];
    const bytes = await busyDuring(root, ask(`${of.numbers}/own`, { ...of.sentence, ...asked }));
    const isStale = data !== of || fields.some(({ name, value }) => asked[name] !== value);
    if (isStale || !root.isConnected) return;
    show(root, bytes && /** @type {OwnPairHeader} */ (unpack(bytes).header), of.model);
    drawn();
  };
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let resting;
  for (const field of fields)
    field.addEventListener("input", () => {
      for (const { name, value } of fields) rememberSoon(name, value);
      clearTimeout(resting);
      resting = setTimeout(answer, TYPING);
    });
  return {
    receive(/** @type {PairsBoardData} */ told) {
      data = told;
      const isKept = fields.some(({ name }) => recall(name));
      fields.forEach((field, i) => {
        field.value = isKept ? recall(field.name) : told.example[i];
      });
      find(root, ".own .finding").textContent = waiting(fields[0].value.trim());
      answer();
    },
  };
}

/**
 * @param {HTMLElement} root
 * @param {OwnPairHeader | null} pair
 * @param {string} model its name
 */
function show(root, pair, model) {
  const told = pair ? ownFinding(pair, model) : "The answer did not arrive. Reload the page.";
  find(root, ".own .finding").textContent = told;
  find(root, ".own .words").replaceChildren(...(pair?.words ?? []).flatMap(line));
}

/** @param {WordData} word */
function line(word) {
  const p = Math.exp(-cost(word));
  return [
    make("span", { class: "w" }, visible(word.text.trim())),
    make("span", { class: "b" }, make("i", { style: `width:${(100 * p).toFixed(2)}%` })),
    make("span", { class: "p" }, percent(p)),
    make("span", { class: "sum" }, formula(word), make("i", {}, cut(word))),
  ];
}
