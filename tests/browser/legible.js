// @ts-check
// What a page shows: text too small to read from a seat, and more running text than one begins to read.
// It is evaluated in an open page, so it stands alone.

/** @typedef {{small: string[], words: number, sentences: string[], hints: string[]}} Shown */

/**
 * @param {{least: number, hint: number}} limits
 * @returns {Shown}
 */
(({ least, hint }) => {
  const LETTER = /\p{L}/u;
  const PASSED = "bdi, sub, sup, script, style, title, option, .katex, .spoken, [data-testid='stIconMaterial']";

  /** @param {Node} root @returns {Generator<Text>} */
  function* texts(root) {
    for (const node of root.childNodes) {
      if (node instanceof Text) yield node;
      else if (node instanceof Element && node.shadowRoot) yield* texts(node.shadowRoot);
      else yield* texts(node);
    }
  }

  /** @param {Text} text */
  function place(text) {
    const range = document.createRange();
    range.selectNodeContents(text);
    return range.getBoundingClientRect();
  }

  /** @param {Text} text */
  function seen(text) {
    const holder = text.parentElement;
    const { width, height } = place(text);
    const shown = holder?.checkVisibility({ opacityProperty: true, visibilityProperty: true });
    return shown && width > 1 && height > 1 && LETTER.test(text.data);
  }

  /** @param {Element} holder */
  function size(holder) {
    const written = Number.parseFloat(getComputedStyle(holder).fontSize);
    const drawn = holder instanceof SVGGraphicsElement ? holder.getScreenCTM() : null;
    return written * (drawn ? Math.hypot(drawn.c, drawn.d) : 1);
  }

  /** @param {Element} holder */
  const named = (holder) => holder.tagName.toLowerCase() + [...holder.classList].map((each) => `.${each}`).join("");

  /** @param {Element} holder the block of text that it is in */
  function block(holder) {
    let at = holder;
    while (at.parentElement && /^inline/.test(getComputedStyle(at).display)) at = at.parentElement;
    return at;
  }

  const main = document.querySelector('[data-testid="stMain"]') ?? document.body;
  const small = new Map();
  /** @type {Map<Element, string>} */
  const blocks = new Map();
  for (const text of texts(main)) {
    const holder = text.parentElement;
    if (!holder || !seen(text)) continue;
    if (!holder.closest("sub, sup, .katex, .spoken, [data-testid='stIconMaterial']") && size(holder) < least - 0.01) {
      const where = `${size(holder).toFixed(1)} px: ${holder.parentElement ? named(holder.parentElement) : ""} > ${named(holder)}`;
      if (!small.has(where)) small.set(where, text.data.trim().slice(0, 50));
    }
    if (!holder.closest(PASSED) && !(holder instanceof SVGElement) && !holder.closest("button, label, table, summary, input")) {
      const own = block(holder);
      blocks.set(own, `${blocks.get(own) ?? ""}${text.data}`);
    }
  }
  const words = (/** @type {string} */ prose) => prose.split(/\s+/).filter((word) => LETTER.test(word)).length;
  const running = [...blocks].filter(([, prose]) => words(prose) >= 6);
  const first = running.filter(([at]) => at.getBoundingClientRect().top < innerHeight);
  return {
    small: [...small].map(([where, text]) => `${where} “${text}”`),
    words: first.reduce((sum, [, prose]) => sum + words(prose), 0),
    sentences: first.map(([at, prose]) => `${words(prose)} ${named(at)}: ${prose.trim()}`),
    hints: running
      .filter(([at, prose]) => at.matches(".hint, .sub, .caption") && words(prose) > hint)
      .map(([at, prose]) => `${words(prose)} ${named(at)}: ${prose.trim()}`),
  };
})
