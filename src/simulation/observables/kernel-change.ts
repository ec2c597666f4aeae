import { invalidValue } from "../../errors.ts";
import { tangentKernel } from "../../networks/index.ts";
import { deriveKey } from "../../numerics/random/index.ts";
import type { SimulationSetting, SimulationView } from "../options.ts";

/** Kernels of this many points take tens of megabytes. */
const mostPoints = 4096;

/**
 * An observable: how much the empirical tangent kernel has changed since the start, |K_t - K_0|_F / |K_0|_F on a fixed set of points.
 * 0 all along is the kernel (lazy) regime.
 *
 * @param options samples: the points are so many draws of the law under a key of their own, an integer in [1, 4096]; or `points`, rows of d numbers
 * @throws MeanfieldError `invalid-value`
 */
export function kernelChange(
  options: { readonly samples: number } | { readonly points: Float64Array } = { samples: 64 },
): (view: SimulationView) => number {
  if ("samples" in options) {
    const { samples } = options;
    if (!(Number.isInteger(samples) && samples >= 1 && samples <= mostPoints)) {
      throw invalidValue("samples", `an integer in [1, ${mostPoints}]`, samples);
    }
  }
  // An observable may serve several simulations; each has its own start.
  const starts = new WeakMap<SimulationSetting, { readonly points: Float64Array; readonly kernel: Float64Array }>();
  const startOf = (setting: SimulationSetting) => {
    const known = starts.get(setting);
    if (known !== undefined) return known;
    const points = "points" in options ? options.points : sampledPoints(setting, options.samples);
    const kernel = tangentKernel(setting.network, setting.initial(), { points, speeds: setting.speeds });
    const start = { points, kernel };
    starts.set(setting, start);
    return start;
  };
  return ({ particles, setting }) => {
    const { points, kernel } = startOf(setting);
    const now = tangentKernel(setting.network, particles, { points, speeds: setting.speeds });
    let change = 0;
    let size = 0;
    for (let index = 0; index < kernel.length; index += 1) {
      change += (now[index] - kernel[index]) ** 2;
      size += kernel[index] ** 2;
    }
    return size === 0 ? Math.sqrt(change) : Math.sqrt(change / size);
  };
}

function sampledPoints({ law, seed }: SimulationSetting, count: number): Float64Array {
  const points = new Float64Array(count * law.dimension);
  const streams = {
    directions: deriveKey(seed, "observables", "kernel", "directions"),
    radii: deriveKey(seed, "observables", "kernel", "radii"),
  };
  law.sample(points, { first: 0, count, step: 0, replica: 0 }, streams);
  return points;
}
