import { type Claim, claim, numerics } from "meanfield";
import { pairedRatio } from "../estimates/ratio.ts";
import { type Depth, depths, type Label } from "./networks.ts";
import type { Values } from "./parameters.ts";
import { errorsOf, type Summary } from "./summary.ts";

const source = "Mori, Ueda 2020 (the effect); our instantiation (sizes and bounds)";

export function claimsOf(summary: Summary, values: Values): readonly Claim[] {
  const errors = (kind: "network" | "kernel", label: Label, depth: Depth) =>
    errorsOf(summary, kind, label, depth, values.claimedExamples);
  const claims = [
    claim.atLeast({
      id: "fitted",
      statement: "share of trainings that end without training error, all depths, labels and N",
      source: "protocol",
      measured: summary.fitted,
      bound: 1,
    }),
    claim.atMost({
      id: "depth-helps-local",
      statement: "local label: test error with 7 hidden layers over that with 1, rates tuned",
      source,
      ...ratio(errors("network", "local", 7), errors("network", "local", 1)),
      bound: 0.75,
    }),
    claim.atLeast({
      id: "depth-hurts-global",
      statement: "global label: test error with 7 hidden layers over that with 1, rates tuned",
      source,
      ...ratio(errors("network", "global", 7), errors("network", "global", 1)),
      bound: 1.15,
    }),
    claim.atMost({
      id: "deep-is-more-local",
      statement:
        "local label: share of answers that change with an irrelevant coordinate after training, 7 hidden layers over 1",
      source: "observation; Mori and Ueda 2020 speak of local stability",
      ...ratio(sensitivityOf(summary, 7), sensitivityOf(summary, 1)),
      bound: 1,
    }),
  ];
  if (values.claimedExamples <= values.kernelExamples) {
    claims.push(
      claim.interval({
        id: "kernel-misses-depth",
        statement: "local label: test error of kernel regression with 7 hidden layers less that with 1",
        source,
        ...difference(errors("kernel", "local", 7), errors("kernel", "local", 1)),
        from: -0.03,
        to: 0.03,
      }),
      claim.atMost({
        id: "kernel-prefers-global",
        statement: "kernel regression: test error on the global label less that on the local one, largest over depths",
        source,
        ...largestDifference(
          depths.map((depth) => difference(errors("kernel", "global", depth), errors("kernel", "local", depth))),
        ),
        bound: 0,
      }),
    );
  }
  return claims;
}

type Measured = { readonly measured: number | null; readonly low: number | null; readonly high: number | null };
const nothing: Measured = { measured: null, low: null, high: null };

function ratio(above: readonly number[] | null, below: readonly number[] | null): Measured {
  if (above === null || below === null || !(numerics.mean(below) > 0)) return nothing;
  const { value, low, high } = pairedRatio(above, below);
  return { measured: value, low, high };
}

function difference(left: readonly number[] | null, right: readonly number[] | null): Measured {
  if (left === null || right === null) return nothing;
  const { value, low, high } = numerics.meanWithInterval(left.map((each, index) => each - right[index]));
  return { measured: value, low, high };
}

function largestDifference(differences: readonly Measured[]): Measured {
  if (differences.some(({ measured }) => measured === null)) return nothing;
  return differences.reduce((largest, each) => ((each.measured ?? 0) > (largest.measured ?? 0) ? each : largest));
}

function sensitivityOf({ sensitivities }: Summary, depth: Depth): readonly number[] | null {
  const others = sensitivities.find(({ hiddenLayers }) => hiddenLayers === depth)?.others ?? [];
  return others.length < 2 ? null : others;
}
