import { formatDuration } from "../report/index.ts";
import { type SweepEvent, valuesText } from "../sweeps/index.ts";
import { type Terminal, wrap } from "./terminal.ts";

const plainLineMs = 5000;
const widestBar = 20;
const narrowestBar = 6;
/** Points that did not complete and are told one by one; `meanfield ls` shows all. */
const mostTold = 20;

/** Shows a sweep's progress: one line drawn over on a terminal, elsewhere a plain line every few seconds; a point that did not complete is told at once. */
export function createSweepProgress(terminal: Terminal): (event: SweepEvent) => void {
  let startedAt = performance.now();
  let lastLine = startedAt;
  let firstFraction: number | null = null;
  let dir = "";
  /** Points that did not complete since the start, by status. */
  const bad = new Map<string, number>();
  return (event) => {
    const now = performance.now();
    if (event.event === "started") {
      startedAt = now;
      lastLine = now;
      dir = event.dir;
      const before = event.ended === 0 ? "" : `, ${event.ended} of them ended before`;
      const threads = event.executor === "slurm" ? "Slurm" : `${event.jobs} ${event.jobs === 1 ? "thread" : "threads"}`;
      terminal.line(
        wrap(`${event.scenario} ${event.id}: ${event.points} points${before}, on ${threads}`, terminal.width - 1),
      );
      return;
    }
    if (event.event === "point") {
      const { point, end } = event;
      if (end.status === "completed") return;
      bad.set(end.status, (bad.get(end.status) ?? 0) + 1);
      const told = [...bad.values()].reduce((sum, count) => sum + count, 0);
      if (told > mostTold + 1) return;
      const where = [valuesText(point.values), `seed=${point.seed}`].filter((each) => each !== "").join(" ");
      const text =
        told > mostTold
          ? `further points that do not complete are not told here; meanfield ls ${dir} 'status!=completed' shows all`
          : `${end.status} at ${where}: ${end.error?.message ?? ""}`;
      terminal.line(wrap(text, terminal.width - 1, "  "));
      return;
    }
    if (event.event === "notice") {
      terminal.line(event.message);
      return;
    }
    firstFraction ??= event.fraction;
    const seconds = (now - startedAt) / 1000;
    const done = event.fraction - firstFraction;
    const left = done > 0.005 && seconds >= 1 ? ((1 - event.fraction) / done) * seconds : null;
    const time = left === null ? formatDuration(Math.round(seconds)) : `${formatDuration(Math.round(left))} left`;
    const running =
      event.pending === null ? `${event.running} running` : `tasks: ${event.running} running, ${event.pending} pending`;
    const before = event.notCompleted - [...bad.values()].reduce((sum, count) => sum + count, 0);
    const counts = [...bad].map(([status, count]) => `${count} ${status}`);
    if (before > 0) counts.push(`${before} not completed before`);
    const ended = `${event.ended}/${event.points}`;
    const texts = [
      `${[`${ended} points`, ...counts, running].join(", ")}  ${time}`,
      `${[ended, ...counts, running].join(", ")}  ${time}`,
      `${[ended, ...counts].join(", ")}  ${time}`,
    ];
    if (terminal.isInteractive) terminal.redraw(withBar(texts, event.fraction, terminal.width - 1));
    else if (now - lastLine >= plainLineMs) {
      lastLine = now;
      terminal.line(texts[0]);
    }
  };
}

/** The longest of the texts that fits beside a bar, with a bar in what it leaves; the shortest alone where none does. */
function withBar(texts: readonly string[], fraction: number, width: number): string {
  const text = texts.find((each) => each.length + 1 + narrowestBar <= width);
  if (text === undefined) return texts[texts.length - 1].slice(0, width);
  const size = Math.min(widestBar, width - text.length - 1);
  const filled = Math.round(fraction * size);
  return `${"█".repeat(filled)}${"░".repeat(size - filled)} ${text}`;
}
