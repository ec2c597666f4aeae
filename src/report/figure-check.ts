import { invalidValue } from "../errors.ts";
import type { Figure } from "../scenario/index.ts";

const fileName = /^[a-z0-9]+(-[a-z0-9]+)*$/;
const marks: readonly string[] = ["line", "dashed", "dotted", "points", "band"];

/** Throws `invalid-value` unless the figure can be drawn: an id that names a file, known marks and scales, lists of one length. */
export function checkFigure(figure: Figure): void {
  if (!fileName.test(figure.id))
    throw invalidValue("figure.id", "lower case letters, digits and single hyphens", figure.id);
  const path = `figure ${figure.id}`;
  for (const axis of ["x", "y"] as const) {
    const { scale } = figure[axis];
    if (scale !== "linear" && scale !== "log") throw invalidValue(`${path}.${axis}.scale`, '"linear" or "log"', scale);
  }
  for (const [index, series] of figure.series.entries()) {
    const place = `${path}.series[${index}]`;
    if (!marks.includes(series.mark)) throw invalidValue(`${place}.mark`, marks.join(", "), series.mark);
    if (series.mark === "band" && (series.low === undefined || series.high === undefined)) {
      throw invalidValue(place, "low and high for a band", "a band without them");
    }
    for (const name of ["y", "low", "high"] as const) {
      const values = series[name];
      if (values !== undefined && values.length !== series.x.length) {
        throw invalidValue(`${place}.${name}`, `${series.x.length} values, as many as x`, values.length);
      }
    }
  }
}
