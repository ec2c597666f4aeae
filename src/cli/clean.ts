import type { Command } from "commander";
import { formatTable } from "../report/index.ts";
import { type DiskReport, diskUse, removeFiles } from "../sweeps/index.ts";
import { writeDocument } from "./documents.ts";
import { readFolder } from "./options.ts";
import { createTerminal, wrap } from "./terminal.ts";

/** `meanfield clean`: what results take on the disk, and what of it can go. */
export function addCleanCommand(program: Command): void {
  program
    .command("clean")
    .description("show what sweeps and runs take on the disk; with --delete remove what nobody needs")
    .argument("<folder>", "a sweep, a run, or a folder of sweeps or runs", readFolder)
    .option("--delete", "remove checkpoints and temporary files of runs that ended, and locks of dead owners")
    .option("--json", "print one JSON document on standard output")
    .action(clean);
}

function clean(folder: string, flags: { readonly delete?: true; readonly json?: true }): void {
  const report = diskUse(folder);
  const removed = flags.delete === true ? removeFiles(report) : null;
  const { kinds, removable, runs } = report;
  if (flags.json === true) {
    writeDocument({ status: "ok", dir: folder, runs, kinds, removable, removed });
    return;
  }
  const terminal = createTerminal();
  terminal.line(formatTable(tableOf(report), terminal.width));
  terminal.line();
  const counts = Object.entries(runs).filter(([, count]) => count > 0);
  terminal.line(`Runs: ${counts.map(([state, count]) => `${count} ${state}`).join(", ") || "none"}.`);
  const bytes = removable.reduce((sum, file) => sum + file.bytes, 0);
  if (removed !== null) {
    terminal.line(`Removed: ${removed.files} files, ${sizeText(removed.bytes)}.`);
    for (const run of removed.skipped) terminal.line(`Left alone, since somebody has begun to write it: ${run}`);
  } else if (removable.length > 0) {
    const text = `Nothing was changed. With --delete ${removable.length} files go, ${sizeText(bytes)}.`;
    terminal.line(wrap(text, terminal.width));
  } else terminal.line("Nothing can go.");
}

function tableOf({ kinds }: DiskReport) {
  const shown = kinds.filter(({ files }) => files > 0);
  const total = (of: (kind: DiskReport["kinds"][number]) => number) => shown.reduce((sum, kind) => sum + of(kind), 0);
  return {
    header: ["kind", "files", "size", "can go"],
    rows: [
      ...shown.map(({ kind, files, bytes, removableBytes, removableFiles }) => [
        kind,
        String(files),
        sizeText(bytes),
        removableFiles === 0 ? "–" : sizeText(removableBytes),
      ]),
      [
        "all",
        String(total(({ files }) => files)),
        sizeText(total(({ bytes }) => bytes)),
        sizeText(total((kind) => kind.removableBytes)),
      ],
    ],
  };
}

/** `12.3 MB`, by powers of a thousand. */
function sizeText(bytes: number): string {
  const units = ["B", "kB", "MB", "GB", "TB"];
  const power = Math.min(units.length - 1, bytes < 1 ? 0 : Math.floor(Math.log10(bytes) / 3));
  return `${Number((bytes / 1000 ** power).toPrecision(3))} ${units[power]}`;
}
