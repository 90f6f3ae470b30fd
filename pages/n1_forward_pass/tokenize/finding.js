// @ts-check
// What k merges have made of the text, in words.

import { count, number, plural } from "../../../ui/kit/format.js";
import { partial } from "./byte_text.js";
import { isLacking, loss } from "./lacking_bytes.js";
import { latest, mergeOf } from "./text_reading.js";
import { said } from "./wording.js";

/** @import { Token } from "./merge_replay.js" */
/** @import { Reading } from "./text_reading.js" */

/**
 * @param {Reading} reading
 * @param {number} k
 * @param {readonly Token[]} tokens
 */
export function finding({ text, length, header }, k, tokens) {
  if (k >= header.n_merges) {
    const letters = Array.from(text).length;
    const become = letters === 1 ? "becomes" : "become";
    const each = number(letters / tokens.length, 1);
    return (
      `Your ${plural(letters, "character")} ${become} ${plural(tokens.length, "token")}, ` +
      `with ${each} characters each on average`
    );
  }
  if (k === 0) return `Before any merge, each of the ${plural(length, "byte")} of your text is a token`;
  return `After ${plural(k, "merge")}, your ${plural(length, "byte")} are ${plural(tokens.length, "token")}`;
}

/**
 * What a reader may wonder at in the tokens.
 * @param {Reading} reading
 * @param {number} k
 * @param {readonly Token[]} tokens
 */
export function remark(reading, k, tokens) {
  const lacking = tokens.filter(isLacking);
  if (lacking.length) return loss(lacking, reading.header);
  const halves = tokens.filter((token) => partial(token.bytes)).length;
  if (halves)
    return (
      `${plural(halves, "token")} ${halves === 1 ? "holds" : "hold"} only part of a character. Each of its bytes is ` +
      "shown as a hexadecimal number. Rare characters can still be written, but they take more tokens."
    );
  const last = latest(reading, k);
  if (k >= reading.header.n_merges || !last)
    return "The number below a token is its id. ␣ is the space before a word. Pale tokens were learnt early.";
  const joined = mergeOf(reading, last.k).parts.map(said).join(" + ");
  return (
    `The last merge that changed your text is merge ${count(last.k)}: ${joined}. ` +
    "A merge never joins parts of two different words."
  );
}
