// @ts-check
// The map on its canvas: every token a dot, lines to the nearest, words where there is room.

import { clamp } from "../../../ui/kit/arithmetic.js";
import { pixelOf } from "./map_view.js";

/** @import { Palette } from "../../../ui/kit/palette.js" */
/** @import { Frame, Pixel, Place, View } from "./map_view.js" */

/** @typedef {[left: number, top: number, right: number, bottom: number]} Box */
/** @typedef {{place: Place, word: string, role: string, weight: number, radius: number}} Named a dot with a word */
/**
 * `strong`: which dots are marked; `home` is joined to `near`; `named`: the most important first;
 * `ringed`: found by the search; `over`: under the pointer.
 * @typedef {{places: readonly Place[], strong: readonly boolean[], home: Place, near: readonly Place[],
 *   named: readonly Named[], ringed: readonly Place[], over: Place | null}} Scene
 */
const LETTERS = 14; // pixels

/** @typedef {{width: number, height: number}} Size in pixels */
/** @typedef {{pen: CanvasRenderingContext2D, at: (place: Place) => Pixel, palette: Palette, frame: Size}} Sheet */

/**
 * @param {HTMLCanvasElement} canvas
 * @param {Frame} frame
 * @param {View} view
 * @param {Palette} palette
 * @param {Scene} scene
 */
export function drawMap(canvas, frame, view, palette, scene) {
  const pen = blank(canvas, frame);
  /** @type {Sheet} */
  const sheet = { pen, at: (place) => pixelOf(frame, view, place), palette, frame };
  const radius = clamp(1.5 + 0.35 * view.zoom, 1.8, 4);
  for (const strong of [false, true]) {
    const colour = palette.colour("residual", strong ? 0.85 : 0.22);
    for (const [i, place] of scene.places.entries()) if (scene.strong[i] === strong) dot(sheet, place, radius, colour);
  }
  for (const place of scene.near) join(sheet, scene.home, place);
  for (const { place, role, radius: r } of [...scene.named].reverse()) dot(sheet, place, r, palette.colour(role));
  for (const place of scene.ringed) ring(sheet, place, 7);
  name(sheet, scene.named);
  if (scene.over) ring(sheet, scene.over, 6);
}

/**
 * @param {HTMLCanvasElement} canvas
 * @param {Size} frame
 */
export function blank(canvas, { width, height }) {
  const ratio = window.devicePixelRatio || 1;
  canvas.width = Math.round(width * ratio);
  canvas.height = Math.round(height * ratio);
  canvas.style.height = `${height}px`;
  const pen = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  pen.setTransform(ratio, 0, 0, ratio, 0, 0);
  return pen;
}

/**
 * @param {Sheet} sheet
 * @param {Place} place
 * @param {number} radius
 */
function circle({ pen, at }, place, radius) {
  pen.beginPath();
  pen.arc(...at(place), radius, 0, 7);
}

/**
 * @param {Sheet} sheet
 * @param {Place} place
 * @param {number} radius
 * @param {string} colour
 */
export function dot(sheet, place, radius, colour) {
  sheet.pen.fillStyle = colour;
  circle(sheet, place, radius);
  sheet.pen.fill();
}

/**
 * @param {Sheet} sheet
 * @param {Place} place
 * @param {number} radius
 */
export function ring(sheet, place, radius) {
  sheet.pen.strokeStyle = sheet.palette.colour("ink");
  sheet.pen.lineWidth = 2;
  circle(sheet, place, radius);
  sheet.pen.stroke();
}

/**
 * @param {Sheet} sheet
 * @param {Place} from
 * @param {Place} to
 */
function join({ pen, at, palette }, from, to) {
  pen.strokeStyle = palette.colour("attention", 0.55);
  pen.lineWidth = 1.2;
  pen.beginPath();
  pen.moveTo(...at(from));
  pen.lineTo(...at(to));
  pen.stroke();
}

/**
 * A word beside its dot, unless a dot or another word stands there already.
 * @param {Sheet} sheet
 * @param {readonly Named[]} named
 */
export function name({ pen, at, palette, frame }, named) {
  const family = getComputedStyle(pen.canvas).fontFamily;
  /** @type {Box[]} */
  const taken = named.map(({ place, radius: r }) => {
    const [x, y] = at(place);
    return [x - r, y - r, x + r, y + r];
  });
  named.forEach(({ place, word, role, weight }) => {
    pen.font = `${weight} ${LETTERS}px ${family}`;
    const width = pen.measureText(word).width;
    const free = room(at(place), width, taken, frame.width);
    if (!free) return;
    const [left, base] = free;
    taken.push([left, base - LETTERS, left + width, base + 2]);
    write(pen, word, free, palette.colour(role), palette.colour("panel", 0.92));
  });
}

/**
 * To the right of the dot, to the left, above or below.
 * @param {Pixel} dot
 * @param {number} width of the word
 * @param {readonly Box[]} taken
 * @param {number} end of the canvas
 */
function room([x, y], width, taken, end) {
  const gap = 8;
  /** @type {Pixel[]} */
  const sides = [
    [x + gap, y + 4],
    [x - gap - width, y + 4],
    [x - width / 2, y - gap - 2],
    [x - width / 2, y + gap + LETTERS],
  ];
  return sides.find(([left, base]) => {
    if (left <= 2 || left + width >= end - 2) return false;
    return !taken.some(
      ([l, t, r, b]) => left < r + 1 && left + width > l - 1 && base - LETTERS < b && base + 2 > t, // they overlap
    );
  });
}

/**
 * @param {CanvasRenderingContext2D} pen
 * @param {string} word
 * @param {Pixel} at
 * @param {string} colour
 * @param {string} ground
 */
export function write(pen, word, [left, base], colour, ground) {
  pen.lineWidth = 3.5;
  pen.lineJoin = "round";
  pen.strokeStyle = ground;
  pen.strokeText(word, left, base);
  pen.fillStyle = colour;
  pen.fillText(word, left, base);
}
