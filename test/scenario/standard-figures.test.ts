import { describe, expect, it } from "vitest";
import { gradientDescent } from "../../src/dynamics/index.ts";
import { ball, hypercube } from "../../src/laws/index.ts";
import { bottleneck as bottleneckLimit } from "../../src/limits/index.ts";
import { bottleneck, twoLayer } from "../../src/networks/index.ts";
import { checkFigures } from "../../src/runs/figure-check.ts";
import { standardFigures } from "../../src/scenario/index.ts";
import { type SimulateOptions, type SimulationRecord, simulate } from "../../src/simulation/index.ts";
import { hinge, norm } from "../../src/targets/index.ts";

async function recordsOf(change: Partial<SimulateOptions>): Promise<SimulationRecord[]> {
  const records = [];
  const simulation = simulate({
    problem: { law: ball({ dimension: 3 }), target: hinge() },
    network: bottleneck({ firstLayerWidth: 6, secondLayerWidth: 2 }),
    dynamics: gradientDescent({ stepSize: 0.1, steps: 30 }),
    evaluation: { directions: 48, samples: 64 },
    recordTimes: 6,
    seed: 1,
    ...change,
  });
  for await (const record of simulation) records.push(record);
  return records;
}

const kinds: Record<string, Partial<SimulateOptions>> = {
  "bottleneck beside its limit": { limit: bottleneckLimit() },
  "two-layer network alone": { network: twoLayer({ width: 6 }) },
  "sampled loss without a split": { problem: { law: hypercube({ dimension: 3 }), target: norm() } },
  "simulation without a step": { dynamics: gradientDescent({ stepSize: 0.1, steps: 0 }) },
};

describe.each(Object.keys(kinds))("standard figures of a %s", (kind) => {
  it("can be drawn: columns of one length, numbers that are finite, times above 0 on a logarithmic axis", async () => {
    const records = await recordsOf(kinds[kind]);
    const split = standardFigures.lossSplit({ id: "split", title: "Split", records, nullLoss: 0.02 });
    const watched = standardFigures.observables({
      id: "watched",
      title: "Watched",
      caption: "Alpha.",
      label: "alpha",
      records,
      curves: [
        { name: "network", observable: "alpha", mark: "line", group: "alpha" },
        { name: "limit", observable: "limitAlpha", mark: "dashed", group: "alpha" },
        { name: "nothing", observable: "no such observable", mark: "line" },
      ],
    });
    expect(() => checkFigures([split, watched])).not.toThrow();
    for (const series of [...split.series, ...watched.series]) expect(series.x.every((time) => time > 0)).toBe(true);
    for (const { y } of split.series) expect(y.some((value) => value !== null && value > 0)).toBe(true);
    const names = split.series.map(({ name }) => name);
    expect(names.includes("loss")).toBe(records.length > 1);
    expect(names.includes("discretisation part")).toBe(
      records.some((record) => record.time > 0 && record.budget.discretization !== null),
    );
    expect(names.includes("limit's loss")).toBe(kind === "bottleneck beside its limit");
  });
});

describe("the loss's figure", () => {
  it("shows the records' own numbers, an error band that stays above 0, and the level to compare with", async () => {
    const records = (await recordsOf({})).map((record) => ({ ...record, lossError: 10 * record.loss }));
    const { series } = standardFigures.lossSplit({ id: "split", title: "Split", records, nullLoss: 0.02 });
    const shown = records.slice(1);
    const [loss] = series;
    expect(loss.x).toEqual(shown.map((record) => record.time));
    expect(loss.y).toEqual(shown.map((record) => record.loss));
    expect(loss.low?.every((value) => value !== null && value > 0)).toBe(true);
    expect(new Set(series.find(({ name }) => name === "best constant")?.y)).toEqual(new Set([0.02]));
  });
});

describe("a profile's figure", () => {
  const curve = { name: "network", radii: [0, 1, 2], mean: [1, 0, 0], low: [0.9, 0, 0], high: [1.1, 0.1, 0] };

  it("has for each network its band, its mean and its limit in one colour, and the target", () => {
    const curves = [
      { ...curve, limit: [1, 0, 0] },
      { ...curve, name: "other", limit: null },
    ];
    const figure = standardFigures.profile({ id: "profile", title: "Profile", curves, target: [1, 0, 0] });
    expect(() => checkFigures([figure])).not.toThrow();
    expect(figure.series.filter(({ group }) => group === "network").map(({ mark }) => mark)).toEqual([
      "band",
      "line",
      "dashed",
    ]);
    expect(figure.series.filter(({ group }) => group === "other")).toHaveLength(2);
    expect(figure.series.at(-1)?.name).toBe("target");
  });

  it("of no network is empty", () => {
    expect(standardFigures.profile({ id: "profile", title: "Profile", curves: [], target: [1] }).series).toEqual([]);
  });
});
