// @ts-check
// A reader's first minute: ten seconds of a pass at the first visit, and the tour.

import { focusField } from "../../../ui/kit/address.js";
import { find } from "../../../ui/kit/elements.js";
import { Hero, isFirstVisit } from "./hero.js";
import { HeroStage } from "./hero_stage.js";
import { Tour } from "./tour.js";
import { askedStop } from "./tour_stops.js";

/** @import { Palette } from "../../../ui/kit/palette.js" */
/** @import { SmallMaps } from "./small_maps.js" */
/** @import { Acts, Now } from "./tour_stops.js" */

export class FirstMinute {
  #begun = false;

  /**
   * @param {HTMLElement} root
   * @param {Palette} palette
   * @param {Acts} acts
   */
  constructor(root, palette, acts) {
    this.root = root;
    this.palette = palette;
    this.tour = new Tour(root, acts);
    find(root, ".take-tour").addEventListener("click", () => this.tour.go(0));
  }

  /**
   * What is on screen now.
   * @param {Now} now
   * @param {SmallMaps} maps
   */
  show(now, maps) {
    this.tour.show(now);
    if (this.#begun) return;
    this.#begun = true;
    const stop = askedStop(location.search);
    if (stop !== null) this.tour.go(stop);
    else if (isFirstVisit(now.trace)) {
      const ways = { tour: () => this.tour.go(0), ownWords: () => focusField("text") };
      const stage = new HeroStage(now.trace, maps, this.palette);
      new Hero(this.root, now.trace, stage, ways).play();
    }
  }
}
