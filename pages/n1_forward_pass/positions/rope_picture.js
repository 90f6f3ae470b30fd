// @ts-check
// RoPE at work: two words of a head, where they are made to stand, one pair as arrows, all as dials.

import { clamp } from "../../../ui/kit/arithmetic.js";
import { make } from "../../../ui/kit/elements.js";
import { onKeys } from "../../../ui/kit/keys.js";
import { openingPair, ropeArrows } from "./rope_arrows.js";
import { ropeControls } from "./rope_controls.js";
import { dialSum, dials, movedFinding } from "./rope_dials.js";

/** @typedef {import("./position_data.js").Rotated} Rotated */
/** @typedef {import("./rope_choice.js").Choice} Choice */
/** @typedef {import("./rope_controls.js").Chosen} Chosen */
/** @typedef {import("./stage.js").Stage} Stage */

const HINT =
  "Each dial is one pair of numbers; click one to see it above. The query’s arrow is blue, the key’s ochre. " +
  "Below stands what it adds to the score.";

/**
 * Returns how to stop what plays.
 * @param {Stage} stage
 * @param {Rotated} rope
 * @param {Choice} choice changed here
 * @param {Chosen} chosen told of other words or another head
 * @param {import("./rope_controls.js").Bring} bring
 */
export function drawRope(stage, rope, choice, chosen, bring) {
  const score = make("p", { class: "score" });
  const arrows = make("div", { class: "arrows" });
  const clocks = make("div", { class: "clocks", role: "img", tabindex: 0 });
  let pair = openingPair(rope, choice);
  const show = () => {
    stage.say(movedFinding(rope, choice));
    arrows.replaceChildren(...ropeArrows(rope, choice, pair));
    score.replaceChildren(...dialSum(rope, choice));
    clocks.replaceChildren(...dials(rope, choice, pair));
    clocks.setAttribute("aria-label", score.textContent ?? "");
  };
  const choose = (/** @type {number} */ to) => {
    pair = clamp(to, 0, rope.frequencies.length - 1);
    show();
  };
  clocks.addEventListener("click", (event) => {
    const clock = /** @type {Element} */ (event.target).closest(".clock");
    if (clock) choose(Array.from(clocks.children).indexOf(clock));
  });
  onKeys(clocks, { ArrowRight: () => choose(pair + 1), ArrowLeft: () => choose(pair - 1) });
  const controls = ropeControls(rope, choice, show, chosen, bring);
  const hint = make("p", { class: "hint" }, HINT);
  stage.box.append(make("div", { class: "ropes" }, controls.rows, arrows, score, clocks, hint));
  show();
  return controls.halt;
}
