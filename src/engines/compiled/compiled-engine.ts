import type { RadialTable } from "../../laws/law.ts";
import type { Arithmetic, Engine, EngineName, VelocityKernel, VelocityMemory, VelocityProblem } from "../engine.ts";
import { compiledDeepKernels } from "./deep.ts";
import type { KernelLibrary, Phase } from "./kernels.ts";
import { compiledMatrices } from "./matrices.ts";
import { measuringKernels } from "./measuring.ts";
import { ownedRanges } from "./owned-ranges.ts";
import { problemFields, problemRecord, recordNumbers } from "./problem-record.ts";

/** An engine on compiled kernels: native code and WebAssembly differ in their library alone. */
export function compiledEngine(
  description: {
    readonly name: EngineName;
    readonly arithmetic: Arithmetic;
    readonly instructions: string;
    readonly largestMemory?: number;
  },
  library: KernelLibrary,
): Engine {
  return Object.freeze({
    ...description,
    precisions: ["float64", "float32"] as const,
    draws: library.draws,
    measuring: measuringKernels(library),
    matrices(block, record, part) {
      const { matrix } = library.bind(block);
      return compiledMatrices((job) => matrix(job, part), record);
    },
    deep: (memory) => compiledDeepKernels(library.bind(memory.block).deep, memory),
    supports: obstacleOf,
    allocate: library.allocate,
    attach: library.attach,
    scratchBytes(problem, parts) {
      const { bytes } = layTables(problem, 0);
      return bytes + library.scratchBytes(recordNumbers(problemRecord(problem, parts)));
    },
    initialize: (problem, memory) => writeProblem(problem, memory),
    createKernel(problem, memory) {
      const { block, scratch } = memory;
      const kernels = library.bind(block);
      let particles = 0;
      let points = 0;
      let targets = 0;
      let weights = 0;
      const run =
        (phase: Phase) =>
        (chunk: number, part: number, parts: number): void =>
          phase(scratch, particles, points, targets, weights, chunk, part, parts);
      return {
        chunks: kernels.chunkCount(scratch),
        bind(bound, batch) {
          particles = bound.byteOffset;
          points = batch.points.byteOffset;
          targets = batch.targets.byteOffset;
          weights = batch.weights?.byteOffset ?? 0;
        },
        forward: run(kernels.forward),
        residual: run(kernels.residual),
        backward: run(kernels.backward),
        move: (stepSize, part, parts) => kernels.move(scratch, particles, part, parts, stepSize),
        owned: (part, parts) => ownedRanges(problem.network, part, parts),
      } satisfies VelocityKernel;
    },
  } satisfies Engine);
}

/** Why the kernels cannot compute a problem; null if they can. */
function obstacleOf({ expectation }: VelocityProblem): string | null {
  if (expectation.kind === "radial" && expectation.law.radius?.tables == null) {
    return `the moments of the law ${expectation.law.spec.kind} are no table with these parameters (set a radiusCutoff)`;
  }
  return null;
}

const alignment = 64;
const tableFields = 9;

/** Where the record, the moment tables and the target's pieces lie at the beginning of the scratch, and how many bytes they take. */
function layTables(problem: VelocityProblem, start: number) {
  let end = start;
  const take = (doubles: number): number => {
    const offset = end;
    end += alignment * Math.ceil((8 * doubles) / alignment);
    return offset;
  };
  take(problemFields.length);
  if (problem.expectation.kind !== "radial") return { bytes: end - start, tables: null };
  const { law, target } = problem.expectation;
  const list: readonly RadialTable[] = law.radius?.tables ?? [];
  const tables = {
    upper: law.radius?.upper ?? 0,
    list,
    heads: take(tableFields * list.length),
    nodes: list.map(({ nodes }) => take(nodes.length)),
    target,
    starts: take(target.starts.length),
    slopes: take(target.starts.length),
    intercepts: take(target.starts.length),
  };
  return { bytes: end - start, tables };
}

function writeProblem(problem: VelocityProblem, memory: VelocityMemory): void {
  const { block, scratch, parts, velocity } = memory;
  const { bytes, tables } = layTables(problem, scratch);
  const record = problemRecord(problem, parts);
  record.velocity = velocity.byteOffset;
  record.scratch = scratch + bytes;
  const write = (offset: number, values: ArrayLike<number>): void => {
    new Float64Array(block.buffer, offset, values.length).set(values);
  };
  if (tables !== null) {
    const { list, target } = tables;
    record.momentUpper = tables.upper;
    record.momentTableCount = list.length;
    record.momentTables = tables.heads;
    record.pieceCount = target.starts.length;
    record.pieceStarts = tables.starts;
    record.pieceSlopes = tables.slopes;
    record.pieceIntercepts = tables.intercepts;
    write(tables.starts, target.starts);
    write(tables.slopes, target.slopes);
    write(tables.intercepts, target.intercepts);
    for (const [index, table] of list.entries()) {
      const { nodes, step, cellCount, factor, upper, beyond } = table;
      write(tables.nodes[index], nodes);
      // The fields of MomentTable in kernels/radius.h.
      const head = [tables.nodes[index], step, 1 / step, cellCount, factor, upper, ...beyond];
      write(tables.heads + 8 * tableFields * index, head);
    }
  }
  write(scratch, recordNumbers(record));
}
