// What the server writes into `served.js`: Plotly's address, and the template of figures/theme.py.
export const PLOTLY: string;
export const TEMPLATE: Record<string, unknown>;
