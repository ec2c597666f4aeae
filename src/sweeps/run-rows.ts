import { statSync } from "node:fs";
import { basename, join } from "node:path";
import { MeanfieldError } from "../errors.ts";
import { readRunHead } from "../runs/index.ts";
import { flattened, type SweepRow } from "./rows.ts";

/** A run that is no point of a sweep as a row, with all its parameters. */
export interface RunRow extends SweepRow {
  readonly dir: string;
  /** Dotted path of the scenario's headline. */
  readonly headline: string;
  readonly origin: {
    readonly scenario: string;
    /** When it began, or was last begun (ISO 8601). */
    readonly started: string;
  };
}

/**
 * The runs in these folders as rows, the newest first. One whose files cannot be read has the status `damaged`.
 */
export function runRows(folders: readonly string[]): readonly RunRow[] {
  const rows = folders.map(runRow);
  return rows.sort((left, right) => (left.origin.started < right.origin.started ? 1 : -1));
}

function runRow(dir: string): RunRow {
  const begun = statSync(join(dir, "config.json")).mtime.toISOString();
  try {
    const head = readRunHead(dir);
    if (head !== null) {
      const { config, timing, result } = head;
      return {
        id: config.id,
        dir,
        headline: config.headline,
        status: result?.status ?? "unfinished",
        seconds: timing?.seconds ?? null,
        seed: config.seed,
        values: config.parameters,
        results: result === null ? {} : flattened(result.summary),
        origin: { scenario: config.scenario, started: timing?.startedAt ?? begun },
      };
    }
  } catch (error) {
    if (!(error instanceof MeanfieldError && error.code === "run-damaged")) throw error;
  }
  const origin = { scenario: basename(join(dir, "..")), started: begun };
  return {
    id: basename(dir),
    dir,
    headline: "",
    status: "damaged",
    seconds: null,
    seed: "",
    values: {},
    results: {},
    origin,
  };
}
