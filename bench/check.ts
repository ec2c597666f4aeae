import { spawnSync } from "node:child_process";
import { engineLabel, enginesFor, prepareStep } from "./meanfield-step.ts";
import { type PeerProcess, peerEnvironment } from "./peer-process.ts";
import { type PlainParticles, plainStep } from "./peers/plain-typescript.ts";
import type { Peers } from "./peers.ts";
import { plainInputs } from "./plain-inputs.ts";
import { benchFile } from "./repository.ts";
import type { Precision, Work, WorkName } from "./work.ts";

type Numbers = Readonly<Record<string, ArrayLike<number>>>;

const stepSize = 0.3;
const works: readonly WorkName[] = ["two-layer", "bottleneck", "dense"];
const epsilon: Record<Precision, number> = { f32: 2 ** -23, f64: 2 ** -52 };

/**
 * Checks that all programs compute the same step: every variant of the peers, the plain loops and each engine against the peers' float64 oracle
 * (bench/peers/oracle.py: sample by sample from the definition). Returns the number of disagreements.
 */
export async function checkSteps(peers: Peers, say: (text: string) => void): Promise<number> {
  const { status, stdout, stderr } = spawnSync(peers.python.command, [benchFile("peers", "check.py")], {
    env: peerEnvironment(1, {}),
    encoding: "utf8",
  });
  say((stdout + stderr).trim());
  let wrong = status === 0 ? 0 : 1;
  let checked = 0;
  for (const name of works) {
    for (const precision of ["f32", "f64"] as const) {
      // 70 neurons and points: more than one block of either, and no multiple of a vector.
      const work: Work = { work: name, precision, batch: 70, dimension: 5, width: 70, secondWidth: 9 };
      const programs: [string, () => Promise<{ got: Numbers; expected: Numbers }>][] = [];
      for (const form of ["straightforward", "blocked"] as const) {
        programs.push([`plain TypeScript, ${form}`, () => plainAgainstOracle(peers.processes[0], work, form)]);
      }
      for (const engine of enginesFor(work)) {
        programs.push([engineLabel(engine), () => engineAgainstOracle(peers.processes[0], work, engine)]);
      }
      for (const [program, run] of programs) {
        const { got, expected } = await run();
        const error = largestError(got, expected);
        const bound = 2 * epsilon[precision] * (work.batch + work.width + work.dimension + work.secondWidth);
        checked += 1;
        if (error <= bound) continue;
        wrong += 1;
        say(`WRONG ${name} ${precision} ${program}: ${error.toExponential(1)} > ${bound.toExponential(1)}`);
      }
    }
  }
  say(`${checked} programs of this repository checked against the oracle, ${wrong} disagreements in all`);
  return checked === 0 ? wrong + 1 : wrong;
}

async function oracle(
  peer: PeerProcess,
  { work }: Work,
  inputs: { particles: Numbers; x: ArrayLike<number>; y: ArrayLike<number> },
  dimension: number,
): Promise<Numbers> {
  const rows = (values: ArrayLike<number>, columns: number): number[][] =>
    Array.from({ length: values.length / columns }, (_, row) =>
      Array.from(values).slice(row * columns, (row + 1) * columns),
    );
  const { w, u, ...vectors } = inputs.particles;
  const particles = {
    w: rows(w, dimension),
    ...Object.fromEntries(Object.entries(vectors).map(([name, values]) => [name, Array.from(values)])),
    ...(u === undefined ? {} : { u: rows(u, w.length / dimension) }),
  };
  const item = { work, library: "oracle", variant: "oracle", precision: "f64" };
  const answer = await peer.ask<{ particles: Record<string, (number | number[])[]> }>({
    command: "step",
    item,
    particles,
    x: rows(inputs.x, dimension),
    y: Array.from(inputs.y),
    eta: stepSize,
    steps: 2,
  });
  return Object.fromEntries(Object.entries(answer.particles).map(([name, values]) => [name, values.flat()]));
}

async function plainAgainstOracle(peer: PeerProcess, work: Work, form: "straightforward" | "blocked") {
  const { particles, x, y } = plainInputs(work);
  const step = plainStep(work, form, particles, x, y, stepSize);
  // What the peer starts from is rounded as ours is.
  const begin: PlainParticles = Object.fromEntries(
    Object.entries(step.particles).map(([name, values]) => [name, values.slice()]),
  );
  const rounded = work.precision === "f32" ? { x: Float32Array.from(x), y: Float32Array.from(y) } : { x, y };
  step.advance(2);
  return { got: step.particles, expected: await oracle(peer, work, { particles: begin, ...rounded }, work.dimension) };
}

async function engineAgainstOracle(peer: PeerProcess, work: Work, engine: Parameters<typeof prepareStep>[1]) {
  const step = prepareStep(work, engine, stepSize);
  const inputs = step.read();
  step.advance(2);
  return { got: step.read().particles, expected: await oracle(peer, work, inputs, work.dimension) };
}

function largestError(got: Numbers, expected: Numbers): number {
  let worst = 0;
  for (const [name, values] of Object.entries(expected)) {
    let scale = 1;
    let error = 0;
    for (let index = 0; index < values.length; index += 1) {
      scale = Math.max(scale, Math.abs(values[index]));
      // A missing or NaN number is the largest error of all.
      const difference = Math.abs(got[name]?.[index] - values[index]);
      error = Number.isNaN(difference) ? Infinity : Math.max(error, difference);
    }
    worst = Math.max(worst, error / scale);
  }
  return worst;
}
