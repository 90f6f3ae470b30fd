// @ts-check
// What the word in focus gives or is given, in words.

import { number, percent } from "../../../ui/kit/format.js";
import { quote } from "../../../ui/kit/words.js";
import { received } from "./head_rows.js";

/** @import { Large, Scene } from "./heads_scene.js" */
/** @import { Segment } from "../../../ui/kit/elements.js" */

/**
 * @param {Scene} scene
 * @param {Large} large
 * @returns {Segment[]}
 */
export function pointed({ words }, { rows, focus, lit }) {
  const word = quote(words[focus.at]);
  if (focus.side === "key") {
    const readers = rows.length - focus.at;
    const who = readers === 1 ? "one word that can read it" : `${readers} words that can read it; each has 1 to give`;
    return [["key", word], " is given ", `${number(received(rows, focus.at))} in all by the ${who}`];
  }
  const to = lit === focus.at ? "itself" : quote(words[lit]);
  const between = lit > focus.at ? ": the mask hides " : " of its attention to ";
  return [["query", word], " gives ", ["attention", percent(rows[focus.at][lit] ?? 0)], between, ["key", to]];
}
