// @ts-check
// What the server answers below the address of a model's matrix: asked for once, with a sign that it
// is on its way.

import { unpack } from "../../../ui/kit/tensors.js";

/** @import { Packed } from "../../../ui/kit/tensors.js" */

/** @type {Map<string, Promise<Packed>>} */
const answers = new Map();

/**
 * @param {string} table the address of embedding_table.py
 * @param {string} part "table", "near", "around", "search", "sum" or "verdicts"
 * @param {Record<string, string>} [parameters]
 * @returns {Promise<Packed>}
 */
export function ask(table, part, parameters = {}) {
  const address = `${table}/${part}?${new URLSearchParams(parameters)}`;
  const answer = answers.get(address) ?? fetched(address);
  answers.set(address, answer);
  answer.catch(() => answers.delete(address)); // another try asks again
  return answer;
}

/**
 * @param {string} address
 * @returns {Promise<Packed>}
 */
async function fetched(address) {
  const answer = await fetch(new URL(address, location.origin));
  if (!answer.ok) throw new Error(`${answer.status} for the embedding matrix`);
  return unpack(new Uint8Array(await answer.arrayBuffer()));
}

/** @type {WeakMap<HTMLElement, number>} */
const awaited = new WeakMap();

/**
 * The answer, null where there is none; the root is busy as long as it is awaited.
 * @template T
 * @param {HTMLElement} root whose style shows a sign
 * @param {Promise<T>} answer
 */
export async function during(root, answer) {
  const count = (/** @type {1 | -1} */ by) => {
    const n = (awaited.get(root) ?? 0) + by;
    awaited.set(root, n);
    root.ariaBusy = String(n > 0);
  };
  count(1);
  try {
    return await answer;
  } catch {
    return null;
  } finally {
    count(-1);
  }
}
