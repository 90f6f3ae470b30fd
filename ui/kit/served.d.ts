// What the server writes into `served.js`: Plotly's address, the template of figures/theme.py, the
// terms of ui/glossary.py.
import type { Term } from "./terms.js";

export const PLOTLY: string;
export const TEMPLATE: Record<string, unknown>;
export const TERMS: Term[];
