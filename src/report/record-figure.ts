import type { MetricsLine } from "../runs/index.ts";
import type { Figure } from "../scenario/index.ts";

const mostPoints = 400;

/** The losses along the way, straight from the records: what a run that has no figures of its own still can show. Null without records. */
export function recordFigure(metrics: readonly MetricsLine[]): Figure | null {
  if (metrics.length === 0) return null;
  const series = [...recordsBySimulation(metrics)].map(([name, lines]) => {
    const kept = thinned(lines);
    return { name, mark: "line" as const, x: kept.map(({ time }) => time), y: kept.map(({ loss }) => loss) };
  });
  return {
    id: "recorded-loss",
    title: "Recorded loss",
    caption: "Loss 1/2 E(f − f*)² at the record times, one curve a simulation.",
    x: { label: "mean-field time t", scale: "linear" },
    y: { label: "loss", scale: "log" },
    series,
  };
}

/** The records of each simulation, in the order in which the simulations first appear, under the names a reader knows them by. */
export function recordsBySimulation(metrics: readonly MetricsLine[]): Map<string, MetricsLine[]> {
  const found = new Map<string, MetricsLine[]>();
  for (const line of metrics) {
    const name = line.simulation === null ? line.member : `${line.member}, ${line.simulation}`;
    const known = found.get(name);
    if (known === undefined) found.set(name, [line]);
    else known.push(line);
  }
  return found;
}

/** At most about 400 of the records, evenly over their number, the last one always among them. */
function thinned(lines: readonly MetricsLine[]): MetricsLine[] {
  const stride = Math.ceil(lines.length / mostPoints);
  return lines.filter((_, index) => index % stride === 0 || index === lines.length - 1);
}
