import type { Machine } from "./machine.ts";
import type { Peak } from "./peak.ts";
import type { Peers } from "./peers.ts";
import { type Column, markdownTable, tableLine } from "./table.ts";
import type { letters } from "./work.ts";

/** What every part is given. */
export interface Bench {
  readonly machine: Machine;
  /** Null where no compiler is. */
  readonly peak: Peak | null;
  /** Peers of one thread; null without Python. */
  readonly peers: Peers | null;
  /** Works to measure. */
  readonly works: readonly (keyof typeof letters)[];
  /** Says what is going on: to stderr. */
  progress(text: string): void;
}

/** A part of the benchmarks: its rows come one by one; a row's fields are those of the JSON. */
export interface Part {
  readonly name: string;
  readonly title: string;
  /** Calls `print` with the table's lines as they come. */
  run(bench: Bench, print: (line: string) => void): Promise<PartResult>;
}

export interface PartResult {
  readonly rows: readonly object[];
  readonly markdown: string;
}

/** A part from its table and its rows. */
export function definePart<Row extends object>(part: {
  readonly name: string;
  readonly title: string;
  readonly columns: readonly Column<Row>[];
  readonly rows: (bench: Bench) => AsyncGenerator<Row>;
}): Part {
  return {
    name: part.name,
    title: part.title,
    async run(bench, print) {
      const rows: Row[] = [];
      print(tableLine(part.columns, null));
      for await (const row of part.rows(bench)) {
        rows.push(row);
        print(tableLine(part.columns, row));
      }
      return { rows, markdown: markdownTable(part.columns, rows) };
    },
  };
}
