// @ts-check
// Three maps of what flows: who has heard from whom, and the gradients as trained and under the mask.

import { hear } from "../../../ui/kit/address.js";
import { askEach } from "../../../ui/kit/asking.js";
import { check } from "../../../ui/kit/controls.js";
import { find, make, rich } from "../../../ui/kit/elements.js";
import { follow } from "../../../ui/kit/follow.js";
import { layerChoice } from "../../../ui/kit/layer_choice.js";
import { mount } from "../../../ui/kit/mount.js";
import { Palette } from "../../../ui/kit/palette.js";
import { cellAt, heatmap } from "../../../ui/kit/pictures.js";
import { visible } from "../../../ui/kit/words.js";
import { addRows, gradients, heard, questions, readFlow, subject } from "./flow_heard.js";
import { futureFelt, hearing, pairHearing, workOf } from "./flow_sentences.js";
import { holdWidth, labelled, replaceLabels } from "./row_labels.js";

/** @typedef {import("../../../ui/kit/mount.js").Page} Page */
/** @typedef {import("./flow_heard.js").Flow} Flow */
/** @typedef {"reach" | "trained" | "other"} MapName */
/**
 * `layer`: after which it is heard; `cell`: the edge of one in px.
 * @typedef {{flow: Flow, layer: number, token: number, hover: {row: number, column: number} | null,
 *   cell: number}} FlowView
 */
/** @typedef {Record<"box" | "title" | "sub" | "side" | "ring", HTMLElement> & {canvas: HTMLCanvasElement}} Plane */

const HINT =
  "If the input vector of a column’s token changes slightly, how much does the row’s largest logit change? " +
  "Darker means more. A dot means exactly 0: nothing flows.";
const FAINTEST = 0.08; // share of the colour of the smallest gradient

/**
 * @param {HTMLElement} box
 * @returns {Plane}
 */
function makePlane(box) {
  const canvas = make("canvas", { role: "img" });
  const ring = make("div", { class: "ring" });
  const side = make("div", { class: "row-labels side", "aria-hidden": "true" });
  box.append(make("div", { class: "plane" }, side, canvas, ring));
  return { box, canvas, ring, side, title: find(box, ".title b"), sub: find(box, ".title span") };
}

/**
 * The colour of each cell of a map, or nothing where nothing flows.
 * @param {FlowView} view
 * @param {MapName} name
 * @param {Palette} palette
 */
function shading({ flow, layer }, name, palette) {
  if (name === "reach") {
    return (/** @type {number} */ i, /** @type {number} */ j) =>
      heard(flow, layer, i)[j] === 1 && palette.magnitude(heard(flow, 0, i)[j] ? 0.75 : 0.3);
  }
  const rows = flow.words.map((_, i) => gradients(flow, name, i));
  const tops = rows.map((row) => Math.max(...(row ?? [])));
  const blank = palette.rgb("panel");
  // Square roots, so that small gradients can be seen.
  return (/** @type {number} */ i, /** @type {number} */ j) => {
    const x = rows[i]?.[j];
    if (x === undefined) return blank;
    return x !== 0 && palette.magnitude(FAINTEST + (1 - FAINTEST) * Math.sqrt(x / tops[i]), "positive");
  };
}

class FlowBoard {
  /**
   * @param {HTMLElement} root
   * @param {Page} page
   * @param {Flow} flow
   */
  constructor(root, page, flow) {
    this.root = root;
    this.page = page;
    this.palette = new Palette(root);
    this.planes = {
      reach: makePlane(find(root, ".reach")),
      trained: makePlane(find(root, ".trained")),
      other: makePlane(find(root, ".other")),
    };
    /** @type {FlowView} */
    this.view = { flow, layer: flow.header.n_layers - 1, token: flow.header.token, hover: null, cell: 0 };
    for (const { canvas } of Object.values(this.planes)) {
      canvas.addEventListener("pointermove", (event) => {
        const { n } = this.view.flow;
        this.point(cellAt(event, canvas, n, n));
      });
      canvas.addEventListener("pointerleave", () => this.point(null));
    }
    /** @type {AbortController | null} */
    this.work = null; // the gradients that are being asked for
    find(root, ".work button").addEventListener("click", () => (this.work ? this.rest() : this.compute()));
    this.unfollow = follow(root, () => this.draw());
    hear(root, (name, value) => {
      if (name === "token") this.look(value - 1);
    });
    this.build();
    this.draw();
  }

  stop() {
    this.rest();
    this.unfollow();
  }

  /** Row after row, until all are there or the reader goes on. */
  async compute() {
    const { flow, token } = this.view;
    const work = new AbortController();
    this.work = work;
    const take = (/** @type {Uint8Array} */ bytes) => {
      addRows(flow, bytes);
      this.drawGradients();
    };
    this.drawGradients();
    await askEach(flow.header.gradients, questions(flow, token), take, work.signal);
    if (this.work === work) this.rest();
  }

  rest() {
    this.work?.abort();
    this.work = null;
    if (this.root.isConnected) this.drawGradients();
  }

  /** @param {Flow} flow */
  receive(flow) {
    const { view } = this;
    const isOther = flow.header.n_layers !== view.flow.header.n_layers;
    if (subject(flow) === subject(view.flow)) flow.rows = view.flow.rows;
    else this.rest();
    view.flow = flow;
    view.token = flow.header.token;
    view.hover = null;
    if (isOther) {
      view.layer = flow.header.n_layers - 1;
      this.build();
    }
    this.draw();
  }

  build() {
    const { n_layers } = this.view.flow.header;
    layerChoice(find(this.root, ".layers"), "After layer", n_layers, (i) => {
      this.view.layer = i;
      this.draw();
    });
  }

  /** @param {number} token */
  look(token) {
    this.view.token = Math.min(token, this.view.flow.header.last);
    this.point(this.view.hover);
    this.say();
  }

  draw() {
    const { root, view, palette, planes } = this;
    const { flow, layer } = view;
    const { n } = flow;
    palette.forget();
    find(root, "h4").textContent = `Where can information flow?${flow.header.cut ? ` (first ${n} tokens)` : ""}`;
    check(find(root, ".layers"), layer);
    holdWidth(find(root, ".row-labels"), flow.words);
    view.cell = Math.min(Math.max(planes.reach.box.clientWidth - 8, 60), 300, 52 * n) / n;
    this.paint(
      "reach",
      `Receptive field after ${layer + 1} layer${layer ? "s" : ""}`,
      "dark: directly; pale: through other tokens",
    );
    this.drawGradients();
    this.point(view.hover);
    this.say();
    this.page.drawn();
  }

  /** Both maps, as far as they are there, and the work that is left. */
  drawGradients() {
    const { root, view } = this;
    const { flow } = view;
    this.paint("trained", "Gradient, as trained", futureFelt(flow, "trained"));
    this.paint("other", "Gradient, this mask", futureFelt(flow, "other"));
    const done = flow.rows.other.size;
    find(root, ".work").hidden = done === flow.n;
    find(root, ".work button").textContent = this.work ? "Stop" : "Compute the gradients";
    find(root, ".work .sub").textContent = workOf(flow, this.work !== null);
    const progress = find(root, ".work progress", HTMLProgressElement);
    progress.hidden = !this.work;
    progress.value = done / flow.n;
  }

  /**
   * @param {MapName} name
   * @param {string} title
   * @param {string} sub
   */
  paint(name, title, sub) {
    const plane = this.planes[name];
    const { n } = this.view.flow;
    const side = this.view.cell * n;
    const hidden = this.palette.colour("muted", 0.45);
    plane.title.textContent = title;
    plane.sub.textContent = sub;
    const colour = shading(this.view, name, this.palette);
    heatmap(plane.canvas, { rows: n, columns: n, width: side, height: side, hidden, colour });
    plane.canvas.setAttribute("aria-label", `${title}, ${n} queries by ${n} keys: ${sub}`);
  }

  say() {
    find(this.root, ".finding-line").replaceChildren(...rich(hearing(this.view.flow, this.view.token)));
  }

  /** @param {FlowView["hover"]} cell */
  point(cell) {
    const { root, view, planes } = this;
    view.hover = cell;
    const { flow, cell: size } = view;
    const row = cell?.row ?? view.token;
    for (const { ring } of Object.values(planes)) {
      ring.hidden = !cell;
      const left = `${(cell?.column ?? 0) * size - 2}px`;
      const edge = `${size + 2.5}px`;
      Object.assign(ring.style, { left, top: `${row * size - 2}px`, width: edge, height: edge });
    }
    const label = (/** @type {number} */ i) => {
      const node = make("span", { class: i === row && "here" }, visible(flow.header.pieces[i]));
      node.style.top = `${(i + 0.5) * size}px`;
      return node;
    };
    const boxes = [find(root, ".row-labels"), ...Object.values(planes).map(({ side }) => side)];
    replaceLabels(boxes, () => labelled(flow.n, size, row).map(label));
    find(root, ".hint").replaceChildren(...(cell ? rich(pairHearing(flow, cell.row, cell.column)) : [HINT]));
  }
}

export default mount((root, page) => {
  /** @type {FlowBoard | undefined} */
  let board;
  return {
    /** @param {Uint8Array} bytes */
    receive(bytes) {
      const flow = readFlow(bytes);
      if (board) board.receive(flow);
      else board = new FlowBoard(root, page, flow);
    },
    stop: () => board?.stop(),
  };
});
