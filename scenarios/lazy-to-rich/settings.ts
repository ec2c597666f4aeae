import { activations, networks, type SimulateOptions } from "meanfield";
import type { Values } from "./parameters.ts";

/**
 * Networks that start as f = 0, by what that start is made of. `pairs`: neurons (theta, a) with their doubles (theta, -a). `ridges`: six neurons at +-z_1,
 * +-z_2, -+(z_1 + z_2), of which softplus(z) - softplus(-z) = z makes the linear function z_1 + z_2 - (z_1 + z_2) = 0; b_1, b_2 > 0.
 */
export const settings = ["pairs", "ridges", "dense", "relu"] as const;
export type Setting = (typeof settings)[number];

export const labels: Readonly<Record<Setting, string>> = {
  pairs: "2-layer softplus, pairs",
  ridges: "2-layer softplus, ridges",
  dense: "3-layer dense softplus, pairs",
  relu: "2-layer ReLU, pairs",
};

/** The order of 1/gamma to which the run agrees with the kernel; null where there is only an observation. */
export const orders: Readonly<Record<Setting, number | null>> = { pairs: 2, ridges: 1, dense: 2, relu: null };

/** The plan of a setting's network. */
export function planOf(setting: Setting, { width }: Values): SimulateOptions["network"] {
  const activation = setting === "relu" ? activations.relu() : activations.softplus();
  if (setting !== "dense") return networks.twoLayer({ width, activation });
  return networks.dense({
    firstLayerWidth: width / 6,
    secondLayerWidth: 2 * Math.ceil(width / 24),
    activation,
    outputStart: "zero",
  });
}

/** Its particles at time 0. */
export function startOf(
  setting: Setting,
  network: networks.Network,
  seed: string | number,
  replica: number,
): networks.Particles {
  const start = network.start(seed, replica);
  if (setting === "ridges") intoRidges(start, network.spec.dimension);
  return start;
}

/**
 * Turns a two-layer start in pairs into ridges: of each six neurons the first and the third keep their w and |b|. (With b of either sign (w, b) and
 * (-w, -b) would be equally likely, and what is odd in z would vanish up to fluctuations of 1/sqrt(m).)
 */
function intoRidges({ arrays: { w, b, a } }: networks.Particles, dimension: number): void {
  for (let first = 0; first < a.length; first += 6) {
    for (const index of [0, 2]) b[first + index] = Math.abs(b[first + index]);
    for (const [array, size] of [
      [w, dimension],
      [b, 1],
    ] as const) {
      const rowOf = (index: number) => array.subarray((first + index) * size, (first + index + 1) * size);
      rowOf(4).set(rowOf(0).map((value, k) => value + rowOf(2)[k]));
      for (const index of [1, 3, 5]) rowOf(index).set(rowOf(index - 1).map((value) => -value));
    }
    a.set([1, -1, 1, -1, -1, 1], first);
  }
}
