// @ts-check
// The same question alone and in the form of a conversation. Nothing is written until it is asked for;
// the server answers with a stretch of both.

import { remember } from "../../../ui/kit/address.js";
import { candidate } from "../../../ui/kit/candidate.js";
import { check, radios } from "../../../ui/kit/controls.js";
import { find, make } from "../../../ui/kit/elements.js";
import { percent, plural } from "../../../ui/kit/format.js";
import { mount } from "../../../ui/kit/mount.js";
import { face, quote, visible } from "../../../ui/kit/words.js";
import { writeButton } from "../../../ui/kit/write_button.js";

/** @typedef {{piece: string, special: boolean}} ReadToken */
/**
 * A token that the model has written, and the likeliest at its place.
 * @typedef {{piece: string, special: boolean, probability: number, best: [string, number][]}} AnswerStep
 */
/**
 * What the model reads, and what it has written after it; `stopped`: with a stop token.
 * @typedef {{prompt: ReadToken[], steps: AnswerStep[], done: boolean, stopped: boolean}} AnswerSide
 */
/**
 * Both sides of the question `chosen`; at most `asked` tokens are written on each.
 * @typedef {{pass_key: string, questions: string[], chosen: number, alone: AnswerSide, form: AnswerSide,
 *   asked: number}} AssistantData
 */

export default mount((root, page) => {
  /** @type {AssistantData | undefined} */
  let data;
  const go = find(root, ".go", HTMLButtonElement);
  const button = writeButton(go, () => page.setTriggerValue("more", Date.now()));
  go.addEventListener("click", () => (button.isRunning() ? button.stop() : button.run()));
  const choose = (/** @type {number} */ i) => {
    button.stop();
    remember("question", i ? i + 1 : "");
    page.setTriggerValue("ask", Date.now());
  };
  return {
    receive(/** @type {AssistantData} */ now) {
      const { questions } = now;
      if (String(questions) !== String(data?.questions))
        radios(find(root, ".questions"), "Question", questions.length, (i) => questions[i], choose);
      if (now.pass_key !== data?.pass_key) button.stop();
      data = now;
      const done = now.alone.done && now.form.done;
      button.answered(done, begun(now) ? "Go on" : "Let the model answer");
      go.hidden = done;
      draw(root, now);
    },
    stop: button.stop,
  };
});

const begun = (/** @type {AssistantData} */ { alone, form }) => alone.steps.length > 0 && form.steps.length > 0;

/**
 * @param {HTMLElement} root
 * @param {AssistantData} data
 */
function draw(root, data) {
  const { chosen, alone, form, asked } = data;
  const written = `${alone.steps.length} and ${form.steps.length} of at most ${plural(asked, "token")}`;
  check(find(root, ".questions"), chosen);
  find(root, ".finding").textContent = finding(data);
  find(root, ".progress").textContent = begun(data) ? written : "";
  const special = form.prompt.filter((token) => token.special).length;
  find(root, ".pair").replaceChildren(
    side(`Alone: ${plural(alone.prompt.length, "token")}`, alone),
    side(`In the form: ${plural(form.prompt.length, "token")}, ${special} of them special`, form),
  );
}

/**
 * What comes first on each side; before anything is written, what is compared.
 * @param {AssistantData} data
 */
export function finding(data) {
  const { alone, form } = data;
  if (!begun(data)) return "The same question in two forms: how does the model continue each?";
  const first = (/** @type {AnswerSide} */ { steps }) =>
    `the first token is ${quote(visible(steps[0].piece))}, with ${percent(steps[0].probability)}`;
  return `Alone, ${first(alone)}; in the form, ${first(form)}`;
}

/**
 * @param {string} name
 * @param {AnswerSide} said
 */
function side(name, { prompt, steps, done, stopped }) {
  const waiting = make("span", { class: "waiting" }, "Nothing is written yet.");
  const end = done && make("span", { class: "end" }, stopped ? "stop" : "not finished yet");
  const written = make("div", { class: "written" }, ...(steps.length ? [...steps.map(answered), end] : [waiting]));
  return make(
    "div",
    { class: "side" },
    make("h4", {}, name),
    make(
      "div",
      { class: "read" },
      turns(prompt).map((turn) => make("div", { class: "turn" }, turn.map(token))),
    ),
    written,
    steps.length > 0 && firstOf(steps[0]),
  );
}

/**
 * Each turn on a line of its own: it begins with the special token before which none stands in its line.
 * @param {readonly ReadToken[]} prompt
 */
function turns(prompt) {
  /** @type {ReadToken[][]} */
  const lines = [[]];
  for (const [i, each] of prompt.entries()) {
    const line = lines[lines.length - 1];
    line.push(each);
    if (each.piece === "\n" && prompt[i - 1]?.special) lines.push([]);
  }
  return lines;
}

const token = (/** @type {ReadToken} */ { piece, special }) =>
  make("span", { class: special ? "token special" : "token" }, special ? piece : face(piece));

/** @param {AnswerStep} step */
const answered = (step) => make("div", { class: "new" }, token(step), make("small", {}, percent(step.probability)));

/** @param {AnswerStep} step */
function firstOf({ piece, best }) {
  const lines = best.map(([other, p]) => candidate(other, p, other === piece && "chosen"));
  return make(
    "div",
    { class: "first" },
    make("h5", {}, "Most probable first tokens"),
    make("div", { class: "list" }, lines),
  );
}
