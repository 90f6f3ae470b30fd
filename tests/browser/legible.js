// @ts-check
// What an open page shows that is too small to read from a seat, or more than one begins to read.

/** @typedef {{small: string[], words: number, running: string[], hints: string[]}} Shown */
/** @typedef {[block: Element, prose: string]} Told */

const LETTER = /\p{L}/u;
const LOWERED = "sub, sup, .katex, .spoken, option, [data-testid='stIconMaterial']"; // may be small
const LABELS = `svg, a:not([href^="#term-"]), button, label, summary, table, [role="table"], bdi, .mono, ${LOWERED}`;

/**
 * All text below a node, through shadow roots.
 * @param {Node} root
 * @returns {Generator<Text>}
 */
function* texts(root) {
  for (const node of root.childNodes) {
    if (node instanceof Text) yield node;
    else yield* texts((node instanceof Element && node.shadowRoot) || node);
  }
}

/** @param {Text} text */
function isSeen(text) {
  const range = document.createRange();
  range.selectNodeContents(text);
  const { width, height } = range.getBoundingClientRect();
  const shown = text.parentElement?.checkVisibility({ opacityProperty: true, visibilityProperty: true });
  return shown && width > 1 && height > 1 && LETTER.test(text.data);
}

/** @param {Element} holder */
function size(holder) {
  const drawn = holder instanceof SVGGraphicsElement ? holder.getScreenCTM() : null;
  return Number.parseFloat(getComputedStyle(holder).fontSize) * (drawn ? Math.hypot(drawn.c, drawn.d) : 1);
}

/** @param {Element | null} node */
const named = (node) => (node ? [node.localName, ...node.classList].join(".") : "");

/** @param {Element} holder of a text: a part of a line, or a block itself */
function block(holder) {
  let at = holder;
  while (at.parentElement && getComputedStyle(at).display.startsWith("inline")) at = at.parentElement;
  return at;
}

/** @param {string} prose without what it quotes */
const words = (prose) =>
  prose
    .replace(/“[^”]*”/g, "")
    .split(/\s+/)
    .filter((word) => LETTER.test(word)).length;

/** @param {Told} told */
const isRunning = ([at, prose]) =>
  !at.matches("h4, h2:not(.finding *)") && words(prose) > 4 && (/[.!?:]\s*$/.test(prose) || words(prose) > 11);

/** @param {Told} told */
const line = ([at, prose]) => `${words(prose)} ${named(at)}: ${prose.trim()}`;

/**
 * `small`: texts below `least` pixels. `words`: those of the sentences on the first screen, which are
 * `running`. `hints`: those of more than `longest` words.
 * @param {{least: number, longest: number}} limits
 * @returns {Shown}
 */
export function shown({ least, longest }) {
  /** @type {Map<string, string>} */
  const small = new Map();
  /** @type {Map<Element, string>} */
  const blocks = new Map();
  for (const text of texts(document.querySelector('[data-testid="stMain"]') ?? document.body)) {
    const holder = text.parentElement;
    if (!holder || !isSeen(text)) continue;
    const where = `${size(holder).toFixed(1)} px: ${named(holder.parentElement)} > ${named(holder)}`;
    if (size(holder) < least - 0.05 && !holder.closest(LOWERED)) small.set(where, text.data.trim().slice(0, 40));
    const own = block(holder);
    if (holder.closest(LABELS) || getComputedStyle(own).clipPath !== "none") continue;
    blocks.set(own, `${blocks.get(own) ?? ""} ${text.data.trim()}`);
  }
  const running = [...blocks].filter(isRunning);
  const first = running.filter(([at]) => at.getBoundingClientRect().top < innerHeight - 20);
  return {
    small: [...small].map(([where, text]) => `${where} “${text}”`),
    words: first.reduce((sum, [, prose]) => sum + words(prose), 0),
    running: first.map(line),
    hints: running.filter(([at, prose]) => at.matches(".hint") && words(prose) > longest).map(line),
  };
}
