// All heads at once and one of them large. Fed once per text and model with every weight; head,
// role, word and pointer are answered here, and the address follows (`remember`).

import { hear, remember } from "../../../ui/kit/address.js";
import { clamp, range } from "../../../ui/kit/arithmetic.js";
import { check, radios } from "../../../ui/kit/controls.js";
import { make, rich } from "../../../ui/kit/elements.js";
import { follow } from "../../../ui/kit/follow.js";
import { number, percent } from "../../../ui/kit/format.js";
import { Palette } from "../../../ui/kit/palette.js";
import { cellAt, heatmap } from "../../../ui/kit/pictures.js";
import { causalRow, slice, unpack } from "../../../ui/kit/tensors.js";
import { labels, quote, visible } from "../../../ui/kit/words.js";

// A clear role in the corner of a map, and where there is less room.
const NOTES = { induction: ["induction", "ind."], previous_token: ["previous", "prev."], first_token: ["first", "first"], current_token: ["itself", "self"], duplicate_token: ["duplicate", "dup."], punctuation: ["marks", "marks"] };
const ON = { repeated: "random tokens said twice", text: "texts kept out of training" };
const NAMED = { previous_token: "the word before", current_token: "itself", first_token: "the first word", duplicate_token: "earlier copies of the same word", induction: "what followed the same word before", punctuation: "punctuation marks", line_break: "ends of lines" };
const HEADING = 22; // px above the first word
const FAINT = [0.02, 0.06, 0.15, 0.35, 2]; // shares at which the lines of all words get stronger

class Board {
  constructor(root) {
    this.root = root;
    this.find = (selector) => root.querySelector(selector);
    this.state = { layer: 0, head: 0, token: 0, role: "", contrast: false };
    this.peek = null; // the head pointed at
    this.focus = null; // the word pointed at: {side: "query" or "key", at, other}
    this.palette = new Palette(root);
    this.listen();
  }

  listen() {
    this.find(".repeat").addEventListener("click", () => remember("text", this.header.repeating));
    this.find(".contrast").addEventListener("change", (e) => { this.state.contrast = e.target.checked; this.paintWall(); this.enlarge(); });
    const canvas = this.find(".plane canvas"), lines = this.find(".lines"), wall = this.find(".wall");
    canvas.addEventListener("pointermove", (e) => { const { row, column } = cellAt(e, canvas, this.n, this.n); this.point("query", row, column); });
    canvas.addEventListener("click", () => this.keep());
    lines.addEventListener("pointermove", (e) => this.pointLine(e));
    lines.addEventListener("click", (e) => { this.pointLine(e); this.keep(); });
    for (const node of [canvas, lines]) node.addEventListener("pointerleave", () => { this.focus = null; this.enlarge(); });
    wall.addEventListener("pointerleave", () => this.lookAt(null));
    wall.addEventListener("keydown", (e) => this.press(e));
    this.find(".pairing").addEventListener("keydown", (e) => {
      const step = { ArrowUp: -1, ArrowDown: 1 }[e.key];
      if (!step) return;
      e.preventDefault();
      this.read(clamp(this.state.token + step, 0, this.n - 1));
    });
    this.stop = follow(this.root, () => { if (this.n) this.draw(); });
    hear(this.root, (name, value) => {
      if ((name === "layer" || name === "head") && this.n && this.state[name] !== value - 1) this.take({ [name]: value - 1 });
      if (name === "token" && this.n && this.state.token !== value - 1) this.take({ token: clamp(value - 1, 0, this.n - 1) });
    });
  }

  receive(bytes) {
    const { header, arrays } = unpack(bytes), was = this.header ?? {}, s = this.state;
    const fresh = header.pass !== was.pass;
    if (!fresh && ["layer", "head", "token", "role"].every((name) => header[name] === was[name])) return;
    const n = header.pieces.length, aims = ({ targets }, role) => range(n).flatMap((i) => [...slice(targets, role, i).keys()].filter((j) => slice(targets, role, i)[j]).map((j) => [i, j]));
    Object.assign(this, { header, n, arrays, labels: labels(header.pieces), aims: header.roles.map((_, role) => aims(arrays, role)) });
    for (const name of ["layer", "head", "role"]) if (header[name] !== was[name]) s[name] = header[name];
    s.layer = Math.min(s.layer, header.n_layers - 1);
    s.head = Math.min(s.head, header.n_heads - 1);
    if (fresh || header.token !== was.token) s.token = header.token;
    this.peek = this.focus = null;
    this.draw();
  }

  row(layer, head, i) { return causalRow(this.arrays.weights, layer, head, i); }
  get shown() { return this.peek ?? this.state; }
  get role() { return this.header.roles.findIndex((role) => role.name === this.state.role); }
  get heads() { return range(this.header.n_layers).flatMap((layer) => range(this.header.n_heads).map((head) => ({ layer, head }))); }
  score(kind, { layer, head }, role = this.role) { return this.arrays[kind] ? slice(this.arrays[kind], role, layer)[head] : null; }
  isTarget(role, i, j) { return slice(this.arrays.targets, role, i)[j] > 0; }
  name({ layer, head }) { return `${layer + 1}.${head + 1}`; }
  quote(i) { return quote(this.labels[i]); }
  favourite(at, i) { const w = this.row(at.layer, at.head, i); return w.indexOf(w.reduce((a, b) => Math.max(a, b))); }

  // -------------------------------------------------------------------------- what the reader does

  take(change) {
    Object.assign(this.state, change);
    this.peek = null;
    this.mark();
    this.enlarge();
    this.speak();
  }
  choose(at) {
    this.take(at);
    remember("layer", at.layer + 1);
    remember("head", at.head + 1);
  }
  read(token) {
    this.take({ token });
    remember("token", token + 1);
  }
  play(i) {
    this.state.role = i ? this.header.roles[i - 1].name : "";
    remember("role", this.state.role);
    this.paintWall();
    this.choose(i ? this.strongest() : this.state);
  }
  lookAt(at) {
    if (this.peek === at || (at && this.peek && this.name(at) === this.name(this.peek))) return;
    this.peek = at;
    this.enlarge();
  }
  point(side, at, other = null) {
    if (this.focus && this.focus.side === side && this.focus.at === at && this.focus.other === other) return;
    this.focus = { side, at, other };
    this.enlarge();
  }
  pointLine(event) {
    const box = this.find(".lines").getBoundingClientRect(), y = event.clientY - box.top - HEADING;
    this.point(event.clientX - box.left < box.width / 2 ? "query" : "key", clamp(Math.floor(y / this.cell), 0, this.n - 1));
  }
  keep() { if (this.focus?.side === "query") this.read(this.focus.at); }
  press(event) {
    const step = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] }[event.key];
    if (!step) return;
    event.preventDefault();
    const { n_layers, n_heads } = this.header, { layer, head } = this.state;
    this.choose({ layer: (layer + step[0] + n_layers) % n_layers, head: (head + step[1] + n_heads) % n_heads });
    this.find('.wall [aria-checked="true"]').focus();
  }

  // ------------------------------------------------------------------------------------ the picture

  draw() {
    this.width = this.root.clientWidth;
    this.palette.forget();
    const { roles } = this.header;
    radios(this.find(".roles"), "Role", roles.length + 1, (i) => (i ? roles[i - 1].title : "All heads"), (i) => this.play(i));
    this.buildWall();
    this.mark();
    this.paintWall();
    this.enlarge();
  }

  buildWall() {
    const { n_layers, n_heads } = this.header, wall = this.find(".wall"), phone = this.width <= 760;
    const gap = phone ? 3 : 8, frame = phone ? 5 : 9, across = (wall.clientWidth - 46) / n_heads - gap - frame;
    this.side = Math.max(22, Math.floor(Math.min(across, this.width > 1500 ? 96 : 70, phone ? across : Math.max(48, (this.width > 1500 ? 640 : 510) / n_layers - 14))));
    wall.style.gridTemplateColumns = `42px repeat(${n_heads}, auto)`;
    const heading = make("span", { class: "axis" }, "layer");
    const tiles = range(n_layers).map((layer) => [
      make("span", { class: "axis down" }, String(layer + 1)),
      range(n_heads).map((head) => make("button", {
        type: "button", role: "radio", "aria-label": `layer ${layer + 1} head ${head + 1}`,
        onclick: () => this.choose({ layer, head }), onpointerenter: (e) => { if (e.pointerType === "mouse") this.lookAt({ layer, head }); },
      }, make("canvas"), make("span"))),
    ]);
    wall.replaceChildren(heading, ...range(n_heads).map((h) => make("span", { class: "axis" }, h || phone ? String(h + 1) : "head 1")), ...tiles.flat(2));
  }

  mark() {
    const { layer, head, token, role } = this.state, { n_heads } = this.header;
    check(this.find(".wall"), layer * n_heads + head);
    check(this.find(".roles"), this.role + 1);
    this.find(".tag.measured").hidden = !this.arrays.measured;
    this.find(".finding").replaceChildren(...rich(role ? this.playing() : this.tally(token)));
    this.find(".told").textContent = this.explained();
    this.find(".repeat").hidden = !["induction", "duplicate_token"].includes(role);
  }

  paintWall() {
    const { n, palette, side } = this, strongest = this.role < 0 ? 1 : Math.max(...this.heads.map((at) => this.strength(at)));
    this.root.querySelectorAll(".wall button").forEach((button, index) => {
      const at = this.heads[index], rows = range(n).map((i) => this.row(at.layer, at.head, i)), tops = rows.map((w) => this.top(w));
      heatmap(button.firstChild, { rows: n, columns: n, width: side, height: side, tiles: false, colour: (i, j) => (j > i ? null : palette.magnitude(rows[i][j] / tops[i])) });
      button.style.opacity = this.role < 0 ? 1 : 0.3 + 0.7 * Math.min(1, this.strength(at) / (strongest || 1));
      button.lastChild.replaceWith(this.note(at));
      button.title = this.role < 0 ? this.clear(at).map(({ title, meaning, index }) => `${title}: ${meaning}. ${this.recorded(at, index)}; on your text ${this.aims[index].length ? percent(this.score("live", at, index)) : "nothing to find"}.`).join("\n") : "";
    });
  }

  top(row) { return this.state.contrast ? row.reduce((a, b) => Math.max(a, b)) : 1; }
  strongest() { return this.heads.reduce((a, b) => (this.strength(b) > this.strength(a) ? b : a)); }
  strength(at) { return this.score(this.arrays.measured ? "measured" : "live", at); }

  /* In a map’s empty corner: its clear role, or with a role chosen its two scores as bars. */
  note(at) {
    if (this.role < 0) return make("span", { class: "note" }, this.clear(at).map(({ name, index }) =>
      make("span", { class: this.score("live", at, index) < this.score("measured", at, index) / 2 ? "pale" : "" }, NOTES[name][this.side < 60 ? 1 : 0])));
    const kinds = this.arrays.measured ? ["measured", "live"] : ["live"];
    return make("span", { class: "score", title: kinds.map((kind) => `${kind} ${percent(this.score(kind, at))}`).join(", ") },
      ...kinds.map((kind) => make("i", { class: kind, style: `width:${62 * this.score(kind, at)}%` })));
  }

  /* The roles that a head was clearly measured to play. */
  clear(at) { return this.arrays.measured ? this.header.roles.map((role, index) => ({ ...role, index })).filter((role) => role.clear && this.score("measured", at, role.index) >= role.clear) : []; }
  recorded(at, index) {
    const { on, chance: even } = this.header.roles[index];
    return `${percent(this.score("measured", at, index))} on ${ON[on]} (a head looking evenly: ${percent(even)})`;
  }

  /* Which word does each head read most from this one, and how many heads agree? */
  tally(token) {
    const times = new Map(), word = ["query", this.quote(token)], heads = this.heads;
    for (const at of heads) { const j = this.favourite(at, token); times.set(j, (times.get(j) ?? 0) + 1); }
    const ranked = [...times].sort((a, b) => b[1] - a[1]), name = (j) => (j === token ? "itself" : this.quote(j));
    if (token === 0) return [word, ` comes first: all ${heads.length} heads can only read the word itself. Choose a later word.`];
    if (ranked.length === 1) return [`All ${heads.length} heads read `, ["key", name(ranked[0][0])], " most from ", word];
    const listed = ranked.slice(0, 3).flatMap(([j, count], i) => [i ? ", " : "", ["key", name(j)], ` in ${count}${i ? "" : count === 1 ? " head" : " heads"}`]);
    return [`The ${heads.length} heads have ${ranked.length} favourites for `, word, ": ", ...listed];
  }

  /* Which head plays the chosen role best. */
  playing() {
    const role = this.header.roles[this.role], kind = this.arrays.measured ? "measured" : "live";
    const best = this.strongest(), here = this.score("live", best), { token } = this.state;
    if (role.name === "induction" && range(token + 1).some((j) => this.isTarget(this.role, token, j))) {
      const row = this.row(best.layer, best.head, token), j = this.favourite(best, token), goesOn = ["; the model goes on with ", ["prediction", quote(visible(this.header.guesses[token]))], ` (${percent(this.arrays.confidence.values[token])})`];
      const followed = range(token + 1).filter((i) => this.isTarget(this.role, token, i)).sort((a, b) => row[b] - row[a]).slice(0, 2);
      const named = (this.isTarget(this.role, token, j) ? followed : [j]).flatMap((i, at) => [at ? " and " : "", ["key", this.quote(i)], ` (${percent(row[i])})`]);
      return [`Head ${this.name(best)} looks from `, ["query", this.quote(token)], this.isTarget(this.role, token, j) ? " to what followed it before: " : " to ", ...named, ...goesOn];
    }
    const said = [`Head ${this.name(best)} is the strongest for “${role.title.toLowerCase()}”: `, [kind === "measured" ? "positive" : "attention", `${percent(this.score(kind, best))} of its weight`], kind === "measured" ? ", measured" : ", on your text"];
    if (kind === "live") return said;
    return this.aims[this.role].length ? [...said, "; ", ["attention", percent(here)], " on your text"] : [...said, "; your text gives it nothing to find"];
  }

  explained() {
    const role = this.header.roles[this.role];
    if (!role) return "Each small map is one head: its rows read, its columns are read. A name in the corner is a role that the head was clearly measured to play, pale where your text shows it less than half as much. An induction head reads what followed an earlier copy of the same token, so it needs a text that repeats.";
    const level = role.chance === null ? "Nothing was recorded for this model." : `Blue: its share recorded on ${ON[role.on]} (a head looking evenly: ${percent(role.chance)}).`;
    return `${role.meaning[0].toUpperCase()}${role.meaning.slice(1)}. ${level} Violet: on your text (looking evenly: ${percent(role.even)}).`;
  }

  // ------------------------------------------------------------------------------------- the large one

  enlarge() {
    const { n, shown, palette } = this, phone = this.width <= 760, near = this.find(".near").clientWidth;
    this.cell = Math.min((phone ? near - 112 : Math.min(near * 0.5, this.width > 1500 ? 470 : 390)) / n, 60);
    const size = this.cell * n, rows = range(n).map((i) => this.row(shown.layer, shown.head, i));
    const canvas = this.find(".plane canvas"), tops = rows.map((w) => this.top(w));
    heatmap(canvas, { rows: n, columns: n, width: size, height: size, hidden: palette.colour("line", 0.6), colour: (i, j) => (j > i ? null : palette.magnitude(rows[i][j] / tops[i])) });
    const focus = this.focus ?? { side: "query", at: this.state.token, other: null }, query = focus.side === "query";
    const lit = query ? focus.other ?? this.favourite(shown, focus.at) : focus.at;
    const edge = { left: query ? 0 : focus.at * this.cell, top: (query ? focus.at : 0) * this.cell, width: query ? size : this.cell, height: query ? this.cell : size };
    Object.assign(this.find(".ring").style, { left: `${edge.left - 2}px`, top: `${edge.top + 60}px`, width: `${edge.width + 3}px`, height: `${edge.height + 3}px` });
    this.find(".ring").style.borderColor = `var(--${focus.side})`;
    this.find(".columns").replaceChildren(...this.fitting(lit, 17).map((j) => make("span", { class: j === lit ? "here" : "", style: `left:${(j + 0.4) * this.cell}px` }, visible(this.header.pieces[j]))));
    this.find(".rows").replaceChildren(...this.fitting(focus.at, 13).map((i) => make("span", { class: query && i === focus.at ? "here" : "", style: `top:${(i + 0.5) * this.cell}px` }, visible(this.header.pieces[i]))));
    this.outline(size);
    this.lines(rows, focus, size);
    this.say(rows, focus, lit);
  }

  fitting(lit, room) {
    const every = Math.ceil(room / this.cell);
    return range(this.n).filter((i) => i === lit || (i % every === 0 && (every === 1 || Math.abs(i - lit) >= every)));
  }

  /* The cells at which a head of the chosen role would look. */
  outline(size) {
    const svg = this.find(".targets"), { cell } = this;
    svg.setAttribute("width", size);
    svg.setAttribute("height", size);
    svg.replaceChildren(...(this.aims[this.role] ?? []).map(([i, j]) => make("rect", { x: j * cell - 0.4, y: i * cell - 0.4, width: cell - 0.8, height: cell - 0.8, rx: Math.min(3, cell / 4) })));
  }

  /* Readers on the left, what they read on the right; a line is as thick as its weight. */
  lines(rows, focus, size) {
    const { n, cell } = this, svg = this.find(".lines"), width = svg.clientWidth;
    const word = (i) => { const w = visible(this.header.pieces[i]); return w.length > 13 ? `${w.slice(0, 12)}…` : w; };
    const longest = Math.max(32, 7.4 * Math.max(...range(n).map((i) => word(i).length))), left = Math.min(longest + 4, width * 0.3);
    const right = Math.min(left + 240, width - longest - 52), y = (i) => HEADING + (i + 0.5) * cell;
    svg.setAttribute("height", size + HEADING);
    const path = (i, j) => `M${left + 8} ${y(i)}L${right - 8} ${y(j)}`, picked = [], faint = FAINT.slice(1).map(() => "");
    rows.forEach((w, i) => w.forEach((share, j) => {
      if ((focus.side === "query" ? i : j) === focus.at) picked.push({ i, j, share });
      else if (share >= FAINT[0]) faint[FAINT.findIndex((limit) => share < limit) - 1] += path(i, j);
    }));
    const tops = [...picked].sort((a, b) => b.share - a.share).slice(0, 5).filter(({ share }) => share >= 0.01);
    const side = focus.side === "query" ? "j" : "i", told = new Map(tops.map((line) => [line[side], line.share]));
    const text = (x, i, cls, anchor, ...content) => make("text", { x, y: y(i), class: cls, "text-anchor": anchor }, ...content);
    const best = tops[0]?.[side], share = (i) => make("tspan", { class: "share", dx: 6 }, percent(told.get(i)));
    const queries = this.fitting(focus.side === "query" ? focus.at : best ?? 0, 14), keys = this.fitting(focus.side === "key" ? focus.at : best ?? 0, 14);
    svg.replaceChildren(
      make("text", { class: "title", x: left, y: 8, "text-anchor": "end" }, "reads"), make("text", { class: "title", x: right, y: 8 }, "is read"),
      ...faint.map((d, level) => make("path", { class: "all", d, "stroke-width": 0.6 + level * 0.7, opacity: (0.1 + 0.05 * level) * Math.min(1, 20 / n) })),
      ...picked.map(({ i, j, share }) => make("path", { class: "focus", d: path(i, j), "stroke-width": 0.5 + 7 * share, opacity: 0.25 + 0.75 * Math.min(1, share * 1.6) })),
      ...queries.map((i) => text(left, i, focus.side === "query" ? (i === focus.at ? "query" : "faint") : told.has(i) ? "" : "faint", "end", word(i), focus.side === "key" && told.has(i) ? share(i) : null)),
      ...keys.map((j) => text(right, j, j === (focus.side === "key" ? focus.at : best) ? "key" : focus.side === "query" && told.has(j) ? "" : "faint", "start", word(j), focus.side === "query" && told.has(j) ? share(j) : null)),
    );
  }

  say(rows, focus, lit) {
    const { shown, peek } = this, lock = this.find(".lock");
    this.find(".end").textContent = this.state.contrast ? "the row’s largest" : "100 %";
    this.find(".heading h4").textContent = `Head ${this.name(shown)}`;
    lock.textContent = peek ? "pointed at; click to keep" : "kept";
    lock.classList.toggle("kept", !peek);
    const scores = this.role < 0 ? null : this.header.roles[this.role];
    this.find(".played").textContent = scores
      ? `${scores.title}: ${this.arrays.measured ? `${percent(this.score("measured", shown))} measured, ` : ""}${this.aims[this.role].length ? `${percent(this.score("live", shown))} on your text; outlined: where such a head looks` : "no place in your text to look at"}.`
      : this.clear(shown).length ? this.ranked(shown) : this.arrays.measured ? `No clear role. ${this.ranked(shown)}` : "No recorded roles for this model: choose one above to measure it on your text.";
    const pair = focus.side === "query" ? [focus.at, lit] : null;
    this.find(".pointed").replaceChildren(...rich(pair
      ? [["query", this.quote(pair[0])], " gives ", ["attention", percent(rows[pair[0]][pair[1]] || 0)], pair[1] > pair[0] ? ": the mask hides " : " of its attention to ", ["key", pair[1] === pair[0] ? "itself" : this.quote(pair[1])]]
      : [["key", this.quote(focus.at)], " is given ", `${number(rows.slice(focus.at).reduce((t, w) => t + w[focus.at], 0))} in all by the ${this.n - focus.at === 1 ? "one word that can read it" : `${this.n - focus.at} words that can read it; each has 1 to give`}`]));
    const said = `Head ${this.name(shown)}, ${this.n} words by ${this.n}. ${this.find(".pointed").textContent}.`;
    this.find(".pairing").setAttribute("aria-label", `${said} Up and down arrows choose the word.`);
    this.find(".plane canvas").setAttribute("aria-label", said);
    this.find(".lines").setAttribute("aria-label", `Lines from each word to the words it reads. ${said}`);
  }

  /* The two roles that a head was measured to play most. */
  ranked(at) {
    const roles = range(this.header.roles.length).sort((a, b) => this.score("measured", at, b) - this.score("measured", at, a)).slice(0, 2);
    const told = ({ name, chance: even }, i, say) => `${NAMED[name]} ${percent(this.score("measured", at, i))} (${say}${percent(even)})`;
    return `Measured beforehand: ${roles.map((i, rank) => told(this.header.roles[i], i, rank ? "" : "a head looking evenly: ")).join(", ")}.`;
  }

  speak() { this.find(".spoken").textContent = `${this.find(".finding").textContent}. ${this.find(".pairing").getAttribute("aria-label")}`; }
}

export default function ({ data, parentElement }) {
  const root = parentElement.querySelector(".board");
  root.board ??= new Board(root);
  if (data) root.board.receive(data);
  return () => root.board?.stop();
}
