import { type Claim, claim, numerics } from "meanfield";
import { type Interval, pairedRatio } from "../estimates/ratio.ts";
import { nameOf } from "./functions.ts";
import { type Family, families } from "./networks.ts";
import type { Values } from "./parameters.ts";
import { type Repetitions, repetitionsOf, type Summary } from "./summary.ts";

const instantiation =
  "our instantiation, with the bounds of local-global; Mori, Ueda 2020 observed the like for labels and standard networks";
const derivation = "our derivation: docs/local-global-regimes.md";
const labels: Readonly<Record<Family, string>> = { "two-layer": "two-layer", dense: "dense three-layer" };

/** Bounds of local-global: a quarter less error, 15 % more. */
const less = 0.75;
const more = 1.15;

export function claimsOf(summary: Summary, values: Values): readonly Claim[] {
  return [
    ...values.degrees.flatMap((degree) => claimsOfDegree(summary, degree)),
    ...families.map((family) => followsKernel(summary, values, family)),
  ];
}

function claimsOfDegree(summary: Summary, degree: number): readonly Claim[] {
  const row = (family: Family, locality: "local" | "global"): Repetitions =>
    repetitionsOf(summary, family, nameOf(locality, degree));
  const [local, global] = [row("two-layer", "local"), row("two-layer", "global")];
  const [denseLocal, denseGlobal] = [row("dense", "local"), row("dense", "global")];
  const k = `k = ${degree}`;
  return [
    ...families.map((family) =>
      claim.atMost({
        id: `rich-${family}-prefers-local-${degree}`,
        statement: `${k}, rich ${labels[family]} network: test error on the local function over that on the global one`,
        source: instantiation,
        ...measured(pairedRatio(row(family, "local").rich, row(family, "global").rich)),
        bound: less,
      }),
    ),
    ...families.map((family) =>
      claim.within({
        id: `${family}-kernel-indifferent-${degree}`,
        statement: `${k}, kernel descent, ${labels[family]} network: test error on the local function over that on the global one, at the networks' time`,
        source: derivation,
        ...measured(pairedRatio(row(family, "local").kernel, row(family, "global").kernel)),
        expected: 1,
        tolerance: 0.15,
      }),
    ),
    claim.atMost({
      id: `features-help-local-${degree}`,
      statement: `${k}, local function, two-layer: test error of the rich network over kernel descent's at its best time`,
      source: instantiation,
      ...measured(pairedRatio(local.rich, local.kernelBest)),
      bound: less,
    }),
    claim.atMost({
      id: `features-help-global-${degree}`,
      statement: `${k}, global function, two-layer: test error of the rich network over kernel descent's at its best time`,
      source: instantiation,
      ...measured(pairedRatio(global.rich, global.kernelBest)),
      bound: less,
    }),
    claim.atMost({
      id: `depth-helps-local-${degree}`,
      statement: `${k}, local function: test error of the rich dense three-layer network over that of the rich two-layer one`,
      source: instantiation,
      ...measured(pairedRatio(denseLocal.rich, local.rich)),
      bound: less,
    }),
    claim.atLeast({
      id: `depth-hurts-global-${degree}`,
      statement: `${k}, global function: test error of the rich dense three-layer network over that of the rich two-layer one`,
      source: instantiation,
      ...measured(pairedRatio(denseGlobal.rich, global.rich)),
      bound: more,
    }),
    claim.atMost({
      id: `depth-prefers-local-${degree}`,
      statement: `${k}, rich networks: what depth makes of the error on the local function over what it makes of it on the global one (geometric mean)`,
      source: instantiation,
      ...measured(doubleRatio(denseLocal.rich, local.rich, denseGlobal.rich, global.rich)),
      bound: less,
    }),
  ];
}

/** The largest distance over functions; that of the whole interval. */
function followsKernel({ scales }: Summary, values: Values, family: Family): Claim {
  const scale = values.scales[values.scales.length - 1];
  const distances = scales.filter((each) => each.family === family && each.scale === scale);
  const largest = distances.reduce((most, each) => (each.distance.value > most.distance.value ? each : most));
  return claim.atMost({
    id: `lazy-${family}-follows-kernel`,
    statement: `${labels[family]} network at output scale ${scale}: relative distance to kernel descent on test inputs, largest over functions`,
    source: "Chizat, Oyallon, Bach 2019, for smooth models; ReLU: observation (docs/lazy-to-rich.md)",
    ...measured(largest.distance),
    bound: 0.1,
  });
}

/** (a/b)/(c/d), the geometric mean over repetitions with its 95 % interval. */
function doubleRatio(a: readonly number[], b: readonly number[], c: readonly number[], d: readonly number[]): Interval {
  const { value, low, high } = numerics.meanWithInterval(a.map((each, r) => Math.log((each * d[r]) / (b[r] * c[r]))));
  return { value: Math.exp(value), low: Math.exp(low), high: Math.exp(high) };
}

function measured({ value, low, high }: Interval) {
  return { measured: value, low, high };
}
