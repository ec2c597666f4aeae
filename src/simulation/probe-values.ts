import { type Network, type Particles, particlesOn } from "../networks/index.ts";
import type { LimitTrack } from "./limit-track.ts";
import type { Probes, ProbeValues } from "./probes.ts";
import type { SimulationState } from "./state.ts";
import type { WideReference } from "./wide-reference.ts";

/** Reads the values of a simulation's functions at its probes. */
export type ProbeReader = (particles: Particles, state: SimulationState) => ProbeValues;

/** The reader of a simulation of gamma f: the network beside its stepped limit or its wide reference. */
export function createProbeReader(
  { count, points, dimension }: Probes,
  network: Network,
  track: LimitTrack | null,
  reference: WideReference | null,
  outputScale: number,
): ProbeReader {
  const radii = Float64Array.from({ length: count }, (_, probe) => {
    let square = 0;
    for (let k = probe * dimension; k < (probe + 1) * dimension; k += 1) square += points[k] * points[k];
    return Math.sqrt(square);
  });
  const valuesOf = (which: Network, particles: Particles): number[] => {
    const values = new Float64Array(count);
    which.evaluate(particles, points, count, values);
    return Array.from(values, (value) => outputScale * value);
  };
  const limitOf = ({ stepped, reference: wide }: SimulationState): number[] | null => {
    if (reference !== null && wide !== null) {
      return valuesOf(reference.network, particlesOn(reference.network.layout, wide.particles));
    }
    if (track === null || stepped === null) return null;
    const { value } = track.profile(stepped);
    return Array.from(radii, (radius) => outputScale * value(radius));
  };
  return (particles, state) => ({ network: valuesOf(network, particles), limit: limitOf(state) });
}
