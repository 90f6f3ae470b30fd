// @ts-check
// The field's terms in a sentence of ours: where each is first named.

/** @typedef {{place: string, says: string, forms: string[]}} Term `place` is the address of its marks */
/** @typedef {string | {term: Term, text: string}} Piece */

const QUOTED = "“[^”]*(?:”|$)"; // the reader's words
const EDGES = ["(?<![\\p{L}\\p{N}-])", "(?![\\p{L}\\p{N}-])"];

/**
 * The terms' forms as one expression, the longest first.
 * @param {readonly Term[]} terms
 */
export function finder(terms) {
  const forms = terms.flatMap((term) => term.forms.map((form) => /** @type {const} */ ([form.toLowerCase(), term])));
  const listed = forms.map(([form]) => form.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")).sort((a, b) => b.length - a.length);
  const pattern = new RegExp(`${QUOTED}|${EDGES[0]}(?<form>${listed.join("|")})${EDGES[1]}`, "giu");
  return { pattern, byForm: new Map(forms) };
}

/**
 * A sentence in pieces; a term that is known already is none of them.
 * @param {string} prose
 * @param {ReturnType<typeof finder>} found
 * @param {(term: Term) => boolean} isKnown
 * @returns {Piece[]}
 */
export function pieces(prose, { pattern, byForm }, isKnown) {
  /** @type {Piece[]} */
  const parts = [];
  /** @type {Set<Term>} */
  const here = new Set();
  let from = 0;
  for (const match of prose.matchAll(pattern)) {
    const term = byForm.get(match.groups?.form?.toLowerCase() ?? "");
    if (!term || here.has(term) || isKnown(term)) continue;
    here.add(term);
    parts.push(prose.slice(from, match.index), { term, text: match[0] });
    from = match.index + match[0].length;
  }
  return [...parts, prose.slice(from)].filter((part) => part !== "");
}
