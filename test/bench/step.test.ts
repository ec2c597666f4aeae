import { describe, expect, it } from "vitest";
import { engineLabel, enginesFor, prepareDraw, prepareStep, prepareThreadedStep } from "../../bench/meanfield-step.ts";
import { plainStep } from "../../bench/peers/plain-typescript.ts";
import { nominalFlops, stepWorks, type Work, type WorkName } from "../../bench/work.ts";

const works: readonly WorkName[] = ["two-layer", "bottleneck", "dense"];
const epsilon = { f32: 2 ** -23, f64: 2 ** -52 };

const small = (work: WorkName, precision: Work["precision"]): Work => ({
  work,
  precision,
  batch: 70,
  dimension: 5,
  width: 70,
  secondWidth: work === "two-layer" ? 0 : 9,
});

describe("the step that the benchmarks time", () => {
  for (const work of works) {
    for (const precision of ["f32", "f64"] as const) {
      const size = small(work, precision);
      for (const engine of enginesFor(size)) {
        for (const form of ["straightforward", "blocked"] as const) {
          it(`${work} ${precision}: ${engineLabel(engine)} moves the particles as ${form} loops do`, () => {
            const step = prepareStep(size, engine, 0.3);
            const { particles, x, y } = step.read();
            const plain = plainStep({ ...size, precision: "f64" }, form, particles, x, y, 0.3);
            step.advance(2);
            plain.advance(2);
            const bound = 2 * epsilon[precision] * (size.batch + size.width + size.dimension + size.secondWidth);
            for (const [name, values] of Object.entries(step.read().particles)) {
              const scale = Math.max(1, ...values.map(Math.abs));
              values.forEach((value, index) => {
                expect(Math.abs(value - plain.particles[name][index])).toBeLessThanOrEqual(bound * scale);
              });
            }
            // Two steps of 0.3 are no small move: the comparison is one of updates.
            const moved = particles.w.some((value, index) => Math.abs(value - step.read().particles.w[index]) > 1e-3);
            expect(moved).toBe(true);
          });
        }
      }
    }
  }

  it("can be taken by a gang of threads and fed by draws", async () => {
    const size = small("two-layer", "f64");
    const [engine] = enginesFor(size);
    prepareDraw(size, engine)(2);
    const step = prepareThreadedStep(size, engine, 2);
    await step.advance(2);
    await step.close();
  });

  it("counts 4 B d m operations for a layer and 6 B m1 m2 more for the layer between two", () => {
    const [tiny] = stepWorks;
    expect(nominalFlops(tiny)).toBe(4 * 1024 * 8 * 1024);
    const dense = stepWorks.find(({ work }) => work === "dense");
    expect(dense && nominalFlops(dense)).toBe(6 * 1024 * 512 * 512 + 4 * 1024 * 32 * 512);
  });
});
