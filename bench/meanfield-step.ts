/**
 * The only file of the benchmarks that knows meanfield's inner rooms: one step on given samples, as an engine takes it.
 *
 * A step is the kernel's three phases over all chunks and `move`, on one thread without barriers: what `createShard` does, but for the drawing of
 * samples, which the part `random` measures. With several threads the whole stepper is timed, draws included.
 */
import { createBatchDrawer } from "../src/dynamics/draw.ts";
import { createStepper, gradientDescent, sgd } from "../src/dynamics/index.ts";
import { layMemory, type SimulationMemory } from "../src/dynamics/memory.ts";
import { type BuiltPlan, buildPlan } from "../src/dynamics/plan.ts";
import { chooseEngine, type Engine, engineNames } from "../src/engines/index.ts";
import { MeanfieldError } from "../src/errors.ts";
import { buildNetwork, type NetworkPlan } from "../src/networks/index.ts";
import { bottleneck, dense, twoLayer } from "../src/networks/public.ts";
import { deriveKey, drawWith, fillNormal, fillUniform } from "../src/numerics/random/index.ts";
import { buildTarget } from "../src/targets/index.ts";
import type { Work } from "./work.ts";

/** So small that the particles stay where they are over thousands of steps, and every round does the same work. */
const still = 1e-6;

/** The engines that take this work's step here, fastest first, each in the faster of its arithmetics. */
export function enginesFor(work: Work): readonly Engine[] {
  const { problem } = planOf(work, still);
  const found: Engine[] = [];
  for (const engine of engineNames) {
    try {
      const request = { engine, arithmetic: "auto", precision: problem.precision } as const;
      found.push(
        chooseEngine(request, (candidate) => {
          const reason = candidate.supports?.(problem) ?? null;
          return reason === null ? null : new MeanfieldError("unsupported-combination", reason);
        }),
      );
    } catch (error) {
      // Not built, not for this machine, or without this step or precision: the table has no row of it.
      if (!(error instanceof MeanfieldError)) throw error;
    }
  }
  return found;
}

/** "native AVX-512 fused" */
export function engineLabel({ name, instructions, arithmetic }: Engine): string {
  return name === "reference" ? name : `${name} ${instructions} ${arithmetic}`;
}

/** All engines that work here for a two-layer step in float64, for the line that says where figures were measured. */
export function enginesHere(): string {
  const work: Work = { work: "two-layer", precision: "f64", batch: 8, dimension: 2, width: 2, secondWidth: 0 };
  return enginesFor(work).map(engineLabel).join(", ");
}

function networkOf({ work, width, secondWidth }: Work): NetworkPlan {
  if (work === "two-layer") return twoLayer({ width, start: "gaussian" });
  const widths = { firstLayerWidth: width, secondLayerWidth: secondWidth };
  return work === "bottleneck" ? bottleneck({ ...widths, start: "gaussian" }) : dense(widths);
}

function planOf(work: Work, stepSize: number): BuiltPlan {
  const { batch, dimension, precision } = work;
  const target = buildTarget({ kind: "hinge" });
  return buildPlan(
    {
      network: buildNetwork(networkOf(work), dimension).spec,
      law: { kind: "gaussian", dimension, radiusCutoff: null },
      pieces: target.radial?.pieces ?? null,
      dynamics: { ...gradientDescent({ stepSize, steps: 1 }), expectation: sgd({ batch }) },
      keys: { directions: deriveKey("bench", "directions"), radii: deriveKey("bench", "radii") },
      replica: 0,
      precision: precision === "f32" ? "float32" : "float64",
    },
    target,
  );
}

/** Random particles of order one, so that nothing of the start's symmetry is left: half of the pre-activations positive, no two neurons equal. */
function scatter(built: BuiltPlan): Float64Array {
  const { arrays, buffer } = built.network.start("bench");
  for (const [name, array] of Object.entries(arrays)) {
    const noise = new Float64Array(array.length);
    fillNormal(noise, 0, noise.length, 0, deriveKey("bench", "scatter", name), 0, 0, 0);
    const scale = name === "a" && "v" in arrays ? 0 : name === "u" ? 1 : 0.05;
    for (let index = 0; index < array.length; index += 1) array[index] += scale * noise[index];
  }
  return buffer;
}

/** A step ready to be taken again and again on the same samples. */
export interface PreparedStep {
  advance(steps: number): void;
  /** Particle arrays by name, x (batch x dimension) and y, as they are now. */
  read(): { particles: Record<string, number[]>; x: number[]; y: number[] };
}

/** Prepares a step of `engine` on one thread. */
export function prepareStep(work: Work, engine: Engine, stepSize = still): PreparedStep {
  const built = planOf(work, stepSize);
  const memory: SimulationMemory = layMemory(built, engine, 1, 1);
  memory.particles.set(scatter(built));
  createBatchDrawer(built, 0, 1).draw(memory.points[0], memory.targets[0], 0);
  engine.initialize(built.problem, memory.velocity);
  const kernel = engine.createKernel(built.problem, memory.velocity);
  const batch = { points: memory.points[0], targets: memory.targets[0], weights: null };
  return {
    advance(steps) {
      for (let step = 0; step < steps; step += 1) {
        kernel.bind(memory.particles, batch);
        for (let chunk = 0; chunk < kernel.chunks; chunk += 1) {
          kernel.forward(chunk, 0, 1);
          kernel.residual(chunk, 0, 1);
          kernel.backward(chunk, 0, 1);
        }
        kernel.move(stepSize, 0, 1);
      }
    },
    read() {
      const particles: Record<string, number[]> = {};
      for (const { name, offset, length } of built.network.layout.arrays) {
        particles[name] = Array.from(memory.particles.subarray(offset, offset + length));
      }
      return { particles, x: Array.from(batch.points), y: Array.from(batch.targets) };
    },
  };
}

/** A step of `threads` threads, samples drawn afresh each time. */
export interface ThreadedStep {
  advance(steps: number): Promise<void>;
  close(): Promise<void>;
}

export function prepareThreadedStep(work: Work, engine: Engine, threads: number): ThreadedStep {
  const built = planOf(work, still);
  const stepper = createStepper(built, engine, scatter(built), threads);
  let step = 0;
  return {
    async advance(steps) {
      await stepper.advance(step, steps);
      step += steps;
    },
    close: () => stepper.close(),
  };
}

/** Drawing the samples and targets of one step of `work`, as the stepper does. */
export function prepareDraw(work: Work, engine: Engine): (steps: number) => void {
  const built = planOf(work, still);
  const { points, targets } = layMemory(built, engine, 1, 1);
  const drawer = createBatchDrawer(built, 0, 1);
  let next = 0;
  return (steps) => {
    // Which code draws is a setting of the thread, and other engines are timed in between.
    drawWith(engine.draws);
    for (let step = 0; step < steps; step += 1) {
      drawer.draw(points[0], targets[0], next);
      next += 1;
    }
  };
}

/** A fill of `count` normals or uniforms in float64, by the code of each engine that works here. */
export function ownDraws(what: "normal" | "uniform", count: number): { label: string; fill(): void }[] {
  const out = new Float64Array(count);
  const key = deriveKey("bench", what);
  const fill = what === "normal" ? fillNormal : fillUniform;
  const work: Work = { work: "two-layer", precision: "f64", batch: 8, dimension: 2, width: 2, secondWidth: 0 };
  return enginesFor(work).map((engine) => {
    let step = 0;
    return {
      label: engineLabel(engine),
      fill() {
        drawWith(engine.draws);
        fill(out, 0, count, 0, key, 0, step, 0);
        step += 1;
      },
    };
  });
}
