// What every part of a drawing, and the page around it, agrees on.

/** The system's own sans-serif. */
export const fontStack =
  "system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', 'DejaVu Sans', Arial, sans-serif";

export const fontSize = 12;
export const lineHeight = 15;
export const ink = "#1b1f24";
export const softInk = "#5b636d";
export const gridColour = "#e4e7eb";
