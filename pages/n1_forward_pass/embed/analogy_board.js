// a − b + c among the vocabulary's unit vectors, and how often it works: all of it in the browser.

import { clamp } from "../../../ui/kit/arithmetic.js";
import { make } from "../../../ui/kit/elements.js";
import { number } from "../../../ui/kit/format.js";
import { quote } from "../../../ui/kit/words.js";
import { spaced, vocabulary } from "./vocabulary.js";

const LISTED = 7;

class AnalogyBoard {
  constructor(root) {
    this.root = root;
    this.find = (selector) => root.querySelector(selector);
    this.fields = ["a", "b", "c"].map((name) => this.find(`.field.${name}`));
    for (const field of this.fields) field.addEventListener("input", () => this.answer());
  }

  async receive(data) {
    if (data.table === this.address) return;
    this.address = data.table;
    let table;
    try { table = await vocabulary(data.table); } catch { return; }
    if (this.address !== data.table) return;
    Object.assign(this, { table, examples: data.examples, skipped: data.skipped });
    this.judge();
    if (this.examples.length) this.take(this.examples[0]);
    else this.answer();
  }

  sum([a, b, c]) {
    const { table } = this, [x, y, z] = [a, b, c].map((i) => table.unit(i));
    return x.map((value, i) => value - y[i] + z[i]);
  }

  /* Each example three ways: inputs barred, inputs allowed, and no arithmetic at all. */
  judge() {
    const { table, examples } = this;
    this.verdicts = examples.map((ids) => {
      const inputs = ids.slice(0, 3), cosines = table.cosines(this.sum(ids));
      const between = table.unit(ids[0]).map((x, i) => x + table.unit(ids[2])[i]);
      return { barred: table.best(cosines, 1, inputs)[0] === ids[3], free: table.best(cosines, 1)[0] === ids[3],
        none: table.best(table.cosines(between), 1, inputs)[0] === ids[3] };
    });
    const hits = (way) => this.verdicts.filter((verdict) => verdict[way]).length, n = examples.length;
    this.find(".tally").textContent = n ? `${n} examples, chosen by hand: ${hits("barred")} come out` : "";
    this.find(".examples").replaceChildren(...examples.map((ids, i) => make("button", { type: "button", class: this.verdicts[i].barred ? "right" : "wrong", "aria-pressed": "false", onclick: () => this.take(ids) },
      `${[0, 1, 2].map((k) => table.shown[ids[k]]).join(" ").replace(" ", " − ").replace(/ (?=\S+$)/, " + ")} → ${table.shown[ids[3]]}`, make("b", { "aria-label": this.verdicts[i].barred ? "comes out" : "does not" }, this.verdicts[i].barred ? "✓" : "✗"))));
    this.find(".verdict").textContent = n ? `The usual rule bars the three inputs from answering. Without it ${hits("free")} of ${n} come out: the sum stays nearest to one of its own words. Leaving out the subtraction, so a + c with the inputs barred, gives ${hits("none")}: in those the answer was a neighbour anyway.${this.left()}` : "";
  }

  /* Examples that cannot be scored with this vocabulary. */
  left() {
    if (!this.skipped.length) return "";
    const [a, b, c, d] = this.skipped[0], split = this.skipped[0].find((word) => !this.table.pieces.includes(` ${word}`));
    return ` ${this.skipped.length} more cannot be scored, such as ${a} − ${b} + ${c} = ${d}: “␣${split}” is not one token here.`;
  }

  take(ids) {
    this.fields.forEach((field, i) => { field.value = this.table.shown[ids[i]]; });
    this.answer();
  }

  answer() {
    const { table, fields } = this;
    if (!table) return;
    const ids = fields.map((field) => table.find(field.value, 1)[0]), told = this.find(".told"), missing = fields.filter((_, i) => ids[i] === undefined);
    fields.forEach((field, i) => field.classList.toggle("unknown", ids[i] === undefined));
    const key = ids.join();
    this.find(".examples").querySelectorAll("button").forEach((button, i) => button.setAttribute("aria-pressed", this.examples[i].slice(0, 3).join() === key));
    if (missing.length) {
      told.textContent = missing[0].value.trim() ? `No single token holds ${quote(missing[0].value.trim())}: this vocabulary writes it with several.` : "Write a word in each field.";
      this.find(".result").textContent = "";
      return this.find(".answers").replaceChildren();
    }
    const vector = this.sum(ids), cosines = table.cosines(vector), listed = table.best(cosines, LISTED), answer = table.best(cosines, 1, ids)[0];
    this.find(".result").textContent = answer === undefined ? "" : table.shown[answer];
    told.textContent = `Tokens used: ${ids.map((i) => `${quote(spaced(table.pieces[i]))} ${i}`).join(", ")}.`;
    const hoped = this.examples.find((example) => example.slice(0, 3).join() === key)?.[3];
    const tied = new Set(listed.map((id) => number(cosines[id]))).size < listed.length;
    const what = (id) => ids.includes(id) ? " · an input" : (id === answer ? " · first that is no input" : "") + (id === hoped ? " · hoped for" : "");
    this.find(".answers").replaceChildren(...listed.map((id) => make("div", { class: ids.includes(id) ? "own" : "" },
      make("span", {}, spaced(table.pieces[id])), make("i", { style: `width:${100 * clamp(cosines[id], 0, 1)}%` }), make("output", {}, number(cosines[id], tied ? 3 : 2), what(id)))));
  }
}

export default function ({ data, parentElement }) {
  const root = parentElement.querySelector(".board");
  root.board ??= new AnalogyBoard(root);
  if (data) root.board.receive(data);
}
