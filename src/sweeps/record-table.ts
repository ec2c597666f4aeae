import { type MetricsLine, readRecords } from "../runs/index.ts";
import { asType, type Cell, type Column, type ColumnType, type Table } from "../tables/index.ts";
import { parameterCell, plainCell, type SourceRow, type TableSource, typeFinders } from "./table-source.ts";

/** What a record has that is not a parameter, an observable or a part of the trajectory split. */
const measured = [
  "meanField",
  "cross",
  "crossCentred",
  "discretization",
  "timeStep",
  "sampling",
  "trajectoryGap",
  "correctedTrajectoryGap",
] as const;
const trajectory = ["gap", "timeStep", "meanField", "gapTimeStep", "gapMeanField", "timeStepMeanField"] as const;

const before: readonly Column[] = [
  { name: "scenario", type: "text" },
  { name: "sweep", type: "text" },
  { name: "id", type: "text" },
];
const after: readonly Column[] = [
  { name: "member", type: "text" },
  { name: "simulation", type: "text" },
  { name: "step", type: "integer" },
  ...["time", "loss", "lossError"].map((name) => ({ name, type: "number" }) as const),
  ...measured.flatMap((name) => [name, `${name}Error`]).map((name) => ({ name, type: "number" }) as const),
];
const reserved = new Set([...before, ...after, { name: "seed" }].map(({ name }) => name));

/**
 * One row a record of every point or run, those that have not ended too: `scenario`, `sweep`, `id`, the swept parameters (of a run by itself all), `seed`,
 * `member`, `simulation`, `step`, `time`, `loss`, `lossError`, the terms of the error budget each with its `...Error`, those of the trajectory split
 * (`trajectory.gap`, ...) where some record has them, and the observables. A parameter with the name of a record's column stands as `parameters.<name>`,
 * an observable with the name of any other column as `observables.<name>`. Values at probes are left out.
 *
 * Reads the records twice, one run at a time: once for the columns, and at each call of `rows`. Throws `run-damaged`.
 */
export function recordTable({ rows, types }: TableSource): Table {
  const swept = [...new Set(rows.flatMap(({ values }) => Object.keys(values)))];
  const parameterName = (name: string) => (reserved.has(name) ? `parameters.${name}` : name);
  const taken = new Set([...reserved, ...swept.map(parameterName)]);
  const observableName = (name: string) => (taken.has(name) ? `observables.${name}` : name);
  const parameters = typeFinders();
  const seeds = typeFinders();
  for (const row of rows) {
    for (const name of swept) parameters.of(name).look(parameterCell(row.values[name], types.get(name)));
    seeds.of("seed").look(row.seed);
  }
  const observables = new Set<string>();
  let hasTrajectory = false;
  for (const { dir } of rows) {
    for (const record of readRecords(dir)) {
      for (const name of Object.keys(record.observables)) observables.add(name);
      hasTrajectory ||= (record.budget.trajectory ?? null) !== null;
    }
  }
  const names = [...observables].sort();
  const parts = hasTrajectory ? trajectory : [];
  const seedType = seeds.types().get("seed") ?? "integer";
  const sweptTypes = swept.map((name): ColumnType => types.get(name) ?? parameters.types().get(name) ?? "text");
  const columns: readonly Column[] = [
    ...before,
    ...swept.map((name, place) => ({ name: parameterName(name), type: sweptTypes[place] })),
    { name: "seed", type: seedType },
    ...after,
    ...parts.flatMap((name) => numbers([`trajectory.${name}`, `trajectory.${name}Error`])),
    ...numbers(names.map(observableName)),
  ];
  const pointCells = ({ origin, id, values, seed }: SourceRow): readonly Cell[] => [
    origin.scenario,
    origin.sweep,
    id,
    ...swept.map((name, place) => asType(plainCell(values[name]), sweptTypes[place])),
    asType(seed, seedType),
  ];
  const recordCells = ({ member, simulation, step, time, loss, lossError, budget, observables }: MetricsLine) => [
    member,
    simulation,
    step,
    time,
    loss,
    lossError,
    ...measured.flatMap((name) => [budget[name]?.value ?? null, budget[name]?.error ?? null]),
    ...parts.flatMap((name) => [budget.trajectory?.[name].value ?? null, budget.trajectory?.[name].error ?? null]),
    ...names.map((name) => observables[name] ?? null),
  ];
  return {
    columns,
    *rows() {
      for (const row of rows) {
        const cells = pointCells(row);
        for (const record of readRecords(row.dir)) yield [...cells, ...recordCells(record)];
      }
    },
  };
}

function numbers(names: readonly string[]): readonly Column[] {
  return names.map((name) => ({ name, type: "number" }));
}
