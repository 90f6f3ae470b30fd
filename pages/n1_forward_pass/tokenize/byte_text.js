// @ts-check
// Bytes as the text that they are. They are kept as strings of characters 0 to 255.

const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/**
 * @param {string} bytes
 * @returns {string | null} null for what is only part of a character
 */
function decoded(bytes) {
  try {
    return decoder.decode(Uint8Array.from(bytes, (c) => c.charCodeAt(0)));
  } catch {
    return null;
  }
}

/**
 * Whether they hold only part of a character.
 * @param {string} bytes
 */
export const partial = (bytes) => decoded(bytes) === null;

/**
 * Their text, or ⟨e2 80⟩.
 * @param {string} bytes
 */
export const piece = (bytes) => decoded(bytes) ?? `⟨${hex(bytes)}⟩`;

/**
 * e2 80
 * @param {string} bytes
 */
export const hex = (bytes) => Array.from(bytes, (c) => c.charCodeAt(0).toString(16).padStart(2, "0")).join(" ");
