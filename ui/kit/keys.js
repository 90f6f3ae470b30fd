// @ts-check
// Keys: what a picture that has the focus does with them.

/** @typedef {Record<string, (event: KeyboardEvent) => void>} Acts */

/**
 * Answer the keys that `acts` names; the page then does not scroll and nothing around hears of them.
 * With Ctrl, Alt or Meta they stay the browser's.
 * @param {HTMLElement | SVGElement} node
 * @param {Acts} acts by `KeyboardEvent.key`
 */
export function onKeys(node, acts) {
  node.addEventListener("keydown", (event) => {
    const pressed = /** @type {KeyboardEvent} */ (event);
    const act = acts[pressed.key];
    if (!act || pressed.ctrlKey || pressed.altKey || pressed.metaKey) return;
    pressed.preventDefault();
    pressed.stopPropagation();
    act(pressed);
  });
}

/**
 * All four arrows as a step of 1 or −1 along a list: right and down go on.
 * @param {(step: 1 | -1) => void} move
 * @returns {Acts}
 */
export const along = (move) => ({
  ArrowRight: () => move(1),
  ArrowDown: () => move(1),
  ArrowLeft: () => move(-1),
  ArrowUp: () => move(-1),
});

/**
 * The arrows as steps between the rows and columns of a table.
 * @param {(rows: number, columns: number) => void} move
 * @returns {Acts}
 */
export const across = (move) => ({
  ArrowUp: () => move(-1, 0),
  ArrowDown: () => move(1, 0),
  ArrowLeft: () => move(0, -1),
  ArrowRight: () => move(0, 1),
});
