import { claim, type JsonObject } from "meanfield";
import type { Values } from "./parameters.ts";

interface Trained {
  readonly loss: number;
  readonly lossError: number;
  readonly limitLoss: number | null;
  readonly splitError: number | null;
  readonly bestHinge: number | null;
}

export function claimsOf(summary: JsonObject, values: Values) {
  const [bottleneck, convex, twoLayer] = ["bottleneck", "convex", "twoLayer"].map(
    (name) => summary[name] as unknown as Trained | null,
  );
  const splitErrors = [bottleneck, convex, twoLayer].flatMap((each) => each?.splitError ?? []);
  const claims = [
    claim.atMost({
      id: "split-adds-up",
      statement:
        "the parts of the loss add up to the loss measured by itself: largest relative difference over all records",
      source: "identity",
      measured: splitErrors.length === 0 ? null : Math.max(...splitErrors),
      bound: 1e-12,
    }),
  ];
  if (bottleneck !== null && bottleneck.limitLoss !== null) {
    claims.push(
      claim.interval({
        id: "limit-explains",
        statement: "the limit's loss over the 3-layer network's: what is left to learn is left at infinite width too",
        source: "observation (the bounds are a choice)",
        measured: bottleneck.limitLoss / bottleneck.loss,
        low: bottleneck.limitLoss / (bottleneck.loss + 2 * bottleneck.lossError),
        high: bottleneck.limitLoss / Math.max(bottleneck.loss - 2 * bottleneck.lossError, bottleneck.loss / 10),
        from: 0.8,
        to: 1.25,
      }),
    );
  }
  if (convex !== null && convex.bestHinge !== null) {
    claims.push(
      claim.interval({
        id: "convex-floor",
        statement:
          "with all outer weights 1 f is convex in F: the loss over that of the best c ReLU(R - |x|), the best convex function found",
        source: "convexity; that a single hinge is the best was found numerically (docs/ball-indicator.md)",
        measured: convex.loss / convex.bestHinge,
        low: (convex.loss - 2 * convex.lossError) / convex.bestHinge,
        high: (convex.loss + 2 * convex.lossError) / convex.bestHinge,
        from: 1,
        to: 1.05,
      }),
    );
  }
  if (bottleneck !== null && convex !== null) {
    claims.push(
      claim.atLeast({
        id: "signs-matter",
        statement:
          "the 3-layer loss with all outer weights 1, where f is convex in F, over that with weights of both signs",
        source: "observation; a convex function of |x| cannot come near a jump down and up again",
        ...quotient(convex, bottleneck),
        bound: values.separationFactor,
      }),
    );
  }
  if (bottleneck !== null && twoLayer !== null) {
    claims.push(
      claim.atLeast({
        id: "separation",
        statement: "the 2-layer loss over the 3-layer loss, after as many steps with at least as many parameters",
        source: "observation (the theorems are other statements; docs/ball-indicator.md)",
        ...quotient(twoLayer, bottleneck),
        bound: values.separationFactor,
      }),
    );
  }
  return claims;
}

/** Quotient of two losses, with the interval of two standard errors of each. */
function quotient(above: Trained, below: Trained) {
  const least = below.loss - 2 * below.lossError;
  return {
    measured: above.loss / below.loss,
    low: Math.max(0, above.loss - 2 * above.lossError) / (below.loss + 2 * below.lossError),
    high: least > 0 ? (above.loss + 2 * above.lossError) / least : null,
  };
}
