// @ts-check
// Numbers that a board asks for by itself: what is looked at next, or much of it, piece after piece.

/**
 * The bytes at an address; null where there is no answer, or the reader has gone on.
 * @param {string} address
 * @param {Record<string, string>} parameters
 * @param {AbortSignal} [signal]
 */
export async function ask(address, parameters, signal) {
  try {
    const answer = await fetch(`${address}?${new URLSearchParams(parameters)}`, { signal });
    return answer.ok ? new Uint8Array(await answer.arrayBuffer()) : null;
  } catch {
    return null;
  }
}

/**
 * One question after another, so that others get their turn in between; each answer is taken as it
 * comes. Ends early where one is missing, or when the signal says so. Returns whether all have come.
 * @param {string} address
 * @param {readonly Record<string, string>[]} questions
 * @param {(bytes: Uint8Array) => void} take
 * @param {AbortSignal} signal
 */
export async function askEach(address, questions, take, signal) {
  for (const question of questions) {
    const bytes = await ask(address, question, signal);
    if (!bytes || signal.aborted) return false;
    take(bytes);
  }
  return true;
}

/** @type {WeakMap<HTMLElement, number>} */
const awaited = new WeakMap();

/**
 * While answers are awaited a board is busy; its style shows a sign of that after a moment.
 * @template T
 * @param {HTMLElement} root
 * @param {Promise<T>} answer
 */
export async function busyDuring(root, answer) {
  count(root, 1);
  try {
    return await answer;
  } finally {
    count(root, -1);
  }
}

/**
 * @param {HTMLElement} root
 * @param {1 | -1} by
 */
function count(root, by) {
  const now = (awaited.get(root) ?? 0) + by;
  awaited.set(root, now);
  root.ariaBusy = String(now > 0);
}
