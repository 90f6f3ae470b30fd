// A neuron, or a whole MLP, silenced: the model's next-token distribution before and after. Which
// neuron is chosen comes from the picture above (`hear`); what is asked goes to the server.

import { hear, labels, make, percent, quote, recall, signed, visible } from "./drawing.js";

class Board {
  constructor(root) {
    Object.assign(this, { root, find: (selector) => root.querySelector(selector) });
    hear(root, (name) => { if (["layer", "token", "neuron"].includes(name)) this.targets(); });
  }

  receive(data, ask) {
    const told = JSON.stringify(data);
    this.ask = ask;
    if (told === this.told) return;
    Object.assign(this, { told, data, labels: labels(data.pieces) });
    this.draw();
  }

  /* The neuron chosen above (without a choice, the strongest of its token), its layer's MLP. */
  targets() {
    if (!this.data) return;
    const { asked, looked_at } = this.data, [layer, token, named] = ["layer", "token", "neuron"].map((name) => Number(recall(name)) || null);
    this.chosen = { layer: layer ?? looked_at.layer, token: token ?? looked_at.token };
    this.chosen.neuron = named ?? (this.chosen.layer === looked_at.layer && this.chosen.token === looked_at.token ? looked_at.neuron : null);
    this.offer(asked, this.chosen);
  }
  offer(asked, { layer, token, neuron }) {
    const same = asked.layer === layer && asked.token === token;
    const names = [["neuron", neuron ? `neuron ${layer}.${neuron}` : `the strongest neuron of layer ${layer}`, same && asked.neuron && (!neuron || neuron === asked.neuron)], ["mlp", `the whole MLP of layer ${layer}`, same && !asked.neuron]];
    this.find(".targets").replaceChildren(...names.map(([what, name, pressed]) => make("button", { type: "button", "aria-pressed": String(Boolean(pressed)), onclick: () => this.ask({ what, layer, token, neuron }) }, name)));
  }

  draw() {
    const { asked, rows, n_layers } = this.data, word = quote(this.labels[asked.token - 1]), move = (row) => Math.abs(row.after - row.before);
    const top = rows.reduce((most, row) => (move(row) > move(most) ? row : most));
    const out = asked.neuron ? `neuron ${asked.layer}.${asked.neuron}` : `the MLP of layer ${asked.layer}`, after = percent(top.after), same = after === percent(top.before);
    this.find(".finding").replaceChildren("Without ", make("b", { class: "feed-forward" }, out), `, ${quote(visible(top.piece))} after ${word} `,
      same ? "stays at " : `${top.after < top.before ? "falls" : "rises"} from ${percent(top.before)} to `, make("b", { class: "prediction" }, after));
    this.find(".intro").textContent = `${asked.neuron ? "Its activation is set to 0 at every token" : "Nothing is added to the stream by it at any token"} up to ${word}; ${asked.layer < n_layers ? "then all later layers run again" : "then the final norm and the unembedding run again"}. The likeliest next tokens of both runs:`;
    const peak = Math.max(...rows.flatMap((row) => [row.before, row.after])), cell = (cls, ...content) => make("div", { class: cls, role: "cell" }, ...content);
    const bar = (cls, share) => cell(`bar ${cls}`, make("i", { style: `width:${(100 * share) / peak}%` })), line = (cls, ...cells) => make("div", { class: `row ${cls}`, role: "row" }, ...cells);
    this.find(".odds").replaceChildren(line("head", cell("word", "next token"), cell("", "as trained"), cell(""), cell("to"), cell("", "taken out"), cell(""), cell("change", "points")),
      ...rows.map(({ piece, before, after }) => line("", cell("word", quote(visible(piece))), bar("before", before), cell("", percent(before)), cell("to", "→"), bar("after", after), cell("", percent(after)),
        cell(`change ${after < before ? "down" : "up"}`, Math.abs(after - before) < 5e-4 ? "0.0" : signed(100 * (after - before), 1)))));
    this.find(".odds").setAttribute("aria-label", `${this.find(".finding").textContent}. ${rows.map((row) => `${visible(row.piece)}: ${percent(row.before)}, then ${percent(row.after)}`).join("; ")}`);
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
