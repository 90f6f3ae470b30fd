// @ts-check
// Sound as a spectrogram whose frames become tokens, and a video's tokens, counted.

import { range } from "../../../ui/kit/arithmetic.js";
import { linePath } from "../../../ui/kit/axes.js";
import { check, radios, slider } from "../../../ui/kit/controls.js";
import { find, make, rich } from "../../../ui/kit/elements.js";
import { follow } from "../../../ui/kit/follow.js";
import { count, number, short } from "../../../ui/kit/format.js";
import { mount } from "../../../ui/kit/mount.js";
import { Palette } from "../../../ui/kit/palette.js";
import { heatmap } from "../../../ui/kit/pictures.js";
import { unpack } from "../../../ui/kit/tensors.js";
import { soundFrames, videoTokens } from "./patches.js";

/** @import { Page } from "../../../ui/kit/mount.js" */
/** @import { Tensor } from "../../../ui/kit/tensors.js" */

/** @typedef {{sounds: string[], seconds: number, rate: number, hop: number, bands: number}} SoundHeader */
/** @typedef {{waves: Tensor, spectrograms: Tensor}} SoundArrays */
/** @typedef {{header: SoundHeader, arrays: SoundArrays}} Answer */
/** @typedef {{frames: number, side: number, size: number, depth: number}} Video */
/**
 * @typedef {{root: HTMLElement, page: Page, palette: Palette, sound: number, seconds: number, video: Video,
 *   answer?: Answer}} Board
 */

const [HIGH, STRIDE] = [190, 2]; // px; frames that become one token
const DEPTHS = [1, 2, 4];
const KNOWN = /** @type {const} */ ([
  ["ViT, one picture (Dosovitskiy et al. 2021)", { frames: 1, side: 224, size: 16, depth: 1 }],
  ["ViViT, 32 frames (Arnab et al. 2021)", { frames: 32, side: 224, size: 16, depth: 2 }],
]);

export default mount((root, page) => {
  /** @type {Board} */
  const board = {
    ...{ root, page, palette: new Palette(root), sound: 2, seconds: 30 },
    video: { frames: 32, side: 224, size: 16, depth: 2 },
  };
  const stop = follow(root, () => draw(board));
  return {
    receive(/** @type {Uint8Array} */ bytes) {
      const isFirst = !board.answer;
      board.answer = /** @type {Answer} */ (unpack(bytes));
      if (isFirst) build(board);
      draw(board);
    },
    stop,
  };
});

/** @param {Board} board */
function build(board) {
  const { root, answer, video } = board;
  if (!answer) return;
  const { sounds } = answer.header;
  const chooseSound = (/** @type {number} */ i) => {
    board.sound = i;
    draw(board);
    find(root, ".spoken").textContent = find(root, ".sound-says").textContent;
  };
  radios(find(root, ".sounds"), "Sound", sounds.length, (i) => sounds[i], chooseSound);
  const length = { label: "Length of a sound", min: 1, max: 30, step: 1, value: board.seconds };
  const change = (/** @type {number} */ to) => {
    board.seconds = to;
    draw(board);
  };
  find(root, ".seconds").append(slider({ ...length, show: (to) => `${to} s`, change }));
  buildVideo(board, (/** @type {Partial<Video>} */ to) => {
    Object.assign(video, to);
    draw(board);
  });
}

/**
 * @param {Board} board
 * @param {(to: Partial<Video>) => void} change
 */
function buildVideo({ root, video }, change) {
  const sliders = [
    slider({
      label: "Frames",
      min: 1,
      max: 256,
      step: 1,
      value: video.frames,
      change: (frames) => change({ frames }),
      show: count,
    }),
    slider({
      ...{ label: "Pixels a side", min: 112, max: 1008, step: 112, value: video.side },
      ...{ change: (/** @type {number} */ side) => change({ side }), show: count },
    }),
    slider({
      ...{ label: "Patch size P", min: 8, max: 56, step: 8, value: video.size },
      ...{ change: (/** @type {number} */ size) => change({ size }), show: String },
    }),
  ];
  find(root, ".sliders").append(...sliders);
  radios(
    find(root, ".depths"),
    "Frames in a token",
    DEPTHS.length,
    (i) => String(DEPTHS[i]),
    (i) => change({ depth: DEPTHS[i] }),
  );
}

// ----------------------------------------------------------------------------------------- drawing

/** @param {Board} board */
function draw(board) {
  if (!board.answer) return;
  board.palette.forget();
  check(find(board.root, ".sounds"), board.sound);
  check(find(board.root, ".depths"), DEPTHS.indexOf(board.video.depth));
  drawSound(board, board.answer);
  drawVideo(board);
}

/**
 * @param {Board} board
 * @param {Answer} answer
 */
function drawSound({ root, palette, sound, seconds }, { header, arrays }) {
  const [, bands, frames] = arrays.spectrograms.shape;
  const samples = header.rate * header.seconds;
  find(root, ".sound-says").replaceChildren(
    ...rich([
      `One second of “${header.sounds[sound]}”: ${count(samples)} numbers become `,
      ["attention", `${frames / STRIDE} tokens`],
      `, each made from ${STRIDE} frames of ${bands} numbers`,
    ]),
  );
  drawWave(root, arrays.waves, sound, header);
  const canvas = find(root, ".spectrum", HTMLCanvasElement);
  const width = Math.max(200, find(root, ".spectrum-room").clientWidth - 48);
  const values = arrays.spectrograms.values.subarray(sound * bands * frames, (sound + 1) * bands * frames);
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const colour = (/** @type {number} */ row, /** @type {number} */ column) =>
    palette.magnitude((values[(bands - 1 - row) * frames + column] - low) / (high - low || 1));
  heatmap(canvas, { rows: bands, columns: frames, width, height: HIGH, tiles: false, colour });
  canvas.setAttribute("aria-label", `Spectrogram: ${bands} bands of frequencies, ${frames} frames`);
  find(root, ".spectrum-says").textContent =
    `A column is a frame: how strong each of ${bands} bands of frequencies is during 25 milliseconds, ` +
    "on a logarithmic scale. " +
    "A new frame begins every 10 milliseconds. The darker, the stronger.";
  const all = soundFrames(seconds, header.rate, header.hop);
  find(root, ".frames-says").textContent =
    `${seconds} s are ${count(seconds * header.rate)} numbers of the wave, ${count(all)} frames and ` +
    `${count(all / STRIDE)} tokens. Whisper always reads 30 s: 3,000 frames, from which a convolution with a stride ` +
    "of 2 makes 1,500 positions (Radford et al. 2022).";
}

/**
 * @param {HTMLElement} root
 * @param {Tensor} waves
 * @param {number} sound
 * @param {SoundHeader} header
 */
function drawWave(root, waves, sound, header) {
  const svg = find(root, ".wave", SVGElement);
  const n = waves.shape[1];
  const width = svg.clientWidth || 300;
  const middle = HIGH / 2;
  const values = waves.values.subarray(sound * n, (sound + 1) * n);
  const points = range(n).map((i) => /** @type {const} */ ([(i / (n - 1)) * width, middle - values[i] * (middle - 4)]));
  svg.setAttribute("viewBox", `0 0 ${width} ${HIGH}`);
  svg.setAttribute("aria-label", `${n} numbers of the wave`);
  svg.replaceChildren(
    make("line", { x1: 0, x2: width, y1: middle, y2: middle }),
    make("path", { d: linePath(points) }),
  );
  find(root, ".wave-says").textContent =
    `A microphone writes ${count(header.rate)} numbers a second. These are ${n} of them.`;
}

/** @param {Board} board */
function drawVideo({ root, video }) {
  const n = videoTokens(video);
  const one = videoTokens({ ...video, frames: 1, depth: 1 });
  const across = Math.floor(video.side / video.size);
  find(root, ".video-says").replaceChildren(
    ...rich([
      `A video of ${count(video.frames)} frames becomes `,
      ["attention", `${count(n)} tokens`],
      `: ${Math.floor(video.frames / video.depth)} · ${across} · ${across}`,
    ]),
  );
  const ratio = number((n / one) ** 2, 0);
  find(root, ".pairs-says").textContent = n
    ? `Attention compares ${count(n)} × ${count(n)} = ${short(n * n)} pairs in each head. A single frame is ` +
      `${count(one)} tokens and ${short(one * one)} pairs. The video has ${ratio} times as many pairs.`
    : `A token takes ${video.depth} frames, and this video has fewer. Choose more frames.`;
  const heads = ["", "tokens", "pairs in a head"];
  const row = (/** @type {string} */ name, /** @type {Video} */ of) => {
    const tokens = videoTokens(of);
    return make(
      "tr",
      {},
      make("th", { scope: "row" }, name),
      make("td", {}, count(tokens)),
      make("td", {}, short(tokens * tokens)),
    );
  };
  find(root, ".sizes-table").replaceChildren(
    make("tr", {}, ...heads.map((head) => make("th", { scope: "col" }, head))),
    ...KNOWN.map(([name, of]) => row(name, of)),
    row("Yours", video),
  );
}
