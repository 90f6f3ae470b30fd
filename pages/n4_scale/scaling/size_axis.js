// @ts-check
// The axis of sizes under both charts.

import { logTicks } from "../../../ui/kit/axes.js";
import { SIZES } from "./plane_frame.js";
import { round } from "./plane_map.js";

const TICKS = logTicks(SIZES);

export const SIZE_AXIS = {
  type: "log",
  tickvals: TICKS,
  ticktext: TICKS.map(round),
  title: { text: "parameters N" },
};
