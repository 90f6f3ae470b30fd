// @ts-check
// What on an open page is too small for a finger.

const CONTROLS = "a[href], button, select, summary, input, [role='button'], [role='slider'], [role='option']";
// Cells of a dense map and the names of its rows, which the keyboard reaches as well; tokens of a text that
// was written, which a slider reaches as well; Plotly's texts, which nothing answers.
const EXEMPT = ".places [role='group'], .grid, .wall, .layers.deep .row, .row-labels, .story, .annotation-text-g";

/**
 * All elements below a node, through shadow roots.
 * @param {Node} root
 * @returns {Generator<Element>}
 */
function* elements(root) {
  for (const node of root.childNodes) {
    if (!(node instanceof Element)) continue;
    yield node;
    yield* elements(node.shadowRoot ?? node);
  }
}

/**
 * What is pressed: a label's input by the whole label.
 * @param {Element} node
 */
const target = (node) => (node instanceof HTMLInputElement && node.closest("label")) || node;

/** @param {Element} node */
function isClickable(node) {
  if (node.matches(CONTROLS)) return true;
  const parent = node.parentElement ?? /** @type {ShadowRoot} */ (node.getRootNode()).host;
  return getComputedStyle(node).cursor === "pointer" && parent && getComputedStyle(parent).cursor !== "pointer";
}

/**
 * Whether a link stands in a sentence.
 * @param {Element} node
 */
function isInText(node) {
  if (!node.matches("a") || !getComputedStyle(node).display.startsWith("inline")) return false;
  const around = node.closest("p, li, dd, td, h3, h4, .sub, .caption");
  return (around?.textContent ?? "").trim().length > (node.textContent ?? "").trim().length;
}

/**
 * Whether it is shown, and not only to a screen reader.
 * @param {Element} node
 */
function isShown(node) {
  const { width, height } = (node.parentElement ?? node).getBoundingClientRect();
  return width > 1 && height > 1 && node.checkVisibility({ opacityProperty: false, visibilityProperty: true });
}

/** @param {Element} node */
const named = (node) =>
  `${[node.localName, ...node.classList].join(".")} “${(node.textContent ?? "").trim().slice(0, 24)}”`;

/**
 * Controls that are narrower or lower than `least` pixels.
 * @param {number} least
 */
export function narrow(least) {
  /** @type {Map<string, string>} */
  const found = new Map();
  for (const node of elements(document.querySelector('[data-testid="stMain"]') ?? document.body)) {
    if (!isClickable(node) || !isShown(node) || node.closest(EXEMPT) || isInText(node)) continue;
    const at = target(node);
    const { width, height } = at.getBoundingClientRect();
    if (width < 2 || height < 2 || (width > least - 0.5 && height > least - 0.5)) continue;
    const where = `${named(at.parentElement ?? at).split(" ")[0]} > ${named(at).split(" ")[0]}`;
    found.set(where, `${where}: ${width.toFixed(0)} × ${height.toFixed(0)} ${named(at).split(" ").slice(1).join(" ")}`);
  }
  return [...found.values()];
}
