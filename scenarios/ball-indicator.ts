import {
  checkSimulation,
  defineScenario,
  type Figure,
  type JsonObject,
  MeanfieldError,
  type MemberResults,
  type ProfileCurve,
  standardFigures,
} from "meanfield";
import { claimsOf } from "./ball-indicator/claims.ts";
import { parameters, type Values } from "./ball-indicator/parameters.ts";
import {
  labels,
  type NetworkName,
  networkNames,
  networksOf,
  simulationOptions,
  trainNetwork,
} from "./ball-indicator/train.ts";
import { limitStepSeconds, pairSeconds, processBytes, processSeconds, recordPairSeconds } from "./costs/step-costs.ts";

/**
 * The indicator of a ball under the mixture law: the three-layer bottleneck network with outer weights of both signs, the same with outer weights 1, and a
 * two-layer network with at least as many parameters, each beside its limit.
 *
 * Theorems (Safran, Lee 2022): ball indicators are learned by gradient descent with two layers of non-linearities; with one layer no efficient algorithm gets below
 * an accuracy of order d^-4 under some radial laws. Our instantiation: law, networks, starts, steps. Observation: the gap measured here.
 */
export default defineScenario({
  name: "ball-indicator",
  version: 1,
  title: "The indicator of a ball: a 3-layer mean-field network beside a 2-layer one",
  sources: [
    {
      key: "safran2022",
      text: "I. Safran, J. D. Lee, Optimization-Based Separations for Neural Networks, COLT 2022 (our instantiation)",
      url: "https://arxiv.org/abs/2112.02393",
    },
    {
      key: "ren2023",
      text: "Y. Ren, M. Zhou, R. Ge, Depth Separation with Multilayer Mean-Field Networks, ICLR 2023 (our instantiation)",
      url: "https://arxiv.org/abs/2304.01063",
    },
  ],
  parameters,
  short: { firstLayerWidth: 200, steps: 1000, evaluationDirections: 160, separationFactor: 1.2 },
  headline: "bottleneck.loss",

  validate(values) {
    if (values.secondLayerWidth % 2 !== 0) {
      throw new MeanfieldError(
        "invalid-value",
        `secondLayerWidth: expected an even number, one half for each sign, got ${values.secondLayerWidth}`,
        { path: "secondLayerWidth" },
      );
    }
    for (const name of networksOf(values)) checkSimulation({ ...simulationOptions(values, name), seed: 0 });
  },

  members: (values) => networksOf(values).map((name) => ({ name, cost: name === "two-layer" ? 10 : 1 })),

  run: (context, member) => trainNetwork(context, member.name as NetworkName),

  summarise(results) {
    const [bottleneck, convex, twoLayer] = networkNames.map((name) => trained(results, name));
    return {
      bottleneck,
      convex,
      twoLayer,
      lossRatio: bottleneck === null || twoLayer === null ? null : Number(twoLayer.loss) / Number(bottleneck.loss),
    };
  },

  claims: claimsOf,

  estimate(values) {
    const { dimension, secondLayerWidth, steps, evaluationDirections } = values;
    const directions = values.directions ?? 128 + 2 * dimension;
    const seconds = networksOf(values).map((name) => {
      const isTwoLayer = name === "two-layer";
      const kind = isTwoLayer ? "two-layer" : "bottleneck";
      const width = isTwoLayer ? values.twoLayerWidth : values.firstLayerWidth;
      const moved = steps * width * directions * pairSeconds[kind](dimension);
      const measured = 40 * width * evaluationDirections * recordPairSeconds[kind](dimension);
      return moved + measured + steps * limitStepSeconds[kind](isTwoLayer ? width : secondLayerWidth);
    });
    return { seconds: seconds.reduce((sum, each) => sum + each, processSeconds), bytes: processBytes };
  },

  figures: (results, _summary, values) => figuresOf(results, values),
});

/** A member's result without what only figures need. */
function trained(results: MemberResults, name: NetworkName): JsonObject | null {
  if (results[name] === undefined) return null;
  const { profile: _profile, ...rest } = results[name].result;
  return rest;
}

function figuresOf(results: MemberResults, values: Values): readonly Figure[] {
  const chosen = networksOf(values);
  const curves = chosen.map((name) => results[name].result.profile as unknown as ProfileCurve);
  return [
    ...chosen.map((name) =>
      standardFigures.lossSplit({
        id: `loss-${name}`,
        title: `Loss of the ${labels[name]} network`,
        records: results[name].records,
        nullLoss: Number(results[name].result.nullLoss),
      }),
    ),
    standardFigures.profile({
      id: "profile",
      title: "Learned profiles",
      curves,
      target: curves[0].radii.map((radius) => (radius <= values.targetRadius ? 1 : 0)),
    }),
  ];
}
