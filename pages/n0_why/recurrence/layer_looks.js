// @ts-check
// The layers that are compared: names on screen, colours.

/** @type {Record<string, {name: string, color: string, role: string}>} */
export const LOOKS = {
  RNN: { name: "RNN", color: "var(--negative)", role: "negative" },
  LSTM: { name: "LSTM", color: "var(--query)", role: "query" },
  "linear recurrence": { name: "linear recurrence", color: "var(--value)", role: "value" },
  "Transformer layer": { name: "Transformer layer", color: "var(--attention)", role: "attention" },
  Transformer: { name: "Transformer", color: "var(--attention)", role: "attention" },
};

/**
 * A curve with its name at its right end.
 * @param {string} layer
 * @param {readonly number[]} x
 * @param {readonly (number | null)[]} y
 * @param {string} hover after the name
 */
export const curve = (layer, x, y, hover) => ({
  ...{ x, y, mode: x.length > 40 ? "lines" : "lines+markers", marker: { size: 7, color: LOOKS[layer].color } },
  line: { color: LOOKS[layer].color, width: 2.6 },
  hovertemplate: `${LOOKS[layer].name}${hover}<extra></extra>`,
});
