// @ts-check
// What is known of one token, and how its word would be cut if it were written otherwise.

import { find, make } from "../../../ui/kit/elements.js";
import { count } from "../../../ui/kit/format.js";
import { face } from "../../../ui/kit/words.js";
import { hex } from "./byte_text.js";
import { idOf, known } from "./lacking_bytes.js";
import { mergeOf } from "./text_reading.js";
import { said } from "./wording.js";

/** @import { Token, TokenizeWord } from "./merge_replay.js" */
/** @import { Reading } from "./text_reading.js" */

/**
 * @param {HTMLElement} section
 * @param {Reading} reading
 * @param {Token} token
 * @param {TokenizeWord} word
 */
export function drawCard(section, reading, token, { spellings }) {
  const cuts = new Set(spellings.map(([, ids]) => ids.join()));
  find(section, "h4").textContent = `The token ${said(token.bytes)}`;
  find(section, "dl").replaceChildren(...facts(reading, token));
  find(section, ".otherwise").hidden = !spellings.length;
  find(section, ".otherwise h4").textContent =
    `The same word in ${spellings.length} spellings gives ${cuts.size} different lists of ids`;
  find(section, ".forms").replaceChildren(
    ...spellings.map(([pieces, ids]) =>
      make(
        "div",
        { class: "row", role: "row" },
        make("span", { class: "cut", role: "cell" }, pieces.map(face)),
        make("span", { class: "ids", role: "cell" }, ids.join(" · ")),
      ),
    ),
  );
}

/**
 * @param {Reading} reading
 * @param {Token} token
 */
function facts(reading, token) {
  const { bytes, merge } = token;
  const { size, n_merges: total } = reading.header;
  const learnt = merge ? mergeOf(reading, merge) : null;
  const hexadecimal = make("span", { class: "mono" }, hex(bytes));
  return [
    ...fact(
      "id",
      idOf(token, reading.header),
      ` of 0 to ${count(size - 1)}: the model sees nothing else of this token`,
    ),
    ...fact(bytes.length === 1 ? "byte" : "bytes", hexadecimal, ` in hexadecimal, ${bytes.length} in UTF-8`),
    ...(learnt
      ? fact("learnt", `merge ${count(merge)}`, ` of ${count(total)}: ${learnt.parts.map(said).join(" + ")}`)
      : fact("learnt", "never", known(token, reading.header))),
    ...(learnt?.times
      ? fact("seen", `${count(learnt.times)} times`, " side by side in the training text when it was learnt")
      : []),
  ];
}

/**
 * @param {string} name
 * @param {string | Node} value
 * @param {string} rest
 */
const fact = (name, value, rest) => [make("dt", {}, name), make("dd", {}, value, make("small", {}, rest))];
