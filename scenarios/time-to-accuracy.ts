import {
  checkSimulation,
  defineScenario,
  type JsonObject,
  MeanfieldError,
  type Member,
  type MemberResults,
} from "meanfield";
import { pairSeconds, processBytes, processSeconds } from "./costs/step-costs.ts";
import { claimsOf, exponentsOf, type LimitTimes } from "./time-to-accuracy/claims.ts";
import { figuresOf } from "./time-to-accuracy/figures.ts";
import { limitTimes } from "./time-to-accuracy/limit-times.ts";
import { measureNetwork, networkOptions } from "./time-to-accuracy/network-time.ts";
import { parameters, type Start, starts, type Values } from "./time-to-accuracy/parameters.ts";

/**
 * How long the infinitely wide bottleneck network takes to reach a loss, in mean-field time, as the dimension grows: from alpha = 1, and from alpha = 1/sqrt(d).
 * The limit's exact flow alone, with one atom; networks of finite width in a few dimensions show that they really take that time. An observation.
 */
export default defineScenario({
  name: "time-to-accuracy",
  version: 1,
  title: "Mean-field time to reach a loss, against the dimension",
  sources: [
    {
      key: "ren2023",
      text: "Y. Ren, M. Zhou, R. Ge, Depth Separation with Multilayer Mean-Field Networks, ICLR 2023 (our instantiation)",
      url: "https://arxiv.org/abs/2304.01063",
    },
    {
      key: "derivation",
      text: "our derivation: docs/theory/bottleneck-limit.md; the scaling argument: docs/time-to-accuracy.md",
    },
  ],
  parameters,
  short: {
    dimensions: [4, 8, 16, 32, 64],
    fitFrom: 8,
    accuracies: [1e-4, 1e-3],
    networkDimensions: [4],
    width: 200,
    replicas: 3,
    stepSize: 0.5,
    networkAccuracy: 3e-3,
  },
  headline: "slowest",

  validate(values) {
    for (const name of ["dimensions", "networkDimensions"] as const) {
      const wrong = values[name].find((value) => !Number.isInteger(value));
      if (wrong !== undefined) throw refusal(name, "whole numbers", wrong);
    }
    const fitted = values.dimensions.filter((dimension) => dimension >= values.fitFrom);
    if (fitted.length < 3) throw refusal("fitFrom", "at least three dimensions from it on", values.fitFrom);
    for (const dimension of values.networkDimensions) {
      for (const start of starts) checkSimulation({ ...networkOptions(values, dimension, start, 10), seed: 0 });
    }
  },

  members: (values) => [
    ...starts.map((start) => ({ name: `limit-${start}`, cost: 1 })),
    ...starts.flatMap((start) =>
      values.networkDimensions.map((dimension) => ({ name: `network-${start}-d${dimension}`, cost: 10 + dimension })),
    ),
  ],

  async run(context, member) {
    const { start, dimension } = partsOf(member);
    if (dimension !== null) return (await measureNetwork(context, dimension, start)) satisfies JsonObject;
    const { parameters: values } = context;
    const times: (readonly (number | null)[])[] = [];
    for (const each of values.dimensions) {
      times.push(limitTimes(values, each, start, values.accuracies));
      context.progress(times.length / values.dimensions.length);
      await context.pause();
    }
    return { dimensions: values.dimensions, times };
  },

  summarise(results, values) {
    const limit = byStart((start) => results[`limit-${start}`].result);
    const times = byStart((start) => limit[start] as unknown as LimitTimes);
    return {
      slowest: times["inverse-root"].times[values.dimensions.length - 1][0],
      exponents: byStart((start) => exponentsOf(times[start], values) as unknown as JsonObject[]),
      limit,
      networks: byStart((start) => networkResults(results, values, start)),
    };
  },

  claims: claimsOf,

  estimate(values) {
    // From 1/sqrt(d) the time grows like its square root; without a cutoff only the reference engine steps.
    const slower = values.radiusCutoff === null ? 10 : 1;
    const seconds = values.networkDimensions.map(
      (dimension) =>
        (2 *
          values.replicas *
          slower *
          128 *
          values.width *
          pairSeconds.bottleneck(dimension) *
          25 *
          Math.sqrt(dimension)) /
        values.stepSize,
    );
    return { seconds: seconds.reduce((sum, each) => sum + each, processSeconds), bytes: processBytes };
  },

  figures: (_results, summary, values) => figuresOf(summary, values),
});

function partsOf({ name }: Member): { readonly start: Start; readonly dimension: number | null } {
  const [, kind, start, dimension] = /^(limit|network)-(one|inverse-root)(?:-d(\d+))?$/.exec(name) ?? [];
  return { start: start as Start, dimension: kind === "network" ? Number(dimension) : null };
}

function byStart<Value>(value: (start: Start) => Value): Readonly<Record<Start, Value>> {
  return { one: value("one"), "inverse-root": value("inverse-root") };
}

function networkResults(results: MemberResults, values: Values, start: Start): readonly JsonObject[] {
  return values.networkDimensions.map((dimension) => results[`network-${start}-d${dimension}`].result);
}

function refusal(path: string, expected: string, got: number): MeanfieldError {
  return new MeanfieldError("invalid-value", `${path}: expected ${expected}, got ${got}`, { path, expected });
}
