import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { runScenario } from "../../src/runs/index.ts";

const out = mkdtempSync(join(tmpdir(), "discretization-rate-"));
afterAll(() => rmSync(out, { recursive: true, force: true }));

describe("the short form of discretization-rate", () => {
  it("finds the slope -1 inside the interval of both parts for the bottleneck network", async () => {
    const outcome = await runScenario("discretization-rate", {
      short: true,
      parameters: { networks: "bottleneck" },
      seed: 1,
      out,
      threads: 2,
    });
    expect(outcome.status).toBe("completed");
    expect(outcome.claims.map(({ id, verdict }) => [id, verdict])).toEqual([
      ["bottleneck-discretisation", "holds"],
      ["bottleneck-trajectory-gap", "holds"],
    ]);
    const slopes = outcome.summary.slopes as unknown as Record<string, { slope: number; low: number; high: number }>;
    for (const part of ["discretization", "trajectoryGap"]) {
      expect(Math.abs(slopes[part].slope + 1)).toBeLessThan(0.2);
      expect(slopes[part].high - slopes[part].low).toBeLessThan(0.4);
    }
  });
});
