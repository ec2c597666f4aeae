import { claim } from "meanfield";
import { type KernelName, type MeasuredDecay, type MeasuredSphere, theoreticalExponent } from "./spectra.ts";

const paper = "Bietti, Bach 2021, corollaries 2 and 3 (as we understand them)";
const derivation = "our derivation: docs/theory/neural-kernels.md, section 4";

/** Depths that the claims are about: beyond, degrees in reach are too low for the asymptotic regime. */
const deepest = 5;

/** What theory says of the eigenvalues on each sphere. Nothing is random: values are exact up to quadrature. */
export function claimsOf(spheres: readonly MeasuredSphere[]) {
  return spheres.flatMap((sphere) => [
    exponentClaim(sphere, "nngp"),
    exponentClaim(sphere, "ntk"),
    depthClaim(sphere),
    prefactorClaim(sphere),
    stepClaim(sphere),
    laplaceClaim(sphere),
    biasClaim(sphere),
    parityClaim(sphere),
    quadratureClaim(sphere),
  ]);
}

function shallow({ decays }: MeasuredSphere, kernel: KernelName): readonly MeasuredDecay[] {
  return decays.filter((each) => each.kernel === kernel && (each.weightLayers ?? 0) <= deepest);
}

function shown(value: number | null): string {
  return value === null ? "none" : value.toFixed(4);
}

/** At d = 3 the degrees reach furthest. */
function slopeTolerance({ dimension }: MeasuredSphere): number {
  return dimension <= 3 ? 0.02 : 0.03;
}

function largest(values: readonly (number | null)[]): number | null {
  const found = values.filter((value) => value !== null);
  return found.length === 0 || found.length < values.length ? null : Math.max(...found);
}

function exponentClaim(sphere: MeasuredSphere, kernel: "nngp" | "ntk") {
  const theory = theoreticalExponent(kernel, null, sphere.dimension);
  const decays = shallow(sphere, kernel);
  const list = decays.map(({ weightLayers, even }) => `${shown(even)} (L = ${weightLayers})`).join(", ");
  return claim.atMost({
    id: `${kernel}-exponent-d${sphere.dimension}`,
    statement: `d = ${sphere.dimension}: eigenvalues of the ${kernel.toUpperCase()} of ReLU at even degrees decay as k^${theory} at every depth; the largest distance of the fitted exponents ${list}`,
    source: paper,
    measured: largest(decays.map(({ even }) => (even === null ? null : Math.abs(even - theory)))),
    bound: slopeTolerance(sphere),
  });
}

function depthClaim(sphere: MeasuredSphere) {
  const spread = (kernel: KernelName): number | null => {
    const found = shallow(sphere, kernel).map(({ even }) => even);
    const [top, bottom] = [largest(found), largest(found.map((value) => (value === null ? null : -value)))];
    return top === null || bottom === null ? null : top + bottom;
  };
  return claim.atMost({
    id: `depth-does-not-matter-d${sphere.dimension}`,
    statement: `d = ${sphere.dimension}: the range of the fitted exponents over the depths L <= ${deepest}, the larger one of NNGP and NTK`,
    source: paper,
    measured: largest([spread("nngp"), spread("ntk")]),
    bound: 0.01,
  });
}

function prefactorClaim(sphere: MeasuredSphere) {
  const decays = [...shallow(sphere, "nngp"), ...shallow(sphere, "ntk")];
  return claim.atMost({
    id: `prefactors-d${sphere.dimension}`,
    statement: `d = ${sphere.dimension}: the last even eigenvalue is what the constants at both ends say, which grow as L (NNGP) and L^2 (NTK); the largest relative distance for L <= ${deepest}`,
    source: derivation,
    measured: largest(decays.map(({ ratio }) => (ratio === null ? null : Math.abs(ratio - 1)))),
    bound: 0.005,
  });
}

function stepClaim(sphere: MeasuredSphere) {
  const decays = sphere.decays.filter(
    ({ kernel, weightLayers }) => kernel === "step" && (weightLayers === 3 || weightLayers === 4),
  );
  const off = decays.map(({ pairs, weightLayers }) =>
    pairs === null ? null : Math.abs(pairs - theoreticalExponent("step", weightLayers, sphere.dimension)),
  );
  return claim.atMost({
    id: `step-exponent-d${sphere.dimension}`,
    statement: `d = ${sphere.dimension}: with a step as activation depth does matter, k^(1 - d - 2^(2 - L)); the largest distance at L = 3 and 4 for the mean of neighbouring degrees, ${decays.map(({ pairs }) => shown(pairs)).join(" and ")}`,
    source: "Bietti, Bach 2021 (as we understand it)",
    measured: largest(off),
    bound: 0.02,
  });
}

function laplaceClaim(sphere: MeasuredSphere) {
  const [laplace] = sphere.decays.filter(({ kernel }) => kernel === "laplace");
  return claim.within({
    id: `laplace-exponent-d${sphere.dimension}`,
    statement: `d = ${sphere.dimension}: the Laplace kernel decays as the NTK of any depth does`,
    source: paper,
    measured: laplace.even,
    expected: -sphere.dimension,
    tolerance: slopeTolerance(sphere),
  });
}

function biasClaim(sphere: MeasuredSphere) {
  const [biased] = sphere.decays.filter(({ kernel }) => kernel === "ntk-bias");
  return claim.within({
    id: `bias-repairs-odd-d${sphere.dimension}`,
    statement: `d = ${sphere.dimension}: with a bias in the first layer the odd eigenvalues of one hidden layer decay as the even ones`,
    source: derivation,
    measured: biased.odd,
    expected: -sphere.dimension,
    tolerance: slopeTolerance(sphere),
  });
}

function parityClaim(sphere: MeasuredSphere) {
  const decays = sphere.decays.filter(
    ({ kernel, weightLayers }) => (kernel === "nngp" || kernel === "ntk") && weightLayers === 2,
  );
  return claim.atMost({
    id: `odd-vanish-d${sphere.dimension}`,
    statement: `d = ${sphere.dimension}: without a bias, one hidden layer of ReLU has no odd eigenvalues from degree 3 on; the largest over the largest even one`,
    source: derivation,
    measured: largest(decays.map(({ oddOverEven }) => oddOverEven)),
    bound: 1e-12,
  });
}

function quadratureClaim(sphere: MeasuredSphere) {
  return claim.atMost({
    id: `quadrature-d${sphere.dimension}`,
    statement: `d = ${sphere.dimension}: rules of two sizes give the same eigenvalues of all kernels; the largest difference over kappa(1)`,
    source: "observation",
    measured: largest(sphere.decays.map(({ error }) => error)),
    bound: 1e-13,
  });
}
