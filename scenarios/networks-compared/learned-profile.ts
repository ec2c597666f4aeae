import { numerics, type ProfileCurve, type Simulation } from "meanfield";

/**
 * f along radii up to `outermost`: mean and percentiles over 100 directions under a key of their own, with the limit's profile.
 *
 * @param key tells the networks of a run apart
 * @param name how the curve is called in a legend
 */
export function learnedProfile(
  simulation: Simulation,
  { key, name, dimension, outermost }: { key: string; name: string; dimension: number; outermost: number },
): ProfileCurve {
  const rays = 100;
  const directions = numerics.arrangedDirections(
    rays,
    "antithetic-pairs",
    dimension,
    numerics.deriveKey("profile", key),
  );
  const radii = Array.from({ length: 81 }, (_, index) => (outermost * index) / 80);
  const particles = simulation.particles();
  const limit = simulation.limit();
  const points = new Float64Array(directions.length);
  const outputs = new Float64Array(rays);
  const columns = radii.map((radius) => {
    for (let index = 0; index < points.length; index += 1) points[index] = radius * directions[index];
    simulation.network.evaluate(particles, points, rays, outputs);
    const sorted = outputs.slice().sort();
    return { mean: numerics.mean(outputs), low: sorted[4], high: sorted[rays - 5] };
  });
  return {
    name,
    radii,
    mean: columns.map((column) => column.mean),
    low: columns.map((column) => column.low),
    high: columns.map((column) => column.high),
    limit: limit === null ? null : radii.map((radius) => limit.value(radius)),
  };
}
