import { type Claim, claim, numerics } from "meanfield";
import { type Interval, pairedRatio, pairedRatioOfRatios } from "../estimates/ratio.ts";
import { type Case, casesOf } from "./cases.ts";
import { type Depth, depths, type Label } from "./networks.ts";
import type { Values } from "./parameters.ts";
import { type CaseSummary, errorsOf, type Summary } from "./summary.ts";

const source = "Mori, Ueda 2020 (the effect); our instantiation (sizes and bounds)";
const observation = "observation";

export function claimsOf(summary: Summary, runValues: Values): readonly Claim[] {
  const [first, second] = casesOf(runValues);
  return [
    claim.atLeast({
      id: "fitted",
      statement: "share of trainings that end without training error, all depths, labels and N",
      source: "protocol",
      measured: summary.fitted,
      bound: 1,
    }),
    claim.atLeast({
      id: "rates-inside",
      statement: `k = ${first.values.degree}: share of the rates chosen at the claims' N that are neither the smallest nor the largest of the grid`,
      source: "protocol",
      measured: summary.ratesInside,
      bound: 1,
    }),
    ...firstClaims(summary, first),
    ...(second === undefined || summary.second === null ? [] : secondClaims(summary.second, second)),
  ];
}

function firstClaims(summary: CaseSummary, { values }: Case): readonly Claim[] {
  const { network, kernel } = errorsIn(summary, values);
  const claims = [
    claim.atMost({
      id: "depth-helps-local",
      statement: "local label: test error with 7 hidden layers over that with 1, rates tuned",
      source,
      ...ratio(network("local", 7), network("local", 1)),
      bound: 0.75,
    }),
    claim.atLeast({
      id: "depth-hurts-global",
      statement: "global label: test error with 7 hidden layers over that with 1, rates tuned",
      source,
      ...ratio(network("global", 7), network("global", 1)),
      bound: 1.15,
    }),
    locality("locality-decides", "", summary, values),
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
        ...difference(kernel("local", 7), kernel("local", 1)),
        from: -0.03,
        to: 0.03,
      }),
      claim.atMost({
        id: "kernel-prefers-global",
        statement: "kernel regression: test error on the global label less that on the local one, largest over depths",
        source: observation,
        ...largestDifference(depths.map((depth) => difference(kernel("global", depth), kernel("local", depth)))),
        bound: 0,
      }),
    );
  }
  return claims;
}

/** The second case: what the paper says of every k > 1, and what was seen in an independent program. */
function secondClaims(summary: CaseSummary, { values }: Case): readonly Claim[] {
  const { network } = errorsIn(summary, values);
  const where = `k = ${values.degree}, d = ${values.dimension}: `;
  const local = ratio(network("local", 7), network("local", 1));
  const statement = `${where}local label, test error with 7 hidden layers over that with 1`;
  return [
    claim.atMost({
      id: "second-depth-helps-local",
      statement,
      source: "Mori, Ueda 2020 (the effect); our instantiation (sizes)",
      ...local,
      bound: 1,
    }),
    claim.atLeast({ id: "second-depth-hurts-local", statement, source: observation, ...local, bound: 1 }),
    claim.atLeast({
      id: "second-depth-hurts-global",
      statement: `${where}global label, test error with 7 hidden layers over that with 1`,
      source: "Mori, Ueda 2020 (the effect); our instantiation (sizes)",
      ...ratio(network("global", 7), network("global", 1)),
      bound: 1,
    }),
    locality("second-locality-decides", where, summary, values),
  ];
}

/** Whether depth does better by the local label than by the global one, whatever it does to both. */
function locality(id: string, where: string, summary: CaseSummary, values: Values): Claim {
  const { network } = errorsIn(summary, values);
  const errors = [network("local", 7), network("local", 1), network("global", 7), network("global", 1)] as const;
  const [localDeep, localShallow, globalDeep, globalShallow] = errors;
  const isKnown = localDeep !== null && localShallow !== null && globalDeep !== null && globalShallow !== null;
  return claim.atMost({
    id,
    statement: `${where}test error with 7 hidden layers over that with 1: the local label's ratio over the global one's`,
    source: observation,
    ...(isKnown ? measuredOf(pairedRatioOfRatios([localDeep, localShallow], [globalDeep, globalShallow])) : nothing),
    bound: 1,
  });
}

function errorsIn(summary: CaseSummary, { claimedExamples }: Values) {
  return {
    network: (label: Label, depth: Depth) => errorsOf(summary, "network", label, depth, claimedExamples),
    kernel: (label: Label, depth: Depth) => errorsOf(summary, "kernel", label, depth, claimedExamples),
  };
}

type Measured = { readonly measured: number | null; readonly low: number | null; readonly high: number | null };
const nothing: Measured = { measured: null, low: null, high: null };
const measuredOf = ({ value, low, high }: Interval): Measured => ({ measured: value, low, high });

function ratio(above: readonly number[] | null, below: readonly number[] | null): Measured {
  if (above === null || below === null || !(numerics.mean(below) > 0)) return nothing;
  return measuredOf(pairedRatio(above, below));
}

function difference(left: readonly number[] | null, right: readonly number[] | null): Measured {
  if (left === null || right === null) return nothing;
  return measuredOf(numerics.meanWithInterval(left.map((each, index) => each - right[index])));
}

function largestDifference(differences: readonly Measured[]): Measured {
  if (differences.some(({ measured }) => measured === null)) return nothing;
  return differences.reduce((largest, each) => ((each.measured ?? 0) > (largest.measured ?? 0) ? each : largest));
}

function sensitivityOf({ sensitivities }: CaseSummary, depth: Depth): readonly number[] | null {
  const others = sensitivities.find(({ hiddenLayers }) => hiddenLayers === depth)?.others ?? [];
  return others.length < 2 ? null : others;
}
