// @ts-check
// Between the parts of the page: the token of the sentence that the reader has chosen.

const choice = new EventTarget();

/** @param {number} token */
export const announce = (token) => choice.dispatchEvent(new CustomEvent("token", { detail: token }));

/**
 * Call `tell` with each token that is chosen; returns how to stop.
 * @param {(token: number) => void} tell
 */
export function onChoice(tell) {
  const heard = (/** @type {Event} */ event) => tell(/** @type {CustomEvent<number>} */ (event).detail);
  choice.addEventListener("token", heard);
  return () => choice.removeEventListener("token", heard);
}
