// @ts-check
// What the server answers below the address of a model's matrix: asked for once, with a sign that it
// is on its way.

import { ask as askFor, busyDuring } from "../../../ui/kit/asking.js";
import { unpack } from "../../../ui/kit/tensors.js";

/** @import { Packed } from "../../../ui/kit/tensors.js" */

/** @type {Map<string, Promise<Packed>>} */
const answers = new Map();

/**
 * @param {string} table the address of embedding_table.py
 * @param {string} part "table", "near", "around", "search", "sum", "verdicts", "graph", "walk", "sight" or "context"
 * @param {Record<string, string>} [parameters]
 * @returns {Promise<Packed>}
 */
export function ask(table, part, parameters = {}) {
  const key = JSON.stringify([table, part, parameters]);
  const answer = answers.get(key) ?? fetched(`${table}/${part}`, parameters);
  answers.set(key, answer);
  answer.catch(() => answers.delete(key)); // another try asks again
  return answer;
}

/**
 * @param {string} address
 * @param {Record<string, string>} parameters
 * @returns {Promise<Packed>}
 */
async function fetched(address, parameters) {
  const bytes = await askFor(address, parameters);
  if (!bytes) throw new Error("no answer about the embedding matrix");
  return unpack(bytes);
}

/**
 * The answer, null where there is none; the root is busy as long as it is awaited.
 * @template T
 * @param {HTMLElement} root whose style shows a sign
 * @param {Promise<T>} answer
 */
export const during = (root, answer) => busyDuring(root, answer).catch(() => null);
