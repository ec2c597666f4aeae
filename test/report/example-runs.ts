import type { EngineUse } from "../../src/engines/index.ts";
import { commandValue } from "../../src/report/command-line.ts";
import type { ReportedRun } from "../../src/report/reported-run.ts";
import type { MetricsLine, RunConfig, RunProvenance, RunResult } from "../../src/runs/files.ts";
import type { Json, ParameterEntry } from "../../src/scenario/index.ts";
import { exampleFigures } from "./example-figures.ts";

const config: RunConfig = {
  schemaVersion: 3,
  scenario: "depth-separation",
  scenarioVersion: 2,
  title: "Depth separation: three layers learn ReLU(1 − |x|), two do not at this size",
  headline: "bottleneck.loss",
  codeHash: "4f2a9c0d17e6b8535f0a11c24d9e7b60a1f3c5d7e9b2846013579bdf02468ace",
  parameters: {
    dimension: 10,
    firstLayerWidth: 1024,
    secondLayerWidth: 16,
    stepSize: 0.3,
    cutoff: 3,
    widths: [64, 256, 1024],
    start: "antithetic-frames",
    clip: null,
    float32: false,
  },
  parameterEntries: [
    entry("dimension", 10, "", "input dimension"),
    entry("firstLayerWidth", 4096, "neurons", "m1, the width of the first layer"),
    entry("secondLayerWidth", 16, "neurons", "m2, the width of the second layer"),
    entry("stepSize", 0.3, "mean-field time", "eta <= 1"),
    entry("cutoff", 3, "", "largest radius"),
    entry("widths", [64, 256, 1024], "neurons", "ladder of widths"),
    entry("start", "antithetic-frames", "", "arrangement of the first layer"),
    entry("clip", null, "", "largest gradient"),
    entry("float32", false, "", "single precision"),
  ],
  seed: 7,
  short: false,
  id: "8c1f20a94be7",
  bundle: null,
  sources: [
    {
      key: "ren-zhou-ge-2023",
      text: "Ren, Zhou, Ge: Depth Separation with Multilayer Mean-Field Networks. ICLR 2023.",
      url: "https://arxiv.org/abs/2304.01063",
    },
    { key: "theory", text: "Our derivation: docs/theory, section 6." },
  ],
};

const native: EngineUse = {
  name: "native",
  instructions: "AVX-512",
  arithmetic: "fused",
  numerics: "fused",
  precision: "float64",
};

const provenance: RunProvenance = {
  meanfield: "0.1.0",
  commit: "d4605b1e0c6a4f7b9d2e8a3c5f1b7d9e0a2c4e6f",
  dirty: true,
  lockHash: "77aa0c1de2f3",
  node: "v20.20.2",
  platform: "linux x64",
  cpu: "AMD EPYC 7763 64-Core Processor",
  cores: 16,
  engine: native,
  used: [native],
  threads: 16,
  host: "atlas",
  packages: {},
};

const result: RunResult = {
  schemaVersion: 3,
  status: "completed",
  scenario: config.scenario,
  id: config.id,
  parameters: config.parameters,
  seed: config.seed,
  summary: {
    lossRatio: { value: 1180.4, error: 37.2 },
    slope: -1.0213,
    slopeError: 0.0187,
    bottleneck: { loss: 4.91234e-6, lossError: 1.23e-7, meanField: 2.1e-7, cross: 5.0e-8, discretization: 4.7e-6 },
    twoLayer: { loss: 0.0078, lossError: 0.0004, meanField: 0.0071, cross: 0, discretization: 0.0007 },
    ladder: [
      { width: 64, loss: 0.036, lossError: 0.002 },
      { width: 256, loss: 0.0123, lossError: 0.0006 },
      { width: 1024, loss: 0.0082, lossError: 0.0004 },
    ],
    seeds: [1, 2, 3],
    start: "antithetic frames",
    tuned: true,
  },
  claims: [
    {
      id: "bottleneck-learns",
      statement: "The bottleneck network reaches a loss <= 1e-5.",
      source: "Ren, Zhou, Ge (ICLR 2023), Theorem 1; our instantiation",
      measured: 4.91e-6,
      low: 4.67e-6,
      high: 5.15e-6,
      expected: "<= 1e-5",
      tolerance: null,
      verdict: "holds",
      pass: true,
    },
    {
      id: "width-slope",
      statement: "The discretisation error falls with slope -1 in the width.",
      source: "our derivation",
      measured: -1.0213,
      low: -1.058,
      high: -0.985,
      expected: -1,
      tolerance: "2 standard errors",
      verdict: "holds",
      pass: true,
    },
    {
      id: "two-layer-stuck",
      statement: "The 2-layer network of the same size keeps at least 1/10 of the null loss.",
      source: "observation",
      measured: 0.071,
      low: 0.064,
      high: 0.078,
      expected: ">= 0.1",
      tolerance: "4 standard errors",
      verdict: "fails",
      pass: false,
    },
    {
      id: "limit-reached",
      statement: "The limit's own loss is below 2e-7 at t = 2000.",
      source: "our derivation",
      measured: null,
      low: null,
      high: null,
      expected: "< 2e-7",
      tolerance: 1e-9,
      verdict: "inconclusive",
      pass: null,
    },
  ],
  error: null,
  files: {},
  checksum: "",
};

/** A finished run with everything a report can show. */
export const completedRun: ReportedRun = {
  config,
  provenance,
  timing: {
    startedAt: "2026-01-05T10:00:00.000Z",
    finishedAt: "2026-01-05T10:04:10.000Z",
    seconds: 250.4,
    members: { bottleneck: { seconds: 210 }, "two-layer": { seconds: 38.25 } },
  },
  result,
  figures: exampleFigures,
  metrics: records("bottleneck", 12),
};

/** A run whose particles left every bound. */
export const divergedRun: ReportedRun = {
  ...completedRun,
  figures: [],
  timing: null,
  metrics: records("two-layer", 6),
  result: {
    ...result,
    status: "diverged",
    summary: {},
    claims: [],
    error: {
      code: "diverged",
      message: "Particle 17 is not finite at step 42: try a smaller stepSize than 0.3 & clip <gradients>.",
      member: "two-layer",
      step: 41,
    },
  },
};

/** A run that was stopped and can go on. */
export const unfinishedRun: ReportedRun = { ...divergedRun, result: null };

function entry(name: string, standard: Json, unit: string, help: string): ParameterEntry {
  return {
    name,
    type: "number",
    unit: unit === "" ? null : unit,
    min: null,
    max: null,
    exclusiveMin: false,
    exclusiveMax: false,
    choices: null,
    nullable: false,
    default: standard,
    defaultText: commandValue(standard),
    help,
  };
}

function records(member: string, count: number): MetricsLine[] {
  const empty = {
    crossCentred: null,
    timeStep: null,
    sampling: null,
    trajectoryGap: null,
    correctedTrajectoryGap: null,
    trajectory: null,
  };
  return Array.from({ length: count }, (_, index) => ({
    member,
    simulation: null,
    step: index * 10,
    time: index * 3,
    loss: 0.1 / 2 ** index,
    lossError: 0.002 / 2 ** index,
    budget: {
      ...empty,
      meanField: { value: 0.09 / 2 ** index, error: 0.001 / 2 ** index },
      cross: { value: 0.001 / 2 ** index, error: 0.0005 / 2 ** index },
      discretization: { value: 0.009 / 2 ** index, error: 0.0009 / 2 ** index },
    },
    observables: { alpha: 1 + index / 100 },
  }));
}
