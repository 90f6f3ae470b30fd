// @ts-check
// A training as its lines tell it: what it was ordered to do, its records, its end.

/**
 * @typedef {{task: string, n_layers: number, n_heads: number, d_model: number, learning_rate: number,
 *   steps: number}} OrderData
 */
/** @typedef {{key: string, name: string, says: string, unit: string, first: OrderData}} TaskData */
/**
 * What is known before the first step; `uniform`: the loss of a uniform guess, `example`: the tokens of the maps.
 * @typedef {{order: OrderData, symbols: number, uniform: number, parameters: number, example: string[]}} Beginning
 */
/** @typedef {{given: string, answered: string, right: string}} Sample */
/**
 * Losses in nats, null where they are no numbers; `weights`: bytes [layer, head, query, key] in base 64.
 * @typedef {{step: number, seconds: number, loss: number | null, gradient: number | null,
 *   held_out_loss: number | null, accuracy: number, shape: [number, number, number, number], weights: string,
 *   samples: Sample[]}} TrainingRecord
 */
/** @typedef {"done" | "stopped" | "exploded" | "limit" | "failed"} How */
/** @typedef {{how: How, says: string}} Ending */
/** @typedef {{command: string, machine: string}} Measured */
/**
 * `measured` is there for the run that was recorded beforehand; `lines` counts what was read.
 * @typedef {{lines: number, measured?: Measured, beginning?: Beginning, records: TrainingRecord[],
 *   ending?: Ending}} Run
 */

/** @returns {Run} */
export const newRun = () => ({ lines: 0, records: [] });

/**
 * Take in what a training has said meanwhile.
 * @param {Run} run
 * @param {readonly string[]} lines
 */
export function take(run, lines) {
  for (const line of lines) {
    const said = JSON.parse(line);
    run.lines++;
    if (said.kind === "record") run.records.push(said);
    else if (said.kind === "beginning") run.beginning = said;
    else if (said.kind === "ending") run.ending = said;
    else if (said.kind === "measured") run.measured = said;
  }
}

/**
 * The attention weights of one head, as parts of 255, [query, key].
 * @param {TrainingRecord} record
 * @param {number} layer
 * @param {number} head
 */
export function headBytes({ shape: [, heads, n], weights }, layer, head) {
  const bytes = atob(weights);
  const start = (layer * heads + head) * n * n;
  return Uint8Array.from({ length: n * n }, (_, i) => bytes.charCodeAt(start + i));
}

/**
 * The key that a row attends to most, and its weight.
 * @param {Uint8Array} bytes of a head
 * @param {number} n
 * @param {number} query
 */
export function strongest(bytes, n, query) {
  const row = bytes.subarray(query * n, query * n + query + 1);
  const key = row.indexOf(Math.max(...row));
  return { key, weight: row[key] / 255 };
}

/**
 * Seconds that the rest takes at the pace so far.
 * @param {{step: number, at: number}} first and its time in seconds
 * @param {{step: number, at: number}} last
 * @param {number} steps
 */
export function secondsLeft(first, last, steps) {
  const done = last.step - first.step;
  return done > 0 ? ((last.at - first.at) / done) * (steps - last.step) : undefined;
}

/**
 * A number that a reader has typed; undefined where it is none above 0.
 * @param {string} typed
 */
export function typedNumber(typed) {
  const plain = typed.trim().replace(",", ".").replace("−", "-");
  const value = /^[+]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(plain) ? Number(plain) : Number.NaN;
  return Number.isFinite(value) && value > 0 ? value : undefined;
}
