// @ts-check
// Python in a worker of its own: it can be stopped from outside, and reaches nothing but what it is given.

/** @typedef {{python: string, harness: string}} Start where Pyodide's files are; what runs the tests */
/** @typedef {{code: string, function: string, tests: string}} Job the reader's code; its tests, JSON */
/** @typedef {(...values: string[]) => string} PythonFunction */
/** @typedef {{globals: {get: (name: string) => PythonFunction}, runPython: (code: string) => unknown}} Pyodide */

const MOST_MEMORY = 512 * 2 ** 20; // bytes
const PAGE = 2 ** 16; // bytes, in which WebAssembly's memory grows
const CLOSED = [
  "fetch",
  "XMLHttpRequest",
  "WebSocket",
  "EventSource",
  "importScripts",
  "indexedDB",
  "caches",
  "Worker",
];

/** Memory that would grow beyond the limit does not: Python then says MemoryError. */
function limitMemory() {
  const grow = WebAssembly.Memory.prototype.grow;
  WebAssembly.Memory.prototype.grow = function (/** @type {number} */ pages) {
    if (this.buffer.byteLength + pages * PAGE > MOST_MEMORY) throw new RangeError("the limit of memory is reached");
    return grow.call(this, pages);
  };
}

/** Once Python is there, nothing more is fetched, whoever asks. */
function closeNetwork() {
  for (const name of CLOSED) {
    Object.defineProperty(globalThis, name, { value: undefined, writable: false, configurable: false });
  }
}

/** @type {PythonFunction | undefined} */
let runTests;

/** @param {Start} start */
async function begin({ python, harness }) {
  limitMemory();
  const { loadPyodide } = await import(`${python}pyodide.mjs`);
  /** @type {Pyodide} */
  const pyodide = await loadPyodide({ indexURL: python });
  closeNetwork();
  pyodide.runPython(harness);
  runTests = pyodide.globals.get("run_tests");
}

globalThis.onmessage = async ({ data }) => {
  /** @type {Start | Job} */
  const asked = data;
  try {
    if ("python" in asked) {
      await begin(asked);
      postMessage({ ready: true });
    } else postMessage({ outcome: runTests?.(asked.code, asked.function, asked.tests) });
  } catch (error) {
    postMessage({ failed: String(error) });
  }
};
