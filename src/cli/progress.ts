import { engineText } from "../engines/index.ts";
import { formatDuration } from "../report/index.ts";
import type { RunEvent } from "../runs/index.ts";
import { type Terminal, wrap } from "./terminal.ts";

const plainLineMs = 5000;
const barWidth = 24;

/** Shows a run's progress: one line drawn over on a terminal, elsewhere a plain line every few seconds. */
export function createProgress(terminal: Terminal): (event: RunEvent) => void {
  let startedAt = performance.now();
  let lastLine = startedAt;
  let firstFraction: number | null = null;
  let members = 1;
  let ended = 0;
  return (event) => {
    const now = performance.now();
    if (event.event === "started") {
      startedAt = now;
      lastLine = now;
      members = event.members.length;
      const header = `${event.scenario} ${event.id} on ${engineText(event.engine)}`;
      for (const line of wrap(header, terminal.width - 1).split("\n")) terminal.line(line);
      return;
    }
    if (event.event === "member") {
      ended += 1;
      if (members > 1 && !terminal.isInteractive)
        terminal.line(`  ${event.member}: ${event.status} (${ended}/${members})`);
      return;
    }
    firstFraction ??= event.fraction;
    const seconds = (now - startedAt) / 1000;
    const left = remainingSeconds(event.fraction - firstFraction, 1 - event.fraction, seconds);
    const percent = `${Math.floor(event.fraction * 100)}%`.padStart(4);
    const count = members > 1 ? `  ${ended}/${members} members` : "";
    const time = left === null ? `${formatDuration(seconds)}` : `${formatDuration(Math.round(left))} left`;
    if (terminal.isInteractive) {
      const filled = Math.round(event.fraction * barWidth);
      const bar = `${"█".repeat(filled)}${"░".repeat(barWidth - filled)}`;
      terminal.redraw(`${bar} ${percent}${count}  ${time}`.slice(0, terminal.width - 1));
    } else if (now - lastLine >= plainLineMs) {
      lastLine = now;
      terminal.line(`${percent.trim()}${count}  ${time}`);
    }
  };
}

/** Seconds still to go at the pace so far; null before there is a pace. */
function remainingSeconds(done: number, left: number, seconds: number): number | null {
  if (!(done > 0.005) || seconds < 1) return null;
  return (left / done) * seconds;
}
