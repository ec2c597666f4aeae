import { claim } from "meanfield";
import type { Values } from "./parameters.ts";

export interface Summary {
  readonly bottleneck: NetworkSummary | null;
  readonly twoLayer: NetworkSummary | null;
  readonly lossRatio: number | null;
  readonly starts: { readonly relativeVariance: number; readonly error: number; readonly predicted: number } | null;
  readonly conservation: {
    readonly ratio: number | null;
    readonly drift: number | null;
    readonly halvedDrift: number | null;
    readonly varianceRise: number | null;
  } | null;
}

interface NetworkSummary {
  readonly loss: number;
  readonly lossError: number;
  readonly splitError: number | null;
  readonly scaledAlphaGap?: number | null;
  readonly largestVarianceRise?: number | null;
  readonly firstDiscretization?: number | null;
  readonly discretization: number | null;
  readonly peakDiscretization?: number | null;
  readonly peakIsInside?: boolean | null;
}

export function claimsOf({ bottleneck, twoLayer, starts, conservation }: Summary, values: Values) {
  const claims = [];
  const splitErrors = [bottleneck?.splitError, twoLayer?.splitError].filter((value) => typeof value === "number");
  claims.push(
    claim.atMost({
      id: "split-adds-up",
      statement:
        "the parts of the loss add up to the loss measured by itself: largest relative difference over all records, static and trajectory split",
      source: "identity",
      measured: splitErrors.length === 0 ? null : Math.max(...splitErrors),
      bound: 1e-12,
    }),
  );
  if (starts !== null) {
    claims.push(
      claim.within({
        id: "start-variance",
        statement: `m1 Var_u F / alpha^2 averaged over ${values.starts} starts (${values.start}) agrees with its expectation within 4 standard errors`,
        source: "our derivation: docs/theory/discretisation-error.md",
        measured: starts.relativeVariance,
        expected: starts.predicted,
        // A start whose variance hardly scatters meets its prediction to rounding, which cancellation enlarges.
        tolerance: Math.max(4 * starts.error, 1e-8 * starts.predicted),
      }),
    );
  }
  if (conservation !== null) {
    claims.push(
      claim.interval({
        id: "conservation",
        statement:
          "mean |w|^2 - 2 mean v^2 is conserved up to O(stepSize): at width 128 its drift over time 20 halves with the step size (ratio of drifts)",
        source: "our derivation: docs/theory/bottleneck-limit.md",
        measured: conservation.ratio,
        from: 1.6,
        to: 2.4,
      }),
    );
  }
  if (conservation !== null) {
    claims.push(
      claim.atMost({
        id: "variance-falls",
        statement:
          "the relative variance of F falls throughout: its largest relative rise between two records up to time 50, at width 128 and with directions enough to leave the flow no noise",
        source:
          "observation; derived for the exact flow of one atom to first order: docs/theory/discretisation-error.md",
        measured: conservation.varianceRise,
        bound: 0,
      }),
    );
  }
  if (bottleneck !== null) claims.push(...bottleneckClaims(bottleneck));
  if (bottleneck !== null && twoLayer !== null) {
    const certain = bottleneck.loss + 2 * bottleneck.lossError;
    claims.push(
      claim.atLeast({
        id: "separation",
        statement: "the 2-layer loss divided by the 3-layer loss, after as many steps with at least as many parameters",
        source: "observation (the theorems are about approximation in high dimension; docs/depth-separation.md)",
        measured: bottleneck.loss === 0 ? null : twoLayer.loss / bottleneck.loss,
        low: certain === 0 ? null : Math.max(0, twoLayer.loss - 2 * twoLayer.lossError) / certain,
        high:
          bottleneck.loss > 2 * bottleneck.lossError
            ? (twoLayer.loss + 2 * twoLayer.lossError) / (bottleneck.loss - 2 * bottleneck.lossError)
            : null,
        bound: values.separationFactor,
      }),
    );
  }
  return claims;
}

/** Largest m1 |alpha - limit alpha| that the claim allows along a run. */
const alphaGapBound = 2;

function bottleneckClaims(bottleneck: NetworkSummary) {
  const { peakIsInside = null, firstDiscretization = null, peakDiscretization = null, discretization } = bottleneck;
  return [
    claim.atMost({
      id: "alpha-follows-limit",
      statement: "m1 |alpha - limit alpha| stays bounded along the run: its largest value",
      source: "observation, docs/theory/discretisation-error.md (the bound is a choice)",
      measured: bottleneck.scaledAlphaGap ?? null,
      bound: alphaGapBound,
    }),
    claim.decided({
      id: "discretisation-rises-then-falls",
      statement:
        "the discretisation part of the loss rises while |v| grows, and then falls: last value / largest value",
      source: "our derivation: docs/theory/discretisation-error.md",
      measured: discretization === null || peakDiscretization === null ? null : discretization / peakDiscretization,
      expected: "the largest value neither first nor last",
      // A run that ends before the fall cannot tell; one that never rises contradicts.
      holds:
        peakIsInside === null || firstDiscretization === null || peakDiscretization === null
          ? null
          : peakIsInside || (peakDiscretization > firstDiscretization ? null : false),
    }),
  ];
}
