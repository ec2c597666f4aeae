/** A figure as data: scenarios describe it, the report draws it. */
export interface Figure {
  /** File name of the SVG, without extension: lower case and hyphens. */
  readonly id: string;
  readonly title: string;
  /** One or two sentences under the figure: what is shown, with units and uncertainty. */
  readonly caption: string;
  readonly x: Axis;
  readonly y: Axis;
  readonly series: readonly Series[];
}

export interface Axis {
  readonly label: string;
  readonly scale: "linear" | "log";
}

export interface Series {
  readonly name: string;
  /**
   * `line`, `dashed` (limits, predictions) and `dotted` (targets and levels to compare with: black, in front) connect the points; `points` are marks
   * with error bars where low/high are given; `band` fills low..high.
   */
  readonly mark: "line" | "dashed" | "dotted" | "points" | "band";
  readonly x: readonly number[];
  /** As long as `x`; null where nothing was measured, which leaves a gap. */
  readonly y: readonly (number | null)[];
  /** Bounds beside `y`, null where there is none. */
  readonly low?: readonly (number | null)[];
  readonly high?: readonly (number | null)[];
  /** Series with the same group share a colour (a curve and its band, a measurement and its limit); with the same name too, a line of the legend. */
  readonly group?: string;
}
