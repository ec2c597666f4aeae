import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { bestHingeLoss } from "../../scenarios/ball-indicator/best-hinge.ts";
import { buildLaw, mixture } from "../../src/laws/index.ts";
import { decodeNpy, runScenario } from "../../src/runs/index.ts";

const out = mkdtempSync(join(tmpdir(), "ball-indicator-"));
afterAll(() => rmSync(out, { recursive: true, force: true }));

describe("the short form of ball-indicator", () => {
  it("gives every claim its verdict, none of them false, with at least as many parameters in the two-layer network", async () => {
    const outcome = await runScenario("ball-indicator", { short: true, seed: 1, out, threads: 2 });
    expect(outcome.status).toBe("completed");
    expect(outcome.claims.map(({ id, verdict }) => [id, verdict])).toEqual([
      ["split-adds-up", "holds"],
      ["limit-explains", "holds"],
      ["convex-floor", "holds"],
      ["signs-matter", "holds"],
      ["separation", "holds"],
    ]);
    const { bottleneck, twoLayer } = outcome.summary as unknown as Record<string, { parameters: number; loss: number }>;
    expect(bottleneck.parameters).toBe(200 * 10 + 3 * 16);
    expect(twoLayer.parameters).toBeGreaterThanOrEqual(bottleneck.parameters);
    expect(twoLayer.parameters).toBeLessThan(bottleneck.parameters + 24);
  });
});

describe("the best hinge", () => {
  it("is no worse than any hinge on a grid, its losses by Gauss rules, and hardly better than the best of them", () => {
    for (const [dimension, lambda] of [
      [10, 1],
      [4, 0.6],
    ]) {
      const { radius } = buildLaw(mixture({ dimension, radiusCutoff: 3 }));
      if (radius === null) throw new Error("the mixture is radial");
      const best = bestHingeLoss(radius, lambda, 3);
      let least = Number.POSITIVE_INFINITY;
      for (let end = 0.2; end <= 3; end += 0.05) {
        const { nodes, weights } = radius.rule([Math.min(lambda, end), Math.max(lambda, end)], 40);
        for (let slope = 0.2; slope <= 2; slope += 0.02) {
          const loss = nodes.reduce(
            (sum, r, q) => sum + (weights[q] / 2) * (slope * Math.max(0, end - r) - (r <= lambda ? 1 : 0)) ** 2,
            0,
          );
          least = Math.min(least, loss);
        }
      }
      expect(best).toBeLessThanOrEqual(least + 1e-12);
      expect(least - best).toBeLessThan(1e-3 * best);
    }
  });
});

describe("the networks of ball-indicator", () => {
  const small = { firstLayerWidth: 40, steps: 20, evaluationDirections: 40 };

  it("start with outer weights of both signs, which stay so, unless the network is the convex one", async () => {
    const outer = async (networks: string) => {
      const { dir } = await runScenario("ball-indicator", { parameters: { ...small, networks }, seed: 4, out });
      return Array.from(decodeNpy(readFileSync(join(dir, "particles", networks, "a.npy"))).data);
    };
    const signed = await outer("bottleneck");
    expect(signed.map(Math.sign)).toEqual(signed.map((_, atom) => (atom % 2 === 0 ? 1 : -1)));
    expect(signed.some((value) => Math.abs(value) !== 1)).toBe(true);
    expect(new Set(await outer("convex"))).toEqual(new Set([1]));
  });

  it("can be run alone, and then only claims about it are made", async () => {
    const { claims } = await runScenario("ball-indicator", {
      parameters: { ...small, networks: "two-layer" },
      seed: 4,
      out,
    });
    expect(claims.map(({ id }) => id)).toEqual(["split-adds-up"]);
  });

  it("need an even second layer", async () => {
    await expect(
      runScenario("ball-indicator", { parameters: { ...small, secondLayerWidth: 5 }, seed: 1, out }),
    ).rejects.toMatchObject({ code: "invalid-value", message: expect.stringContaining("secondLayerWidth") });
  });
});
