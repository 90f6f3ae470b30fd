// @ts-check
// What each token costs on the chosen model, and the gradient of the logits at one of them.

import { remember, whenSent } from "../../../ui/kit/address.js";
import { clamp } from "../../../ui/kit/arithmetic.js";
import { find, make, rich } from "../../../ui/kit/elements.js";
import { number } from "../../../ui/kit/format.js";
import { along, onKeys } from "../../../ui/kit/keys.js";
import { mount } from "../../../ui/kit/mount.js";
import { unpack } from "../../../ui/kit/tensors.js";
import { labels } from "../../../ui/kit/words.js";
import { asked, byHand, cells, dearest, exact, finding, logitsAt } from "./pull_words.js";

/** @import { Logit, Pulls } from "./pull_words.js" */
/** @import { Page } from "../../../ui/kit/mount.js" */

/** @typedef {{root: HTMLElement, page: Page, token: number, pulls?: Pulls}} Board */

const TALLEST = 54; // px

export default mount((root, page) => {
  /** @type {Board} */
  const board = { root, page, token: 1 };
  const strip = find(root, ".strip");
  strip.addEventListener("click", (event) => {
    const node = event.target instanceof Element ? event.target.closest("[data-token]") : null;
    if (node) choose(board, Number(node.getAttribute("data-token")));
  });
  onKeys(
    strip,
    along((step) => choose(board, board.token + step)),
  );
  whenSent(root, (to) => to.token && choose(board, Number(to.token) - 1));
  return {
    receive(/** @type {Uint8Array} */ bytes) {
      board.pulls = /** @type {Pulls} */ (unpack(bytes));
      const { token, pieces } = board.pulls.header;
      board.token = clamp(token > 0 ? token : dearest(board.pulls), 1, Math.max(1, pieces.length - 1));
      draw(board);
    },
  };
});

/**
 * @param {Board} board
 * @param {number} token
 */
function choose(board, token) {
  if (!board.pulls || !Number.isFinite(token)) return;
  board.token = clamp(token, 1, Math.max(1, board.pulls.header.pieces.length - 1));
  draw(board);
  remember("token", board.token + 1);
  find(board.root, ".spoken").textContent = find(board.root, ".finding").textContent;
  board.page.drawn();
}

/** @param {Board} board */
function draw({ root, pulls, token }) {
  if (!pulls) return;
  const { header } = pulls;
  find(root, ".finding").replaceChildren(...rich(finding(pulls, token)));
  drawStrip(find(root, ".strip"), pulls, token);
  const long = header.n > header.pieces.length;
  find(root, ".note").textContent = long ? `The first ${header.pieces.length} of ${header.n} tokens are shown.` : "";
  find(root, ".pull").hidden = header.pieces.length < 2;
  if (header.pieces.length < 2) return;
  const logits = logitsAt(pulls, token);
  find(root, ".asked").textContent = asked(pulls, token);
  find(root, ".logits").replaceChildren(...table(logits));
  byHand(logits).forEach((text, i) => {
    find(root, [".right-hand", ".wrong-hand", ".sum-hand"][i]).textContent = text;
  });
  find(root, ".exact").textContent = exact(pulls);
}

/**
 * @param {HTMLElement} box
 * @param {Pulls} pulls
 * @param {number} token
 */
function drawStrip(box, { header, arrays }, token) {
  const nats = arrays.nats.values;
  const top = Math.max(1, ...nats);
  box.replaceChildren(
    ...labels(header.pieces).map((word, i) =>
      make(
        "div",
        {
          ...{ id: `pull-token-${i}`, class: i === token ? "token here" : "token", role: "option" },
          ...{ "aria-selected": String(i === token), "data-token": i },
        },
        make("span", { class: "two" }, i > 0 && make("i", { style: `height:${(TALLEST * nats[i - 1]) / top}px` })),
        make("span", { class: "piece" }, word),
        make("span", { class: "nats" }, i ? number(nats[i - 1], 2, 0.005) : "first"),
      ),
    ),
  );
  box.setAttribute("aria-activedescendant", `pull-token-${token}`);
}

/** @param {Logit[]} logits */
function table(logits) {
  const heads = ["next token", "probability p", "gradient", "by autograd", "the step moves the logit"];
  return [
    make("tr", {}, ...heads.map((head) => make("th", { scope: "col" }, head))),
    ...logits.map((logit) =>
      make(
        "tr",
        { class: logit.came ? "came" : "" },
        make("th", { scope: "row" }, logit.word),
        ...cells(logit).map((cell) => make("td", {}, cell)),
        make("td", { class: "way" }, way(logit.gradient)),
      ),
    ),
  ];
}

/**
 * Against the gradient: up to the right, down to the left.
 * @param {number} gradient
 */
function way(gradient) {
  const width = Math.abs(gradient) * 48;
  return make(
    "svg",
    { viewBox: "0 0 100 16", preserveAspectRatio: "none", role: "img", "aria-label": gradient < 0 ? "up" : "down" },
    make("rect", {
      class: gradient < 0 ? "up" : "down",
      x: gradient < 0 ? 50 : 50 - width,
      y: 2,
      width,
      height: 12,
      rx: 1,
    }),
    make("line", { class: "zero", x1: 50, x2: 50, y1: 0, y2: 16, "vector-effect": "non-scaling-stroke" }),
  );
}
