// @ts-check
// The text, token by token: those of one word side by side, the paler the earlier they were learnt.

import { make } from "../../../ui/kit/elements.js";
import { count } from "../../../ui/kit/format.js";
import { face } from "../../../ui/kit/words.js";
import { hex, piece } from "./byte_text.js";
import { cut } from "./merge_replay.js";
import { depth } from "./merge_scale.js";
import { many } from "./wording.js";

/** @import { Token } from "./merge_replay.js" */
/** @import { Reading } from "./text_reading.js" */

const ROOMY = 90; // bytes up to which tokens are drawn large

/**
 * Room for another text.
 * @param {HTMLElement} box
 * @param {Reading} reading
 */
export function layWords(box, { header, length }) {
  box.style.minHeight = "";
  box.classList.toggle("large", length <= ROOMY);
  box.replaceChildren(...header.order.map(() => make("span", { class: "word" })));
}

/**
 * Once merges are taken back, the most tokens that there can be keep their room: nothing below jumps.
 * @param {HTMLElement} box
 * @param {Reading} reading
 */
export function keepRoom(box, reading) {
  box.style.minHeight = "";
  fillWords(box, reading, cut(reading.header, 0), 0);
  box.style.minHeight = `${box.offsetHeight}px`;
}

/**
 * Words that have as many tokens as before have the same ones: they stay.
 * @param {HTMLElement} box
 * @param {Reading} reading
 * @param {readonly Token[]} tokens
 * @param {number} joined the merge whose tokens are new; 0 for none
 */
export function fillWords(box, { header }, tokens, joined) {
  const words = header.order.map(() => /** @type {Token[]} */ ([]));
  for (const token of tokens) words[token.place].push(token);
  words.forEach((inside, place) => {
    const word = box.children[place];
    if (word.children.length === inside.length) return;
    word.replaceChildren(...inside.map((token) => chip(token, header.n_merges, joined)));
  });
}

/**
 * @param {Token} token
 * @param {number} total
 * @param {number} joined
 */
function chip({ bytes, id, merge, at }, total, joined) {
  const learnt = merge ? `merge ${count(merge)}` : "not merged";
  const node = make(
    "span",
    {
      class: `token${bytes.length === 1 ? " byte" : ""}${merge && merge === joined ? " new" : ""}`,
      role: "option",
      "aria-selected": "false",
      "data-at": at,
      "aria-description": `id ${id} · ${many(bytes.length, "byte")}: ${hex(bytes)} · ${learnt}`,
    },
    face(piece(bytes)),
    make("small", {}, String(id)),
  );
  node.style.setProperty("--depth", depth(merge, total));
  return node;
}

/**
 * @param {HTMLElement} box
 * @param {number} here the token looked at
 */
export function markToken(box, here) {
  box.querySelectorAll(".token").forEach((node, i) => {
    node.classList.toggle("here", i === here);
    node.setAttribute("aria-selected", String(i === here));
  });
}
