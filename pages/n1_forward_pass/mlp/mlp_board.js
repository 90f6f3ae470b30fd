// @ts-check
// One feed-forward network, token by token and neuron by neuron. Fed once per text and model (a long
// text: once per layer); layer, token, neuron and pointer are answered here, the address follows.

import { remember, whenSent } from "../../../ui/kit/address.js";
import { clamp } from "../../../ui/kit/arithmetic.js";
import { check, radios } from "../../../ui/kit/controls.js";
import { find, make, rich } from "../../../ui/kit/elements.js";
import { follow } from "../../../ui/kit/follow.js";
import { onKeys } from "../../../ui/kit/keys.js";
import { layerChoice } from "../../../ui/kit/layer_choice.js";
import { mount } from "../../../ui/kit/mount.js";
import { Palette } from "../../../ui/kit/palette.js";
import { cellAt } from "../../../ui/kit/pictures.js";
import { visible } from "../../../ui/kit/words.js";
import { hasVectors, mlpPass, portraitRow, strongest } from "./mlp_pass.js";
import { markNeurons, pathNodes } from "./mlp_path.js";
import { neuronOrder } from "./mlp_view.js";
import { drawPortrait } from "./neuron_portrait.js";
import { activation, alone, finding, readingAndWriting } from "./neuron_sentences.js";
import { markCell, paintSheet, sheetLayout } from "./neuron_sheet.js";

/** @typedef {import("../../../ui/kit/mount.js").Page} Page */
/** @typedef {import("./mlp_pass.js").MlpPass} MlpPass */
/** @typedef {import("./mlp_view.js").MlpView} MlpView */

class MlpBoard {
  /**
   * @param {HTMLElement} root
   * @param {Page} page
   * @param {MlpPass} pass
   */
  constructor(root, page, pass) {
    this.root = root;
    this.page = page;
    this.palette = new Palette(root);
    const { layer, token } = pass.header;
    /** @type {MlpView} */
    this.view = {
      pass,
      layer,
      token,
      neuron: 0,
      isSorted: find(root, ".sort", HTMLInputElement).checked,
      ofSentence: false,
      isBright: find(root, ".contrast", HTMLInputElement).checked,
      hover: null,
      sequence: [],
      columns: [],
      cell: { w: 0, h: 0 },
    };
    this.listen();
    this.unfollow = follow(root, () => this.draw());
    whenSent(root, (place) => this.visit(place));
    this.build();
    this.begin();
  }

  stop() {
    this.unfollow();
  }

  /** @param {MlpPass} pass */
  receive(pass) {
    const { view } = this;
    const was = view.pass.header;
    const { header } = pass;
    const isOther = header.pass_key !== was.pass_key;
    const places = /** @type {const} */ (["layer", "token", "neuron"]);
    const moved = places.filter((place) => isOther || header[place] !== was[place]);
    const sent = (/** @type {MlpPass} */ { header: h, arrays }) => String([h.layers, h.tokens, !arrays.context_at]);
    this.root.ariaBusy = "false";
    if (!moved.length && sent(pass) === sent(view.pass)) return;
    view.pass = pass;
    if (moved.includes("layer") || !header.layers.includes(view.layer)) view.layer = header.layer;
    if (moved.includes("token") || !header.tokens.includes(view.token)) view.token = header.token;
    if (isOther) this.build();
    this.begin();
  }

  /** A part that was not shown before: the neuron of the address, or the strongest. */
  begin() {
    const { pass, layer, token } = this.view;
    const { neuron } = pass.header;
    const isThere = neuron !== null && portraitRow(pass, layer, neuron) !== undefined;
    this.view.neuron = isThere ? neuron : strongest(pass, layer, token)[0];
    this.draw();
  }

  /** Controls of another text or model. */
  build() {
    const { root, view } = this;
    const { pass } = view;
    const { n_layers } = pass.header;
    layerChoice(find(root, ".layers"), "Layer", n_layers, (i) => this.move("layer", i));
    radios(
      find(root, ".tokens"),
      "Token",
      pass.n,
      (i) => pass.labels[i],
      (i) => this.move("token", i),
    );
    radios(
      find(root, ".order"),
      "Strongest for",
      2,
      (i) => ["this token", "the sentence"][i],
      (i) => {
        view.ofSentence = i === 1;
        this.draw();
      },
    );
  }

  // ------------------------------------------------------------------------------- what a hand does

  listen() {
    const { root, view } = this;
    const sort = find(root, ".sort", HTMLInputElement);
    sort.addEventListener("change", () => {
      view.isSorted = sort.checked;
      this.paint();
    });
    const contrast = find(root, ".contrast", HTMLInputElement);
    contrast.addEventListener("change", () => {
      view.isBright = contrast.checked;
      this.paint();
    });
    const canvas = find(root, ".plane canvas", HTMLCanvasElement);
    const at = (/** @type {MouseEvent} */ event) => {
      const { row, column } = cellAt(event, canvas, view.pass.n, view.columns.length);
      return { token: row, neuron: view.columns[column] };
    };
    canvas.addEventListener("pointermove", (event) => this.point(at(event)));
    canvas.addEventListener("pointerleave", () => this.point(null));
    canvas.addEventListener("click", (event) => {
      const { token, neuron } = at(event);
      this.move("token", token, neuron);
    });
    const speaking = (/** @type {() => void} */ act) => () => {
      act();
      find(root, ".spoken").textContent = `${find(root, ".finding").textContent} ${find(root, ".pointed").textContent}`;
    };
    onKeys(find(root, ".path"), {
      ArrowUp: speaking(() => this.move("token", view.token - 1)),
      ArrowDown: speaking(() => this.move("token", view.token + 1)),
      ArrowLeft: speaking(() => this.choose(this.beside(-1))),
      ArrowRight: speaking(() => this.choose(this.beside(1))),
      "-": speaking(() => this.move("layer", view.layer - 1)),
      "+": speaking(() => this.move("layer", view.layer + 1)),
    });
  }

  /** @param {1 | -1} step */
  beside(step) {
    const { columns, neuron } = this.view;
    return columns[clamp(columns.indexOf(neuron) + step, 0, columns.length - 1)];
  }

  /**
   * Another layer or token, round the ends; the neuron becomes the strongest there unless one is given.
   * @param {"layer" | "token"} place
   * @param {number} to
   * @param {number} [neuron]
   */
  move(place, to, neuron) {
    const { view } = this;
    const { header, n } = view.pass;
    const size = place === "layer" ? header.n_layers : n;
    const next = (to + size) % size;
    remember(place, next + 1);
    remember("neuron", neuron === undefined ? "" : neuron + 1);
    const wanted = { layer: view.layer, token: view.token, [place]: next };
    if (!hasVectors(view.pass, wanted.layer, wanted.token)) {
      check(find(this.root, place === "layer" ? ".layers" : ".tokens"), next);
      this.ask(wanted.layer + 1);
      return;
    }
    view[place] = next;
    view.neuron = neuron ?? strongest(view.pass, view.layer, view.token)[0];
    view.hover = null;
    this.draw();
  }

  /**
   * Where the page sends its pictures.
   * @param {Record<string, string>} to
   */
  visit(to) {
    const { layer, token } = this.view;
    if (to.token && Number(to.token) !== token + 1) this.move("token", Number(to.token) - 1);
    if (to.layer && Number(to.layer) !== layer + 1) this.move("layer", Number(to.layer) - 1);
  }

  /** @param {number} neuron */
  choose(neuron) {
    const { view } = this;
    remember("neuron", neuron + 1);
    if (portraitRow(view.pass, view.layer, neuron) === undefined) {
      this.ask(view.layer + 1);
      return;
    }
    view.neuron = neuron;
    this.draw();
  }

  /**
   * For a layer, counted from 1, whose token or neuron was not sent, or for the probe sentences.
   * @param {number | "probe"} what
   */
  ask(what) {
    this.root.ariaBusy = "true";
    this.page.setTriggerValue("ask", what);
  }

  // -------------------------------------------------------------------------------- the pictures

  draw() {
    const { root, view } = this;
    this.palette.forget();
    check(find(root, ".layers"), view.layer);
    check(find(root, ".order"), Number(view.ofSentence));
    const tokens = find(root, ".tokens");
    check(tokens, view.token);
    const chosen = /** @type {HTMLElement} */ (tokens.children[view.token]);
    tokens.scrollTop = chosen.offsetTop - tokens.offsetTop - 2;
    find(root, ".finding").replaceChildren(...rich(finding(view)));
    find(root, ".alone").replaceChildren(...rich(alone(view)));
    const portrait = {
      choose: (/** @type {number} */ neuron) => this.choose(neuron),
      look: (/** @type {number} */ token) => this.move("token", token, view.neuron),
      probe: () => this.ask("probe"),
    };
    drawPortrait(find(root, ".portrait"), view, portrait);
    this.paint();
  }

  /** The strips and the sheet. */
  paint() {
    const { root, view } = this;
    const path = find(root, ".path");
    view.sequence = neuronOrder(view);
    path.replaceChildren(
      ...pathNodes(view, {
        point: (neuron) => this.point(neuron === null ? null : { token: view.token, neuron }),
        choose: (neuron) => this.choose(neuron),
        tell: (words) => find(root, ".pointed").replaceChildren(words),
      }),
    );
    const said = find(root, ".finding").textContent;
    path.setAttribute("aria-label", `${said}. Arrow keys change token and neuron.`);
    const ghosts = view.pass.header.pieces.map((piece) => make("span", { class: "ghost" }, visible(piece)));
    find(root, ".row-labels").replaceChildren(...ghosts);
    Object.assign(view, sheetLayout(view, find(root, ".plane").clientWidth - 2));
    paintSheet(find(root, ".crowd"), view, this.palette);
    this.point(null);
    this.page.drawn();
  }

  /**
   * What follows the pointer: marks in strips and sheet, labels, arithmetic.
   * @param {import("./mlp_view.js").Cell | null} cell
   */
  point(cell) {
    const { root, view } = this;
    view.hover = cell;
    const { token, neuron } = cell ?? view;
    markNeurons(find(root, ".path"), view);
    markCell(find(root, ".crowd"), view);
    find(root, ".pointed").replaceChildren(...rich(activation(view, token, neuron)));
    const detail = make("span", {}, readingAndWriting(view, token, neuron));
    find(root, ".sum").replaceChildren(...rich(activation(view, token, neuron)), detail);
  }
}

export default mount((root, page) => {
  /** @type {MlpBoard | undefined} */
  let board;
  return {
    /** @param {Uint8Array} bytes */
    receive(bytes) {
      const pass = mlpPass(bytes);
      if (board) board.receive(pass);
      else board = new MlpBoard(root, page, pass);
    },
    stop: () => board?.stop(),
  };
});
