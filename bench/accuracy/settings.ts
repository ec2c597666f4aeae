/** What each program trains at each accuracy: the fastest settings found that reach it from seeds 1, 2 and 3. */

/** Target losses, 1/2 E (f - f*)^2 on directions that no training used. */
export const accuracies = [1e-5, 1e-6, 1e-7] as const;
export type Accuracy = (typeof accuracies)[number];

/** The common task: depth-separation's bottleneck network with one atom, from v = -0.1, b = 0.1. */
export const task = Object.freeze({ dimension: 10, radiusCutoff: 3, secondWidth: 1 });

export interface OwnSettings {
  readonly width: number;
  readonly directions: number;
  readonly stepSize: number;
  /** Last step size over the first, linear in between. */
  readonly finalStepSize: number;
  readonly steps: number;
  readonly initialAlpha: number;
}

export interface TorchSettings {
  readonly width: number;
  readonly batch: number;
  readonly stepSize: number;
  readonly finalStepSize: number;
  readonly momentum: number;
  readonly steps: number;
  readonly initialAlpha: number;
  readonly start: "sphere" | "antithetic-frames";
  readonly precision: "f32" | "f64";
}

/** Radial-exact expectations on two antithetic frames of directions a step, first layer started in antithetic frames, plain gradient descent. */
export const ownSettings: Readonly<Record<Accuracy, OwnSettings>> = {
  1e-5: { width: 1600, directions: 40, stepSize: 1, finalStepSize: 1, steps: 65, initialAlpha: 2 },
  1e-6: { width: 12_500, directions: 40, stepSize: 1, finalStepSize: 1, steps: 105, initialAlpha: 2 },
  1e-7: { width: 150_000, directions: 40, stepSize: 1, finalStepSize: 1, steps: 170, initialAlpha: 2 },
};

const f32 = { finalStepSize: 1, initialAlpha: 1, precision: "f32" } as const;
const sgd = { ...f32, start: "sphere", momentum: 0 } as const;
const structured = { ...f32, start: "antithetic-frames", momentum: 0 } as const;
const momentum = { ...f32, start: "sphere", momentum: 0.8 } as const;

/**
 * Plain sgd from independent rows, the same from our structured start, and with momentum, which is another algorithm than gradient descent.
 * Null: nothing found that is faster than plain sgd. What was tried stands in bench/README.md.
 */
export const torchSettings: Readonly<Record<string, Readonly<Record<Accuracy, TorchSettings | null>>>> = {
  "PyTorch sgd": {
    1e-5: { ...sgd, width: 1400, batch: 64, stepSize: 1.4, steps: 220 },
    1e-6: { ...sgd, width: 8192, batch: 64, stepSize: 1.4, steps: 400 },
    1e-7: { ...sgd, width: 81_920, batch: 64, stepSize: 1.4, steps: 550 },
  },
  "PyTorch sgd, structured start": {
    1e-5: { ...structured, width: 2000, batch: 32, stepSize: 1, steps: 100, initialAlpha: 1.5 },
    1e-6: { ...structured, width: 16_000, batch: 64, stepSize: 1.4, steps: 400 },
    1e-7: null,
  },
  "PyTorch sgd with momentum": {
    1e-5: { ...momentum, width: 1400, batch: 32, stepSize: 1, steps: 100 },
    1e-6: { ...momentum, width: 8192, batch: 64, stepSize: 1, steps: 130 },
    1e-7: null,
  },
};
