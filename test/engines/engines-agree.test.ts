import { describe, expect, it } from "vitest";
import { type Engine, referenceEngine } from "../../src/engines/index.ts";
import { nativeEngine } from "../../src/engines/native/index.ts";
import { dynamics, laws, networks, targets } from "../../src/index.ts";
import type { OneStep } from "./one-step.ts";
import { velocityOn } from "./velocity-on.ts";

function engineOf(offer: { readonly engine: Engine } | { readonly reason: string }): Engine {
  if ("reason" in offer) throw new Error(offer.reason);
  return offer.engine;
}

const law = (dimension: number) => laws.heavyTailed({ dimension, radiusCutoff: 3 });
const sgd = (batch: number, clip: number | null = null) =>
  dynamics.gradientDescent({ stepSize: 0.1, steps: 1, expectation: dynamics.sgd({ batch }), clip });
const rays = (directions: number) =>
  dynamics.gradientDescent({
    stepSize: 0.1,
    steps: 1,
    expectation: dynamics.radialExact({ directions, arrangement: "independent" }),
  });

const cases: [string, OneStep][] = [
  ["two-layer", { law: law(3), target: targets.hinge(), network: networks.twoLayer({ width: 6 }), dynamics: sgd(5) }],
  [
    "two-layer",
    { law: law(32), target: targets.hinge(), network: networks.twoLayer({ width: 300 }), dynamics: sgd(77) },
  ],
  [
    "two-layer clip",
    { law: law(10), target: targets.hinge(), network: networks.twoLayer({ width: 150 }), dynamics: sgd(77, 0.05) },
  ],
  [
    "two-layer leaky",
    {
      law: law(10),
      target: targets.hinge(),
      network: networks.twoLayer({ width: 150, negativeSlope: 0.2 }),
      dynamics: sgd(77),
    },
  ],
  [
    "two-layer leaky clip",
    {
      law: law(10),
      target: targets.hinge(),
      network: networks.twoLayer({ width: 150, negativeSlope: 0.2 }),
      dynamics: sgd(77, 0.05),
    },
  ],
  [
    "two-layer large d",
    {
      law: laws.gaussian({ dimension: 700 }),
      target: targets.hinge(),
      network: networks.twoLayer({ width: 50 }),
      dynamics: sgd(21),
    },
  ],
  [
    "two-layer chunks",
    { law: law(2), target: targets.hinge(), network: networks.twoLayer({ width: 8 }), dynamics: sgd(5000) },
  ],
  [
    "bottleneck",
    {
      law: law(7),
      target: targets.hinge(),
      network: networks.bottleneck({ firstLayerWidth: 131, secondLayerWidth: 9 }),
      dynamics: sgd(33),
    },
  ],
  [
    "bottleneck clip",
    {
      law: law(7),
      target: targets.hinge(),
      network: networks.bottleneck({ firstLayerWidth: 131, secondLayerWidth: 9, trainOuterWeights: true }),
      dynamics: sgd(33, 0.02),
    },
  ],
  [
    "bottleneck rays",
    {
      law: law(7),
      target: targets.hinge(),
      network: networks.bottleneck({ firstLayerWidth: 131, secondLayerWidth: 9, trainOuterWeights: true }),
      dynamics: rays(45),
    },
  ],
  [
    "bottleneck rays mixture",
    {
      law: laws.mixture({ dimension: 5, radiusCutoff: 3 }),
      target: targets.ballIndicator({ radius: 0.7 }),
      network: networks.bottleneck({ firstLayerWidth: 131, secondLayerWidth: 9, trainOuterWeights: true }),
      dynamics: rays(45),
    },
  ],
  [
    "two-layer rays",
    { law: law(7), target: targets.hinge(), network: networks.twoLayer({ width: 300 }), dynamics: rays(200) },
  ],
  [
    "two-layer rays ball",
    {
      law: laws.ball({ dimension: 4 }),
      target: targets.hinge(),
      network: networks.twoLayer({ width: 40 }),
      dynamics: rays(20),
    },
  ],
  [
    "two-layer rays gaussian",
    {
      law: laws.gaussian({ dimension: 4 }),
      target: targets.hinge(),
      network: networks.twoLayer({ width: 40 }),
      dynamics: rays(20),
    },
  ],
  [
    "two-layer rays sphere",
    {
      law: laws.sphere({ dimension: 4 }),
      target: targets.hinge(),
      network: networks.twoLayer({ width: 40 }),
      dynamics: rays(20),
    },
  ],
];

describe("native", () => {
  it.each(cases)("%s %#", (_, step) => {
    for (const arithmetic of ["plain", "fused"] as const) {
      for (const isWeighted of [false, true]) {
        if (isWeighted && step.dynamics.expectation?.kind !== "sgd") continue;
        const engine = engineOf(nativeEngine(arithmetic));
        const expected = velocityOn(referenceEngine, step, { isWeighted });
        const got = velocityOn(engine, step, { isWeighted });
        const scale = Math.max(...expected.velocity.map(Math.abs));
        const worst = Math.max(...expected.velocity.map((value, index) => Math.abs(value - got.velocity[index])));
        const single = velocityOn(engine, step, { isWeighted, precision: "float32" });
        const worstSingle = Math.max(
          ...expected.velocity.map((value, index) => Math.abs(value - single.velocity[index])),
        );
        console.log(arithmetic, isWeighted, worst / scale, worstSingle / scale);
        for (const parts of [2, 3, 4]) {
          expect(velocityOn(engine, step, { isWeighted, parts })).toEqual(got);
          expect(velocityOn(engine, step, { isWeighted, parts, precision: "float32" })).toEqual(single);
        }
        expect(worst / scale).toBeLessThan(1e-12);
      }
    }
  });
});
