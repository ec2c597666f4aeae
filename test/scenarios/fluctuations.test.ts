import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import fluctuations from "../../scenarios/fluctuations.ts";
import { runScenario } from "../../src/runs/index.ts";
import { resolveParameters } from "../../src/scenario/index.ts";

const out = mkdtempSync(join(tmpdir(), "fluctuations-"));
afterAll(() => rmSync(out, { recursive: true, force: true }));

interface Point {
  readonly [name: string]: number;
}

describe("fluctuations in a small form", () => {
  const small = { widths: [40, 80, 160], starts: 6, streams: 4, shapeStarts: 30, time: 4, batch: 32 };

  it("finds a width part that falls as 1/m beside a sampling part that stays, and parts that add up", async () => {
    const outcome = await runScenario("fluctuations", { short: true, parameters: small, seed: 1, out, threads: 2 });
    expect(outcome.status).toBe("completed");
    const ids = ["width-slope", "collapse", "sampling-stays", "sampling-batch", "skewness", "kurtosis"];
    expect(outcome.claims.map(({ id }) => id)).toEqual(ids);
    expect(outcome.claims.map(({ verdict }) => verdict)).not.toContain("fails");
    const points = outcome.summary.points as unknown as readonly Point[];
    const [first, , last] = points;
    // Four times the width: the scaled part is the same within its errors, the sampling part too.
    const error = Math.hypot(first.scaledWidthPartError, last.scaledWidthPartError);
    expect(Math.abs(first.scaledWidthPart - last.scaledWidthPart)).toBeLessThan(4 * error);
    expect(last.sampling).toBeGreaterThan(first.sampling / 2);
    for (const { width, scaledWidthPart, sampling, interaction, bias, gap } of points) {
      expect(scaledWidthPart / width + sampling + interaction + bias).toBeCloseTo(gap, 14);
    }
  });

  it("gives the two-layer network the same claims", async () => {
    const tiny = {
      ...small,
      network: "two-layer",
      widths: [20, 40, 80],
      starts: 3,
      streams: 3,
      shapeStarts: 20,
      time: 1,
    };
    const outcome = await runScenario("fluctuations", { short: true, parameters: tiny, seed: 1, out, threads: 2 });
    expect(outcome.status).toBe("completed");
    expect(outcome.claims).toHaveLength(6);
    for (const { scaledWidthPart } of outcome.summary.points as unknown as readonly Point[]) {
      expect(scaledWidthPart).toBeGreaterThan(0);
    }
  });

  it("is estimated to cost more with more streams and larger batches", () => {
    const seconds = (values: Record<string, unknown>) =>
      fluctuations.estimate?.(resolveParameters(fluctuations, values)).seconds ?? 0;
    expect(seconds({ streams: 24 })).toBeGreaterThan(1.5 * seconds({}));
    expect(seconds({ batch: 6400 })).toBeGreaterThan(2 * seconds({}));
  });
});
