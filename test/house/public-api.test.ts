import { describe, expect, it } from "vitest";
import * as meanfield from "../../src/index.ts";

/** Names of a namespace that are values; types leave no trace at run time. */
const valuesOf = (namespace: object) => Object.keys(namespace).sort();

describe("the public API", () => {
  it("exports these names and no others", () => {
    expect(valuesOf(meanfield)).toMatchInlineSnapshot(`
      [
        "MeanfieldError",
        "activations",
        "aggregate",
        "builtInNames",
        "checkSimulation",
        "checks",
        "claim",
        "comparePaired",
        "compareRuns",
        "datasets",
        "decodeNpy",
        "deepNetworks",
        "defineScenario",
        "describeScenario",
        "dynamics",
        "encodeNpy",
        "errorCodes",
        "fitScaling",
        "laws",
        "limits",
        "loadScenario",
        "networks",
        "neuralKernels",
        "numerics",
        "observables",
        "parameter",
        "probesOf",
        "problemOf",
        "problemParameters",
        "readRun",
        "readSweep",
        "repeatRun",
        "resumeSweep",
        "runScenario",
        "simulate",
        "simulateReplicas",
        "simulationParameters",
        "splitReplicas",
        "standardFigures",
        "sweepRows",
        "sweepScenario",
        "targets",
        "testSet",
        "trainingSet",
        "writeReport",
      ]
    `);
  });

  it.each(
    Object.entries({
      activations: meanfield.activations,
      checks: meanfield.checks,
      datasets: meanfield.datasets,
      deepNetworks: meanfield.deepNetworks,
      dynamics: meanfield.dynamics,
      laws: meanfield.laws,
      limits: meanfield.limits,
      networks: meanfield.networks,
      neuralKernels: meanfield.neuralKernels,
      numerics: meanfield.numerics,
      observables: meanfield.observables,
      targets: meanfield.targets,
    }),
  )("%s holds these names and no others", (_name, namespace) => {
    expect(valuesOf(namespace)).toMatchSnapshot();
  });
});
