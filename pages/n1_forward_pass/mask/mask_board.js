// @ts-check
// Any mask on the reader's sentence. The menu's masks came as bits, so the picture changes here at
// once; each change also goes into the address and asks the server for the model's pass under it.

import { remember, whenSent } from "../../../ui/kit/address.js";
import { clamp } from "../../../ui/kit/arithmetic.js";
import { ask, busyDuring } from "../../../ui/kit/asking.js";
import { check, radios } from "../../../ui/kit/controls.js";
import { find, rich } from "../../../ui/kit/elements.js";
import { follow } from "../../../ui/kit/follow.js";
import { layerChoice } from "../../../ui/kit/layer_choice.js";
import { mount } from "../../../ui/kit/mount.js";
import { Palette } from "../../../ui/kit/palette.js";
import { cellAt } from "../../../ui/kit/pictures.js";
import { drawLosses } from "./loss_card.js";
import { paintable } from "./mask_brush.js";
import { firstValues, may, PAINTED, paintedMask, patternMask } from "./mask_choice.js";
import { captionMaps, cellSize, makePlanes, paintMaps, pointAt } from "./mask_maps.js";
import { buildMenu, buildSettings, drawMenu } from "./mask_menu.js";
import { addLayer, maskPass } from "./mask_pass.js";
import { called, finding, pointed } from "./mask_sentences.js";
import { cellOf, isPicture, isStale, kindOf, tokenOf } from "./mask_view.js";
import { drawNextTokens } from "./next_tokens.js";
import { holdWidth } from "./row_labels.js";

/** @typedef {import("../../../ui/kit/mount.js").Page} Page */
/** @typedef {import("./mask_choice.js").Mask} Mask */
/** @typedef {import("./mask_choice.js").MaskPattern} MaskPattern */
/** @typedef {import("./mask_pass.js").MaskPass} MaskPass */
/** @typedef {import("./mask_view.js").MaskView} MaskView */
/** @typedef {"layer" | "head" | "token"} Place */

const SETTLE = 60; // ms for a hand that slides or paints, before the server is asked
/** @type {Place[]} */
const PLACES = ["layer", "head", "token"];

/**
 * The mask that the numbers belong to.
 * @param {MaskPass} pass
 * @returns {Mask}
 */
const answered = ({ header, arrays, n }) => ({
  choice: header.choice,
  n,
  cells: Array.from(arrays.mask.values, Boolean),
  address: header.address,
});

class MaskBoard {
  /**
   * @param {HTMLElement} root
   * @param {Page} page
   * @param {MaskPass} pass
   */
  constructor(root, page, pass) {
    this.root = root;
    this.page = page;
    this.palette = new Palette(root);
    this.planes = makePlanes(root);
    const { layer, head, token } = pass.header;
    const isBright = find(root, ".contrast", HTMLInputElement).checked;
    /** @type {MaskView} */
    this.view = { pass, mask: answered(pass), layer, head, token, cursor: 0, hover: null, cell: 0, isBright };
    this.timer = 0;
    this.awaited = layer;
    this.sent = ""; // the mask that the page has sent the picture to
    this.listen();
    this.unfollow = follow(root, () => this.draw());
    whenSent(root, (place) => this.visit(place));
    this.build();
    this.draw();
  }

  stop() {
    clearTimeout(this.timer);
    this.unfollow();
  }

  /** @param {MaskPass} pass */
  receive(pass) {
    const { view } = this;
    const was = view.pass.header;
    const { header, n } = pass;
    const isOther = header.pass_key !== was.pass_key;
    view.pass = pass;
    for (const place of PLACES) if (isOther || header[place] !== was[place]) view[place] = header[place];
    if (!pass.weights.has(view.layer)) view.layer = header.layer;
    // An answer to an older question leaves alone what the reader has changed since.
    const isSent = header.address === this.sent;
    if (isSent) this.sent = "";
    if ((isOther || isSent) && (view.mask.address !== header.address || view.mask.n !== n)) view.mask = answered(pass);
    if (isOther) {
      view.cursor = Math.min(view.cursor, n * n - 1);
      view.hover = null;
      this.build();
    } else if (isSent) this.settings();
    this.draw();
  }

  // ------------------------------------------------------------------------------- what a hand does

  listen() {
    const { root, planes } = this;
    for (const { canvas } of Object.values(planes)) {
      canvas.addEventListener("pointermove", (event) => this.point(this.at(canvas, event)));
      canvas.addEventListener("pointerleave", () => this.point(null));
    }
    for (const { canvas } of [planes.before, planes.after]) {
      canvas.addEventListener("click", (event) => this.choose("token", this.at(canvas, event).row));
    }
    const { canvas } = planes.who;
    canvas.tabIndex = 0;
    paintable(canvas, {
      at: (event) => this.at(canvas, event),
      may: ({ row, column }) => may(this.view.mask, row, column),
      cursor: () => cellOf(this.view.cursor, this.view.pass.n),
      paint: (cell, open) => this.paint(cell, open),
      move: (rows, columns) => this.move(rows, columns),
    });
    const causal = find(root, ".causal", HTMLInputElement);
    causal.addEventListener("change", () => this.choosePattern({ causal: causal.checked }, 0));
    const contrast = find(root, ".contrast", HTMLInputElement);
    contrast.addEventListener("change", () => {
      this.view.isBright = contrast.checked;
      this.redraw();
    });
  }

  /**
   * @param {HTMLCanvasElement} canvas
   * @param {MouseEvent} event
   */
  at(canvas, event) {
    const { n } = this.view.pass;
    return cellAt(event, canvas, n, n);
  }

  /**
   * Another mask: shown at once, remembered and asked for when the hand rests.
   * @param {Mask} mask
   * @param {number} [wait] in ms
   */
  change(mask, wait = SETTLE) {
    const isOtherKind = mask.choice.kind !== this.view.mask.choice.kind;
    this.view.mask = mask;
    if (isOtherKind) this.settings();
    this.redraw();
    clearTimeout(this.timer);
    this.timer = window.setTimeout(() => {
      remember("mask", mask.address);
      this.page.setTriggerValue("ask", mask.address);
    }, wait);
  }

  /**
   * The kind chosen with other settings.
   * @param {{values?: number[], causal?: boolean}} settings
   * @param {number} [wait] in ms
   */
  choosePattern(settings, wait) {
    const { pass, mask } = this.view;
    const kind = kindOf(this.view);
    if (kind) this.change(patternMask(pass.arrays.gallery, kind, { ...mask.choice, ...settings }, pass.n), wait);
  }

  /** @param {MaskPattern | undefined} kind of the menu; undefined: a copy of the mask to paint on */
  take(kind) {
    const { pass, mask } = this.view;
    if (kind) {
      const first = { values: firstValues(kind), causal: !kind.ahead && kind.name !== "causal" };
      this.change(patternMask(pass.arrays.gallery, kind, first, pass.n), 0);
    } else {
      this.change(paintedMask(mask.cells, pass.n, called(this.view)));
      this.planes.who.canvas.focus();
    }
  }

  /**
   * @param {import("./mask_view.js").Cell} cell
   * @param {boolean} open
   */
  paint({ row, column }, open) {
    const { choice, cells, n } = this.view.mask;
    const at = row * n + column;
    if (choice.kind === PAINTED && !choice.causal && cells[at] === open) return;
    this.change(paintedMask(cells.with(at, open), n));
  }

  /**
   * The cursor, by keys: not beyond the edges.
   * @param {number} rows
   * @param {number} columns
   */
  move(rows, columns) {
    const { view } = this;
    const { n } = view.pass;
    const { row, column } = cellOf(view.cursor, n);
    const isInside = (/** @type {number} */ i) => i >= 0 && i < n;
    if (isInside(row + rows) && isInside(column + columns)) view.cursor += rows * n + columns;
    this.point(cellOf(view.cursor, n));
    find(this.root, ".spoken").textContent = find(this.root, ".pointed").textContent;
  }

  /**
   * @param {Place} place
   * @param {number} to
   */
  choose(place, to) {
    remember(place, to + 1);
    if (place === "layer" && !this.view.pass.weights.has(to)) {
      this.fetchLayer(to);
      return;
    }
    this.view[place] = to;
    if (place === "token") this.nextTokens();
    this.redraw();
  }

  /**
   * Where the page sends its pictures.
   * @param {Record<string, string>} to
   */
  visit(to) {
    if (to.token) this.choose("token", clamp(Number(to.token) - 1, 0, this.view.pass.n - 1));
    if (to.mask) {
      clearTimeout(this.timer);
      this.sent = to.mask;
      this.page.setTriggerValue("ask", to.mask);
    }
  }

  /**
   * A layer that has not come yet; until it is there the one before stays.
   * @param {number} layer
   */
  async fetchLayer(layer) {
    const { root, view } = this;
    const { pass } = view;
    const { header } = pass;
    check(find(root, ".layers"), layer);
    this.awaited = layer;
    const asked = { ...header.sentence, mask: header.address, layer: String(layer + 1) };
    const bytes = await busyDuring(root, ask(header.layers, asked));
    if (view.pass !== pass) return;
    if (bytes) addLayer(pass, bytes);
    if (this.awaited !== layer) return; // the reader has gone on
    if (bytes) view.layer = layer;
    this.redraw();
  }

  // ----------------------------------------------------------------------------------- the picture

  /** Controls of another text or model. */
  build() {
    const { root } = this;
    const { n_layers, n_heads } = this.view.pass.header;
    const counted = (/** @type {number} */ i) => String(i + 1);
    buildMenu(find(root, ".menu"), this.view.pass, (kind) => this.take(kind));
    layerChoice(find(root, ".layers"), "Layer", n_layers, (i) => this.choose("layer", i));
    radios(find(root, ".heads"), "Head", n_heads, counted, (i) => this.choose("head", i));
    this.settings();
  }

  settings() {
    buildSettings(this.root, this.view, (values) => this.choosePattern({ values }));
  }

  /** New numbers, another size or theme. */
  draw() {
    const { root, view, planes } = this;
    this.palette.forget();
    holdWidth(find(root, ".row-labels"), view.pass.words);
    view.cell = cellSize(root, planes, view.pass.n);
    drawMenu(find(root, ".menu"), view, this.palette, true);
    this.nextTokens();
    drawLosses(find(root, ".loss"), view, root.clientWidth - 40, (layer, head) => {
      this.choose("layer", layer);
      this.choose("head", head);
    });
    this.redraw();
  }

  nextTokens() {
    drawNextTokens(find(this.root, ".next"), this.view, this.root.clientWidth > 760 ? 8 : 6);
  }

  /** Another head or token, or another mask, whose numbers are still to come. */
  redraw() {
    const { root, view, planes } = this;
    root.setAttribute("aria-busy", String(isStale(view)));
    drawMenu(find(root, ".menu"), view, this.palette, false);
    check(find(root, ".layers"), view.layer);
    check(find(root, ".heads"), view.head);
    const { kind, causal } = view.mask.choice;
    find(root, ".causal", HTMLInputElement).checked = causal || kind === "causal";
    const illustrative = {
      className: "tag kind illustrative",
      textContent: "illustrative",
      title: "Drawn to explain, not data",
    };
    const live = {
      className: "tag kind",
      textContent: "live",
      title: "Computed just now, by this model from this text",
    };
    Object.assign(find(root, ".kind"), isPicture(view) ? illustrative : live);
    captionMaps(planes, view);
    paintMaps(planes, view, this.palette);
    find(root, ".finding").replaceChildren(...rich(finding(view)));
    this.point(view.hover);
    this.page.drawn();
  }

  /** @param {import("./mask_view.js").Cell | null} cell */
  point(cell) {
    const { root, view } = this;
    view.hover = cell;
    pointAt(find(root, ".row-labels"), this.planes, view, (token) => this.choose("token", token));
    find(root, ".pointed").replaceChildren(...rich(pointed(view, cell?.row ?? tokenOf(view), cell?.column)));
  }
}

export default mount((root, page) => {
  /** @type {MaskBoard | undefined} */
  let board;
  return {
    /** @param {Uint8Array} bytes */
    receive(bytes) {
      const pass = maskPass(bytes);
      if (board) board.receive(pass);
      else board = new MaskBoard(root, page, pass);
    },
    stop: () => board?.stop(),
  };
});
