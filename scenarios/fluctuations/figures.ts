import type { Figure, MemberResults, Series } from "meanfield";
import type { Values } from "./parameters.ts";
import { type Grid, ladder } from "./summary.ts";

export function figuresOf(results: MemberResults, values: Values): readonly Figure[] {
  const grids = ladder(results, values);
  const note = `${values.starts} starts, each with the same ${values.streams} streams; bars: 95 % intervals.`;
  return [
    {
      id: "scaled-width-part",
      title: "Width times the particles' part of the squared deviation",
      caption: `Curves of different widths agree where the part falls as 1/m. ${note}`,
      x: { label: "mean-field time", scale: "linear" },
      y: { label: "m/2 Var over starts of f - f_inf", scale: "log" },
      series: overTime(grids, "widthPart", ({ width }) => width),
    },
    {
      id: "sampling-part",
      title: "The samples' part of the squared deviation",
      caption: `Not multiplied by anything: samples are common to all particles, so that it does not fall with the width. ${note}`,
      x: { label: "mean-field time", scale: "linear" },
      y: { label: "1/2 Var over streams of f - f_inf", scale: "log" },
      series: overTime(grids, "sampling", () => 1),
    },
    partsFigure(grids, values),
  ];
}

/** One curve a width, with its intervals; what is not positive leaves a gap. */
function overTime(grids: readonly Grid[], part: "widthPart" | "sampling", scale: (grid: Grid) => number): Series[] {
  return grids.flatMap((grid) => {
    const at = grid.times.map((_, index) => index).filter((index) => index > 0);
    const name = `m = ${grid.width}`;
    const factor = scale(grid);
    const x = at.map((index) => grid.times[index]);
    const y = at.map((index) => positive(factor * grid[part][index].value));
    return [
      { name, mark: "line", x, y, group: name },
      {
        name,
        mark: "points",
        x,
        y,
        low: at.map((index, place) => bounded(factor * grid[part][index].low, y[place])),
        high: at.map((index) => factor * grid[part][index].high),
        group: name,
      },
    ] satisfies Series[];
  });
}

/** All parts against the width, at the last time. */
function partsFigure(grids: readonly Grid[], values: Values): Figure {
  const last = grids[0].times.length - 1;
  const widths = grids.map(({ width }) => width);
  const parts = [
    ["gap", "gap"],
    ["widthPart", "width"],
    ["sampling", "sampling"],
    ["interaction", "interaction"],
  ] as const;
  return {
    id: "parts-by-width",
    title: "Parts of the squared deviation",
    caption: `At time ${values.time}, against the width, with 95 % intervals.`,
    x: { label: "m", scale: "log" },
    y: { label: "1/2 E(f - f_inf)^2 and its parts", scale: "log" },
    series: parts.flatMap(([part, name]): Series[] => {
      const y = grids.map((grid) => positive(grid[part][last].value));
      return [
        { name, mark: "line", x: widths, y, group: name },
        {
          name,
          mark: "points",
          x: widths,
          y,
          low: grids.map((grid, index) => bounded(grid[part][last].low, y[index])),
          high: grids.map((grid) => grid[part][last].high),
          group: name,
        },
      ];
    }),
  };
}

function positive(value: number): number | null {
  return value > 0 ? value : null;
}

/** An end of an interval on a logarithmic axis, where one at or below 0 cannot be shown. */
function bounded(low: number, value: number | null): number | null {
  return value === null ? null : Math.max(low, value / 10);
}
