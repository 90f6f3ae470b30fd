// @ts-check
// One pair of RoPE and one head of ALiBi, at a distance that training has shown or not.

import { whenSent } from "../../../ui/kit/address.js";
import { linearScale } from "../../../ui/kit/axes.js";
import { slider } from "../../../ui/kit/controls.js";
import { find, make } from "../../../ui/kit/elements.js";
import { follow } from "../../../ui/kit/follow.js";
import { number } from "../../../ui/kit/format.js";
import { mount } from "../../../ui/kit/mount.js";

/** @typedef {{trained: number, read: number, turn: number, slope: number}} FarSetting */
/** @typedef {{distance: number, halved: boolean}} Far */

const HEIGHT = 190; // px
const [LEFT, TOP, BASE] = [50, 12, HEIGHT - 24];

export default mount((root, page) => {
  /** @type {FarSetting | undefined} */
  let setting;
  /** @type {Far} */
  const far = { distance: 300, halved: false };
  const change = (/** @type {Partial<Far>} */ to) => {
    Object.assign(far, to);
    if (setting) draw(root, setting, far);
    page.drawn();
  };
  const halve = make("input", { type: "checkbox", onchange: () => change({ halved: halve.checked }) });
  const distance = slider({
    label: "distance between query and key",
    min: 0,
    max: 511,
    step: 1,
    value: far.distance,
    show: String,
    change: (to) => change({ distance: to }),
  });
  const halved = make("label", { class: "switch" }, halve, make("span", {}, "halve all positions (interpolation)"));
  find(root, ".levers").replaceChildren(distance, halved);
  whenSent(root, (place) => {
    if (place.distance === undefined) return false;
    halve.checked = place.halved === "yes";
    distance.set(Number(place.distance));
    return change({ distance: Number(place.distance), halved: halve.checked });
  });
  return {
    receive(/** @type {FarSetting} */ told) {
      setting = told;
      draw(root, setting, far);
    },
    stop: follow(root, () => change({})),
  };
});

/**
 * @param {HTMLElement} root
 * @param {FarSetting} setting
 * @param {Far} far
 */
function draw(root, setting, { distance, halved }) {
  const { trained, read, turn, slope } = setting;
  const counted = halved ? distance / 2 : distance;
  const most = turn * (trained - 1);
  const angle = turn * counted;
  find(root, ".finding").textContent =
    `At a distance of ${distance}, the query is turned ${angle}° more than the key: ` +
    (angle <= most ? "an angle that training has shown" : `more than the ${most}° that training has shown`);
  find(root, ".rope h4").textContent = `RoPE: a pair that turns by ${turn}° for each position`;
  find(root, ".alibi h4").textContent = `ALiBi: a head that lowers a score by 1/${slope} for each token`;
  const half = halved ? `${distance} ÷ 2 = ${counted};  ` : "";
  find(root, ".rope .sub").textContent = `${half}${counted} × ${turn}° = ${angle}°`;
  find(root, ".alibi .sub").textContent = `${distance} × 1/${slope} = ${distance / slope} lower`;
  const seen = { trained, read, distance };
  const ways = halved ? [turn / 2, turn] : [turn];
  const turned = { ...seen, top: turn * read, ways, most, unit: "°", said: `${angle} degrees` };
  const lowered = { ...seen, top: -read / slope, ways: [-1 / slope], most: null, unit: "" };
  plane(find(root, ".rope .plane"), turned);
  plane(find(root, ".alibi .plane"), { ...lowered, said: `${distance / slope} lower` });
}

/**
 * Lines over the distance, the first of them the one that holds; what training has shown is shaded, up to
 * `most` where there is a most.
 * @param {HTMLElement} box
 * @param {{trained: number, read: number, distance: number, top: number, ways: number[], most: number | null,
 *   unit: string, said: string}} what
 */
function plane(box, { trained, read, distance, top, ways, most, unit, said }) {
  const width = box.clientWidth;
  const x = linearScale([0, read], [LEFT, width - 8]);
  const y = top > 0 ? linearScale([0, top], [BASE, TOP]) : linearScale([top, 0], [BASE, TOP]);
  const at = y(ways[0] * distance);
  const seen = most === null ? BASE - TOP : BASE - y(most);
  const tick = (/** @type {number} */ value) =>
    make("text", { x: LEFT - 8, y: y(value) + 5, "text-anchor": "end" }, `${number(value, value % 1 ? 1 : 0)}${unit}`);
  const place = (/** @type {number} */ value) =>
    make("text", { x: x(value), y: HEIGHT - 4, "text-anchor": value === read ? "end" : "middle" }, value);
  const attributes = { width, height: HEIGHT, viewBox: `0 0 ${width} ${HEIGHT}`, role: "img" };
  box.replaceChildren(
    make(
      "svg",
      { ...attributes, "aria-label": `At a distance of ${distance}: ${said}` },
      make("rect", { class: "seen", x: LEFT, y: BASE - seen, width: x(trained - 1) - LEFT, height: seen }),
      make("text", { x: LEFT + 8, y: most === null ? BASE - 8 : BASE - seen + 18 }, "seen in training"),
      make("line", { class: "base", x1: LEFT, y1: y(0), x2: x(read), y2: y(0) }),
      [0, most ?? top / 2, top].map(tick),
      [0, trained, read].map(place),
      ways.map((way, i) =>
        make("path", { class: i ? "pale" : "", d: `M${x(0)} ${y(0)}L${x(read - 1)} ${y(way * (read - 1))}` }),
      ),
      make("line", { class: "drop", x1: x(distance), y1: y(0), x2: x(distance), y2: at }),
      make("circle", { cx: x(distance), cy: at, r: 5.5 }),
    ),
  );
}
