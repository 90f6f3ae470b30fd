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
    const total = number(received(rows, focus.at));
    const who = readers === 1 ? "the one token that can attend to it" : `the ${readers} tokens that can attend to it`;
    return [["key", word], ` receives a weight of ${total} in all from ${who}. Each has 1 to give.`];
  }
  const to = lit === focus.at ? "itself" : quote(words[lit]);
  const weight = percent(rows[focus.at][lit] ?? 0);
  if (lit > focus.at) return [["query", word], " cannot attend to ", ["key", to], ": the mask hides it"];
  return [["query", word], " attends to ", ["key", to], " with a weight of ", ["attention", weight]];
}
