import type { Series } from "../scenario/index.ts";
import { ink } from "./drawing-style.ts";

/** How one series is drawn. */
export interface SeriesStyle {
  readonly colour: string;
  /** For predictions: a dashed curve on top of the measured one of its group must still be seen. */
  readonly darkColour: string;
  /** Point shape; differs by group, so that colour is never the only sign. */
  readonly shape: string;
}

/** Okabe and Ito's colours, told apart with every common colour blindness, without the yellow that vanishes on white. */
const palette = ["#0072B2", "#D55E00", "#009E73", "#CC79A7", "#000000", "#E69F00", "#56B4E9"] as const;
const shapes = ["circle", "square", "triangle-up", "diamond", "cross", "triangle-down"] as const;

/** One style a series, black where it is dotted: series of one group (by default each its own) share it. Past the palette the colours come back darker, then lighter. */
export function seriesStyles(series: readonly Series[]): SeriesStyle[] {
  const groups = [...new Set(series.filter(({ mark }) => mark !== "dotted").map(groupOf))];
  return series.map((one) => {
    if (one.mark === "dotted") return { colour: ink, darkColour: ink, shape: shapes[0] };
    const place = groups.indexOf(groupOf(one));
    const round = Math.floor(place / palette.length);
    const colour = shade(palette[place % palette.length], round);
    return {
      colour,
      darkColour: mixed(colour, colour === "#000000" ? 150 : 0, 0.5),
      shape: shapes[place % shapes.length],
    };
  });
}

/** The dash of predictions and limits, so that they are told apart without colour. */
export const predictionDash: readonly number[] = [6, 4];

/** The group by which a series takes its colour: its own name where none is given. */
/** The dots of targets and levels, which round caps make of short dashes. */
export const targetDash: readonly number[] = [0.1, 5];

/** The group that decides the series' colour: the one given, or its own name. */
export function groupOf(series: Series): string {
  return series.group ?? series.name;
}

function shade(colour: string, round: number): string {
  if (round === 0) return colour;
  // Black cannot get darker: it turns grey instead.
  const goal = colour === "#000000" ? 170 : round % 2 === 1 ? 0 : 255;
  return mixed(colour, goal, Math.min(0.75, 0.45 * Math.ceil(round / 2)));
}

/** The colour with `weight` of each channel taken from the grey `goal`. */
function mixed(colour: string, goal: number, weight: number): string {
  const channels = [1, 3, 5].map((start) => {
    const channel = Number.parseInt(colour.slice(start, start + 2), 16);
    return Math.round(channel + (goal - channel) * weight)
      .toString(16)
      .padStart(2, "0");
  });
  return `#${channels.join("")}`;
}
