// @ts-check
// A text under the first k merges: each word's joins up to the first that they do not have, which is
// what a vocabulary of k merges would make of it.

/**
 * `bytes`: as characters 0 to 255; `joins`: the place of the left part, the merge that joins it with
 * the next one, the new id; `spellings`: pieces and ids of other ways to write the word.
 * @typedef {{bytes: string, joins: [number, number, number][], spellings: [string[], number[]][]}} TokenizeWord
 */
/**
 * `words` are the distinct ones, and `order` the text as places in them; `merges` of all `n_merges`
 * are asked for; `token` is looked at, of the text wholly cut; `byte_ids`: the id of each byte, null for
 * one that the vocabulary lacks: it becomes the token `unknown`, or is left out where there is none.
 * @typedef {{key: string, size: number, merges: number, n_merges: number, token: number,
 *   byte_ids: (number | null)[], unknown: [number, string] | null, words: TokenizeWord[],
 *   order: number[]}} TokenizeHeader
 */
/** @typedef {{bytes: string, id: number | null, merge: number}} Part `merge`: that made it; 0 for a single byte */
/** @typedef {Part & {at: number, place: number}} Token `at`: its first byte in the text; `place`: its word in it */

/**
 * The parts of a word after the joins that k merges know.
 * @param {TokenizeWord} word
 * @param {readonly (number | null)[]} byteIds
 * @param {number} k
 * @param {(left: string, right: string, merge: number) => void} [joined] called at each join
 */
export function replay(word, byteIds, k, joined = () => {}) {
  /** @type {Part[]} */
  const parts = Array.from(word.bytes, (c) => ({ bytes: c, id: byteIds[c.charCodeAt(0)], merge: 0 }));
  for (const [at, merge, id] of word.joins) {
    if (merge > k) break;
    const [left, right] = [parts[at].bytes, parts[at + 1].bytes];
    joined(left, right, merge);
    parts.splice(at, 2, { bytes: left + right, id, merge });
  }
  return parts;
}

/**
 * All tokens of the text under k merges.
 * @param {TokenizeHeader} header
 * @param {number} k
 * @returns {Token[]}
 */
export function cut({ words, order, byte_ids: byteIds }, k) {
  let at = 0;
  return order.flatMap((word, place) =>
    replay(words[word], byteIds, k).map((part) => {
      const token = { ...part, at, place };
      at += part.bytes.length;
      return token;
    }),
  );
}
