// @ts-check
// A picture follows its width and its theme.

/**
 * Call `draw` when the root changes its width or the theme its colours; returns how to stop.
 * @param {HTMLElement} root
 * @param {() => void} draw
 */
export function follow(root, draw) {
  let width = root.clientWidth;
  const watch = new ResizeObserver(() => {
    if (!root.isConnected || root.clientWidth === width) return; // an element taken away shrinks to 0
    width = root.clientWidth;
    draw();
  });
  watch.observe(root);
  root.style.transition = "color 1ms"; // a change of theme starts and ends this transition
  const themed = (/** @type {TransitionEvent} */ event) => {
    if (event.target === root) draw();
  };
  root.addEventListener("transitionend", themed);
  return () => {
    watch.disconnect();
    root.removeEventListener("transitionend", themed);
  };
}
