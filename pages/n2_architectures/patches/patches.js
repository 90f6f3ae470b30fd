// @ts-check
// A picture cut into patches: transformer_core/vision.py, a second time.

/**
 * Bytes [H, W, C] in rows.
 * @typedef {{shape: number[], values: Uint8Array}} Picture
 */

/**
 * How a picture is cut: patches in a row and in a column, their number, the numbers of each.
 * @param {readonly number[]} shape H, W, C
 * @param {number} size P
 */
export function cutting([height, width, channels], size) {
  const rows = Math.floor(height / size);
  const columns = Math.floor(width / size);
  return { rows, columns, n: rows * columns, width: size * size * channels };
}

/**
 * The row of patch `i`, counted from 0 in raster order.
 * @param {Picture} picture
 * @param {number} size P
 * @param {number} i
 */
export function patchRow({ shape, values }, size, i) {
  const [, width, channels] = shape;
  const { columns } = cutting(shape, size);
  const top = Math.floor(i / columns) * size;
  const left = (i % columns) * size;
  const row = new Uint8Array(size * size * channels);
  for (let y = 0; y < size; y++) {
    const from = ((top + y) * width + left) * channels;
    row.set(values.subarray(from, from + size * channels), y * size * channels);
  }
  return row;
}

/**
 * Tokens of a video: frames in groups of `depth`, each cut into patches (Arnab et al. 2021, tubelets).
 * @param {{frames: number, side: number, size: number, depth: number}} video
 */
export const videoTokens = ({ frames, side, size, depth }) => Math.floor(frames / depth) * Math.floor(side / size) ** 2;

/**
 * Frames of a sound: one for each step of so many samples.
 * @param {number} seconds
 * @param {number} rate samples in a second
 * @param {number} hop samples between two frames
 */
export const soundFrames = (seconds, rate, hop) => Math.floor((seconds * rate) / hop);
