import { describe, expect, it } from "vitest";
import { type DynamicsSpec, flow, population } from "../../src/dynamics/index.ts";
import { gaussian } from "../../src/laws/index.ts";
import {
  bottleneck,
  buildNetwork,
  evaluateFirstLayer,
  type NetworkPlan,
  type Particles,
  twoLayer,
} from "../../src/networks/index.ts";
import { arrangedDirections, deriveKey, fitLine } from "../../src/numerics/index.ts";
import { hinge } from "../../src/targets/index.ts";
import { particlesAfter } from "./plain-run.ts";

const dimension = 3;
const problem = { law: gaussian({ dimension }), target: hinge() };
const rays = 6;
const directions = arrangedDirections(rays, "independent", dimension, deriveKey(1, "training", "directions"));
const time = 0.4;

interface Case {
  readonly network: NetworkPlan;
  readonly start: Particles;
}

/**
 * The right-hand side is smooth only while no w_i.u_k changes sign and no switch of a neuron passes another's or the target's at r = 1
 * (theory notes, "Other dynamics"): few neurons and rays, a short time, atoms whose kinks lie beyond 1.
 */
const cases: Record<string, Case> = {
  bottleneck: (() => {
    const network = bottleneck({ firstLayerWidth: 5, secondLayerWidth: 2, trainOuterWeights: true });
    const start = buildNetwork(network, dimension).start(3);
    start.arrays.v.set([-0.3, -0.2]);
    start.arrays.b.set([0.8, 0.9]);
    return { network, start };
  })(),
  "two-layer": (() => {
    const network = twoLayer({ width: 4, start: "sphere" });
    const start = buildNetwork(network, dimension).start(8);
    // The doubled start has coinciding switches; these do not coincide.
    start.arrays.b.set([0.9, -0.4, 0.3, -1.1]);
    for (let index = 0; index < start.arrays.w.length; index += 1) start.arrays.w[index] += 0.3 * Math.sin(5 * index);
    return { network, start };
  })(),
};

/** Signs of w_i.u_k, and the order of all switches and of 1 along every ray: what must not change. */
function regime(name: string, particles: Particles): string {
  const { w, b, v } = particles.arrays;
  const width = w.length / dimension;
  const lines: string[] = [];
  const bottleneckValues = new Float64Array(rays);
  if (name === "bottleneck") evaluateFirstLayer(particles, dimension, directions, rays, bottleneckValues);
  for (let ray = 0; ray < rays; ray += 1) {
    const kinks: [number, string][] = [[1, "target"]];
    let signs = "";
    for (let i = 0; i < width; i += 1) {
      let product = 0;
      for (let k = 0; k < dimension; k += 1) product += w[i * dimension + k] * directions[ray * dimension + k];
      signs += product > 0 ? "+" : "-";
      if (name === "two-layer") kinks.push([-b[i] / product, `${i}`]);
    }
    if (name === "bottleneck") {
      for (let j = 0; j < v.length; j += 1) kinks.push([-b[j] / (v[j] * bottleneckValues[ray]), `${j}`]);
    }
    const order = kinks.filter(([kink]) => kink > 0).sort(([left], [right]) => left - right);
    lines.push(`${signs} ${order.map(([, label]) => label).join(" ")}`);
  }
  return lines.join("; ");
}

const schemes = { euler: 1, heun: 2, rungeKutta4: 4 } as const;

describe.each(Object.keys(cases))("the flow of the %s network", (name) => {
  const { network, start } = cases[name];
  const stepped = (integrator: DynamicsSpec["integrator"], steps: number) =>
    particlesAfter(
      problem,
      network,
      flow({
        stepSize: time / steps,
        steps,
        integrator,
        expectation: population({ directions: rays, arrangement: "independent" }),
      }),
      start,
    );
  const reference = stepped("rungeKutta4", 256);

  it("stays in one smooth regime over the time of these tests", () => {
    const before = regime(name, start);
    for (const part of [0.25, 0.5, 0.75, 1]) {
      const steps = 64 * part;
      const middle = particlesAfter(
        problem,
        network,
        flow({ stepSize: time / 64, steps, expectation: population({ directions: rays, arrangement: "independent" }) }),
        start,
      );
      expect(regime(name, middle)).toBe(before);
    }
  });

  it.each(Object.keys(schemes) as (keyof typeof schemes)[])("by %s has the scheme's order", (integrator) => {
    const counts = integrator === "rungeKutta4" ? [4, 8, 16, 32] : [32, 64, 128, 256];
    const errors = counts.map((steps) => {
      const found = stepped(integrator, steps).buffer;
      return Math.log(Math.hypot(...found.map((value, index) => value - reference.buffer[index])));
    });
    const { slope } = fitLine(
      counts.map((steps) => -Math.log(steps)),
      errors,
    );
    expect(Math.abs(slope.value - schemes[integrator])).toBeLessThan(0.1);
  });
});
