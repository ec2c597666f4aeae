import { type BuiltPlan, type DynamicsSpec, simulationBytes, stageCount } from "../dynamics/index.ts";
import { availableMemory, bytesText, type Engine } from "../engines/index.ts";
import { MeanfieldError } from "../errors.ts";
import type { EvaluationOptions } from "./evaluation-options.ts";

/** Copies of the particles, with Adam's moments, in doubles: the start, the state, and a checkpoint with its bytes. */
const copies = 4;

/** A part of the memory, in bytes, with what makes it smaller. */
interface Need {
  readonly bytes: number;
  readonly path: string;
  readonly way: string;
}

/**
 * Null, or `out-of-memory` where the simulation needs more than there is, or more than the engine can address. Counts what grows with the
 * sizes that a user chooses; allocates nothing.
 *
 * @param available bytes, by default what the machine or its control group gives this process
 * @param reference the plan of the wide reference beside the simulation, if there is one
 */
export function memoryObstacle(
  built: BuiltPlan,
  evaluation: EvaluationOptions,
  threads: number,
  engine: Engine,
  available = availableMemory(),
  reference: BuiltPlan | null = null,
): MeanfieldError | null {
  const { network, law, target } = built;
  const block = simulationBytes(built, engine, stageCount(built.plan.dynamics), threads);
  const isAlongRays = law.radius !== null && (target?.radial ?? null) !== null;
  const points = isAlongRays ? "directions" : "samples";
  const { kind } = built.plan.dynamics.expectation;
  const batchName = kind === "sgd" ? "batch" : kind === "fixed-samples" ? "samples" : "directions";
  const beside =
    reference === null ? null : simulationBytes(reference, engine, stageCount(built.plan.dynamics), threads);
  // The particles and, where the dynamics has any, their moments.
  const kept = copies * 8 * (built.plan.dynamics.moments === null ? 1 : 3);
  const needs: readonly Need[] = [
    {
      bytes: block.particles + kept * network.layout.length,
      path: "network",
      way: "lower the widths or the dimension",
    },
    { bytes: block.batch, path: batchName, way: `lower ${batchName} or the dimension` },
    { bytes: block.scratch, path: "network", way: `lower the widths or ${batchName}` },
    {
      bytes: 8 * evaluation[points] * law.dimension,
      path: `evaluation.${points}`,
      way: `lower evaluation.${points} or the dimension`,
    },
    {
      bytes: beside === null || reference === null ? 0 : beside.total + kept * reference.network.layout.length,
      path: "limit",
      way: "lower the factor or the widths of limits.wideCoupling",
    },
  ];
  const total = needs.reduce((sum, { bytes }) => sum + bytes, 0);
  if (total > available) {
    return tooLarge(built, needs, total, `that fits into the ${bytesText(available)} of memory there are`);
  }
  const largest = engine.largestMemory ?? Number.POSITIVE_INFINITY;
  if (block.total > largest) {
    const expected = `whose steps fit into the ${bytesText(largest)} that the ${engine.name} engine can address`;
    return tooLarge(built, needs.slice(0, 3), block.total, expected, ", or take another engine");
  }
  if (beside !== null && beside.total > largest) {
    const expected = `whose wide reference fits into the ${bytesText(largest)} that the ${engine.name} engine can address`;
    return tooLarge(built, needs.slice(4), beside.total, expected, ", or take another engine");
  }
  return null;
}

/** Throws `out-of-memory` where the times of the steps, kept for step sizes that change, need more than there is. */
export function checkStepTimes({ steps, schedule }: DynamicsSpec, available = availableMemory()): void {
  const bytes = 8 * (steps + 1);
  if (schedule.kind === "constant" || bytes <= available) return;
  const expected = `a number whose times fit into the ${bytesText(available)} of memory there are`;
  const got = `${steps}, whose times need ${bytesText(bytes)}`;
  const suggestion = "lower steps, or take a constant step size";
  throw new MeanfieldError("out-of-memory", `steps: expected ${expected}, got ${got}; ${suggestion}`, {
    path: "steps",
    expected,
    got,
    suggestion,
  });
}

/** What `work` returns; the engine's or the system's refusal to give memory becomes `out-of-memory`. */
export function withinMemory<Value>(work: () => Value): Value {
  try {
    return work();
  } catch (error) {
    throw asOutOfMemory(error) ?? error;
  }
}

/** `out-of-memory` for the errors by which JavaScript says that an array or a memory cannot be had; null for any other. */
export function asOutOfMemory(error: unknown): MeanfieldError | null {
  if (!(error instanceof RangeError) || !/array length|array buffer|allocat/i.test(error.message)) return null;
  const suggestion = "lower widths, dimension, batch, evaluation or steps";
  return new MeanfieldError(
    "out-of-memory",
    `simulation: expected sizes whose arrays can be had, got one that cannot (${error.message}); ${suggestion}`,
    { path: "simulation", got: error.message, suggestion },
    { cause: error },
  );
}

function tooLarge(built: BuiltPlan, needs: readonly Need[], bytes: number, fits: string, otherwise = "") {
  const { network, problem } = built;
  const shapes = network.layout.arrays.map(({ name, shape }) => `${name} ${shape.join(" x ")}`).join(", ");
  const expected = `a simulation ${fits}`;
  const got = `one that needs ${bytesText(bytes)}`;
  const { path, way } = needs.reduce((largest, need) => (need.bytes > largest.bytes ? need : largest));
  const suggestion = `${way}${otherwise}`;
  const what = `${network.spec.kind} network, ${shapes}, ${problem.precision}, ${problem.batch} points a batch`;
  return new MeanfieldError("out-of-memory", `${path}: expected ${expected}, got ${got} (${what}); ${suggestion}`, {
    path,
    expected,
    got,
    suggestion,
  });
}
