import { describe, expect, it } from "vitest";
import { type DynamicsSpec, gradientDescent, langevin, radialExact, sgd } from "../../src/dynamics/index.ts";
import { installedOffers } from "../../src/engines/index.ts";
import { gaussian } from "../../src/laws/index.ts";
import { bottleneck as bottleneckLimit, twoLayer as twoLayerLimit, wideCoupling } from "../../src/limits/index.ts";
import { bottleneck, dense, type NetworkPlan, twoLayer } from "../../src/networks/index.ts";
import { checkSimulation, type SimulateOptions, simulate } from "../../src/simulation/index.ts";
import { hinge } from "../../src/targets/index.ts";

const problem = { law: gaussian({ dimension: 3 }), target: hinge() };
const networks: Record<string, NetworkPlan> = {
  bottleneck: bottleneck({ firstLayerWidth: 197, secondLayerWidth: 35, trainOuterWeights: true }),
  "two-layer": twoLayer({ width: 300 }),
  dense: dense({ firstLayerWidth: 150, secondLayerWidth: 41 }),
};
const noisy = (steps: number, more: Partial<Parameters<typeof langevin>[0]> = {}): DynamicsSpec =>
  langevin({ stepSize: 0.05, steps, temperature: 0.02, weightDecay: 0.1, expectation: sgd({ batch: 40 }), ...more });

async function end(options: Partial<SimulateOptions> & Pick<SimulateOptions, "network" | "dynamics">) {
  const simulation = simulate({ problem, seed: 5, evaluation: { directions: 6 }, recordTimes: [], ...options });
  const outcome = await simulation.outcome;
  expect(outcome.status).toBe("completed");
  return simulation.particles().arrays;
}

describe.each(Object.keys(networks))("Langevin dynamics of the %s network", (name) => {
  const network = networks[name];

  it("has the same bits on any number of threads", async () => {
    const alone = await end({ network, dynamics: noisy(30) });
    for (const threads of name === "dense" ? [2, 3] : [3]) {
      expect(await end({ network, dynamics: noisy(30), threads })).toEqual(alone);
    }
  });

  it("has the same bits on both compiled engines, in both precisions", async () => {
    const engines = (["native", "wasm"] as const).filter((engine) => "engine" in installedOffers(engine, "plain"));
    expect(engines.length).toBeGreaterThan(0);
    for (const precision of ["float64", "float32"] as const) {
      const ends = [];
      for (const engine of engines) {
        ends.push(await end({ network, dynamics: noisy(12), engine, arithmetic: "plain", precision }));
      }
      for (const other of ends) expect(other).toEqual(ends[0]);
    }
  });

  it("goes on from a checkpoint with the same bits", async () => {
    const options = { problem, network, dynamics: noisy(60), seed: 5, evaluation: { directions: 6 }, recordTimes: 5 };
    const simulation = simulate(options);
    const checkpoints: Uint8Array[] = [];
    for await (const _record of simulation) checkpoints.push(simulation.checkpoint());
    const whole = simulation.particles().arrays;
    for (const checkpoint of checkpoints.slice(0, 3)) {
      const rest = simulate({ ...options, checkpoint });
      expect((await rest.outcome).status).toBe("completed");
      expect(rest.particles().arrays).toEqual(whole);
    }
  });

  it("without temperature and decay is gradient descent, bit by bit", async () => {
    const descent = gradientDescent({ stepSize: 0.05, steps: 10, expectation: sgd({ batch: 40 }) });
    const still = await end({ network, dynamics: noisy(10, { temperature: 0, weightDecay: 0 }) });
    expect(still).toEqual(await end({ network, dynamics: descent }));
  });

  it("adds in its first step sqrt(2 eta s tau) times a standard normal to each entry, and takes eta s lambda of it away", async () => {
    const speeds = { first: 2, second: 0.5, third: 0.25 };
    const common = { steps: 1, layerSpeeds: speeds };
    const start = await end({ network, dynamics: noisy(0, { layerSpeeds: speeds }) });
    const moved = await end({ network, dynamics: noisy(1, { ...common, temperature: 0, weightDecay: 0 }) });
    const decayed = await end({ network, dynamics: noisy(1, { ...common, temperature: 0, weightDecay: 0.4 }) });
    const shaken = await end({ network, dynamics: noisy(1, { ...common, temperature: 0.3, weightDecay: 0.4 }) });
    const layers: Record<string, keyof typeof speeds> = {
      ...{ bottleneck: { w: "first", v: "second", b: "second", a: "second" } as const }[name],
      ...{ "two-layer": { w: "first", b: "first", a: "second" } as const }[name],
      ...{ dense: { w: "first", c: "first", u: "second", e: "second", a: "third" } as const }[name],
    };
    expect(Object.keys(layers)).toHaveLength(Object.keys(start).length);
    for (const [array, layer] of Object.entries(layers)) {
      const speed = speeds[layer];
      const scale = Math.sqrt(2 * 0.05 * speed * 0.3);
      let sum = 0;
      let squares = 0;
      const values = start[array];
      for (let index = 0; index < values.length; index += 1) {
        const decay = decayed[array][index] - moved[array][index];
        expect(Math.abs(decay + 0.05 * speed * 0.4 * values[index])).toBeLessThan(1e-14);
        const normal = (shaken[array][index] - decayed[array][index]) / scale;
        sum += normal;
        squares += normal * normal;
      }
      const count = values.length;
      expect(Math.abs(sum) / Math.sqrt(count)).toBeLessThan(4);
      expect(Math.abs(squares - count) / Math.sqrt(2 * count)).toBeLessThan(4);
    }
  });

  it("draws other noise in another step, array, replica and seed", async () => {
    const noise = async (steps: number, more: Partial<SimulateOptions> = {}) => {
      // Frozen by nothing, moved by nothing but noise: a temperature that drowns the gradient.
      const dynamics = noisy(steps, { temperature: 1e4, weightDecay: 0, stepSize: 1e-9 });
      const arrays = await end({ network, dynamics, ...more });
      const before = await end({ network, dynamics: noisy(0), ...more });
      return Object.fromEntries(Object.entries(arrays).map(([k, v]) => [k, v.map((x, i) => x - before[k][i])]));
    };
    const one = await noise(1);
    const seen = [one, await noise(1, { replica: 1 }), await noise(1, { seed: 6 })];
    const two = await noise(2);
    seen.push(Object.fromEntries(Object.entries(two).map(([k, v]) => [k, v.map((x, i) => x - one[k][i])])));
    const values = seen.flatMap((arrays) => Object.values(arrays).map((array) => array.slice(0, 30)));
    for (let left = 0; left < values.length; left += 1) {
      for (let right = 0; right < left; right += 1) {
        let product = 0;
        let norms = [0, 0];
        for (let at = 0; at < 30; at += 1) {
          product += values[left][at] * values[right][at];
          norms = [norms[0] + values[left][at] ** 2, norms[1] + values[right][at] ** 2];
        }
        // A correlation of 30 independent pairs has standard deviation 0.18.
        expect(Math.abs(product) / Math.sqrt(norms[0] * norms[1])).toBeLessThan(0.85);
      }
    }
  });
});

describe("the noise of a wider network", () => {
  it("begins with the narrower one's, in the dense network row by row of U", async () => {
    const size = { firstLayerWidth: 40, secondLayerWidth: 20 };
    const wide = { firstLayerWidth: 64, secondLayerWidth: 33 };
    const dynamics = langevin({
      stepSize: 1e-8,
      steps: 3,
      temperature: 1e6,
      expectation: sgd({ batch: 1 }),
    });
    const small = await end({ network: dense(size), dynamics });
    const large = await end({ network: dense(wide), dynamics });
    let largest = 0;
    for (let j = 0; j < 20; j += 1) {
      for (let i = 0; i < 40; i += 1) {
        largest = Math.max(largest, Math.abs(small.u[j * 40 + i] - large.u[j * 64 + i]));
      }
      largest = Math.max(largest, Math.abs(small.a[j] - large.a[j]));
    }
    for (let index = 0; index < 40 * 3; index += 1) {
      largest = Math.max(largest, Math.abs(small.w[index] - large.w[index]));
    }
    // The noise has size 0.24; what the gradients differ by is 1e-8 times their size.
    expect(largest).toBeLessThan(1e-5);
  });
});

describe("a wide coupling beside noise", () => {
  it.each(Object.keys(networks))(
    "shares it: the gap is 0 at equal width, and not where the wider network has noise of its own (%s)",
    async (name) => {
      const gapAt = async (factor: number) => {
        const dynamics = noisy(10, { temperature: 0.1, weightDecay: 0 });
        const simulation = simulate({
          problem,
          network: networks[name],
          dynamics,
          limit: wideCoupling({ factor }),
          seed: 5,
          evaluation: { directions: 6, samples: 64 },
          recordTimes: [],
        });
        const outcome = await simulation.outcome;
        if (outcome.status !== "completed") throw new Error(outcome.message);
        return outcome.record.budget.trajectoryGap?.value ?? Number.NaN;
      };
      expect(await gapAt(1)).toBe(0);
      expect(await gapAt(2)).toBeGreaterThan(0);
    },
  );
});

describe("freezing by name", () => {
  const network = networks.bottleneck;
  const moving = async (freeze: string[], more: Partial<Parameters<typeof langevin>[0]> = {}) => {
    const before = await end({ network, dynamics: noisy(0) });
    const after = await end({ network, dynamics: noisy(5, { freeze, ...more }) });
    return Object.keys(before).filter((name) => before[name].some((value, index) => value !== after[name][index]));
  };

  it("stops velocity, decay and noise of a layer or of single arrays", async () => {
    expect(await moving([])).toEqual(["w", "v", "b", "a"]);
    expect(await moving(["first"])).toEqual(["v", "b", "a"]);
    expect(await moving(["second"])).toEqual(["w"]);
    expect(await moving(["b"])).toEqual(["w", "v", "a"]);
    expect(await moving(["w", "a"])).toEqual(["v", "b"]);
    expect(await moving(["first", "second"])).toEqual([]);
    expect(await moving(["first", "a"], { temperature: 0, weightDecay: 0 })).toEqual(["v", "b"]);
  });

  it("is the same as a layer speed of 0", async () => {
    const frozen = await end({ network, dynamics: noisy(5, { freeze: ["first"] }) });
    expect(frozen).toEqual(await end({ network, dynamics: noisy(5, { layerSpeeds: { first: 0 } }) }));
  });

  it.each<[string, NetworkPlan, RegExp]>([
    [
      "v",
      networks["two-layer"],
      /^freeze: expected names of .* the two-layer network \(first, second, w, b, a\), got "v"/,
    ],
    ["third", networks.bottleneck, /^freeze: .* \(first, second, w, v, b, a\), got "third"/],
    [
      "frist",
      networks.dense,
      /^freeze: .* \(first, second, third, w, c, u, e, a\), got "frist"; did you mean "first"\?$/,
    ],
  ])("refuses %s where the network has no such part", (name, other, message) => {
    const dynamics = noisy(1, { freeze: [name] });
    expect(() => checkSimulation({ problem, seed: 1, network: other, dynamics })).toThrow(message);
  });

  it("reaches a limit as a layer speed of 0", async () => {
    const run = async (more: object) => {
      const dynamics = gradientDescent({ stepSize: 0.2, steps: 20, ...more });
      const limit = bottleneckLimit();
      const simulation = simulate({ problem, network, dynamics, limit, seed: 1, evaluation: { directions: 6 } });
      expect((await simulation.outcome).status).toBe("completed");
      return simulation.limit()?.exact;
    };
    for (const layer of ["first", "second"]) {
      expect(await run({ freeze: [layer] })).toEqual(await run({ layerSpeeds: { [layer]: 0 } }));
      expect(await run({ freeze: [layer] })).not.toEqual(await run({}));
    }
    expect(await run({ freeze: ["v", "b", "a"] })).toEqual(await run({ freeze: ["second"] }));
  });

  it("of a part of a layer is refused by the limits, unless the rest is not trained", () => {
    const dynamics = gradientDescent({ stepSize: 0.2, steps: 2, freeze: ["v"] });
    expect(() => checkSimulation({ problem, network, dynamics, limit: bottleneckLimit(), seed: 1 })).toThrow(
      /^limit: expected whole layers to be frozen, got freeze of v of the second layer \(v, b, a\); use no limit, or freeze "second"$/,
    );
    const fixed = bottleneck({ firstLayerWidth: 10, secondLayerWidth: 3 });
    const both = gradientDescent({ stepSize: 0.2, steps: 2, freeze: ["v", "b"] });
    expect(() =>
      checkSimulation({ problem, network: fixed, dynamics: both, limit: bottleneckLimit(), seed: 1 }),
    ).not.toThrow();
  });
});

describe("a limit", () => {
  it.each([
    ["temperature 0.02", networks.bottleneck, bottleneckLimit(), noisy(2, { expectation: radialExact() })],
    [
      "weightDecay 0.3",
      networks["two-layer"],
      twoLayerLimit(),
      gradientDescent({ stepSize: 0.1, steps: 2, weightDecay: 0.3 }),
    ],
  ])("is refused beside %s", (what, network, limit, dynamics) => {
    expect(() => checkSimulation({ problem, network, limit, dynamics, seed: 1 })).toThrow(
      new RegExp(`^limit: expected none, since the limits describe .*, got one beside ${what}; use no limit$`),
    );
  });
});
