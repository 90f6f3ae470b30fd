// @ts-check
// The parts that show a pass, each in its place of the screen, and what a reader does with them.

import { find } from "../../../ui/kit/elements.js";
import { Band } from "./band.js";
import { Card } from "./card.js";
import { FirstMinute } from "./first_minute.js";
import { Flight } from "./flight.js";
import { Headings } from "./headings.js";
import { Headline } from "./headline.js";
import { NotesPanel } from "./notes_panel.js";
import { Picture } from "./picture.js";
import { Prediction } from "./prediction.js";
import { Rest } from "./rest.js";
import { Timeline } from "./timeline.js";
import { Tokens } from "./tokens.js";

/** @import { Palette } from "../../../ui/kit/palette.js" */
/** @import { Column } from "./stages.js" */
/** @import { Hover, Sampling } from "./state.js" */
/** @import { Tip } from "./tip.js" */

/**
 * @typedef {object} Acts
 * @property {(column: Column) => void} open
 * @property {() => void} close
 * @property {(change: {layer: number, head?: number}) => Promise<void>} selectHead kept once it is shown
 * @property {(token: number) => Promise<void>} selectToken
 * @property {(aside: boolean) => void} setAside
 * @property {(gap: import("./lanes_shown.js").Gap) => void} openGap
 * @property {(hover: Hover) => void} hover
 * @property {(hover: Hover, event: PointerEvent | null) => void} point
 * @property {(row: number, column: Column | null) => void} click
 * @property {() => void} scrolled
 * @property {(taken: {token: number} | null) => void} append null: one is to be drawn
 * @property {(change: Partial<Sampling>) => void} shape
 * @property {import("./timeline.js").Acts} steps
 */

/**
 * @param {HTMLElement} root
 * @param {Palette} palette
 * @param {Tip} tip
 * @param {Acts} acts
 */
export function makeParts(root, palette, tip, acts) {
  return {
    headline: new Headline(find(root, ".finding")),
    band: new Band(find(root, ".band"), {
      selectLayer: (layer) => acts.selectHead({ layer }),
      select: (layer, head) => acts.selectHead({ layer, head }),
    }),
    rest: new Rest(find(root, ".rest"), acts.setAside),
    headings: new Headings(find(root, ".headings"), acts.open),
    tokens: new Tokens(find(root, ".chips"), {
      select: acts.selectToken,
      hover: (row) => acts.hover({ row, key: null }),
      open: acts.openGap,
    }),
    picture: new Picture(find(root, ".rows"), { hover: acts.point, click: acts.click, scrolled: acts.scrolled }),
    prediction: new Prediction(find(root, ".prediction"), new Flight(root), {
      take: (token) => acts.append({ token }),
      draw: () => acts.append(null),
      shape: acts.shape,
    }),
    card: new Card(root, { palette, tip, close: acts.close, hover: acts.hover }),
    notes: new NotesPanel(find(root, ".notes")),
    timeline: new Timeline(find(root, ".timeline"), acts.steps),
    minute: new FirstMinute(root, palette, acts),
  };
}
