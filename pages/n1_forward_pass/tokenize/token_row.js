// @ts-check
// The text, token by token: those of one word side by side, the paler the earlier they were learnt.

import { make } from "../../../ui/kit/elements.js";
import { plural } from "../../../ui/kit/format.js";
import { hex } from "./byte_text.js";
import { faceOf, idOf, isLacking, origin } from "./lacking_bytes.js";
import { cut } from "./merge_replay.js";
import { depth } from "./merge_scale.js";

/** @import { Token, TokenizeHeader } from "./merge_replay.js" */
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
    word.replaceChildren(...inside.map((token) => chip(token, header, joined)));
  });
}

/**
 * @param {Token} token
 * @param {TokenizeHeader} header
 * @param {number} joined
 */
function chip(token, header, joined) {
  const { bytes, merge, at } = token;
  const id = idOf(token, header);
  const kinds = [
    "token",
    bytes.length === 1 && "byte",
    merge && merge === joined && "new",
    isLacking(token) && "lacking",
  ];
  const node = make(
    "span",
    {
      class: kinds.filter(Boolean).join(" "),
      role: "option",
      "aria-selected": "false",
      "data-at": at,
      "aria-description": `id ${id} · ${plural(bytes.length, "byte")}: ${hex(bytes)} · ${origin(token, header)}`,
    },
    faceOf(token, header),
    make("small", {}, id),
  );
  node.style.setProperty("--depth", depth(merge, header.n_merges));
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
