// @ts-check
// One more token by the clock: asked for length after length, drawn as the answers come.

import { askEach, busyDuring } from "../../../ui/kit/asking.js";
import { find, rich } from "../../../ui/kit/elements.js";
import { duration, number } from "../../../ui/kit/format.js";
import { plot } from "../../../ui/kit/plot.js";
import { unpack } from "../../../ui/kit/tensors.js";

/** @import { Palette } from "../../../ui/kit/palette.js" */

/** @typedef {{n: number, cached: number, uncached: number, busy: boolean}} StepData */
/**
 * Where to ask, for which text, at which lengths.
 * @typedef {{numbers: string, sentence: Record<string, string>, lengths: number[]}} Asked
 */

const MILLI = 1000;

export class StepClock {
  /** @type {StepData[]} */
  times = [];
  /** @type {AbortController | undefined} */
  going;

  /**
   * @param {HTMLElement} root
   * @param {Palette} palette
   */
  constructor(root, palette) {
    this.root = root;
    this.palette = palette;
  }

  /** Another text or model: what was measured is not its own. */
  forget() {
    this.going?.abort();
    this.times = [];
    find(this.root, ".clock-plot").hidden = true;
    find(this.root, ".clock-note").hidden = true;
    this.say("How long does one more token take, with the cache and without?", "Measure on this server");
  }

  /** @param {Asked} asked */
  async measure({ numbers, sentence, lengths }) {
    this.forget();
    const going = new AbortController();
    this.going = going;
    const button = find(this.root, ".measure", HTMLButtonElement);
    button.disabled = true;
    button.textContent = "Measuring …";
    const questions = lengths.map((n) => ({ ...sentence, n: String(n) }));
    const taken = (/** @type {Uint8Array} */ bytes) => this.take(unpack(bytes).header);
    const done = await busyDuring(this.root, askEach(numbers, questions, taken, going.signal));
    button.disabled = false;
    if (going.signal.aborted) return;
    button.textContent = "Measure again";
    if (!done) find(this.root, ".state").textContent = "No answer came. Try again in a few seconds.";
  }

  /** @param {StepData} time */
  take(time) {
    if (time.busy) {
      find(this.root, ".state").textContent = "Another reader is measuring just now. Try again in a few seconds.";
      this.going?.abort();
      find(this.root, ".measure").textContent = "Measure on this server";
      return;
    }
    this.times.push(time);
    this.draw();
  }

  /**
   * @param {string} finding
   * @param {string} button
   */
  say(finding, button) {
    find(this.root, ".clock-finding").textContent = finding;
    find(this.root, ".measure").textContent = button;
  }

  draw() {
    const last = this.times.at(-1);
    if (!last) return;
    const node = find(this.root, ".clock-plot");
    node.hidden = false;
    find(this.root, ".clock-note").hidden = false;
    const ratio = number(last.uncached / last.cached, 1);
    find(this.root, ".clock-finding").replaceChildren(
      ...rich([
        `Token number ${last.n} takes `,
        ["query", duration(last.cached)],
        " with the cache and ",
        ["negative", duration(last.uncached)],
        ` without: ${ratio} times as long`,
      ]),
    );
    const said = this.times.map((t) => `${t.n} tokens: ${duration(t.cached)} and ${duration(t.uncached)}`);
    node.setAttribute("aria-label", `Time of one more token, with the cache and without. ${said.join("; ")}.`);
    plot(node, { data: [this.curve("uncached"), this.curve("cached")], layout: layout(this.times) }, this.palette);
  }

  /** @param {"cached" | "uncached"} way */
  curve(way) {
    const color = way === "cached" ? "var(--query)" : "var(--negative)";
    return {
      x: this.times.map(({ n }) => n),
      y: this.times.map((time) => MILLI * time[way]),
      mode: "lines+markers",
      line: { color, width: 2.5 },
      marker: { size: 9, color },
      hovertemplate: `${way}: %{y:.1f} ms at %{x} tokens<extra></extra>`,
    };
  }
}

/** @param {readonly StepData[]} times */
function layout(times) {
  const last = times[times.length - 1];
  const name = (/** @type {"cached" | "uncached"} */ way) => ({
    ...{ x: Math.log10(last.n), y: MILLI * last[way], xanchor: "left", xshift: 10, showarrow: false },
    text: way === "cached" ? "with cache" : "without",
    font: { size: 14, color: way === "cached" ? "var(--query)" : "var(--negative)" },
  });
  const lengths = times.map(({ n }) => n);
  return {
    margin: { r: 96, t: 12 },
    showlegend: false,
    xaxis: { type: "log", title: { text: "tokens of the text" }, tickvals: lengths, ticktext: lengths.map(String) },
    yaxis: { title: { text: "ms for one more token" }, rangemode: "tozero" },
    annotations: [name("cached"), name("uncached")],
  };
}
