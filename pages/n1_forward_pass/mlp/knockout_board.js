// A neuron, or a whole MLP, silenced: the model's next-token distribution before and after. Which
// layer, token and neuron are chosen comes from the picture above (`hear`); once they rest, the server
// is asked for them, and until it answers what stands here is faded.

import { hear, recall } from "../../../ui/kit/address.js";
import { make } from "../../../ui/kit/elements.js";
import { signed } from "../../../ui/kit/format.js";
import { labels, quote, visible } from "../../../ui/kit/words.js";

const REST = 250; // milliseconds
const share = (p) => (p > 0 && p < 5e-4 ? "< 0.1 %" : p < 1 && p > 0.9995 ? "> 99.9 %" : `${(Math.round(1000 * p) / 10).toFixed(1)} %`);
const points = ({ before, after }) => (Math.round(1000 * after) - Math.round(1000 * before)) / 10; // as shown

class Board {
  constructor(root) {
    Object.assign(this, { root, find: (selector) => root.querySelector(selector) });
    hear(root, (name) => { if (["layer", "token", "neuron"].includes(name)) this.targets(true); });
  }

  receive(data, ask) {
    const told = JSON.stringify(data);
    this.ask = ask;
    if (told === this.told) return;
    Object.assign(this, { told, data, labels: labels(data.pieces) });
    this.draw();
  }

  /* The neuron chosen above (without a choice, the strongest of its token), its layer's MLP. */
  targets(changed = false) {
    if (!this.data) return;
    const { asked, looked_at, sizes } = this.data, chosen = (name) => { const x = Number(recall(name)); return x >= 1 && x <= sizes[name] ? x : null; };
    const layer = chosen("layer") ?? looked_at.layer, token = chosen("token") ?? looked_at.token, same = asked.layer === layer && asked.token === token;
    const neuron = chosen("neuron") ?? (same ? looked_at.neuron : null), stale = !same || (asked.neuron && asked.neuron !== neuron);
    this.root.classList.toggle("stale", Boolean(stale));
    this.find(".odds").setAttribute("aria-busy", String(Boolean(stale)));
    if (changed) clearTimeout(this.timer);
    if (changed && stale) this.timer = setTimeout(() => this.root.isConnected && this.ask({ what: asked.neuron ? "neuron" : "mlp", layer, token, neuron }), REST);
    const names = [["neuron", neuron ? `neuron ${layer}.${neuron}` : `the strongest neuron of layer ${layer}`, !stale && asked.neuron], ["mlp", `the whole MLP of layer ${layer}`, same && !asked.neuron]];
    this.find(".targets").replaceChildren(...names.map(([what, name, pressed]) => make("button", { type: "button", "aria-pressed": String(Boolean(pressed)), onclick: () => this.ask({ what, layer, token, neuron }) }, name)));
  }

  draw() {
    const { asked, rows, sizes } = this.data, word = quote(this.labels[asked.token - 1]), move = (row) => Math.abs(row.after - row.before);
    const first = rows[0], most = rows.reduce((top, row) => (move(row) > move(top) ? row : top)), by = points(first);
    const out = asked.neuron ? `neuron ${asked.layer}.${asked.neuron}` : `the MLP of layer ${asked.layer}`;
    this.find(".finding").replaceChildren("Without ", make("b", { class: "feed-forward" }, out), `, the first guess after ${word} (${quote(visible(first.piece))}) `,
      by ? `${by < 0 ? "falls" : "rises"} from ${share(first.before)} to ` : "stays at ", make("b", { class: "prediction" }, share(first.after)), most === first || !points(most) ? "" : `; ${quote(visible(most.piece))} moves most, ${signed(points(most), 1)} points`);
    this.find(".intro").textContent = `${asked.neuron ? "Its activation is set to 0 at every token" : "Nothing is added to the stream by it at any token"} up to ${word}; ${asked.layer < sizes.layer ? "then all later layers run again" : "then the final norm and the unembedding run again"}. The likeliest next tokens of both runs:`;
    const peak = Math.max(...rows.flatMap((row) => [row.before, row.after])), cell = (cls, ...content) => make("div", { class: cls, role: "cell" }, ...content);
    const bar = (cls, p) => cell(`bar ${cls}`, make("i", { style: `width:${(100 * p) / peak}%` })), line = (cls, ...cells) => make("div", { class: `row ${cls}`, role: "row" }, ...cells);
    this.find(".odds").replaceChildren(line("head", cell("word", "next token"), cell("", "as trained"), cell(""), cell("to"), cell("", "taken out"), cell(""), cell("change", "points")),
      ...rows.map(({ piece, before, after }) => line("", cell("word", quote(visible(piece))), bar("before", before), cell("", share(before)), cell("to", "→"), bar("after", after), cell("", share(after)),
        cell(`change ${after < before ? "down" : "up"}`, points({ before, after }) ? signed(points({ before, after }), 1) : "0.0"))));
    this.find(".odds").setAttribute("aria-label", `${this.find(".finding").textContent}. ${rows.map((row) => `${visible(row.piece)}: ${share(row.before)}, then ${share(row.after)}`).join("; ")}`);
    this.find(".caption").textContent = "An injury, not a design: the other weights were trained with this one in place.";
    this.find(".spoken").textContent = this.find(".finding").textContent;
    this.targets();
  }
}

export default function ({ data, parentElement, setStateValue }) {
  const root = parentElement.querySelector(".board");
  root.board ??= new Board(root);
  if (data) root.board.receive(data, (asked) => setStateValue("asked", { ...asked, pass: data.pass }));
}
