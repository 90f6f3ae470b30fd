// @ts-check
// Words that a reader types into fields or takes from an example, and what the server says of them.

import { during } from "./asking.js";

/** @import { Packed } from "../../../ui/kit/tensors.js" */

/**
 * @param {readonly HTMLInputElement[]} fields
 * @param {readonly string[]} words
 */
export function fill(fields, words) {
  fields.forEach((field, i) => {
    field.value = words[i];
  });
}

/**
 * What is said of the words in the fields; null where no answer came, undefined where they are others by then.
 * @param {HTMLElement} root
 * @param {readonly HTMLInputElement[]} fields
 * @param {(words: string[]) => Promise<Packed>} asked
 * @param {number} rest ms without a key, before the server is asked
 */
export async function toldOf(root, fields, asked, rest) {
  const words = fields.map(({ value }) => value);
  const isStale = () => !root.isConnected || words.some((word, i) => fields[i].value !== word);
  if (rest) await new Promise((go) => setTimeout(go, rest));
  if (isStale()) return undefined;
  const told = await during(root, asked(words));
  return isStale() ? undefined : told;
}
