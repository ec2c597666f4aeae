import { checkSimulation, defineScenario, type JsonObject, type Member, networks, numerics } from "meanfield";
import { pairSeconds, processBytes, processSeconds, recordPairSeconds, sampleSeconds } from "./costs/step-costs.ts";
import { claimsOf } from "./mean-field-langevin/claims.ts";
import { figuresOf } from "./mean-field-langevin/figures.ts";
import { runOuterWeights } from "./mean-field-langevin/outer-weights.ts";
import { optionsOf, parameters, stepsOf, type Values } from "./mean-field-langevin/parameters.ts";
import { pathOf } from "./mean-field-langevin/paths.ts";

/**
 * Noisy dynamics, dtheta = -grad Psi dt - lambda theta dt + sqrt(2 tau) dB, of a two-layer network: the free energy falls, and three things are known
 * exactly and compared: the stationary law of the outer weights alone (Gaussian at any width), the entropy along their path (at infinite width), and
 * how what the gradient flow conserves relaxes when all layers move (at any width).
 */
export default defineScenario({
  name: "mean-field-langevin",
  version: 1,
  title: "Noisy dynamics lower the free energy and end in a Gibbs law",
  sources: [
    {
      key: "mei2018",
      text: "S. Mei, A. Montanari, P.-M. Nguyen, A mean field view of the landscape of two-layer neural networks, PNAS 115 (2018)",
      url: "https://arxiv.org/abs/1804.06561",
    },
    {
      key: "hu2021",
      text: "K. Hu, Z. Ren, D. Siska, L. Szpruch, Mean-field Langevin dynamics and energy landscape of neural networks, Ann. Inst. H. Poincare Probab. Statist. 57 (2021)",
      url: "https://arxiv.org/abs/1905.07769",
    },
    { key: "derivation", text: "our derivation: docs/theory/langevin.md" },
  ],
  parameters,
  short: { width: 256, outerWidth: 64, samples: 128, replicas: 4, weightDecay: 0.2 },
  headline: "drop",

  validate(values) {
    for (const kind of ["trained", "frozen", "outer"] as const) {
      checkSimulation({ ...optionsOf(values, kind, values.temperature), seed: 0 });
    }
  },

  members: (values): readonly Member[] => [
    ...replicasOf(values).map((replica) => ({ name: `trained-${replica}`, cost: 3 })),
    ...replicasOf(values).map((replica) => ({ name: `frozen-${replica}`, cost: 3 })),
    ...values.temperatures.map((_, index) => ({ name: `outer-${index + 1}`, cost: 2 })),
  ],

  estimate(values) {
    const { dimension, width, outerWidth, samples, replicas, temperatures } = values;
    const steps = stepsOf(values);
    const directions = 128;
    const followed = width * directions * steps * pairSeconds["two-layer"](dimension);
    const records = 10 * width * 400 * recordPairSeconds["two-layer"](dimension);
    const outer =
      outerWidth * samples * (steps * sampleSeconds(dimension) + 1e-9 * outerWidth) + 2e-8 * outerWidth ** 3;
    const seconds = replicas * (2 * (followed + records) + temperatures.length * outer);
    return {
      seconds: processSeconds + seconds,
      bytes: processBytes + 8 * (width * (6 * dimension + 400) + 2 * outerWidth ** 2),
    };
  },

  async run(context, member) {
    const { parameters: values, seed } = context;
    const [, kind, number] = /^(trained|frozen|outer)-(\d+)$/.exec(member.name) ?? [];
    if (kind === "outer") {
      const index = Number(number) - 1;
      // Replicas of their own, since equal ones would meet equal noise at every temperature.
      return runOuterWeights(context, values.temperatures[index], index * values.replicas);
    }
    const options = optionsOf(values, kind as "trained" | "frozen", values.temperature);
    const replica = Number(number);
    const { dimension } = values;
    const start = networks.gaussianStart({ network: options.network, dimension, seed, replica });
    const { simulation } = await context.simulate({ ...options, start, replica });
    return { finalSecondMoment: meanSquare(simulation.particles().buffer) };
  },

  summarise(results, values) {
    const outer = values.temperatures.map((_, index) => results[`outer-${index + 1}`].result as unknown as Outer);
    const fit = numerics.fitPowerLaw(
      outer.map(({ temperature }) => temperature),
      outer.map(({ variance }) => variance),
      { errors: outer.map(({ varianceError }) => varianceError), level: 0.99 },
    );
    const normals = outer.flatMap((each) => each.normals);
    const moment = (power: 1 | 2 | 4) => {
      const value = numerics.mean(normals.map((normal) => normal ** power));
      // The law is known, so the error is: that of the sample would be smallest where the sample has the fewest outliers.
      const error = Math.sqrt(powerVariance[power] / normals.length);
      return { value, error, low: value - normalReach * error, high: value + normalReach * error };
    };
    const trained = pathOf(results, "trained", values);
    return {
      drop: trained[trained.length - 1].drop,
      stationaryBalance: (-values.temperature * values.dimension) / values.weightDecay,
      temperatureSlope: { ...fit.slope },
      moments: { first: moment(1), second: moment(2), fourth: moment(4) },
      outer: outer.map(({ normals: _normals, ...rest }) => rest),
      trained,
      frozen: pathOf(results, "frozen", values),
    } as unknown as JsonObject;
  },

  claims: claimsOf,

  figures: (_results, summary, values) => figuresOf(summary, values),
});

/** Variances of a standard normal's powers. */
const powerVariance = { 1: 1, 2: 2, 4: 96 } as const;
/** Half-width of a 99 % interval of a normal, in standard errors. */
const normalReach = 2.5758293035489;

interface Outer {
  readonly temperature: number;
  readonly variance: number;
  readonly varianceError: number;
  /** Deviations in the eigenvectors of the exact covariance, in its units: independent standard normals. */
  readonly normals: readonly number[];
}

function replicasOf({ replicas }: Values): readonly number[] {
  return Array.from({ length: replicas }, (_, replica) => replica);
}

function meanSquare(values: Float64Array): number {
  let sum = 0;
  for (const value of values) sum += value * value;
  return sum / values.length;
}
