import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { runScenario } from "../../src/runs/index.ts";

const out = mkdtempSync(join(tmpdir(), "harmonic-decay-"));
afterAll(() => rmSync(out, { recursive: true, force: true }));

interface Point {
  readonly time: number;
  readonly ratio: number;
  readonly low: number;
  readonly high: number;
  readonly predicted: number;
  readonly flow: number;
}

/** As small as a run can be that still has every kind of part. */
const small = {
  dimensions: [10],
  degrees: [1],
  replicas: 3,
  width: 60,
  times: [5, 20],
  stepSize: 0.5,
  optimumWidth: 60,
  ladderWidths: [10, 20, 40],
  ladderReplicas: 3,
  ladderTime: 2,
};

describe("the short form of harmonic-decay", () => {
  it("gives every claim its verdict, none of them false, and d = 10's ratios as they were known before", async () => {
    const outcome = await runScenario("harmonic-decay", { short: true, seed: 1, out, threads: 2 });
    expect(outcome.status).toBe("completed");
    const verdicts = Object.fromEntries(outcome.claims.map(({ id, verdict }) => [id, verdict]));
    expect(verdicts).toEqual({
      "training-d10-degree1": "holds",
      "training-d10-degree2": "holds",
      "optimum-d10-degree1": "holds",
      "optimum-d10-degree2": "holds",
      "flow-d10-degree1": "holds",
      "flow-d10-degree2": "holds",
      "negative-force-grows": "holds",
      "negative-force-rate": "holds",
      // Three widths with few starts leave the slope's interval wide.
      "first-order-ends": "inconclusive",
    });
    const { points } = outcome.summary["training-d10-degree1"] as unknown as { points: readonly Point[] };
    for (const [index, known] of [0.987, 0.813].entries()) {
      const { flow, low, high } = points[index];
      expect(Math.abs(flow - known)).toBeLessThan(0.5001e-3);
      expect(low).toBeLessThanOrEqual(flow);
      expect(high).toBeGreaterThanOrEqual(flow);
      // An interval that covers everything would say nothing.
      expect(high - low).toBeLessThan(0.03);
    }
  });
});

describe("what harmonic-decay measures", () => {
  it("is another decay at another degree: degree 1 falls by far more than degree 2 in the same time", async () => {
    const outcome = await runScenario("harmonic-decay", {
      parameters: { ...small, degrees: [1, 2] },
      seed: 2,
      out,
      threads: 2,
    });
    const [first, second] = [1, 2].map((degree) => {
      const { points } = outcome.summary[`training-d10-degree${degree}`] as unknown as { points: readonly Point[] };
      return points[points.length - 1];
    });
    expect(Math.log(first.ratio) / Math.log(second.ratio)).toBeGreaterThan(4);
    expect(Math.log(first.predicted) / Math.log(second.predicted)).toBeGreaterThan(9);
  });

  it("shows a narrow network off the prediction: the claim fails at width 10 and small tolerance", async () => {
    const outcome = await runScenario("harmonic-decay", {
      parameters: { ...small, width: 20, replicas: 24, tolerance: 0.05 },
      seed: 3,
      out,
      threads: 2,
    });
    expect(outcome.claims.find(({ id }) => id === "training-d10-degree1")?.verdict).toBe("fails");
  });
});

describe("what cannot be run", () => {
  it.each([
    [{ degrees: [1, 3] }, "degrees: expected 1 or even numbers, since F has no other harmonics, got 3"],
    [{ dimensions: [4.5] }, "dimensions: expected whole numbers, got 4.5"],
    [{ ladderWidths: [10, 20.5, 40] }, "ladderWidths: expected whole numbers, got 20.5"],
  ])("%j is refused", async (parameters, message) => {
    await expect(
      runScenario("harmonic-decay", { parameters: { ...small, ...parameters }, seed: 1, out }),
    ).rejects.toMatchObject({ code: "invalid-value", message: expect.stringContaining(message) });
  });
});
