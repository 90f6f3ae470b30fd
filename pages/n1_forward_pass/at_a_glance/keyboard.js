// @ts-check
// Keys of the whole page that work the picture, as long as they are not typed into something.

/**
 * @typedef {object} Acts
 * @property {() => void} toggle
 * @property {(by: 1 | -1) => void} step
 * @property {(by: 1 | -1) => void} climb to another layer
 * @property {() => void} escape
 */

const TYPED_INTO = /^(INPUT|TEXTAREA|SELECT)$/;
const OWN = new Set(["ArrowUp", "ArrowDown", "Escape"]); // elsewhere they scroll the page and close what is open

/**
 * @param {HTMLElement} root
 * @param {HTMLElement} timeline
 * @param {Acts} acts
 * @param {AbortSignal} gone
 */
export function listenToKeys(root, timeline, acts, gone) {
  /** @type {Record<string, () => void>} */
  const by = {
    " ": acts.toggle,
    ArrowRight: () => acts.step(1),
    ArrowLeft: () => acts.step(-1),
    ArrowUp: () => acts.climb(-1),
    ArrowDown: () => acts.climb(1),
    Escape: acts.escape,
  };
  const heard = (/** @type {KeyboardEvent} */ event) => {
    const { key } = event;
    const target = /** @type {HTMLElement} */ (event.composedPath()[0]);
    const own = root.contains(target);
    if (!by[key] || event.ctrlKey || event.metaKey || event.altKey || typesInto(target, own && key === "Escape"))
      return;
    if (key === " " && target.tagName === "BUTTON" && !(own && plays(target, timeline))) return;
    if (OWN.has(key) && !own && target !== document.body) return;
    event.preventDefault();
    by[key]();
  };
  document.addEventListener("keydown", heard, { signal: gone });
}

/**
 * @param {HTMLElement} target
 * @param {boolean} leaves the key leaves even a field
 */
const typesInto = (target, leaves) => target.isContentEditable || (TYPED_INTO.test(target.tagName) && !leaves);

/**
 * Space presses the button in focus, unless that is one of the timeline's or a choice already made.
 * @param {HTMLElement} button
 * @param {HTMLElement} timeline
 */
const plays = (button, timeline) => timeline.contains(button) || button.ariaPressed === "true";
