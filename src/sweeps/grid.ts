import { invalidValue, nearestName } from "../errors.ts";
import type { Json } from "../scenario/index.ts";
import type { Axis } from "./axis.ts";

/** The values of one point of a sweep by parameter, as the axes have them. */
export type PointValues = Readonly<Record<string, Json>>;

/** Most points of a sweep: beyond it, its plan alone would not be handled well. */
const mostPoints = 1_000_000;

/**
 * All points of a grid, the last axis running fastest. Axes that are zipped together run together and stand where the first of them stands.
 *
 * @param zips groups of names; the axes of a group have equally many values
 * @throws `invalid-value` for a name that is no axis or stands in two groups, unequal lengths, and more than a million points
 */
export function gridPoints(axes: readonly Axis[], zips: readonly (readonly string[])[] = []): readonly PointValues[] {
  const groups = groupAxes(axes, zips);
  const count = groups.reduce((product, group) => product * group[0].values.length, 1);
  if (count > mostPoints) throw invalidValue("sweep", `at most ${mostPoints} points`, count, "sweep over fewer values");
  return Array.from({ length: count }, (_, point) => {
    const values: [string, Json][] = [];
    let rest = point;
    for (const group of [...groups].reverse()) {
      const length = group[0].values.length;
      const index = rest % length;
      rest = (rest - index) / length;
      for (const axis of group) values.push([axis.name, axis.values[index]]);
    }
    const byName = new Map(values);
    return Object.fromEntries(axes.map(({ name }) => [name, byName.get(name) as Json]));
  });
}

function groupAxes(axes: readonly Axis[], zips: readonly (readonly string[])[]): readonly (readonly Axis[])[] {
  const groupOf = new Map<string, readonly string[]>();
  for (const names of zips) {
    if (names.length < 2) throw invalidValue("zip", "at least two names, such as dimension,stepSize", names.join(","));
    for (const name of names) {
      if (!axes.some((axis) => axis.name === name)) {
        const known = axes.map((axis) => axis.name);
        const near = nearestName(name, known);
        const suggestion = near === null ? `these are ${known.join(", ") || "none"}` : `did you mean ${near}?`;
        throw invalidValue("zip", "names of parameters that the sweep gives values to", name, suggestion);
      }
      if (groupOf.has(name)) throw invalidValue("zip", "each name once", name);
      groupOf.set(name, names);
    }
  }
  const groups: Axis[][] = [];
  const started = new Map<readonly string[], Axis[]>();
  for (const axis of axes) {
    const names = groupOf.get(axis.name);
    const group = names === undefined ? undefined : started.get(names);
    if (group === undefined) {
      const fresh = [axis];
      groups.push(fresh);
      if (names !== undefined) started.set(names, fresh);
      continue;
    }
    if (axis.values.length !== group[0].values.length) {
      const counts = `${group[0].values.length} of ${group[0].name}, ${axis.values.length} of ${axis.name}`;
      throw invalidValue("zip", "equally many values of the names zipped together", counts);
    }
    group.push(axis);
  }
  return groups;
}
