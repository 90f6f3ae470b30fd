// @ts-check
// A board on its page: made once, fed with each answer, taken away with its element.

import { make } from "./elements.js";
import { markCaptions } from "./marks.js";

/**
 * What Streamlit calls a component's script with: at first, at each new answer, and after a change of
 * the theme. A state stays until it is set again; a trigger holds for one run of the server.
 * @template D
 * @typedef {{
 *   data: D,
 *   parentElement: HTMLElement | ShadowRoot,
 *   setStateValue: (name: string, value: unknown) => void,
 *   setTriggerValue: (name: string, value: unknown) => void,
 * }} Component
 */

/**
 * What a board may tell: the server by Streamlit's own two setters, always those of its latest call;
 * with `drawn`, that it has finished a picture by itself, after a click for example.
 * @typedef {Pick<Component<unknown>, "setStateValue" | "setTriggerValue"> & {drawn: () => void}} Page
 */

/**
 * `receive` draws what the server sends; if it returns a promise, the picture is finished when that is
 * kept. `stop` ends what goes on by itself.
 * @template D
 * @typedef {{receive: (data: D) => unknown, stop?: () => void}} Board
 */

/**
 * A component's default export: one board for each root, made by `create`.
 *
 * `data-drawn` on the root counts its finished pictures; it is missing while an answer is being drawn.
 * @template D
 * @param {(root: HTMLElement, page: Page) => Board<D>} create
 * @param {string} [selector] of the root in the component's markup
 * @returns {(component: Component<D | null>) => () => void}
 */
export function mount(create, selector = ".board") {
  /** @type {WeakMap<HTMLElement, Place<D>>} */
  const places = new WeakMap();
  return (component) => {
    const root = /** @type {HTMLElement} */ (component.parentElement.querySelector(selector));
    let place = places.get(root);
    if (!place) {
      place = placed(root, create, component);
      places.set(root, place);
    }
    place.component = component;
    if (component.data) feed(root, place, component.data);
    return () => {
      places.get(root)?.board.stop?.();
      places.delete(root);
    };
  };
}

/**
 * @template D
 * @typedef {{board: Board<D>, component: Component<D | null>}} Place
 */

/**
 * @template D
 * @param {HTMLElement} root
 * @param {(root: HTMLElement, page: Page) => Board<D>} create
 * @param {Component<D | null>} component
 * @returns {Place<D>}
 */
function placed(root, create, component) {
  /** @type {Page} */
  const page = {
    setStateValue: (name, value) => place.component.setStateValue(name, value),
    setTriggerValue: (name, value) => place.component.setTriggerValue(name, value),
    drawn: () => drawn(root),
  };
  /** @type {Place<D>} */
  const place = { board: create(root, page), component };
  return place;
}

/** @type {WeakMap<HTMLElement, number>} */
const pictures = new WeakMap();

/** @param {HTMLElement} root */
function drawn(root) {
  markCaptions(root);
  const n = (pictures.get(root) ?? 0) + 1;
  pictures.set(root, n);
  root.dataset.drawn = String(n);
}

/**
 * @template D
 * @param {HTMLElement} root
 * @param {Place<D>} place
 * @param {D} data
 */
async function feed(root, place, data) {
  delete root.dataset.drawn;
  root.querySelector(":scope > .failed")?.remove();
  try {
    await place.board.receive(data);
    if (place.component.data === data) drawn(root); // else a later answer is being drawn
  } catch (error) {
    const told = "This picture could not be drawn. Reload the page.";
    root.prepend(make("p", { class: "failed", role: "alert" }, told));
    throw error;
  }
}
