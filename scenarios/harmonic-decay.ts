import { checkSimulation, defineScenario, type JsonObject, MeanfieldError } from "meanfield";
import { pairSeconds, processBytes, processSeconds } from "./costs/step-costs.ts";
import { claimsOf, ladderFitOf } from "./harmonic-decay/claims.ts";
import { figuresOf } from "./harmonic-decay/figures.ts";
import { type Decay, measurePart } from "./harmonic-decay/measure.ts";
import { parameters } from "./harmonic-decay/parameters.ts";
import { type Part, partsOf, simulationOf } from "./harmonic-decay/parts.ts";

/**
 * The discretisation error of a wide bottleneck network decays per spherical harmonic, at rates that first-order theory predicts without a fitted
 * number: amplitudes of degrees 1, 2 and 4 in several dimensions, read exactly from the particles, beside the prediction along the limit's trajectory.
 */
export default defineScenario({
  name: "harmonic-decay",
  version: 1,
  title: "The discretisation error decays per spherical harmonic at the predicted rates",
  sources: [
    { key: "derivation", text: "our derivation: docs/theory/harmonic-decay.md, docs/theory/discretisation-error.md" },
    {
      key: "ren2023",
      text: "Y. Ren, M. Zhou, R. Ge, Depth Separation with Multilayer Mean-Field Networks, ICLR 2023 (our instantiation)",
      url: "https://arxiv.org/abs/2304.01063",
    },
  ],
  parameters,
  short: {
    dimensions: [10],
    degrees: [1, 2],
    replicas: 4,
    width: 400,
    times: [5, 20],
    stepSize: 0.2,
    optimumWidth: 1000,
    ladderWidths: [20, 40, 80],
    ladderReplicas: 16,
    tolerance: 0.25,
  },
  headline: "agreement",

  validate(values) {
    for (const name of ["dimensions", "ladderWidths"] as const) refuse(name, "whole numbers", values[name], isWhole);
    refuse("degrees", "1 or even numbers, since F has no other harmonics", values.degrees, isDegree);
    for (const part of partsOf(values)) checkSimulation({ ...simulationOf(part, 0, values.precision), seed: 0 });
  },

  members: (values) => partsOf(values).map((part) => ({ name: part.name, cost: pairsOf(part) * slownessOf(part) })),

  run(context, member) {
    const part = partsOf(context.parameters).find(({ name }) => name === member.name);
    if (part === undefined) throw new Error(`no part is called ${member.name}`);
    return measurePart(context, part);
  },

  summarise(results, values) {
    const parts = partsOf(values);
    const decays = Object.fromEntries(parts.map(({ name }) => [name, withoutCurve(results[name].result)]));
    const first = decays[parts[0].name] as unknown as Decay;
    const ladder = parts.filter(({ kind }) => kind === "ladder").map(({ name }) => decays[name] as unknown as Decay);
    return {
      agreement: first.points[first.points.length - 1].agreement,
      ladderFit: ladderFitOf(ladder) as unknown as JsonObject | null,
      ...decays,
    };
  },

  claims: claimsOf,

  estimate(values) {
    const seconds = partsOf(values).map((part) => {
      const measured = (part.measuredAt.length + 1) * part.width ** 2 * (8 + part.dimension) * 1e-9;
      return (
        part.replicas *
        (slownessOf(part) * pairSeconds.bottleneck(part.dimension) * (pairsOf(part) / part.replicas) + measured)
      );
    });
    return { seconds: seconds.reduce((sum, each) => sum + each, processSeconds), bytes: processBytes };
  },

  figures: figuresOf,
});

/** A member's result without what only figures need. */
function withoutCurve({ curve: _curve, ...rest }: JsonObject): JsonObject {
  return rest;
}

/** Without a cutoff the law's moments are functions, which only the reference engine can call. */
function slownessOf({ radiusCutoff }: Part): number {
  return radiusCutoff === null ? 10 : 1;
}

/** Pairs of neuron and direction in all steps of all starts. */
function pairsOf({ width, directions, measuredAt, replicas }: Part): number {
  return width * directions * measuredAt[measuredAt.length - 1] * replicas;
}

function isWhole(value: number): boolean {
  return Number.isInteger(value);
}

function isDegree(value: number): boolean {
  return value === 1 || value % 2 === 0;
}

function refuse(path: string, expected: string, values: readonly number[], isRight: (value: number) => boolean): void {
  const wrong = values.find((value) => !isRight(value));
  if (wrong === undefined) return;
  throw new MeanfieldError("invalid-value", `${path}: expected ${expected}, got ${wrong}`, { path, expected });
}
