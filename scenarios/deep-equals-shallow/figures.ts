import type { Figure, Series } from "meanfield";
import { type Decay, type KernelName, type Sphere, theoreticalExponent } from "./spectra.ts";

export function figuresOf(spheres: readonly Sphere[]): readonly Figure[] {
  return [
    ...spheres.flatMap((sphere) => [
      eigenvalueFigure(sphere, "nngp", "NNGP of ReLU"),
      eigenvalueFigure(sphere, "ntk", "NTK of ReLU"),
      eigenvalueFigure(sphere, "step", "NNGP of steps"),
    ]),
    exponentFigure(spheres),
    prefactorFigure(spheres),
  ];
}

function depthOf({ weightLayers }: Decay): number {
  return weightLayers ?? 0;
}

function eigenvalueFigure(sphere: Sphere, kernel: KernelName, name: string): Figure {
  const { dimension, decays } = sphere;
  // Odd degrees of one hidden step, even ones elsewhere, where all are positive.
  const isShown = (decay: Decay, k: number) => k >= 2 && k % 2 === (kernel === "step" && depthOf(decay) === 2 ? 1 : 0);
  const chosen = decays.filter((each) => each.kernel === kernel || (kernel === "ntk" && each.kernel === "laplace"));
  return {
    id: `${kernel}-d${dimension}`,
    title: `${name}: eigenvalues on the sphere in d = ${dimension}`,
    caption: `mu_k of degree k against k + (d - 2)/2, ${kernel === "step" ? "even degrees (one hidden layer: odd ones)" : "even degrees"}, L layers of weights${kernel === "ntk" ? ", and the Laplace kernel" : ""}. ${kernel === "step" ? "The slope depends on L." : `Depth shifts the line and leaves its slope, ${theoreticalExponent(kernel, null, dimension)} in theory.`}`,
    x: { label: "k + (d - 2)/2", scale: "log" },
    y: { label: "mu_k", scale: "log" },
    series: chosen.map((decay): Series => {
      const degrees = decay.eigenvalues.map((_, index) => index + 1).filter((k) => isShown(decay, k));
      return {
        name: decay.weightLayers === null ? "Laplace" : `L = ${decay.weightLayers}`,
        mark: decay.weightLayers === null ? "dashed" : "line",
        x: degrees.map((k) => k + (dimension - 2) / 2),
        y: degrees.map((k) => {
          const value = decay.eigenvalues[k - 1];
          return value === null ? null : Math.abs(value);
        }),
      };
    }),
  };
}

function exponentFigure(spheres: readonly Sphere[]): Figure {
  return {
    id: "exponents",
    title: "The exponent does not depend on the depth",
    caption:
      "Fitted exponent minus the theoretical one, even degrees of NNGP and NTK of ReLU, against the layers of weights L; all depths have the same theory. Solid: NNGP, dashed: NTK.",
    x: { label: "layers of weights L", scale: "log" },
    y: { label: "fitted - theory", scale: "linear" },
    series: overDepth(spheres, ({ even, kernel, weightLayers }, dimension) =>
      even === null ? null : even - theoreticalExponent(kernel, weightLayers, dimension),
    ),
  };
}

function prefactorFigure(spheres: readonly Sphere[]): Figure {
  return {
    id: "prefactors",
    title: "The constant does, and is known",
    caption:
      "Last even eigenvalue over what the constants at both ends of the kernel say, minus 1, against the layers of weights L. The constants grow as L (NNGP, solid) and L^2 (NTK, dashed).",
    x: { label: "layers of weights L", scale: "log" },
    y: { label: "mu_k / theory - 1", scale: "linear" },
    series: overDepth(spheres, ({ ratio }) => (ratio === null ? null : ratio - 1)),
  };
}

function overDepth(spheres: readonly Sphere[], value: (decay: Decay, dimension: number) => number | null): Series[] {
  return spheres.flatMap(({ dimension, decays }) =>
    (["nngp", "ntk"] as const).map((kernel): Series => {
      const chosen = decays.filter((each) => each.kernel === kernel);
      return {
        name: `${kernel.toUpperCase()}, d = ${dimension}`,
        mark: kernel === "nngp" ? "line" : "dashed",
        x: chosen.map(depthOf),
        y: chosen.map((decay) => value(decay, dimension)),
        group: `d = ${dimension}`,
      };
    }),
  );
}
