// @ts-check
// Greedy decoding beside draws, from the same text: which of the two repeats itself, and why. Nothing is written
// until it is asked for; the server answers with a stretch of both.

import { find, make } from "../../../ui/kit/elements.js";
import { percent } from "../../../ui/kit/format.js";
import { mount } from "../../../ui/kit/mount.js";
import { writeButton } from "../../../ui/kit/write_button.js";
import { drawEcho } from "./echo_card.js";

/** @typedef {import("./echo_card.js").EchoRound} EchoRound */
/**
 * A text as far as it is written, and which of its tokens end a run that stood there before.
 * @typedef {{pieces: string[], repeated: boolean[], done: boolean}} Continuation
 */
/**
 * Two texts of at most `asked` tokens, of which there is `room` for some; `run`: tokens of a repetition.
 * `echo`: the rounds of the reader's text, of which each has `echoed` tokens.
 * @typedef {{pass_key: string, greedy: Continuation, sampled: Continuation, asked: number, room: number,
 *   seed: number, run: number, echo: EchoRound[], echoed: number}} TwoWaysData
 */

export default mount((root, page) => {
  /** @type {TwoWaysData | undefined} */
  let data;
  const go = find(root, ".go", HTMLButtonElement);
  const button = writeButton(go, () => page.setTriggerValue("more", Date.now()));
  go.addEventListener("click", () => (button.isRunning() ? button.stop() : button.run()));
  return {
    receive(/** @type {TwoWaysData} */ now) {
      if (now.pass_key !== data?.pass_key) button.stop();
      data = now;
      const done = now.greedy.done && now.sampled.done;
      button.answered(done, begun(now) ? "Write on" : `Write ${now.room} tokens in both ways`);
      go.hidden = done;
      draw(root, now);
    },
    stop: button.stop,
  };
});

const begun = (/** @type {TwoWaysData} */ { greedy, sampled }) => greedy.pieces.length + sampled.pieces.length > 0;

const again = (/** @type {Continuation} */ { repeated }) =>
  repeated.length ? repeated.filter(Boolean).length / repeated.length : 0;

/**
 * Which way repeats itself more.
 * @param {TwoWaysData} data
 */
export function verdict(data) {
  const { greedy, sampled, run } = data;
  if (!begun(data)) return "Does this text repeat itself, if the model always takes the most probable token?";
  const [most, less] = [again(greedy), again(sampled)];
  if (!greedy.done || !sampled.done) return `${counted(greedy)} and ${counted(sampled)} tokens are written so far`;
  if (!most && !less)
    return `Neither continuation repeats a run of ${run} tokens within ${greedy.pieces.length} tokens`;
  if (most > less)
    return (
      `In the greedy text, ${percent(most)} of the tokens end a run of ${run} that stood there before; ` +
      `in the drawn text, ${percent(less)}`
    );
  if (!most) return `Only the drawn text repeats itself: ${percent(less)} of its tokens end a repeated run of ${run}`;
  return (
    `Both texts repeat themselves: ${percent(most)} of the tokens in the greedy text, ` +
    `${percent(less)} in the drawn text`
  );
}

const counted = (/** @type {Continuation} */ { pieces }) => pieces.length;

/**
 * @param {HTMLElement} root
 * @param {TwoWaysData} data
 */
function draw(root, data) {
  const { greedy, sampled, run, seed, room } = data;
  find(root, ".finding").textContent = verdict(data);
  find(root, ".sub").textContent =
    room > 0
      ? `Your text is continued in two ways, the draws at temperature 1. Marked: tokens that end a run of ${run} ` +
        "tokens that stood there before."
      : "There is no room to continue. Shorten the text.";
  drawEcho(find(root, ".echo"), data.echo, data.echoed);
  const ways = [
    way("Greedy: the most probable token each time", greedy, data),
    way(`Drawn: each token with its probability, seed ${seed}`, sampled, data),
  ];
  find(root, ".pair").replaceChildren(...(begun(data) ? ways : []));
}

/**
 * @param {string} name
 * @param {Continuation} text
 * @param {TwoWaysData} data
 */
function way(name, { pieces, repeated, done }, { asked }) {
  const marked = pieces.map((piece, i) => (repeated[i] ? make("span", { class: "again" }, piece) : piece));
  const ended = done && pieces.length < asked ? "; the text ended" : "";
  return make(
    "div",
    {},
    make("h4", {}, name),
    make("p", { class: "text" }, "…", marked),
    make("p", { class: "caption" }, `${pieces.length} of ${asked} tokens${ended}`),
  );
}
