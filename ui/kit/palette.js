// @ts-check
// The theme's colours as the browser computes them: for canvases and Plotly, which know no `var()`.

import { clamp, range } from "./arithmetic.js";
import { make } from "./elements.js";

/** @typedef {[red: number, green: number, blue: number]} Colour */

export class Palette {
  /** @param {ParentNode} host whose style has the theme's variables */
  constructor(host) {
    this.probe = make("i", { style: "display:none" });
    host.append(this.probe);
    /** @type {Map<string, Colour>} */
    this.known = new Map();
    /** @type {Map<string, Colour[]>} */
    this.ramps = new Map();
  }

  /**
   * Of a role such as "query" or "feed-forward".
   * @param {string} role
   * @returns {Colour}
   */
  rgb(role) {
    const found = this.known.get(role);
    if (found) return found;
    this.probe.style.color = `var(--${role.replace(/_/g, "-")})`;
    const numbers = getComputedStyle(this.probe).color.match(/[\d.]+/g) ?? [];
    const colour = /** @type {Colour} */ ([0, 1, 2].map((i) => Number(numbers[i] ?? 0)));
    this.known.set(role, colour);
    return colour;
  }

  /**
   * @param {string} role
   * @param {number} [opacity]
   */
  colour(role, opacity = 1) {
    return `rgba(${this.rgb(role).join()},${opacity})`;
  }

  /**
   * As `color-mix(in srgb, …)`, which Plotly does not know.
   * @param {string} first
   * @param {string} second
   * @param {number} share of the second
   */
  between(first, second, share) {
    return `rgb(${mixed(this.rgb(first), this.rgb(second), share).join()})`;
  }

  /**
   * 256 colours from the panel's ground to a role's full colour.
   * @param {string} role
   */
  ramp(role) {
    const found = this.ramps.get(role);
    if (found) return found;
    const colours = range(256).map((t) => mixed(this.rgb("panel"), this.rgb(role), t / 255));
    this.ramps.set(role, colours);
    return colours;
  }

  /**
   * A share from 0 to 1 in a role's colour.
   * @param {number} share
   * @param {string} [role]
   */
  magnitude(share, role = "attention") {
    return this.ramp(role)[Math.round(255 * clamp(share, 0, 1))];
  }

  /**
   * A signed share from −1 to 1, between the two signs' colours.
   * @param {number} share
   */
  sign(share) {
    return this.magnitude(Math.abs(share), share < 0 ? "negative" : "positive");
  }

  /** The theme has changed. */
  forget() {
    this.known.clear();
    this.ramps.clear();
  }
}

/**
 * @param {Colour} from
 * @param {Colour} to
 * @param {number} share
 */
const mixed = (from, to, share) =>
  /** @type {Colour} */ (from.map((part, i) => Math.round(part + (to[i] - part) * share)));
