import { afterEach, describe, expect, it } from "vitest";
import { MeanfieldError } from "../../src/errors.ts";
import { prepareRun } from "../../src/runs/prepare-run.ts";
import { loadScenario } from "../../src/scenario/load.ts";

afterEach(() => {
  delete process.env.MEANFIELD_ENGINE;
});

describe.each(["dense-propagation", "fluctuations", "depth-scan", "depth-separation", "discretization-rate"])(
  "the precision of %s",
  (name) => {
    it("is float64 unless float32 is asked for, and reaches the engine", async () => {
      const loaded = await loadScenario(name);
      expect(prepareRun(loaded, { short: true, seed: 1 })).toMatchObject({
        parameters: { precision: "float64" },
        engine: { precision: "float64" },
      });
      const single = { parameters: { precision: "float32" }, short: true, seed: 1 };
      try {
        const { engine } = prepareRun(loaded, single);
        expect(engine).toMatchObject({ precision: "float32", name: expect.not.stringContaining("reference") });
      } catch (error) {
        // Where no fast engine is installed there is none for float32, and the run says so.
        if (!(error instanceof MeanfieldError)) throw error;
        expect(error.code).toBe("engine-unavailable");
        expect(error.message).toMatch(/^precision: .* take precision=float64; /);
      }
    });

    it("is asked of the very simulations: their check refuses float32 on the reference engine", async () => {
      const { scenario } = await loadScenario(name);
      const values = prepareRun(await loadScenario(name), { short: true, seed: 1 }).parameters as never;
      process.env.MEANFIELD_ENGINE = "reference";
      expect(() => scenario.validate?.(values)).not.toThrow();
      expect(() => scenario.validate?.({ ...(values as object), precision: "float32" } as never)).toThrow(
        /^MEANFIELD_ENGINE: expected an engine that works here in float32, got reference/,
      );
    });
  },
);
