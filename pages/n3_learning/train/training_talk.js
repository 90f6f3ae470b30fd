// @ts-check
// Talking with the server about one training: its order, questions several times a second, what to do with it.

import { ask } from "../../../ui/kit/asking.js";

/** @import { OrderData } from "./run_lines.js" */
/** @import { State } from "./run_words.js" */
/** @typedef {{state: State, place: number, lines: string[]}} Look */

const VISITOR = "forward-pass-visitor";
const TRAINING = "forward-pass-training";
const UNHEARD = "The server did not answer. Try again in a moment.";

/**
 * What a browser keeps; nothing where it keeps nothing.
 * @param {() => Storage} place
 * @param {string} name
 * @param {string | null} [value] null to forget it
 */
function kept(place, name, value) {
  try {
    if (value === null) place().removeItem(name);
    else if (value !== undefined) place().setItem(name, value);
    return place().getItem(name) ?? "";
  } catch {
    return value ?? "";
  }
}

/** One for all tabs of a browser: each visitor has one training at a time. */
function visitor() {
  const known = kept(() => localStorage, VISITOR);
  const made = Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16)).join("");
  return known || kept(() => localStorage, VISITOR, made);
}

/** The training that this tab has begun; it is found again after a reload. */
export const begun = () => kept(() => sessionStorage, TRAINING);
/** @param {string} name */
export const remember = (name) => kept(() => sessionStorage, TRAINING, name || null);

/**
 * @param {string} address
 * @param {unknown} message
 * @returns {Promise<Record<string, string>>}
 */
async function tell(address, message) {
  const headers = { "Content-Type": "application/json" };
  try {
    const answer = await fetch(address, { method: "POST", headers, body: JSON.stringify(message) });
    return answer.ok ? await answer.json() : { refused: UNHEARD };
  } catch {
    return { refused: UNHEARD };
  }
}

/**
 * Begin a training; `refused` says why there is none.
 * @param {string} numbers
 * @param {OrderData & {text: string}} order
 */
export const begin = (numbers, order) => tell(`${numbers}/order`, { visitor: visitor(), order });

/**
 * @param {string} numbers
 * @param {string} training
 * @param {"pause" | "resume" | "stop" | "leave"} act
 */
export const act = (numbers, training, act) => tell(`${numbers}/act`, { training, act });

/**
 * What there is since line number `seen`; a sentence where there is nothing.
 * @param {string} numbers
 * @param {string} training
 * @param {number} seen
 * @returns {Promise<Look | string>}
 */
export async function look(numbers, training, seen) {
  const bytes = await ask(`${numbers}/look`, { training, seen: String(seen) });
  if (!bytes) return UNHEARD;
  const [head, ...lines] = new TextDecoder().decode(bytes).split("\n").filter(Boolean);
  const told = JSON.parse(head);
  return told.refused ?? { ...told, lines };
}
