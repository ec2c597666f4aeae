import { type Claim, claim } from "meanfield";
import type { Interval } from "../estimates/ratio.ts";
import { sharpConstant } from "./edge.ts";
import { scaled, slopeOfMeans } from "./intervals.ts";
import { networkClaims, paper } from "./network-claims.ts";
import type { Values } from "./parameters.ts";
import type { Rate } from "./rate.ts";
import type { CellMean, Summary } from "./summary.ts";

const derivation = "our derivation (heuristic): docs/ntk-min-eigenvalue.md";

/** From here on claims are made about constants that hold for large dimensions. */
const largeDimension = 320;
/** Below, one Gaussian input may be so short that it alone decides, and the theorem's probability says nothing. */
const boundedDimension = 40;
/** The ratio N/d at which the sharp constant is claimed, and that of the two-sided bounds. */
const sharpRatio = 0.5;

export function claimsOf(summary: Summary, values: Values): readonly Claim[] {
  return [
    ...sharpClaims(summary),
    ...plainSumClaims(summary),
    edgeClaim("edge", "N in proportion to d", largeCells(summary.proportional)),
    ...boundClaims("bounds", "N = 2 d", summary.bounds, values),
    ...boundClaims("bounds-power", "N = d^1.5", ofLaw(summary.powers, "gaussian"), values),
    edgeClaim("edge-power", "N = d^1.5", lastOf(ofLaw(summary.powers, "sphere"))),
    ...slopeClaims(summary, values),
    ...summary.rates.flatMap((rate) => rateClaims(rate, values)),
    ...networkClaims(summary, values),
    claim.atMost({
      id: "enclosures",
      statement:
        "smallest eigenvalues of infinitely wide networks are enclosed between bounds that hold, rounding included; the largest width of an enclosure over the kernel's diagonal",
      source: "our derivation: docs/theory/kernel-matrices.md",
      measured: summary.widestEnclosure,
      bound: 1e-9,
    }),
  ];
}

function ofLaw(cells: readonly CellMean[], law: CellMean["law"]): readonly CellMean[] {
  return cells.filter((cell) => cell.law === law);
}

function largeCells(cells: readonly CellMean[]): readonly CellMean[] {
  return cells.filter(({ dimension }) => dimension >= largeDimension);
}

/** Those of the largest dimension. */
function lastOf(cells: readonly CellMean[]): readonly CellMean[] {
  const last = Math.max(...cells.map(({ dimension }) => dimension));
  return cells.filter(({ dimension }) => dimension === last);
}

function spread({ value, low, high }: Interval) {
  return { measured: value, low, high };
}

function sharpClaims({ proportional }: Summary): readonly Claim[] {
  const found = largeCells(proportional).filter(
    ({ inputs, dimension }) => inputs === Math.round(sharpRatio * dimension),
  );
  return found.map(({ dimension, inputs, weightLayers, mean }) => {
    const expected = sharpConstant(weightLayers, sharpRatio);
    return claim.within({
      id: `sharp-constant-l${weightLayers}-d${dimension}`,
      statement: `L = ${weightLayers}, ${inputs} inputs on the sphere of radius sqrt(d) in d = ${dimension}: lambda_min/d over a_1 (1 - sqrt(1/2))^2 + sum_(k >= 2) a_k = ${expected.toFixed(4)}`,
      source: derivation,
      ...spread(scaled(mean, 1 / expected)),
      expected: 1,
      tolerance: 0.03,
    });
  });
}

/** From N = d on the linear part is singular, and what is left tends to the sum of the coefficients from 2 on; its distance falls as d^(-1/2) for N > d. */
function plainSumClaims({ proportional, formulas }: Summary): readonly Claim[] {
  const ratios = [...new Set(proportional.map(({ inputs, dimension }) => inputs / dimension))].filter(
    (ratio) => ratio > 1,
  );
  return formulas.flatMap(({ weightLayers, tail, square }) =>
    ratios.map((ratio) => {
      const cells = proportional.filter(
        (cell) => cell.weightLayers === weightLayers && cell.inputs === ratio * cell.dimension,
      );
      const slope = slopeOfMeans(
        cells.map(({ dimension }) => dimension),
        cells.map(({ mean }) => ({ value: tail - mean.value, low: tail - mean.high, high: tail - mean.low })),
      );
      const last = cells[cells.length - 1];
      const leading = 2 * square * Math.sqrt((2 * (ratio - 1)) / last.dimension);
      return claim.within({
        id: `plain-sum-l${weightLayers}-ratio${String(ratio).replace(".", "p")}`,
        statement: `L = ${weightLayers}, N = ${ratio} d: log-log slope against d of what lambda_min/d lacks of sum_(k >= 2) a_k = ${tail.toFixed(4)}; at d = ${last.dimension} it lacks ${(tail - last.mean.value).toFixed(4)}, its leading order is 2 a_2 sqrt(2 (gamma - 1)/d) = ${leading.toFixed(4)}`,
        source: derivation,
        ...spread(slope),
        expected: -0.5,
        tolerance: 0.1,
      });
    }),
  );
}

function edgeClaim(id: string, inputs: string, cells: readonly CellMean[]): Claim {
  const gaps = cells.flatMap(({ mean, edge }) => {
    if (edge === null) return [];
    const { value, low, high } = scaled(mean, 1 / edge);
    const reach = Math.max(value - low, high - value);
    const gap = Math.abs(value - 1);
    return [{ gap, low: Math.max(0, gap - reach), high: gap + reach }];
  });
  const worst = gaps.toSorted((a, b) => b.gap - a.gap)[0] ?? { gap: null, low: null, high: null };
  const sizes = [...new Set(cells.map(({ dimension }) => dimension))].join(", ");
  return claim.atMost({
    id,
    statement: `spheres, ${inputs}, d = ${sizes}: the largest relative distance over all depths of lambda_min/d from the left edge of the free sum of the kernel's degrees at that size`,
    source: derivation,
    measured: worst.gap,
    low: worst.low,
    high: worst.high,
    bound: 0.03,
  });
}

function boundClaims(
  id: string,
  inputs: string,
  cells: readonly CellMean[],
  { weightLayers }: Values,
): readonly Claim[] {
  // 2 mu_2^2, mu_2 = 1/(2 sqrt pi) the second Hermite coefficient of ReLU.
  const bound = 1 / (2 * Math.PI);
  return weightLayers.map((layers) => {
    const own = cells.filter((cell) => cell.weightLayers === layers && cell.dimension >= boundedDimension);
    const low = Math.min(...own.map(({ smallest }) => smallest));
    const high = Math.max(...own.map(({ largest }) => largest));
    const { mean, dimension } = own[own.length - 1];
    const margin = `${(low / bound).toFixed(2)} times the lower bound, ${(layers / high).toFixed(2)} times below the upper one`;
    return claim.interval({
      id: `${id}-l${layers}`,
      statement: `L = ${layers}, ${inputs} Gaussian inputs, d = ${own.map((cell) => cell.dimension).join(", ")}: 2 mu_2^2 <= lambda_min/d <= L for every draw; the mean at d = ${dimension}, the least and the largest of all (${margin})`,
      source: `${paper}, theorem 3.2 as we understand it; with constants of our instantiation`,
      measured: mean.value,
      low,
      high,
      from: bound,
      to: layers,
    });
  });
}

/** At fixed N the theorem's order is d; the slope is above 1 since N/d falls too, and the edges tell by how much. */
function slopeClaims({ fixed }: Summary, { weightLayers, fixedInputs }: Values): readonly Claim[] {
  return weightLayers.map((layers) => {
    const slopes = (["sphere", "gaussian"] as const).map((law) => {
      const own = ofLaw(fixed, law).filter((cell) => cell.weightLayers === layers);
      const dimensions = own.map(({ dimension }) => dimension);
      const times = (factors: readonly number[]) => factors.map((factor, index) => factor * dimensions[index]);
      return {
        measured: slopeOfMeans(
          dimensions,
          own.map(({ mean, dimension }) => scaled(mean, dimension)),
        ),
        edges:
          law === "sphere"
            ? slopeOfMeans(dimensions, times(own.map(({ edge }) => edge ?? Number.NaN)).map(exact)).value
            : null,
      };
    });
    const [{ measured, edges }, gaussian] = slopes;
    return claim.within({
      id: `fixed-inputs-slope-l${layers}`,
      statement: `L = ${layers}, N = ${fixedInputs} inputs on spheres of radius sqrt(d): log-log slope of lambda_min against d; expected is that of the edges (Gaussian inputs: ${gaussian.measured.value.toFixed(3)})`,
      source: derivation,
      ...spread(measured),
      expected: edges ?? Number.NaN,
      tolerance: 0.05,
    });
  });
}

function exact(value: number): Interval {
  return { value, low: value, high: value };
}

function rateClaims({ dimension, weightLayers, ...rate }: Rate, { rateInputs: inputs }: Values): readonly Claim[] {
  const place = `d${dimension}-l${weightLayers}`;
  const last = inputs.length - 1;
  const shown = (exponent: number) => (exponent / (dimension - 1)).toFixed(3);
  return [
    claim.within({
      id: `rate-${place}`,
      statement: `L = ${weightLayers}, N = ${inputs[0]}...${inputs[last]} inputs on the unit sphere of R^${dimension}: log-log slope of the median smallest eigenvalue against N; proved for L = 2 is an order between N^(${shown(-4)}) and N^(${shown(-2)}), up to logarithms`,
      source: "upper bound of Karhadkar, Murray, Montufar 2024; that it is the rate: observation",
      ...spread(rate.slope),
      expected: -2 / (dimension - 1),
      tolerance: 0.1,
    }),
    claim.within({
      id: `closest-pair-${place}`,
      statement: `the same: median of K(x, x) - K(x, y) for the closest pair, which is at least the smallest eigenvalue, over what it must be for independent uniform inputs, geometric mean over N (log-log slope ${rate.pairSlope.value.toFixed(3)}; it must be ${rate.expectedPairSlope.toFixed(3)} at these N)`,
      source: "our derivation: docs/ntk-min-eigenvalue.md",
      ...spread(rate.pairsOverExpected),
      expected: 1,
      tolerance: 0.1,
    }),
    claim.atLeast({
      id: `closest-pair-bounds-${place}`,
      statement: "the same: share of all draws in which the smallest eigenvalue is at most the closest pair's bound",
      source: "theorem (Rayleigh)",
      measured: rate.bounded,
      bound: 1,
    }),
  ];
}
