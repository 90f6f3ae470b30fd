// @ts-check
// The tour's eight stops: what each asks the reader to do, when that is done, and what was to be seen.

import { percent } from "../../../ui/kit/format.js";
import { slice } from "../../../ui/kit/tensors.js";
import { quote } from "../../../ui/kit/words.js";
import { settled } from "./findings.js";
import { odds } from "./odds.js";
import { INDEX, OVERVIEW } from "./stages.js";

/** @import { State } from "./state.js" */
/** @import { Trace } from "./trace.js" */

/** What is on screen, and what was when the stop began; `guess`: the token that the reader has named. */
/** @typedef {{trace: Trace, state: State}} Now */
/** @typedef {Now & {begun: Now, guess: number | null}} Scene */
/** @typedef {"tokens" | "rows" | "band" | "prediction" | "timeline" | "sentence"} Subject */
/** @typedef {import("./parts.js").Acts} Acts */
/**
 * `subjects`: what is in the light, the card beside the first; `hand`: where the reader has to act, if not
 * there; `shows`: what comes into the light when it is done; `prepare`: how the screen has to be; `named`: the
 * reader has named a token.
 * @typedef {object} Stop
 * @property {readonly Subject[]} subjects
 * @property {Subject} [hand]
 * @property {readonly Subject[]} [shows]
 * @property {(acts: Acts, now: Now) => Promise<void>} [prepare]
 * @property {(scene: Scene) => string} ask
 * @property {boolean} [asksForToken]
 * @property {(acts: Acts) => void} [named]
 * @property {(scene: Scene) => boolean} done
 * @property {(scene: Scene) => string} told
 */

const TEMPERATURE = 2;
const TOKENS = 6; // to choose from

/** The last token, in quotes. */
const last = (/** @type {Now} */ { trace }) => quote(trace.word(trace.n - 1));
/** The likeliest next token, and its share. */
const answer = (/** @type {Now} */ { trace }) => trace.guesses(trace.n - 1)[0];

/**
 * The token that a row reads most, apart from what rests on the first one where that is set aside.
 * @param {Trace} trace
 * @param {Pick<State, "layer" | "head" | "aside">} state
 */
export function readMost(trace, { layer, head, aside }) {
  const row = trace.weights(trace.n - 1, layer, head);
  const from = aside && row.length > 1 ? 1 : 0;
  return row.reduce((best, share, j) => (j > from && share > row[best] ? j : best), from);
}

/** How much the last token reads of one. */
const shareOf = (/** @type {Now} */ { trace, state }, /** @type {number} */ j) =>
  percent(trace.weights(trace.n - 1, state.layer, state.head)[j]);

/** The layer that the walk begins at: two before the one whose guess is the answer. */
export function walkFrom(/** @type {Trace} */ trace) {
  const lens = trace.lens(trace.n - 1);
  return lens ? Math.max(0, settled(lens) - 2) : 0;
}

/**
 * The head in which the last token reads most of a token that it does not read in the one that tells most.
 * @param {Now} now
 */
export function otherHead({ trace, state: { aside } }) {
  const { bins, telling } = trace.header;
  const { n_layers, n_heads } = trace.model;
  const { n } = trace;
  let best = { layer: telling[0], head: telling[1], root: 0 };
  if (bins.length - 1 !== n) return best; // a long text's maps are coarse
  const known = readMost(trace, { ...best, aside });
  for (let layer = 0; layer < n_layers; layer++) {
    for (let head = 0; head < n_heads; head++) {
      const row = slice(trace.arrays.maps, layer, head).subarray(-n, -1); // without the token itself
      row.forEach((root, j) => {
        const fits = j !== known && (j > 0 || !aside) && root > best.root;
        if (fits && root === Math.max(...row.subarray(aside ? 1 : 0))) best = { layer, head, root };
      });
    }
  }
  return best;
}

/**
 * The tokens to choose from: the one read most among others that stand all over the text.
 * @param {Scene} scene
 */
export function choices({ trace, state }) {
  const right = readMost(trace, state);
  const others = Array.from({ length: trace.n }, (_, j) => j).filter((j) => j !== right && (j > 0 || !state.aside));
  const apart = Math.max(1, others.length / (TOKENS - 1));
  const some = others.filter((_, k) => Math.floor(k / apart) !== Math.floor((k - 1) / apart));
  return [right, ...some].sort((a, b) => a - b);
}

/** The last row, in the head that tells most, as a whole. */
async function whole(/** @type {Acts} */ acts, /** @type {Now} */ { trace }) {
  const [layer, head] = trace.header.telling;
  acts.steps.leave();
  await Promise.all([acts.selectToken(trace.n - 1), acts.selectHead({ layer, head })]);
}

/** @type {readonly Stop[]} */
export const STOPS = [
  {
    subjects: ["tokens"],
    shows: ["prediction"],
    prepare: async (acts) => {
      acts.steps.leave();
      await acts.selectToken(0);
    },
    ask: (s) => `Each row is one token. Click the last one, ${last(s)}. Its row predicts the next token.`,
    done: ({ trace, state }) => state.token === trace.n - 1,
    told: (s) =>
      `The most probable next token is ${quote(s.trace.piece(answer(s).id))}, with ${percent(answer(s).share)}.`,
  },
  {
    subjects: ["rows"],
    prepare: whole,
    ask: (s) =>
      `A larger dot is a larger attention weight. Point at the largest coloured dot in the row of ${last(s)}.`,
    done: ({ trace, state }) => state.hover.row === trace.n - 1 && state.hover.key === readMost(trace, state),
    told: (s) => {
      const key = readMost(s.trace, s.state);
      const given = `${shareOf(s, key)} of its attention to ${quote(s.trace.word(key))}`;
      return `${last(s)} gives ${given}. The attention weights of a row add up to 100 %.`;
    },
  },
  {
    subjects: ["band", "rows"],
    prepare: whole,
    ask: ({ trace }) => {
      const { n_layers, n_heads } = trace.model;
      return `That was one head of ${n_layers * n_heads}. Each small square is another head. Click one of them.`;
    },
    done: ({ state, begun }) => state.layer !== begun.state.layer || state.head !== begun.state.head,
    told: (s) => {
      const key = readMost(s.trace, s.state);
      const place = `Head ${s.state.head + 1} of layer ${s.state.layer + 1}`;
      return (
        `${place} gives ${quote(s.trace.word(key))} ${shareOf(s, key)}. The words are the same, the ` +
        `weights differ.`
      );
    },
  },
  {
    subjects: ["rows"],
    prepare: async (acts, now) => {
      await whole(acts, now);
      const { layer, head } = otherHead(now);
      await acts.selectHead({ layer, head });
      acts.steps.go(INDEX.qkv);
    },
    ask: (s) => {
      const but = s.state.aside && s.trace.n > 1 ? ", not counting the first token" : "";
      const place = `in layer ${s.state.layer + 1}, head ${s.state.head + 1}`;
      return `Predict: ${place}, which token does ${last(s)} attend to most${but}?`;
    },
    asksForToken: true,
    named: (acts) => acts.steps.toggle(),
    done: ({ state: { time }, guess }) =>
      guess !== null && (time.stage === OVERVIEW || time.stage + Math.min(time.share, 1) >= INDEX.softmax + 1),
    told: (s) => {
      const key = readMost(s.trace, s.state);
      const [word, share] = [quote(s.trace.word(key)), shareOf(s, key)];
      if (s.guess === key) return `Right: ${word} gets ${share}.`;
      const guess = s.guess ?? 0;
      return `It is ${word}, with ${share}. Your ${quote(s.trace.word(guess))} gets ${shareOf(s, guess)}.`;
    },
  },
  {
    subjects: ["rows", "timeline"],
    hand: "timeline",
    prepare: async (acts, now) => {
      const { layer, head } = otherHead(now);
      await whole(acts, now);
      await acts.selectHead({ layer, head });
      acts.steps.go(INDEX.softmax);
    },
    ask: () => "Press play. The head adds up the values, each multiplied by its attention weight.",
    done: ({ state: { time } }) => time.stage + Math.min(time.share, 1) >= INDEX.add + 1,
    told: (s) => `The sum was added to the vector of ${last(s)}. Nothing was replaced.`,
  },
  {
    subjects: ["band"],
    prepare: async (acts, now) => {
      await whole(acts, now);
      await acts.selectHead({ layer: walkFrom(now.trace) });
    },
    ask: () =>
      "The logit lens predicts from the vector after each layer. Click through the layers, or press ↓, until " +
      "its token changes.",
    done: ({ trace, state, begun }) => {
      const lens = trace.lens(trace.n - 1);
      const { layer } = state;
      if (!lens || layer === begun.state.layer) return false;
      return lens[layer].id !== lens[begun.state.layer].id || layer === lens.length - 1;
    },
    told: ({ trace, state, begun }) => {
      const lens = trace.lens(trace.n - 1) ?? [];
      const [from, to] = [begun.state.layer, state.layer];
      const [before, now] = [quote(trace.piece(lens[from].id)), quote(trace.piece(lens[to].id))];
      if (before === now) return `From layer ${from + 1} to layer ${to + 1} the logit lens shows ${now}.`;
      return `After layer ${from + 1} the logit lens shows ${before}; after layer ${to + 1}, ${now}.`;
    },
  },
  {
    subjects: ["prediction"],
    prepare: async (acts, now) => {
      await whole(acts, now);
      acts.shape({ temperature: 1, topP: 1 });
    },
    ask: () =>
      "The model gives every token a probability. Drag the temperature to 2 and watch how the probabilities change.",
    done: ({ state }) => state.sampling.temperature >= TEMPERATURE,
    told: (s) => {
      const [first] = odds(s.trace, s.trace.n - 1, s.state.sampling);
      const word = quote(s.trace.piece(first.id));
      const fall = `from ${percent(first.own)} to ${percent(first.odds)}`;
      return `The probability of ${word} falls ${fall}. Less probable tokens gain what it loses.`;
    },
  },
  {
    subjects: ["sentence"],
    shows: ["band", "rows", "prediction"],
    prepare: async (acts, now) => {
      await whole(acts, now);
      acts.shape({ temperature: 1, topP: 1 });
    },
    ask: () => "Your turn: type a sentence of your own above, without its last word, and press Enter.",
    done: ({ trace, begun }) => trace !== begun.trace && !trace.continues(begun.trace),
    told: (s) => {
      const { model, n } = s.trace;
      const word = quote(s.trace.piece(answer(s).id));
      const then = `the most probable next token is ${word} with ${percent(answer(s).share)}`;
      return `Your ${n} token${n === 1 ? "" : "s"} passed through ${model.n_layers} layers, and ${then}.`;
    },
  },
];

/**
 * The stop that an address asks for, from 0; null where it asks for none.
 * @param {string} search
 */
export function askedStop(search) {
  const stop = Number(new URLSearchParams(search).get("tour"));
  return Number.isInteger(stop) && stop >= 1 && stop <= STOPS.length ? stop - 1 : null;
}
