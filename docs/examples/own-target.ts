import { dynamics, laws, limits, networks, simulate, targets } from "meanfield";

// Two rings: a profile with kinks at 0.5, 1 and 1.5, zero from there on.
const rings = targets.piecewiseLinear({ knots: [0, 0.5, 1, 1.5], values: [0, 1, 0.2, 0], finalSlope: 0 });
// A smooth profile: exact integrals see it as linear pieces within `tolerance`.
const bump = targets.radialFunction({ profile: (radius) => Math.exp(-4 * radius * radius), upper: 3, tolerance: 1e-4 });

for (const target of [rings, bump]) {
  const law = laws.heavyTailed({ dimension: 10, radiusCutoff: 3 });
  const simulation = simulate({
    problem: { law, target },
    network: networks.twoLayer({ width: 80 }),
    dynamics: dynamics.gradientDescent({ stepSize: 0.5, steps: 100, schedule: { kind: "linear", to: 0.05 } }),
    limit: limits.twoLayer(),
    seed: 7,
    recordTimes: 2,
  });
  const outcome = await simulation.outcome;
  if (outcome.status !== "completed") continue;
  const best = targets.nullLoss(laws.buildLaw(law), targets.buildTarget(target));
  console.log(`${target.kind}: loss ${(outcome.record.loss / best).toFixed(3)} of the best constant's`);
}
