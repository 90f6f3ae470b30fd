// @ts-check
// The settings of the next training: chosen from what can be trained, or typed.

import { rememberSoon } from "../../../ui/kit/address.js";
import { check, radios } from "../../../ui/kit/controls.js";
import { find } from "../../../ui/kit/elements.js";
import { count } from "../../../ui/kit/format.js";
import { typedNumber } from "./run_lines.js";
import { rate } from "./run_words.js";

/** @import { OrderData, TaskData } from "./run_lines.js" */
/**
 * @typedef {{numbers: string, tasks: TaskData[], layers: number[], heads: number[], widths: number[],
 *   most_steps: number, shortest: number, longest: number, text: string, off: boolean, refused: string}} TrainData
 */
/** @typedef {{order: OrderData & {text: string}, wrong: string}} Wanted */

const BYTES_A_CHARACTER = 4;

/** @type {["n_layers" | "n_heads" | "d_model", "layers" | "heads" | "widths", string, string][]} */
const CHOICES = [
  ["n_layers", "layers", ".depths", "Layers"],
  ["n_heads", "heads", ".breadths", "Heads"],
  ["d_model", "widths", ".widths", "d_model"],
];

export class OrderForm {
  /**
   * @param {HTMLElement} root
   * @param {TrainData} data
   * @param {() => void} changed another task, or a file that was read
   */
  constructor(root, data, changed) {
    this.root = root;
    this.data = data;
    this.order = { ...data.tasks[0].first };
    this.file = ""; // why a file was not read
    this.text = find(root, ".text", HTMLTextAreaElement);
    this.rate = find(root, ".rate", HTMLInputElement);
    this.steps = find(root, ".steps", HTMLInputElement);
    this.text.value = data.text;
    const { tasks } = data;
    radios(
      find(root, ".tasks"),
      "Task",
      tasks.length,
      (i) => tasks[i].name,
      (i) => {
        this.choose(i);
        rememberSoon("learning", "");
        changed();
      },
    );
    for (const [setting, sizes, place, name] of CHOICES)
      radios(
        find(root, place),
        name,
        data[sizes].length,
        (i) => String(data[sizes][i]),
        (i) => {
          this.order[setting] = data[sizes][i];
        },
      );
    this.text.addEventListener("input", () => this.#measure());
    this.rate.addEventListener("input", () => rememberSoon("learning", this.rate.value));
    find(root, ".file input", HTMLInputElement).addEventListener("change", async (event) => {
      await this.#read(/** @type {HTMLInputElement} */ (event.target));
      changed();
    });
    this.choose(0);
  }

  /** @param {number} i of a task: its settings are those with which it succeeds */
  choose(i) {
    const task = this.data.tasks[i];
    this.order = { ...task.first };
    check(find(this.root, ".tasks"), i);
    find(this.root, ".says").textContent = task.says;
    find(this.root, ".own").hidden = task.key !== "text";
    for (const [setting, sizes, place] of CHOICES)
      check(find(this.root, place), this.data[sizes].indexOf(this.order[setting]));
    this.setRate(String(this.order.learning_rate));
    this.steps.value = String(this.order.steps);
    this.#measure();
  }

  /** @param {string} learningRate as one would type it */
  setRate(learningRate) {
    this.rate.value = learningRate;
    this.rate.ariaInvalid = "false";
  }

  #measure() {
    const n = this.text.value.length;
    this.file = "";
    find(this.root, ".length").textContent = `${count(n)} of at most ${count(this.data.longest)} characters`;
  }

  /**
   * A file's text, if it is one and not too large; what is no text is told by the server.
   * @param {HTMLInputElement} input
   */
  async #read(input) {
    const [file] = input.files ?? [];
    if (!file) return;
    const most = this.data.longest * BYTES_A_CHARACTER;
    if (file.size > most) {
      this.file = `The file has ${count(file.size / 1000)} kB. At most ${count(most / 1000)} kB are read here.`;
    } else {
      this.text.value = await file.text();
      this.#measure();
    }
    input.value = "";
  }

  /** @returns {Wanted} what is to be trained, and what is wrong with it */
  wanted() {
    const learning_rate = typedNumber(this.rate.value);
    const steps = typedNumber(this.steps.value);
    const own = this.order.task === "text";
    this.rate.ariaInvalid = String(learning_rate === undefined);
    this.steps.ariaInvalid = String(steps === undefined);
    const text = own ? this.text.value : "";
    const order = { ...this.order, learning_rate: learning_rate ?? 0, steps: steps ?? 0, text };
    return { order, wrong: this.#wrong(order, text) };
  }

  /**
   * @param {OrderData} order
   * @param {string} text
   */
  #wrong({ learning_rate, steps }, text) {
    if (!learning_rate) return `The learning rate must be a number above 0, such as ${rate(0.001)}.`;
    if (!steps || steps > this.data.most_steps || steps % 1)
      return `The number of steps must be a whole number up to ${count(this.data.most_steps)}.`;
    if (text.length > this.data.longest)
      return `The text has ${count(text.length)} characters. At most ${count(this.data.longest)} are read here.`;
    return this.file;
  }
}
