// @ts-check
// Where the caches of many requests lie, as transformer_core/laws/paging.py simulates it.

import { range, sum } from "../../../ui/kit/arithmetic.js";
import { lots } from "../../../ui/kit/sampling.js";

/** @typedef {[start: number, end: number]} Place */
/** @typedef {{prompt: number, fresh: number}} Request tokens of the prompt, and those that will be written */
/** @typedef {{request: number, places: Place[], written: number}} Running */
/** @typedef {{running: Running[], waiting: number, holds: number, taken: number}} Moment */
/** `page` of 0: one piece for the prompt and `mostNew` tokens.
 * @typedef {{size: number, mostNew: number, page: number}} Rules */

/**
 * Requests of random length, the same for the same seed; most write little, some much.
 * @param {number} seed
 * @param {number} n
 * @param {number} longest tokens of a prompt
 * @param {number} mostNew
 * @returns {Request[]}
 */
export function requestsOf(seed, n, longest, mostNew) {
  const draw = lots(seed);
  const upTo = (/** @type {number} */ most, /** @type {number} */ power) => 1 + Math.floor(most * draw() ** power);
  return range(n).map(() => ({ prompt: upTo(longest, 1), fresh: upTo(mostNew, 2) }));
}

/**
 * @param {readonly Request[]} requests
 * @param {Rules} rules
 */
export function simulate(requests, rules) {
  const waiting = range(requests.length);
  /** @type {Running[]} */
  let running = [];
  /** @type {Moment[]} */
  const moments = [];
  while (waiting.length || running.length) {
    enter(requests, rules, waiting, running);
    write(requests, rules, waiting, running);
    moments.push(momentOf(requests, waiting, running));
    running = running.filter(({ request, written }) => written < requests[request].fresh);
  }
  return moments;
}

/**
 * @param {readonly Request[]} requests
 * @param {Rules} rules
 * @param {number[]} waiting
 * @param {Running[]} running
 */
function enter(requests, rules, waiting, running) {
  while (waiting.length) {
    const { prompt } = requests[waiting[0]];
    const places = rules.page ? pages(rules, running, prompt + 1) : piece(rules, running, prompt + rules.mostNew);
    if (!places.length) return;
    running.push({ request: /** @type {number} */ (waiting.shift()), places, written: 0 });
  }
}

/**
 * A token each; without a page for it, the request that came last waits again.
 * @param {readonly Request[]} requests
 * @param {Rules} rules
 * @param {number[]} waiting
 * @param {Running[]} running
 */
function write(requests, rules, waiting, running) {
  for (const each of [...running]) {
    if (!running.includes(each)) continue;
    const needed = requests[each.request].prompt + each.written + 1;
    while (needed > room(each.places)) {
      const more = pages(rules, running, 1);
      if (more.length) {
        each.places = [...each.places, ...more];
        continue;
      }
      const last = /** @type {Running} */ (running.pop());
      waiting.unshift(last.request);
      if (last === each) break;
    }
    each.written += 1;
  }
}

/** @param {readonly Place[]} places */
const room = (places) => sum(places.map(([start, end]) => end - start));

/**
 * The first gap that is large enough.
 * @param {Rules} rules
 * @param {readonly Running[]} running
 * @param {number} wanted
 * @returns {Place[]}
 */
function piece({ size }, running, wanted) {
  let from = 0;
  const taken = running.flatMap(({ places }) => places).sort((a, b) => a[0] - b[0]);
  for (const [start, end] of [...taken, [size, 0]]) {
    if (start - from >= wanted) return [[from, from + wanted]];
    from = end;
  }
  return [];
}

/**
 * The first free pages; none where they are too few.
 * @param {Rules} rules
 * @param {readonly Running[]} running
 * @param {number} wanted
 * @returns {Place[]}
 */
function pages({ size, page }, running, wanted) {
  const used = new Set(running.flatMap(({ places }) => places.map(([start]) => start)));
  const free = range(Math.floor(size / page))
    .map((i) => i * page)
    .filter((start) => !used.has(start));
  const n = Math.ceil(wanted / page);
  return n <= free.length ? free.slice(0, n).map((start) => [start, start + page]) : [];
}

/**
 * @param {readonly Request[]} requests
 * @param {readonly number[]} waiting
 * @param {readonly Running[]} running
 * @returns {Moment}
 */
const momentOf = (requests, waiting, running) => ({
  running: running.map((each) => ({ ...each })),
  waiting: waiting.length,
  holds: sum(running.map(({ request, written }) => requests[request].prompt + written)),
  taken: sum(running.map(({ places }) => room(places))),
});

/**
 * The part of the places taken that holds nothing, over the steps in which somebody waits.
 * @param {readonly Moment[]} moments
 */
export function waste(moments) {
  const busy = moments.filter(({ waiting }) => waiting);
  const counted = busy.length ? busy : moments;
  return 1 - sum(counted.map(({ holds }) => holds)) / sum(counted.map(({ taken }) => taken));
}
