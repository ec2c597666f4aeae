import type { BallSpec, Law, RadialTable } from "./law.ts";
import { buildMomentTable, tableAsData } from "./moment-table.ts";
import { radialLaw } from "./radial-law.ts";
import { densityRule } from "./radial-rule.ts";
import { checkedDimension, checkedPositive } from "./spec-checks.ts";

export interface BallOptions {
  /** d, an integer in [2, 100000]. */
  readonly dimension: number;
  /** @default 1 */
  readonly ballRadius?: number;
}

/** Uniform in the ball of radius `ballRadius`. */
export function ball(options: BallOptions): BallSpec {
  return Object.freeze({
    kind: "ball",
    dimension: checkedDimension(options.dimension, 100_000),
    ballRadius: checkedPositive("ballRadius", options.ballRadius ?? 1),
  });
}

/** p(r) = d r^(d-1)/R^d, so M_k(r) = d/(d+k) R^k (r/R)^(d+k). */
export function buildBall(spec: BallSpec): Law {
  const { dimension, ballRadius } = spec;
  const mean = (dimension / (dimension + 1)) * ballRadius;
  const secondMoment = (dimension / (dimension + 2)) * ballRadius * ballRadius;
  const pdf = (radius: number) => (dimension / ballRadius) * (radius / ballRadius) ** (dimension - 1);
  const density = {
    // Below this radius the mass is 1e-20; in low dimensions that is 0 for a polynomial density of low degree.
    lower: dimension < 20 ? 0 : ballRadius * 1e-20 ** (1 / dimension),
    upper: ballRadius,
    // The density changes by about e^4 over a piece.
    panelWidth: ballRadius * Math.min(1, 4 / dimension),
    density: pdf,
  };
  return radialLaw(spec, {
    upper: ballRadius,
    mean,
    secondMoment,
    pdf,
    cdf: (radius) => (radius / ballRadius) ** dimension,
    quantile: (probability) => ballRadius * probability ** (1 / dimension),
    moments(radius: number, out: Float64Array, offset: number): void {
      const share = radius < ballRadius ? radius / ballRadius : 1;
      const mass = share ** dimension;
      out[offset] = mass;
      out[offset + 1] = mean * mass * share;
      out[offset + 2] = secondMoment * mass * share * share;
    },
    tables: dimension <= largestTabulated ? [ballTable(dimension, ballRadius, mean, secondMoment)] : null,
    rule: (breaks, nodesPerPanel) => densityRule(density, breaks, nodesPerPanel),
  });
}

/** Beyond this dimension the density rises so steeply that a table would need millions of nodes. */
const largestTabulated = 2000;
/** Cells a dimension: the table's error, about (d/cells)^6/46080 of the mass, is below 1e-14. */
const cellsPerDimension = 48;

/** The closed form as a table: p(r) = d r^(d-1)/R^d and its derivatives at the nodes. */
function ballTable(dimension: number, ballRadius: number, mean: number, secondMoment: number): RadialTable {
  const cellCount = cellsPerDimension * dimension;
  const scale = dimension / ballRadius;
  const table = buildMomentTable({
    step: ballRadius / cellCount,
    cellCount,
    density(_, out, node) {
      const share = node / cellCount;
      out[0] = scale * share ** (dimension - 1);
      out[1] = (scale * (dimension - 1) * share ** (dimension - 2)) / ballRadius;
      out[2] =
        dimension === 2
          ? 0
          : (scale * (dimension - 1) * (dimension - 2) * share ** (dimension - 3)) / (ballRadius * ballRadius);
    },
    normalize: true,
  });
  return tableAsData(table, ballRadius, [1, mean, secondMoment]);
}
