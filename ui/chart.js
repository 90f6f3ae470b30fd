// One Plotly figure of figures/, drawn into the same node at every change: zoom and hover stay.

import { rich } from "./kit/elements.js";
import { follow } from "./kit/follow.js";
import { Palette } from "./kit/palette.js";
import { fit, plot, save } from "./kit/plot.js";

class Chart {
  constructor(root) {
    this.root = root;
    this.find = (selector) => root.querySelector(selector);
    this.palette = new Palette(root);
    this.node = this.find(".plot");
    this.find(".save").addEventListener("click", () => save(this.node, this.data.name));
    this.stop = follow(root, () => { this.palette.forget(); this.draw().then(() => fit(this.node)); });
  }

  receive(data) {
    this.data = data;
    this.find(".finding").replaceChildren(...rich(data.finding));
    this.find(".caption").replaceChildren(...rich(data.caption));
    this.node.setAttribute("aria-label", data.alt);
    this.node.style.height = `${data.height}px`;
    Object.assign(this.find(".tag"), { className: `tag ${data.kind}`, textContent: data.kind, title: data.meaning });
    this.draw();
  }

  async draw() {
    if (this.data) await plot(this.node, this.data.figure, this.palette);
  }
}

export default function ({ data, parentElement }) {
  const root = parentElement.querySelector(".board");
  root.chart ??= new Chart(root);
  if (data) root.chart.receive(data);
  return () => root.chart?.stop();
}
