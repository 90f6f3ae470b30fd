// @ts-check
// A neuron, or a whole MLP, ablated: the model's next-token distribution before and after. Which
// layer, token and neuron are chosen comes from the picture above (`hear`); once they rest, the server
// is asked for them, and until it answers what stands here is faded.

import { hear, recall } from "../../../ui/kit/address.js";
import { find, make, rich } from "../../../ui/kit/elements.js";
import { percent, signed } from "../../../ui/kit/format.js";
import { mount } from "../../../ui/kit/mount.js";
import { labels, quote, visible } from "../../../ui/kit/words.js";

/** @typedef {import("../../../ui/kit/elements.js").Child} Child */
/** @typedef {{layer: number, token: number, neuron: number | null}} KnockoutPlace */
/** @typedef {{layer: number, token: number, neuron: number}} KnockoutSizes */
/** @typedef {{piece: string, before: number, after: number}} KnockoutRow */
/**
 * @typedef {{pass_key: string, pieces: string[], sizes: KnockoutSizes, looked_at: KnockoutPlace,
 *   asked: KnockoutPlace, rows: KnockoutRow[]}} Knockout
 */
/**
 * @typedef {{what: "neuron" | "mlp", layer: number, token: number, neuron: number | null,
 *   pass_key: string}} KnockoutQuestion
 */

const REST = 250; // ms
const PLACES = ["layer", "token", "neuron"];

/**
 * How far a probability moves, in percentage points.
 * @param {KnockoutRow} row
 */
const points = ({ before, after }) => 100 * (after - before);

const written = (/** @type {number} */ x) => signed(x, 1);
const STILL = written(0);

/** @param {KnockoutPlace} asked */
const silenced = ({ layer, neuron }) => (neuron ? `neuron ${layer}.${neuron}` : `the MLP of layer ${layer}`);

/**
 * @param {Knockout} data
 * @returns {import("../../../ui/kit/elements.js").Segment[]}
 */
function finding({ asked, pieces, rows }) {
  const [first] = rows;
  const word = quote(labels(pieces)[asked.token - 1]);
  const most = rows.reduce((top, row) => (Math.abs(points(row)) > Math.abs(points(top)) ? row : top));
  const others = `; ${quote(visible(most.piece))} moves most, ${written(points(most))} points`;
  return [
    "Without ",
    ["feed-forward", silenced(asked)],
    `, the probability of ${quote(visible(first.piece))} after ${word} ${moves(first)} `,
    ["prediction", percent(first.after)],
    most === first || written(points(most)) === STILL ? "" : others,
  ];
}

/** @param {KnockoutRow} row */
function moves(row) {
  const by = written(points(row));
  if (by === STILL) return "stays at";
  const verb = points(row) < 0 ? "falls" : "rises";
  const from = percent(row.before);
  return from === percent(row.after) ? `${verb} by ${by.slice(1)} points to` : `${verb} from ${from} to`;
}

/** @param {Knockout} data */
function intro({ asked, pieces, sizes }) {
  const word = quote(labels(pieces)[asked.token - 1]);
  const what = asked.neuron
    ? "Its activation is set to 0 at every token"
    : "It adds nothing to the stream at any token";
  const next =
    asked.layer < sizes.layer ? "all later layers run again" : "the final norm and the unembedding run again";
  return (
    `An ablation: a part of the model is switched off. ${what} up to ${word}, and ${next}. ` +
    "Below are the most likely next tokens of both runs."
  );
}

const cell = (/** @type {string} */ look, /** @type {Child[]} */ ...content) =>
  make("div", { class: look, role: "cell" }, content);
const line = (/** @type {string} */ look, /** @type {Child[]} */ ...cells) =>
  make("div", { class: `row ${look}`, role: "row" }, cells);

/** @param {KnockoutRow[]} rows */
function table(rows) {
  const peak = Math.max(...rows.flatMap((row) => [row.before, row.after]));
  const bar = (/** @type {string} */ look, /** @type {number} */ p) =>
    cell(`bar ${look}`, make("i", { style: `width:${(100 * p) / peak}%` }));
  const heads = [
    cell("word", "next token"),
    cell("", "as trained"),
    cell(""),
    cell("to"),
    cell("", "switched off"),
    cell(""),
  ];
  return [
    line("head", heads, cell("change", "≈ points")),
    ...rows.map((row) =>
      line(
        "",
        cell("word", quote(visible(row.piece))),
        bar("before", row.before),
        cell("", percent(row.before)),
        cell("to", "→"),
        bar("after", row.after),
        cell("", percent(row.after)),
        cell(`change ${row.after < row.before ? "down" : "up"}`, written(points(row))),
      ),
    ),
  ];
}

/**
 * Where the reader looks: what the address says, as far as it makes sense; without a choice, the
 * strongest neuron if it is known.
 * @param {Knockout} data
 * @returns {KnockoutPlace}
 */
function chosenPlace({ asked, looked_at, sizes }) {
  const chosen = (/** @type {"layer" | "token" | "neuron"} */ name) => {
    const x = Number(recall(name));
    return x >= 1 && x <= sizes[name] ? x : undefined;
  };
  const layer = chosen("layer") ?? looked_at.layer;
  const token = chosen("token") ?? looked_at.token;
  const isHere = asked.layer === layer && asked.token === token;
  return { layer, token, neuron: chosen("neuron") ?? (isHere ? looked_at.neuron : null) };
}

class KnockoutBoard {
  /**
   * @param {HTMLElement} root
   * @param {import("../../../ui/kit/mount.js").Page} page
   * @param {Knockout} data
   */
  constructor(root, page, data) {
    this.root = root;
    this.page = page;
    this.data = data;
    this.timer = 0;
    hear(root, (name) => {
      if (PLACES.includes(name)) this.follow();
    });
    this.receive(data);
  }

  stop() {
    clearTimeout(this.timer);
  }

  /** The reader looks elsewhere. */
  follow() {
    const { place, isStale } = this.targets();
    const { asked } = this.data;
    clearTimeout(this.timer);
    if (isStale) this.timer = window.setTimeout(() => this.ask(asked.neuron ? "neuron" : "mlp", place), REST);
  }

  /**
   * @param {KnockoutQuestion["what"]} what
   * @param {KnockoutPlace} place
   */
  ask(what, place) {
    /** @type {KnockoutQuestion} */
    const question = { what, ...place, pass_key: this.data.pass_key };
    this.page.setStateValue("asked", question);
  }

  /** @param {Knockout} data */
  receive(data) {
    const { root } = this;
    this.data = data;
    find(root, ".finding").replaceChildren(...rich(finding(data)));
    find(root, ".intro").textContent = intro(data);
    const odds = find(root, ".odds");
    odds.replaceChildren(...table(data.rows));
    const told = data.rows.map(
      ({ piece, before, after }) => `${visible(piece)}: ${percent(before)}, then ${percent(after)}`,
    );
    const said = find(root, ".finding").textContent;
    odds.setAttribute("aria-label", `${said}. ${told.join("; ")}`);
    find(root, ".spoken").textContent = said;
    this.targets();
  }

  /** What can be switched off here; whether what stands below is of another place. */
  targets() {
    const { root, data } = this;
    const { asked } = data;
    const place = chosenPlace(data);
    const { layer, neuron } = place;
    const isHere = asked.layer === layer && asked.token === place.token;
    const isStale = !isHere || (asked.neuron !== null && asked.neuron !== neuron);
    root.setAttribute("aria-busy", String(isStale));
    const strongest = neuron ? `neuron ${layer}.${neuron}` : `the strongest neuron of layer ${layer}`;
    find(root, ".targets").replaceChildren(
      this.target("neuron", strongest, place, !isStale && asked.neuron !== null),
      this.target("mlp", `the whole MLP of layer ${layer}`, place, isHere && asked.neuron === null),
    );
    return { place, isStale };
  }

  /**
   * @param {KnockoutQuestion["what"]} what
   * @param {string} name
   * @param {KnockoutPlace} place
   * @param {boolean} isOut
   */
  target(what, name, place, isOut) {
    const attributes = { type: "button", "aria-pressed": String(isOut), onclick: () => this.ask(what, place) };
    return make("button", attributes, name);
  }
}

export default mount((root, page) => {
  /** @type {KnockoutBoard | undefined} */
  let board;
  return {
    /** @param {Knockout} data */
    receive(data) {
      if (board) board.receive(data);
      else board = new KnockoutBoard(root, page, data);
    },
    stop: () => board?.stop(),
  };
});
