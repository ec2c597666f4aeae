import { formatDuration } from "../report/index.ts";
import { type SweepEvent, valuesText } from "../sweeps/index.ts";
import { type Terminal, wrap } from "./terminal.ts";

const plainLineMs = 5000;
const barWidth = 20;

/** Shows a sweep's progress: one line drawn over on a terminal, elsewhere a plain line every few seconds; a point that did not complete is told at once. */
export function createSweepProgress(terminal: Terminal): (event: SweepEvent) => void {
  let startedAt = performance.now();
  let lastLine = startedAt;
  let firstFraction: number | null = null;
  return (event) => {
    const now = performance.now();
    if (event.event === "started") {
      startedAt = now;
      lastLine = now;
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
      const where = [valuesText(point.values), `seed=${point.seed}`].filter((each) => each !== "").join(" ");
      terminal.line(wrap(`${end.status} at ${where}: ${end.error?.message ?? ""}`, terminal.width - 1, "  "));
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
    const bad = event.notCompleted === 0 ? "" : `, ${event.notCompleted} not completed`;
    const time = left === null ? formatDuration(Math.round(seconds)) : `${formatDuration(Math.round(left))} left`;
    const running =
      event.pending === null ? `${event.running} running` : `tasks: ${event.running} running, ${event.pending} pending`;
    const text = `${event.ended}/${event.points} points${bad}, ${running}  ${time}`;
    if (terminal.isInteractive) {
      const filled = Math.round(event.fraction * barWidth);
      terminal.redraw(`${"█".repeat(filled)}${"░".repeat(barWidth - filled)} ${text}`.slice(0, terminal.width - 1));
    } else if (now - lastLine >= plainLineMs) {
      lastLine = now;
      terminal.line(text);
    }
  };
}
