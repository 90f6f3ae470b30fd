// @ts-check
// RoPE at work: two words of a head, where they are made to stand, and their dials.

import { make } from "../../../ui/kit/elements.js";
import { ropeControls } from "./rope_controls.js";
import { dialSum, dials, movedFinding } from "./rope_dials.js";

/** @typedef {import("./position_data.js").Rotated} Rotated */
/** @typedef {import("./rope_choice.js").Choice} Choice */
/** @typedef {import("./rope_controls.js").Chosen} Chosen */
/** @typedef {import("./stage.js").Stage} Stage */

const HINT =
  "Each dial is one pair of numbers, fast pairs first: the query’s hand is blue, the key’s ochre, dotted before " +
  "turning (length by the square root). The number below is what the pair adds to the score; θ is how far its hands " +
  "turn per token, in radians.";

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
  const clocks = make("div", { class: "clocks", role: "img" });
  const show = () => {
    stage.say(movedFinding(rope, choice));
    score.replaceChildren(...dialSum(rope, choice));
    clocks.replaceChildren(...dials(rope, choice));
    clocks.setAttribute("aria-label", score.textContent ?? "");
  };
  const controls = ropeControls(rope, choice, show, chosen, bring);
  const hint = make("p", { class: "hint" }, HINT);
  stage.box.append(make("div", { class: "ropes" }, controls.rows, score, clocks, hint));
  show();
  return controls.halt;
}
