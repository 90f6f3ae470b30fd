// @ts-check
import assert from "node:assert/strict";
import { test } from "node:test";
import { player } from "../../ui/kit/player.js";

const BEAT = 100;

/**
 * @param {import("node:test").TestContext} context
 * @param {{at: number, last: number} | null} place
 */
function playing(context, place) {
  context.mock.timers.enable({ apis: ["setInterval"] });
  const button = Object.assign(new EventTarget(), { textContent: "Play", isConnected: true });
  /** @type {number[]} */
  const shown = [];
  const goTo = (/** @type {number} */ at) => {
    shown.push(at);
    if (place) place.at = at;
  };
  const steps = { place: () => place, goTo, beat: () => BEAT };
  const { pause } = player(/** @type {HTMLElement} */ (/** @type {unknown} */ (button)), steps);
  return { button, shown, pause, press: () => button.dispatchEvent(new Event("click")) };
}

test("plays from the next step to the last and stops there", (context) => {
  const { button, shown, press } = playing(context, { at: 1, last: 3 });
  press();
  assert.deepEqual([button.textContent, shown], ["Pause", [2]]);
  context.mock.timers.tick(5 * BEAT);
  assert.deepEqual([button.textContent, shown], ["Play", [2, 3]]);
});

test("begins again where the last step stands", (context) => {
  const { shown, press } = playing(context, { at: 3, last: 3 });
  press();
  assert.deepEqual(shown, [0]);
});

test("pauses when pressed again, when told to, and when its page is gone", (context) => {
  const { button, shown, press, pause } = playing(context, { at: 0, last: 9 });
  const leave = () => {
    button.isConnected = false;
    context.mock.timers.tick(BEAT);
  };
  for (const end of [press, pause, leave]) {
    press();
    end();
    const now = shown.length;
    context.mock.timers.tick(5 * BEAT);
    assert.deepEqual([button.textContent, shown.length], ["Play", now]);
  }
});

test("does nothing while there is nothing to play", (context) => {
  const { button, shown, press } = playing(context, null);
  press();
  assert.deepEqual([button.textContent, shown], ["Play", []]);
});
