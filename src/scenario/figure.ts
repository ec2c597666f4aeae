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
  /** `line` and `dashed` (limits, predictions) connect the points; `points` are marks with error bars where low/high are given; `band` fills low..high. */
  readonly mark: "line" | "dashed" | "points" | "band";
  readonly x: readonly number[];
  readonly y: readonly number[];
  readonly low?: readonly number[];
  readonly high?: readonly number[];
  /** Series with the same group share a colour (a curve and its band, a measurement and its limit). */
  readonly group?: string;
}
