// @ts-check
// A configuration in the address: a preset's name and what was changed, `gpt2~n_layers~24~norm~rms_norm`.

/** @typedef {Record<string, string>} Edits what was typed or chosen, by field */
/** @typedef {{preset: string, edits: Edits}} Draft */

const SIGN = "~";
const LONGEST = 24; // characters of what can be meant
const MOST = 40; // fields

/** @param {Draft} draft */
export const written = ({ preset, edits }) => [preset, ...Object.entries(edits).flat()].join(SIGN);

/**
 * What an address means; null where it names no preset that there is. A field that there is not is left out.
 * @param {string} text
 * @param {(name: string) => boolean} isPreset
 * @param {(field: string) => boolean} isField
 * @returns {Draft | null}
 */
export function read(text, isPreset, isField) {
  const [preset, ...parts] = text.split(SIGN);
  if (!isPreset(preset)) return null;
  /** @type {Edits} */
  const edits = {};
  for (let i = 0; i + 1 < Math.min(parts.length, 2 * MOST); i += 2)
    if (isField(parts[i])) edits[parts[i]] = typed(parts[i + 1]);
  return { preset, edits };
}

/**
 * What a hand typed, without what would end it in the address.
 * @param {string} text
 */
export const typed = (text) => text.replaceAll(SIGN, "").trim().slice(0, LONGEST);
