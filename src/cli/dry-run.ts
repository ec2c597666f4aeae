import { availableMemory, bytesText, engineText } from "../engines/index.ts";
import { formatDuration } from "../report/index.ts";
import { type PreparedRun, planRun, type RunPlan } from "../runs/index.ts";
import { valueText } from "../scenario/index.ts";
import { type Terminal, wrap } from "./terminal.ts";

/** Tells what a run would do, and returns the same as a document. */
export function dryRun(terminal: Terminal, run: PreparedRun): object {
  const plan = planRun(run);
  const { scenario, id, parameters, seed } = run.config;
  const values = Object.entries(parameters).map(([name, value]) => `${name}=${valueText(value)}`);
  terminal.line(`${scenario} ${id}`);
  terminal.line(wrap([...values, `seed=${seed}`].join(" "), terminal.width, "  "));
  terminal.line(`  folder   ${run.dir} (${stateText[plan.state]})`);
  terminal.line(wrap(plan.members.map(({ name }) => name).join(", "), terminal.width, "  ", "members  "));
  terminal.line(wrap(plan.files.join(", "), terminal.width, "  ", "files    "));
  terminal.line(wrap(engineText(plan.engine), terminal.width, "  ", "engine   "));
  terminal.line(wrap(memoryText(plan), terminal.width, "  ", "memory   "));
  terminal.line(wrap(timeText(plan), terminal.width, "  ", "time     "));
  return { status: "planned", scenario, id, dir: run.dir, parameters, seed, ...plan };
}

const stateText = {
  new: "new",
  unfinished: "unfinished: it would go on",
  ended: "ended: its stored result would be shown",
} as const;

function memoryText({ estimate }: RunPlan): string {
  if (estimate === null) return "not known";
  const text = `roughly ${formatBytes(estimate.bytes)}`;
  const available = availableMemory();
  return estimate.bytes <= available ? text : `${text}, more than the ${bytesText(available)} there are`;
}

function timeText({ estimate, previous }: RunPlan): string {
  const parts: string[] = [];
  if (estimate !== null) parts.push(`roughly ${formatDuration(roughly(estimate.seconds))} on one thread`);
  if (previous !== null) parts.push(`run ${previous.id} took ${formatDuration(previous.seconds)}`);
  return parts.length === 0 ? "not known" : parts.join("; ");
}

/** An estimate is not known to more than two digits. */
function roughly(value: number): number {
  return Number(value.toPrecision(2));
}

function formatBytes(bytes: number): string {
  const megabytes = roughly(bytes / 1e6);
  return megabytes < 1000 ? `${Math.max(1, Math.round(megabytes))} MB` : `${(megabytes / 1000).toFixed(1)} GB`;
}
