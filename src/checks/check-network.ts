import {
  buildNetwork,
  type Network,
  type NetworkPlan,
  type Particles,
  particlesOn,
  tangentKernel,
} from "../networks/index.ts";
import { arrangedDirections } from "../numerics/directions.ts";
import { mean, standardError } from "../numerics/index.ts";
import { deriveKey, fillNormal } from "../numerics/random/index.ts";
import { type Property, propertyOf, worstOf } from "./property.ts";

export interface NetworkCheckOptions {
  /** Of the points, for a plan. @default 4 */
  readonly dimension?: number;
  /**
   * The squared mean-field gradient sum_p m_p (df(x)/dtheta_p)^2 at each of the points, for a network of a kind of your own; built-in kinds use
   * `networks.tangentKernel`.
   */
  readonly squaredGradient?: (particles: Particles, points: Float64Array) => Float64Array;
  /** Neurons m_p that the mean over an array's parameters runs over. @default the array's rows; rows times columns for the dense network's u */
  readonly neurons?: (array: string) => number;
}

/**
 * What every network must do, tried on this one: a start that is a function of seed and replica alone; arrays that fill its buffer; values that do not depend
 * on the batch; rays that agree with values; a gradient that agrees with finite differences; a spherical mean that does not depend on how it is asked, and,
 * where the network is a mean over neurons that each see x through one direction (two-layer), is the mean over rotations.
 *
 * @param network a plan, or a network object of your own
 * @returns one entry a property, in a fixed order; all must hold
 */
export function checkNetwork(network: NetworkPlan | Network, options: NetworkCheckOptions = {}): readonly Property[] {
  const built = "evaluate" in network ? network : buildNetwork(network, options.dimension ?? 4);
  const { dimension } = built.spec;
  const points = normals(12 * dimension, "points");
  // Not a start, which may be symmetric: every parameter on its own.
  const particles = particlesOn(built.layout, normals(built.layout.length, "particles"));
  return [
    startOfSeed(built),
    propertyOf("arrays fill the buffer without gaps, in order, and each belongs to a layer", () => {
      let end = 0;
      let wrong = 0;
      for (const { name, shape, offset, length } of built.layout.arrays) {
        const isWhole = offset === end && length === shape.reduce((product, extent) => product * extent, 1);
        if (!isWhole || !["first", "second", "third"].includes(built.layers[name])) wrong += 1;
        end = offset + length;
      }
      return { worst: wrong + Math.abs(end - built.layout.length), bound: 0 };
    }),
    propertyOf("values do not depend on the batch", () => {
      const whole = valuesOf(built, particles, points);
      const alone = Array.from(
        whole,
        (_, s) => valuesOf(built, particles, points.slice(s * dimension, (s + 1) * dimension))[0],
      );
      return { worst: worstOf(alone.map((value, s) => Math.abs(value - whole[s]))), bound: 1e-12 * sizeOf(whole) };
    }),
    raysAgree(built, particles),
    gradientAgrees(built, particles, points, options),
    sphericalMeanAgrees(built, particles),
  ];
}

function startOfSeed(network: Network): Property {
  return propertyOf("the start is finite, and a function of seed and replica alone", () => {
    const start = network.start("checks", 3).buffer;
    const wrong = [
      !network.start("checks", 3).buffer.every((value, index) => value === start[index]),
      network.start("other", 3).buffer.every((value, index) => value === start[index]),
      network.start("checks", 4).buffer.every((value, index) => value === start[index]),
      !start.every(Number.isFinite),
    ];
    return { worst: wrong.filter(Boolean).length, bound: 0 };
  });
}

function raysAgree(network: Network, particles: Particles): Property {
  return propertyOf("values along rays are values at the rays' points", () => {
    const { dimension } = network.spec;
    const rays = 6;
    const directions = arrangedDirections(rays, "independent", dimension, deriveKey("checks", "rays"));
    const radii = Float64Array.of(0.1, 0.7, 1.3, 2.9);
    const read = network.along(particles, directions, rays).valuesAt(radii);
    const found = new Float64Array(radii.length);
    const errors: number[] = [];
    for (let ray = 0; ray < rays; ray += 1) {
      read(ray, found);
      const row = directions.subarray(ray * dimension, (ray + 1) * dimension);
      const points = Float64Array.from(Array.from(radii, (r) => Array.from(row, (u) => r * u)).flat());
      const values = valuesOf(network, particles, points);
      errors.push(...Array.from(found, (value, node) => Math.abs(value - values[node]) / sizeOf(values)));
    }
    return { worst: worstOf(errors), bound: 1e-10 };
  });
}

/** sum_p m_p (df/dtheta_p)^2, given and by central differences. */
function gradientAgrees(
  network: Network,
  particles: Particles,
  points: Float64Array,
  { squaredGradient, neurons }: NetworkCheckOptions,
): Property {
  return propertyOf("the squared mean-field gradient agrees with finite differences", () => {
    const { dimension } = network.spec;
    const count = points.length / dimension;
    const neuronsOf = neurons ?? ((name: string) => defaultNeurons(network, name));
    const sums = new Float64Array(count);
    for (const { name, offset, length } of network.layout.arrays) {
      for (let index = offset; index < offset + length; index += 1) {
        const [up, down] = [1e-6, -1e-6].map((step) => {
          const moved = particlesOn(network.layout, Float64Array.from(particles.buffer));
          moved.buffer[index] += step;
          return valuesOf(network, moved, points);
        });
        for (let s = 0; s < count; s += 1) sums[s] += neuronsOf(name) * ((up[s] - down[s]) / 2e-6) ** 2;
      }
    }
    const given = squaredGradient?.(particles, points) ?? diagonal(network, particles, points);
    return { worst: worstOf(sums.map((sum, s) => Math.abs(sum - given[s]) / sizeOf(sums))), bound: 1e-6 };
  });
}

function diagonal(network: Network, particles: Particles, points: Float64Array): Float64Array {
  const count = points.length / network.spec.dimension;
  const speeds = Object.fromEntries(Object.keys(network.layers).map((name) => [name, 1]));
  const kernel = tangentKernel(network, particles, { points, speeds });
  return Float64Array.from({ length: count }, (_, s) => kernel[s * count + s]);
}

function defaultNeurons({ layout, spec }: Network, name: string): number {
  const array = layout.arrays.find((each) => each.name === name);
  if (array === undefined) return 1;
  return spec.kind === "dense" && name === "u" ? array.length : array.shape[0];
}

function sphericalMeanAgrees(network: Network, particles: Particles): Property {
  return propertyOf("the spherical mean is one function, and of a two-layer network the mean over rotations", () => {
    const fbar = network.sphericalMean(particles);
    const radii = Float64Array.of(0.2, 0.9, 2.1);
    const values = Array.from(radii, (r) => fbar.value(r));
    const together = fbar.valuesAt?.(radii) ?? values;
    const differences = values.map((value, k) => Math.abs(value - together[k]) / sizeOf(values) / 1e-9);
    if (network.spec.kind !== "two-layer") return { worst: worstOf(differences), bound: 5 };
    const { dimension } = network.spec;
    const count = 4000;
    const directions = arrangedDirections(count, "independent", dimension, deriveKey("checks", "rotations"));
    const deviations = values.map((value, k) => {
      const sampled = valuesOf(
        network,
        particles,
        directions.map((u) => radii[k] * u),
      );
      return Math.abs(mean(sampled) - value) / standardError(sampled);
    });
    return { worst: worstOf([...differences, ...deviations]), bound: 5 };
  });
}

function valuesOf(network: Network, particles: Particles, points: Float64Array): Float64Array {
  const count = points.length / network.spec.dimension;
  const out = new Float64Array(count);
  network.evaluate(particles, points, count, out);
  return out;
}

function sizeOf(values: Iterable<number>): number {
  return 1e-3 + worstOf(Array.from(values, Math.abs));
}

function normals(length: number, label: string): Float64Array {
  const out = new Float64Array(length);
  fillNormal(out, 0, length, 0, deriveKey("checks", label), 0, 0, 0);
  return out;
}
