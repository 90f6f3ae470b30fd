// @ts-check
// The shuffle test. The order is kept here and in the address; each new one goes to the server, which
// runs the models on it.

import { remember, whenSent } from "../../../ui/kit/address.js";
import { find, make } from "../../../ui/kit/elements.js";
import { mount } from "../../../ui/kit/mount.js";
import { lots } from "../../../ui/kit/sampling.js";
import { labels } from "../../../ui/kit/words.js";
import { depthBars, depthCaption, modelGuesses, orderFinding } from "./order_results.js";
import { drawOrder, focusOn } from "./order_row.js";
import { asTyped, backwards, equal, movedTo, neighboursSwapped, shuffled, swapped } from "./orders.js";

/** @typedef {import("./order_results.js").Shuffle} Shuffle */
/** @typedef {import("./orders.js").Order} Order */
/** @typedef {import("../../../ui/kit/mount.js").Page} Page */
/**
 * `order` is that of all words but the last, from now on; the server has answered for `shuffle.order`.
 * The first of two words to be swapped is `picked`, by its place.
 * @typedef {{shuffle: Shuffle, labels: string[], order: Order, picked: number | null}} State
 */

const MANY = 12; // layers from which on they stand side by side, or in two columns

export default mount((root, page) => {
  /** @type {State | undefined} */
  let state;
  const random = lots(1); // so that the same clicks give the same orders
  /** @type {Record<string, (order: Order) => Order>} */
  const acts = {
    typed: asTyped,
    reverse: backwards,
    swap: (order) => neighboursSwapped(order, random),
    shuffle: (order) => shuffled(order, random),
  };
  for (const [name, act] of Object.entries(acts))
    find(root, `.${name}`).addEventListener("click", () => state && ask(root, page, state, act(state.order)));
  whenSent(root, ({ order }) => state !== undefined && visit(root, page, state, order));
  return {
    receive(/** @type {Shuffle} */ shuffle) {
      const picked = state && shuffle.run === state.shuffle.run ? state.picked : null;
      state = { shuffle, labels: labels(shuffle.pieces), order: shuffle.order.slice(0, -1), picked };
      drawRow(root, page, state);
      drawResults(root, state);
    },
  };
});

/**
 * The order that a question asks about, counted from 1 as in the address.
 * @param {HTMLElement} root
 * @param {Page} page
 * @param {State} state
 * @param {string} [asked]
 */
function visit(root, page, state, asked) {
  const order = (asked ?? "").split(".").map((place) => Number(place) - 1);
  if (order.length !== state.order.length) return false;
  ask(root, page, state, order);
  return true;
}

/**
 * The words stand in this order from now on.
 * @param {HTMLElement} root
 * @param {Page} page
 * @param {State} state
 * @param {Order} order
 */
function ask(root, page, state, order) {
  if (equal(order, state.order)) return;
  state.order = order;
  drawRow(root, page, state);
  remember("order", order.map((word) => word + 1).join("."));
  page.setTriggerValue("order", order);
}

/**
 * @param {HTMLElement} root
 * @param {Page} page
 * @param {State} state
 */
function drawRow(root, page, state) {
  const box = find(root, ".order");
  const { order } = state;
  drawOrder(box, state.labels, order, state.picked, {
    pick: (at) => pick(root, page, state, at),
    move(from, to) {
      if (to < 0 || to >= order.length) return;
      ask(root, page, state, movedTo(order, from, to));
      focusOn(box, to);
    },
  });
  const press = (/** @type {string} */ name, /** @type {boolean} */ pressed) =>
    find(root, name).setAttribute("aria-pressed", String(pressed));
  press(".typed", kindOf(order) === "typed");
  press(".reverse", kindOf(order) === "reversed");
  for (const name of [".reverse", ".swap", ".shuffle"]) find(root, name, HTMLButtonElement).disabled = order.length < 2;
}

/**
 * The second word picked changes places with the first.
 * @param {HTMLElement} root
 * @param {Page} page
 * @param {State} state
 * @param {number} at
 */
function pick(root, page, state, at) {
  const first = state.picked;
  if (first === null || first === at) {
    state.picked = first === at ? null : at;
    drawRow(root, page, state);
    return;
  }
  state.picked = null;
  ask(root, page, state, swapped(state.order, first, at));
  focusOn(find(root, ".order"), at);
}

/** @param {Order} order */
function kindOf(order) {
  if (equal(order, asTyped(order))) return "typed";
  return equal(order, backwards(order)) ? "reversed" : "other";
}

/**
 * @param {HTMLElement} root
 * @param {State} state
 */
function drawResults(root, { shuffle, labels, order }) {
  const { models, change, own, pieces, cut } = shuffle;
  const kind = kindOf(order);
  const last = labels[order.length];
  const told = orderFinding(shuffle, kind);
  const ablated =
    "The model was trained with positions, so its predictions without them mean little. Which layers can notice an " +
    "order does not depend on that.";
  find(root, ".finding").textContent = told;
  find(root, ".spoken").textContent = told;
  find(root, ".models").replaceChildren(...models.map((model) => modelGuesses(model, last)));
  find(root, ".depth h4").textContent = `${own} with its positions taken out`;
  find(root, ".depth .sub").replaceChildren(...depthCaption(change, last, kind === "typed"));
  const bars = find(root, ".layers-bars");
  bars.classList.toggle("many", change.causal.length > MANY);
  bars.style.setProperty("--layers", String(change.causal.length));
  bars.replaceChildren(...depthBars(change), make("p", { class: "caption" }, ablated));
  find(root, ".depth > .caption").textContent = cut ? `The first ${pieces.length} tokens of your text.` : "";
}
