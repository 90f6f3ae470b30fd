// What every component draws with: elements, the reader's words, numbers, colours, charts, controls.
// A component's script says `import { make, … } from "./drawing.js"`; ui/component.py serves it.

import { PLOTLY, TEMPLATE } from "./kit/served.js";

// ---------------------------------------------------------------------------------- the address

/* Streamlit holds the address in hidden inputs of the frame (text, model, more, layer, head, token
   and a lesson's own): it writes each into the query string and brings it to the server with
   whatever is asked next. `remember` itself asks the server nothing. */
export function remember(name, value) {
  const input = document.querySelector(`.st-key-${name} input`);
  if (input && input.value !== String(value)) {
    const write = Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, "value").set;
    write.call(input, String(value));
    input.dispatchEvent(new Event("input", { bubbles: true }));
    input.dispatchEvent(new KeyboardEvent("keydown", { key: "Enter", bubbles: true }));
  }
  window.dispatchEvent(new CustomEvent("remembered", { detail: [name, value] }));
}

/* Call `tell(name, value)` with whatever any component of the page remembers, while `root` stands. */
export function hear(root, tell) {
  const heard = (event) => root.isConnected ? tell(...event.detail) : window.removeEventListener("remembered", heard);
  window.addEventListener("remembered", heard);
}

/* What the address says of a setting; "" where it says nothing. */
export const recall = (name) => document.querySelector(`.st-key-${name} input`)?.value ?? "";

// --------------------------------------------------------------------------------- the transport

const HALF = new Float32Array(65536);
for (let bits = 0; bits < 65536; bits++) {
  const sign = bits & 0x8000 ? -1 : 1, exponent = (bits >> 10) & 31, fraction = bits & 1023;
  HALF[bits] = sign * (exponent === 0 ? fraction * 2 ** -24
    : exponent === 31 ? (fraction ? NaN : Infinity) : (1 + fraction / 1024) * 2 ** (exponent - 15));
}
/* A 16-bit float, as a view's getUint16 reads it. */
export const half = (bits) => HALF[bits];

/* What ui/transport.py packed: the header, and each array as {shape, values}. */
export function unpack(bytes) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let at = 4 + view.getUint32(0, true);
  const { header, fields } = JSON.parse(new TextDecoder().decode(bytes.subarray(4, at)));
  const arrays = {};
  for (const { name, type, shape } of fields) {
    const n = shape.reduce((a, b) => a * b, 1);
    const values = type === "int32" ? new Int32Array(n) : new Float32Array(n);
    const [size, read] = { float16: [2, (p) => HALF[view.getUint16(p, true)]], float32: [4, (p) => view.getFloat32(p, true)],
      int32: [4, (p) => view.getInt32(p, true)], uint8: [1, (p) => view.getUint8(p)] }[type];
    for (let i = 0; i < n; i++, at += size) values[i] = read(at);
    arrays[name] = { shape, values };
  }
  return { header, arrays };
}

/* The vector (or smaller array) of an array {shape, values} at its first indices. */
export function slice({ shape, values }, ...at) {
  let index = 0;
  at.forEach((i, axis) => { index = index * shape[axis] + i; });
  const size = shape.slice(at.length).reduce((a, b) => a * b, 1);
  return values.subarray(index * size, (index + 1) * size);
}

/* Row i of a head's causal weights, of an array [layer, head, n (n + 1) / 2] that holds the rows one
   after another without what the mask hides. */
export const causalRow = (array, layer, head, i) => slice(array, layer, head).subarray((i * (i + 1)) / 2, ((i + 1) * (i + 2)) / 2);

// ---------------------------------------------------------------------------------------- elements

const SVG_TAGS = new Set(["svg", "g", "path", "line", "text", "tspan", "circle", "rect", "polyline", "polygon", "title", "defs", "clipPath", "linearGradient", "stop"]);

/* An element with attributes; a function is a listener (`onclick`); text is never markup. */
export function make(tag, attributes = {}, ...children) {
  const node = SVG_TAGS.has(tag) ? document.createElementNS("http://www.w3.org/2000/svg", tag) : document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === "function") node.addEventListener(name.replace(/^on/, ""), value);
    else if (value !== undefined && value !== null && value !== false) node.setAttribute(name, value === true ? "" : value);
  }
  node.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return node;
}

/* Prose from segments: a string, or [role, text] in the colour of that role (`b.query`). */
export const rich = (segments) => segments.map((part) => typeof part === "string" ? part : make("b", { class: part[0] }, part[1]));

// ----------------------------------------------------------------------------- words and numbers

/* A token as people can see it: line ends and blanks get signs, other control characters a box. */
export function visible(text) {
  const shown = text.replace(/^ (?=\S)/, "").replace(/\n/g, "↵").replace(/\t/g, "⇥")
    .replace(/[\u0000-\u001f\u007f-\u009f]/g, "▯").replace(/[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]/g, "▯");
  return /^[ \u00a0]*$/.test(shown) ? "␣".repeat(Math.max(1, shown.length)) : shown;
}
export const quote = (word) => `“${word}”`;

/* A token as it is cut: its leading blank as a sign, a part of a character as its bytes. */
export function face(piece) {
  if (/^⟨[0-9a-f ]+⟩$/.test(piece)) return make("bdi", { class: "bytes" }, piece.slice(1, -1));
  const blank = /^ (?=[^ \u00a0])/.test(piece);
  return make("bdi", {}, blank && make("span", { class: "blank" }, "␣"), visible(blank ? piece.slice(1) : piece));
}

/* The visible words of a sentence; one that stands there twice carries its position. */
export function labels(pieces) {
  const shown = pieces.map(visible), times = new Map();
  for (const word of shown) times.set(word, (times.get(word) ?? 0) + 1);
  return shown.map((word, i) => times.get(word) > 1 ? word + lowered(i + 1) : word);
}
export const lowered = (n) => String(n).replace(/\d/g, (d) => "₀₁₂₃₄₅₆₇₈₉"[d]);

const raised = (n) => String(n).replace("-", "⁻").replace(/\d/g, (d) => "⁰¹²³⁴⁵⁶⁷⁸⁹"[d]);

/* A number to read: few digits, a true minus, powers of ten where it is very large or small. */
export function number(x, digits = 2, smallest = 1e-3) {
  if (Number.isNaN(x)) return "not a number";
  if (!Number.isFinite(x)) return x < 0 ? "−∞" : "∞";
  const size = Math.abs(x);
  if (size >= 1e5 || (size > 0 && size < smallest)) {
    const power = Math.floor(Math.log10(size));
    return `${x < 0 ? "−" : ""}${(size / 10 ** power).toFixed(1)}·10${raised(power)}`;
  }
  return x.toFixed(size >= 100 ? 1 : digits).replace("-", "−");
}
export const signed = (x, digits = 2) => (x < 0 ? "" : "+") + number(x, digits);
export const bracketed = (x, digits = 2) => (x < 0 ? `(${number(x, digits)})` : number(x, digits));
export const percent = (x) => (x >= 0.995 && x < 1 ? "over 99 %" : x > 0 && x < 0.005 ? "under 1 %" : `${Math.round(100 * x)} %`);
/* A probability where small ones matter: 63.1 %, 0.0074 %. */
export const chance = (p) => p === 0 || p === 1 ? `${100 * p} %` : p > 0.9995 ? "> 99.9 %" : p < 1e-6 ? "< 0.0001 %" : `${p < 0.01 ? (100 * p).toPrecision(2) : (100 * p).toFixed(1)} %`;
export const count = (x) => String(Math.round(x)).replace(/\B(?=(\d{3})+$)/g, ",");
const scaled = (x, base, units) => {
  let i = 0;
  while (Math.abs(x) >= base * 0.9995 && i < units.length - 1) { x /= base; i++; }
  return `${Math.abs(x) >= 100 || (i === 0 && Number.isInteger(x)) ? x.toFixed(0) : x.toFixed(Math.abs(x) >= 10 ? 1 : 2)}${units[i] ? ` ${units[i]}` : ""}`;
};
/* 3.5 M, 617.6 M: counts of parameters or tokens. */
export const short = (x) => scaled(x, 1000, ["", "K", "M", "B", "T", "·10¹⁵"]);
/* 24.0 KiB: powers of 1,024. */
export const memory = (bytes) => scaled(bytes, 1024, ["B", "KiB", "MiB", "GiB", "TiB"]);
export const flops = (x) => scaled(x, 1000, ["FLOP", "kFLOP", "MFLOP", "GFLOP", "TFLOP", "PFLOP", "EFLOP", "ZFLOP", "YFLOP"]);
export const duration = (seconds) => seconds < 1e-3 ? `${number(seconds * 1e6, 0)} µs` : seconds < 1 ? `${number(seconds * 1e3, seconds < 0.1 ? 1 : 0)} ms` : `${number(seconds, 2)} s`;

export const clamp = (x, low, high) => Math.min(Math.max(x, low), high);
export const range = (n) => Array.from({ length: n }, (_, i) => i);
export const sum = (values) => values.reduce((a, b) => a + b, 0);
export const largest = (values) => values.reduce((top, x) => Math.max(top, Math.abs(x)), 0);

export function softmax(scores, divisor = 1) {
  const top = scores.reduce((a, b) => Math.max(a, b), -Infinity), e = Array.from(scores, (s) => Math.exp((s - top) / divisor));
  const total = sum(e);
  return e.map((x) => x / total);
}

/* Abramowitz and Stegun 7.1.26: within 1.5e-7. */
function erf(x) {
  const t = 1 / (1 + 0.3275911 * Math.abs(x));
  const tail = t * (0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429)))) * Math.exp(-x * x);
  return x < 0 ? tail - 1 : 1 - tail;
}
/* The functions of transformer_core/feed_forward.py, by the same names; SwiGLU's is that of its gate. */
export const ACTIVATIONS = {
  relu: (x) => Math.max(x, 0),
  gelu: (x) => (x / 2) * (1 + erf(x / Math.SQRT2)),
  gelu_tanh: (x) => (x / 2) * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x ** 3))),
  swiglu: (x) => x / (1 + Math.exp(-x)),
};

// ------------------------------------------------------------------------------------------ colour

/* The theme's colours as the browser computes them: for canvases and Plotly, which know no `var()`. */
export class Palette {
  constructor(host) {
    this.probe = make("i", { style: "display:none" });
    host.append(this.probe);
    this.known = new Map();
    this.ramps = new Map();
  }
  /* [red, green, blue] of a role such as "query" or "feed-forward". */
  rgb(role) {
    if (!this.known.has(role)) {
      this.probe.style.color = `var(--${role.replace(/_/g, "-")})`;
      this.known.set(role, getComputedStyle(this.probe).color.match(/[\d.]+/g).slice(0, 3).map(Number));
    }
    return this.known.get(role);
  }
  colour(role, opacity = 1) { return `rgba(${this.rgb(role).join()},${opacity})`; }
  /* As `color-mix(in srgb, …)`, which Plotly does not know. */
  between(first, second, share) {
    const to = this.rgb(second);
    return `rgb(${this.rgb(first).map((c, i) => Math.round(c + (to[i] - c) * share)).join()})`;
  }
  /* 256 colours from the panel's ground to a role's full colour. */
  ramp(role) {
    if (!this.ramps.has(role)) {
      const from = this.rgb("panel"), to = this.rgb(role);
      this.ramps.set(role, range(256).map((t) => from.map((c, i) => Math.round(c + ((to[i] - c) * t) / 255))));
    }
    return this.ramps.get(role);
  }
  /* A share from 0 to 1 in a role's colour; a signed share from −1 to 1 between the two signs. */
  magnitude(share, role = "attention") { return this.ramp(role)[Math.round(255 * clamp(share, 0, 1))]; }
  sign(share) { return this.magnitude(Math.abs(share), share < 0 ? "negative" : "positive"); }
  forget() { this.known.clear(); this.ramps.clear(); }
}

/* Call `draw` when the root changes its width or the theme its colours; returns how to stop. */
export function follow(root, draw) {
  let width = root.clientWidth;
  const watch = new ResizeObserver(() => {
    if (!root.isConnected || root.clientWidth === width) return; // an element taken away shrinks to 0
    width = root.clientWidth;
    draw();
  });
  watch.observe(root);
  root.style.transition = "color 1ms"; // a change of theme starts and ends this transition
  const themed = (event) => { if (event.target === root) draw(); };
  root.addEventListener("transitionend", themed);
  return () => { watch.disconnect(); root.removeEventListener("transitionend", themed); };
}

// ---------------------------------------------------------------------------------------- pictures

/* Bars up and down from zero, one number each, in a role's colour: a vector as a strip. */
export function bars(values, top, role, height = 18) {
  const width = 10 * values.length, step = 10, middle = height / 2;
  let d = "";
  values.forEach((v, i) => {
    const h = clamp(v / (top || 1), -1, 1) * (middle - 0.5);
    d += `M${(i * step).toFixed(1)} ${middle}v${(-h).toFixed(2)}h${(step * 0.74).toFixed(1)}V${middle}z`;
  });
  return make("svg", { class: "bars", height, viewBox: `0 0 ${width} ${height}`, preserveAspectRatio: "none", "aria-hidden": "true" },
    make("line", { class: "zero", x1: 0, x2: width, y1: middle, y2: middle }), make("path", { class: role, d }));
}

/* A matrix on a canvas of its own CSS size: `colour(row, column)` gives [r, g, b], or null for a
   cell that is hidden. Cells of 9 px and more are tiles, smaller ones a plain picture. */
export function heatmap(canvas, { rows, columns, width, height, colour, hidden, tiles = true }) {
  const ratio = window.devicePixelRatio || 1, c = canvas.getContext("2d"), w = width / columns, h = height / rows;
  canvas.width = Math.round(width * ratio);
  canvas.height = Math.round(height * ratio);
  Object.assign(canvas.style, { width: `${width}px`, height: `${height}px` });
  c.setTransform(ratio, 0, 0, ratio, 0, 0);
  if (!tiles || Math.min(w, h) < 9) {
    const image = new ImageData(columns, rows), dots = make("canvas", { width: columns, height: rows });
    for (let i = 0; i < rows; i++) for (let j = 0; j < columns; j++) {
      const rgb = colour(i, j);
      if (rgb) image.data.set([...rgb, 255], 4 * (i * columns + j));
    }
    dots.getContext("2d").putImageData(image, 0, 0);
    c.imageSmoothingEnabled = false;
    return c.drawImage(dots, 0, 0, width, height);
  }
  for (let i = 0; i < rows; i++) for (let j = 0; j < columns; j++) {
    const rgb = colour(i, j);
    if (!rgb && !hidden) continue;
    c.fillStyle = rgb ? `rgb(${rgb.join()})` : hidden;
    c.beginPath();
    if (rgb) c.roundRect(j * w, i * h, w - 1.6, h - 1.6, 3);
    else c.arc((j + 0.5) * w, (i + 0.5) * h, 1.6, 0, 7);
    c.fill();
  }
}

/* Row and column under the pointer. */
export function cellAt(event, canvas, rows, columns) {
  const box = canvas.getBoundingClientRect(), at = (x, size, n) => clamp(Math.floor((x / size) * n), 0, n - 1);
  return { row: at(event.clientY - box.top, box.height, rows), column: at(event.clientX - box.left, box.width, columns) };
}

let library;
const plotly = () => library ??= window.Plotly ? Promise.resolve(window.Plotly) : new Promise((done, fail) => {
  document.head.append(make("script", { src: PLOTLY, onload: () => done(window.Plotly), onerror: () => { library = undefined; fail(new Error("Plotly")); } }));
});

const MIXED = /color-mix\(in srgb, var\(--([\w-]+)\) (\d+)%, var\(--([\w-]+)\)\)/g;
const coloured = (spec, palette) => typeof spec === "string"
  ? spec.replace(MIXED, (_, second, share, first) => palette.between(first, second, share / 100)).replace(/var\(--([\w-]+)\)/g, (_, role) => palette.colour(role))
  : Array.isArray(spec) ? spec.map((part) => coloured(part, palette))
  : spec && typeof spec === "object" && !ArrayBuffer.isView(spec) ? Object.fromEntries(Object.entries(spec).map(([name, part]) => [name, coloured(part, palette)]))
  : spec;

/* Plotly writes its style rules into the document, where a shadow root does not see them. */
let plotlyStyle;
function lendStyle(root) {
  if (!plotlyStyle) {
    plotlyStyle = new CSSStyleSheet();
    const rules = document.getElementById("plotly.js-style-global")?.sheet.cssRules ?? [];
    plotlyStyle.replaceSync(Array.from(rules, (rule) => rule.cssText).join("\n"));
  }
  if (!root.adoptedStyleSheets.includes(plotlyStyle)) root.adoptedStyleSheets.push(plotlyStyle);
}

const asked = new WeakMap(), busy = new WeakMap();

/* A Plotly chart in `node`, changed in place: colours as `var(--role)`, the template of figures/theme.py.
   Returns the node once it is drawn; `node.on("plotly_click", …)` and the like work from then on.
   Of several calls while one is drawn, the last counts. */
export function plot(node, spec, palette) {
  asked.set(node, spec);
  const drawn = (busy.get(node) ?? Promise.resolve()).then(() => (asked.get(node) === spec ? draw(node, spec, palette) : node));
  busy.set(node, drawn);
  return drawn;
}

async function draw(node, { data, layout = {} }, palette) {
  const library = await plotly().catch(() => null);
  if (!library) {
    node.textContent = "The chart could not be drawn: its library did not load. Reload the page.";
    return node;
  }
  if (!node.isConnected) return node; // taken away meanwhile: it has no colours any more
  lendStyle(node.getRootNode());
  const drawn = coloured({ data, layout: { ...layout, template: TEMPLATE, autosize: true } }, palette);
  await library.react(node, drawn.data, drawn.layout, { displayModeBar: false, responsive: false, scrollZoom: false, doubleClick: "reset" });
  return node;
}
/* The width has changed. */
export const fit = (node) => { if (node.data && node.isConnected && window.Plotly) window.Plotly.Plots.resize(node); };
/* A chart as an SVG file. */
export const save = (node, filename) => window.Plotly?.downloadImage(node, { format: "svg", filename, width: node.clientWidth, height: node.clientHeight });

// ---------------------------------------------------------------------------------------- controls

/* One choice of several as a radio group with arrow keys; content(i) is the label or its nodes. */
export function radios(box, name, n, content, choose) {
  box.setAttribute("role", "radiogroup");
  box.setAttribute("aria-label", name);
  box.replaceChildren(...range(n).map((i) => {
    const inside = content(i);
    const label = typeof inside === "string" && !/^\d+$/.test(inside) ? inside : `${name.toLowerCase()} ${i + 1}`;
    return make("button", { type: "button", role: "radio", "aria-label": label, onclick: () => choose(i), onkeydown: (event) => {
      const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
      if (!step) return;
      event.preventDefault();
      event.stopPropagation();
      choose((i + step + n) % n);
      box.querySelector('[aria-checked="true"]')?.focus();
    } }, inside);
  }));
}
export function check(box, chosen) {
  box.querySelectorAll('[role="radio"]').forEach((button, i) => {
    button.setAttribute("aria-checked", i === chosen);
    button.tabIndex = i === chosen ? 0 : -1;
  });
}

/* A labelled slider; `show(value)` is the text beside it, `change(value)` is called as it moves. */
export function slider({ label, min, max, step, value, show = number, change }) {
  const shown = make("output", {}, show(value));
  const input = make("input", { type: "range", min, max, step, value, "aria-label": label, "aria-valuetext": show(value) });
  const write = (to) => { shown.textContent = show(to); input.setAttribute("aria-valuetext", show(to)); };
  input.addEventListener("input", () => { write(Number(input.value)); change(Number(input.value)); });
  const node = make("label", { class: "slider" }, make("span", {}, label), input, shown);
  node.set = (to) => { input.value = to; write(to); };
  return node;
}
