// @ts-check
// Numbers from Python: the safetensors format, as ui/serving/transport.py packs it.

/** @typedef {Float32Array | Int32Array | Uint16Array | Int8Array | Uint8Array} Numbers */
/**
 * @template {Numbers} [V=Float32Array]
 * @typedef {{shape: number[], values: V}} Tensor
 */
/**
 * @template [H=any]
 * @template [A=Record<string, Tensor<any>>]
 * @typedef {{header: H, arrays: A}} Packed
 */
/** @typedef {{dtype: keyof typeof READ, shape: number[], data_offsets: [number, number]}} Entry */

/** @type {Float32Array | undefined} */
let table;

/** @param {number} bits */
function decoded(bits) {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 31;
  const fraction = bits & 1023;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 31) return fraction ? NaN : sign * Infinity;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

/**
 * A 16-bit float from its bits.
 * @param {number} bits
 */
export function half(bits) {
  table ??= Float32Array.from({ length: 65536 }, (_, each) => decoded(each));
  return table[bits];
}

/** @typedef {(buffer: ArrayBufferLike, at: number, n: number) => Numbers} Read */

/** @type {Read} */
function widened(buffer, at, n) {
  if (typeof Float16Array === "function") return new Float32Array(new Float16Array(buffer, at, n));
  return Float32Array.from(new Uint16Array(buffer, at, n), half);
}

// Floats of 16 bits become 32 bits wide, so that what is worked out of them is; all else is a view.
const READ = {
  F32: /** @type {Read} */ ((buffer, at, n) => new Float32Array(buffer, at, n)),
  F16: widened,
  I32: /** @type {Read} */ ((buffer, at, n) => new Int32Array(buffer, at, n)),
  U16: /** @type {Read} */ ((buffer, at, n) => new Uint16Array(buffer, at, n)),
  I8: /** @type {Read} */ ((buffer, at, n) => new Int8Array(buffer, at, n)),
  U8: /** @type {Read} */ ((buffer, at, n) => new Uint8Array(buffer, at, n)),
  BOOL: /** @type {Read} */ ((buffer, at, n) => new Uint8Array(buffer, at, n)),
};

const product = (/** @type {number[]} */ shape) => shape.reduce((a, b) => a * b, 1);

/**
 * What `pack` of ui/serving/transport.py packed: the header, and each array by its name.
 * @param {Uint8Array} bytes
 * @returns {Packed}
 * @throws {Error} if the bytes were cut short
 */
export function unpack(bytes) {
  // A view must begin at a multiple of its numbers' size, which the format keeps from its own beginning.
  const whole = bytes.byteOffset % 8 ? bytes.slice() : bytes;
  const length = Number(new DataView(whole.buffer, whole.byteOffset, whole.byteLength).getBigUint64(0, true));
  const { __metadata__: metadata, ...entries } = JSON.parse(new TextDecoder().decode(whole.subarray(8, 8 + length)));
  const start = whole.byteOffset + 8 + length;
  /** @type {Record<string, Tensor<any>>} */
  const arrays = {};
  for (const [name, entry] of Object.entries(entries)) {
    const { dtype, shape, data_offsets: offsets } = /** @type {Entry} */ (entry);
    if (8 + length + offsets[1] > whole.byteLength) throw new Error(`${name} was cut short`);
    arrays[name] = { shape, values: READ[dtype](whole.buffer, start + offsets[0], product(shape)) };
  }
  return { header: JSON.parse(metadata.header), arrays };
}

/**
 * The vector (or smaller array) of an array at its first indices.
 * @template {Numbers} V
 * @param {Tensor<V>} array
 * @param {...number} at
 * @returns {V}
 */
export function slice({ shape, values }, ...at) {
  const index = at.reduce((before, i, axis) => before * shape[axis] + i, 0);
  const size = product(shape.slice(at.length));
  return /** @type {V} */ (values.subarray(index * size, (index + 1) * size));
}

/**
 * Row i of a head's causal weights, of an array [layer, head, n (n + 1) / 2] that holds the rows one
 * after another without what the mask hides.
 * @template {Numbers} V
 * @param {Tensor<V>} array
 * @param {number} layer
 * @param {number} head
 * @param {number} i
 * @returns {V}
 */
export const causalRow = (array, layer, head, i) =>
  /** @type {V} */ (slice(array, layer, head).subarray((i * (i + 1)) / 2, ((i + 1) * (i + 2)) / 2));

/**
 * Numbers kept as small whole ones, times their unit: bytes of a vector, shares of 65,535.
 * @param {Numbers} values
 * @param {number} unit
 */
export function times(values, unit) {
  const out = new Float32Array(values.length);
  for (let i = 0; i < out.length; i++) out[i] = values[i] * unit; // a twentieth of what `from` takes
  return out;
}
