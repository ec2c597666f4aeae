import type { Figure, Series } from "../../src/scenario/figure.ts";

// Shapes and sizes of what the scenarios draw: many decades, several curves, limits, bands, error bars.

const times = Array.from({ length: 41 }, (_, index) => round(0.1 * 4000 ** (index / 40)));
const radii = Array.from({ length: 31 }, (_, index) => round(index / 10));

/** The split of the loss along the way. */
export const lossSplit: Figure = {
  id: "loss-split",
  title: "Where the loss of the bottleneck network comes from",
  caption:
    "Loss and its parts against mean-field time, d = 10, m1 = 1024; the dashed curve is the infinitely wide network. Errors are below the line width.",
  x: { label: "mean-field time t = step × step size", scale: "log" },
  y: { label: "part of the loss", scale: "log" },
  series: [
    line("loss L", times, (t) => 0.11 / (1 + t ** 1.6) + 3e-6, "loss"),
    line("mean-field part", times, (t) => 0.105 / (1 + t ** 1.6) + 1e-6, "meanField"),
    line("cross term (absolute)", times, (t) => 0.002 / (1 + (t / 3) ** 2) + 1.3e-6, "cross"),
    line("discretisation", times, (t) => 4.8e-6 * (1 + t) * Math.exp(-t / 60) + 1e-6, "discretization"),
    line("time step", times, (t) => 2e-6 + 3e-5 * Math.exp(-(Math.log(t) ** 2)), "timeStep"),
    line("sampling", times, (t) => 1e-6 * (1 + t / 100), "sampling"),
    { ...line("infinite width", times, (t) => 0.1 / (1 + t ** 1.6) + 1e-6, "meanField"), mark: "dashed" },
  ],
};

/** A curve beside its limit, on linear axes. */
export const alphaOverTime: Figure = {
  id: "alpha-over-time",
  title: "First-layer strength α",
  caption: "α = C_d E|w|² of a network with m1 = 256 against its limit.",
  x: { label: "mean-field time t", scale: "linear" },
  y: { label: "α", scale: "linear" },
  series: [
    line("m1 = 256", [0, ...times], (t) => 1 + 0.18 * (1 - Math.exp(-t / 40)) - 0.004 * t * Math.exp(-t), "alpha"),
    { ...line("infinite width", [0, ...times], (t) => 1 + 0.184 * (1 - Math.exp(-t / 40)), "alpha"), mark: "dashed" },
  ],
};

/** Learned radial profiles of two networks with bands, and the target. */
export const radialProfile: Figure = {
  id: "radial-profile",
  title: "What was learned, along the radius",
  caption: "Mean over directions of f(r u); bands hold the middle 90 % of the directions.",
  x: { label: "radius r = |x|", scale: "linear" },
  y: { label: "f(x)", scale: "linear" },
  series: [
    band("3-layer bottleneck, 4096 neurons", radii, (r) => Math.max(0, 1 - r), 0.01, "bottleneck"),
    line("3-layer bottleneck, 4096 neurons", radii, (r) => Math.max(0, 1 - r), "bottleneck"),
    band("2-layer, 4096 neurons (tuned step)", radii, (r) => 0.85 * Math.exp(-1.6 * r * r) + 0.05, 0.06, "twoLayer"),
    line("2-layer, 4096 neurons (tuned step)", radii, (r) => 0.85 * Math.exp(-1.6 * r * r) + 0.05, "twoLayer"),
    { ...line("target ReLU(1 − |x|)", radii, (r) => Math.max(0, 1 - r), "target"), mark: "dotted" },
  ],
};

/** Points with error bars and a fitted slope. */
export const widthLaw: Figure = {
  id: "width-law",
  title: "The discretisation error falls as 1/width",
  caption: "L_disc at t = 20 over 8 seeds each, with 95 % intervals; dashed: fits of slope −1.02 and −0.98.",
  x: { label: "first-layer width m1", scale: "log" },
  y: { label: "L_disc", scale: "log" },
  series: [
    points("bottleneck", [25, 50, 100, 200, 400, 800, 1600], (m) => 0.071 / m ** 1.02, 0.25, "bottleneck"),
    { ...line("bottleneck, fit", [25, 1600], (m) => 0.07 / m ** 1.02, "bottleneck"), mark: "dashed" },
    points("2-layer", [25, 50, 100, 200, 400, 800, 1600], (m) => 0.6 / m ** 0.98, 0.2, "twoLayer"),
    { ...line("2-layer, fit", [25, 1600], (m) => 0.61 / m ** 0.98, "twoLayer"), mark: "dashed" },
  ],
};

/** Less than two decades on a log axis. */
export const relativeVariance: Figure = {
  id: "relative-variance",
  title: "m1 Var F / α² decays while the network learns",
  caption: "Relative variance of the first layer's output over directions, times the width.",
  x: { label: "mean-field time t", scale: "linear" },
  y: { label: "m1 Var F / α²", scale: "log" },
  series: [
    line("i.i.d. start", [0, 5, 20, 60, 120, 200, 400, 600], (t) => 2.25 * Math.exp(-t / 134), "iid"),
    line("antithetic frames", [0, 5, 20, 60, 120, 200, 400, 600], (t) => 0.112 * Math.exp(-t / 700), "frames"),
  ],
};

export const exampleFigures: readonly Figure[] = [lossSplit, alphaOverTime, radialProfile, widthLaw, relativeVariance];

function line(name: string, x: readonly number[], f: (x: number) => number, group: string): Series {
  return { name, mark: "line", x, y: x.map((value) => round(f(value))), group };
}

function band(name: string, x: readonly number[], f: (x: number) => number, half: number, group: string): Series {
  const y = x.map((value) => round(f(value)));
  const low = y.map((value) => round(value - half));
  const high = y.map((value) => round(value + half));
  return { name, mark: "band", x, y, low, high, group };
}

function points(name: string, x: readonly number[], f: (x: number) => number, relative: number, group: string): Series {
  const y = x.map((value) => round(f(value)));
  const low = y.map((value) => round(value * (1 - relative)));
  const high = y.map((value) => round(value * (1 + relative)));
  return { name, mark: "points", x, y, low, high, group };
}

/** Six digits: the platform's last bits of exp and pow must not reach a snapshot. */
function round(value: number): number {
  return Number(value.toPrecision(6));
}
