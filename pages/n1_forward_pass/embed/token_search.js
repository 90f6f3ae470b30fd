// @ts-check
// Which tokens hold a text.

/**
 * The same word first (with its space before it), then beginnings, then the rest.
 * @param {{pieces: readonly string[], shown: readonly string[]}} vocabulary
 * @param {string} text
 * @param {number} count
 */
export function search({ pieces, shown }, text, count) {
  const wanted = text.trim();
  const lower = wanted.toLowerCase();
  if (!wanted) return [];
  const rank = (/** @type {string} */ word, /** @type {number} */ i) => {
    if (word.toLowerCase() !== lower) return word.toLowerCase().startsWith(lower) ? 4 : 5;
    return (word === wanted ? 0 : 2) + (pieces[i].startsWith(" ") ? 0 : 1);
  };
  return shown
    .map((word, i) => ({ i, rank: word.toLowerCase().includes(lower) ? rank(word, i) : -1 }))
    .filter((hit) => hit.rank >= 0)
    .sort((a, b) => a.rank - b.rank || a.i - b.i)
    .slice(0, count)
    .map((hit) => hit.i);
}
