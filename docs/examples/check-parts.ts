import { checks, laws, networks, targets } from "meanfield";

const parts = {
  law: checks.law(laws.heavyTailed({ dimension: 10, radiusCutoff: 3 })),
  target: checks.target(
    targets.radialFunction({ profile: (radius) => Math.cos(2 * radius), upper: 3, tolerance: 1e-4 }),
  ),
  network: checks.network(networks.dense({ firstLayerWidth: 4, secondLayerWidth: 6, outputStart: "zero" })),
};
for (const [part, properties] of Object.entries(parts)) {
  const broken = properties.filter(({ holds }) => !holds);
  console.log(`${part}: ${properties.length - broken.length} of ${properties.length} properties hold`);
  for (const { property, detail } of broken) console.log(`  not: ${property} (${detail})`);
}

// A target object of your own, with a slip in its second piece.
const hinge = targets.buildTarget(targets.hinge());
const slipped = {
  ...hinge,
  radial: {
    value: (radius: number) => Math.max(0, 1 - radius),
    pieces: {
      starts: Float64Array.of(0, 1),
      slopes: Float64Array.of(-1, 0),
      intercepts: Float64Array.of(1, 0.01),
    },
    breaks: [1],
  },
};
for (const { property, holds } of checks.target(slipped)) if (!holds) console.log(`found: ${property}`);
