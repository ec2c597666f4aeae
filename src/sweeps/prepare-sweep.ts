import { randomInt } from "node:crypto";
import { join } from "node:path";
import { invalidValue, MeanfieldError } from "../errors.ts";
import { canonicalJson, checkOut, failureOf, type PreparedRun, prepareRun, type RunRequest } from "../runs/index.ts";
import { bundleFile, type Json, type LoadedScenario, sha256 } from "../scenario/index.ts";
import { type Axis, readAxis } from "./axis.ts";
import type { SlurmOptions } from "./executors/slurm/slurm-options.ts";
import { type PlannedPoint, pointsFolder, type SweepPlan, sweepSchemaVersion } from "./files.ts";
import { gridPoints } from "./grid.ts";

/** What decides which sweep is meant. */
export interface SweepRequest extends Pick<RunRequest, "seed" | "short" | "engine" | "arithmetic"> {
  /**
   * The values of parameters, `seed` among them: a text as typed on a command line, such as `"4,8"`, `"64..4096x4"` or `"0..9"`; or one typed
   * value; or a list of them (of a parameter that is itself a list: a list of lists). All combinations are run.
   */
  readonly parameters?: Readonly<Record<string, unknown>>;
  /** Groups of names whose values run together instead of being combined. @default none */
  readonly zip?: readonly (readonly string[])[];
  /** Folder of all sweeps. @default "sweeps" */
  readonly out?: string;
}

/** A sweep that is decided in every part; nothing is on disk yet. */
export interface PreparedSweep {
  readonly loaded: LoadedScenario;
  readonly plan: Omit<SweepPlan, "checksum">;
  readonly request: Pick<RunRequest, "engine" | "arithmetic">;
  /** The sweep folder: `out`/scenario/id. */
  readonly dir: string;
  /** True if the sweep goes on although its code may have changed. */
  readonly isChangedCodeAllowed?: boolean;
  /** What an earlier start asked of Slurm, where this one does not say otherwise. */
  readonly slurm?: SlurmOptions;
}

/**
 * Resolves all points of a sweep, and refuses it as a whole where one of them is not allowed. Creates nothing. A seed that is not given is drawn
 * once, for all points. Throws what `prepareRun` throws, with the point's values, and `invalid-value` for values that make no sweep.
 */
export function prepareSweep(loaded: LoadedScenario, request: SweepRequest = {}): PreparedSweep {
  const { scenario, codeHash, bundle } = loaded;
  const axes = axesOf(loaded, request);
  const zips = request.zip ?? [];
  const short = request.short === true;
  const choice = {
    ...(request.engine === undefined ? {} : { engine: request.engine }),
    ...(request.arithmetic === undefined ? {} : { arithmetic: request.arithmetic }),
  };
  const drawn = randomInt(2 ** 32);
  const byId = new Map<string, PlannedPoint>();
  const points = gridPoints(axes, zips).map(({ seed = drawn, ...values }) => {
    const run = atPoint(values, () =>
      prepareRun(
        loaded,
        { ...choice, parameters: values, seed: seed as RunRequest["seed"] & Json, short },
        {
          folder: "",
          bundle: null,
        },
      ),
    );
    const { id, seed: rootSeed } = run.config;
    const point: PlannedPoint = { id, values, seed: rootSeed, cost: costOf(run), members: run.members.length };
    const twin = byId.get(id);
    if (twin !== undefined) {
      const [first, second] = [twin.values, values].map((each) => valuesText({ ...each, seed: rootSeed }));
      const both = first === second ? `${first} twice` : `${first} and ${second}, which are one`;
      throw invalidValue("sweep", "points that differ", both, "give each value once");
    }
    byId.set(id, point);
    return point;
  });
  const identity = { scenario: scenario.name, codeHash, points: points.map(({ id }) => id) };
  const id = sha256(canonicalJson(identity, "sweep")).slice(0, 16);
  const out = request.out ?? "sweeps";
  const dir = join(out, scenario.name, id);
  checkOut(out, dir);
  const { name, version, title, headline } = scenario;
  return {
    loaded,
    plan: {
      schemaVersion: sweepSchemaVersion,
      scenario: name,
      scenarioVersion: version,
      title,
      headline,
      codeHash,
      short,
      id,
      bundle: bundle === null ? null : bundleFile,
      axes,
      zips,
      points,
    },
    request: choice,
    dir,
  };
}

/** Where the points of the sweep in `dir` stand, and their way to its bundle. */
export function placeOf(dir: string, { bundle }: Pick<SweepPlan, "bundle">) {
  return { folder: join(dir, pointsFolder), bundle: bundle === null ? null : `../../${bundle}` };
}

/** The values of a point as they are typed on a command line. */
export function valuesText(values: PlannedPoint["values"]): string {
  return Object.entries(values)
    .map(([name, value]) => `${name}=${value === null ? "none" : String(value)}`)
    .join(" ");
}

function axesOf({ scenario }: LoadedScenario, request: SweepRequest): readonly Axis[] {
  const given: Record<string, unknown> = { ...request.parameters };
  if (request.seed !== undefined) {
    if (given.seed !== undefined) throw invalidValue("seed", "one of seed and parameters.seed", request.seed);
    given.seed = request.seed;
  }
  return Object.entries(given).map(([name, value]) => {
    const isList = scenario.parameters[name]?.type === "numbers";
    if (typeof value === "string") return readAxis(name, value, isList);
    const isMany = Array.isArray(value) && (!isList || Array.isArray(value[0]));
    const values = (isMany ? value : [value]) as readonly Json[];
    if (values.length === 0) throw invalidValue(name, "at least one value", value);
    return { name, values };
  });
}

/** The scenario's own estimate, or the sum of its members' costs. */
function costOf({ loaded, parameters, members }: PreparedRun): number {
  const estimate = loaded.scenario.estimate?.(parameters as Readonly<Record<string, never>>);
  return estimate?.seconds ?? members.reduce((sum, { cost = 1 }) => sum + cost, 0);
}

/** Says at which point of the sweep a value was refused; a name that does not exist is refused at all of them. */
function atPoint<Value>(values: PlannedPoint["values"], work: () => Value): Value {
  try {
    return work();
  } catch (error) {
    // A user's scenario may throw errors of another instance of the library, known by their fields only.
    const { code, message, details } = failureOf(error);
    if (code === "worker-failed" || code === "unknown-parameter" || Object.keys(values).length < 2) throw error;
    throw new MeanfieldError(code, `at ${valuesText(values)}: ${message}`, details, { cause: error });
  }
}
