import { createPositiveSorter } from "../numerics/positive-order.ts";
import type { Particles } from "./particles.ts";
import type { RayBundle } from "./ray.ts";

/** Up to so many crossings are sorted by insertion: the radix sort has a fixed cost, and most intervals hold one crossing or none. */
const fewCrossings = 48;

/**
 * The dense network along rays r u, exactly. Neuron i of the first layer switches at r = -c_i/(w_i.u) where that is positive; between two switches
 * every H_j is linear in r, A_j r + B_j, and its neuron switches where that changes its sign. At most (m1 + 1)(m2 + 1) pieces.
 *
 * Cost of a ray: O(m1 (d + log m1 + m2)) and a sort of the crossings; in practice that of evaluating the network at four or five points. Values at n given
 * radii need no crossings and no pieces, and cost O(m1 (d + log m1 + m2) + n m2). A bundle holds the transpose of U, so that the weights out of one neuron
 * lie side by side.
 */
export function denseRays(
  particles: Particles,
  dimension: number,
  negativeSlope: number,
  directions: Float64Array,
  count: number,
): RayBundle {
  const { w, c, u, e, a } = particles.arrays;
  const m1 = c.length;
  const m2 = e.length;
  const change = 1 - negativeSlope;
  const outgoing = new Float64Array(m1 * m2);
  for (let j = 0; j < m2; j += 1) for (let i = 0; i < m1; i += 1) outgoing[i * m2 + j] = u[j * m1 + i] / m1;
  const products = new Float64Array(m1);
  const kinks = new Float64Array(m1);
  const neuronOf = new Uint32Array(m1);
  const order = new Uint32Array(m1);
  const sorter = createPositiveSorter(m1);
  // H_j = slopes[j] r + intercepts[j] on the interval at hand.
  const slopes = new Float64Array(m2);
  const intercepts = new Float64Array(m2);
  const crossings = createCrossings(m2);

  function addNeuron(i: number, factor: number): void {
    const bySlope = factor * products[i];
    const byIntercept = factor * c[i];
    for (let j = 0, at = i * m2; j < m2; j += 1, at += 1) {
      slopes[j] += outgoing[at] * bySlope;
      intercepts[j] += outgoing[at] * byIntercept;
    }
  }

  /** Starts every H_j at r = 0, and sorts the first layer's kinks; returns their number. */
  function startRay(ray: number): number {
    slopes.fill(0);
    intercepts.set(e);
    let kinked = 0;
    for (let i = 0; i < m1; i += 1) {
      let product = 0;
      for (let k = 0; k < dimension; k += 1) product += w[i * dimension + k] * directions[ray * dimension + k];
      products[i] = product;
      if (c[i] > 0 || (c[i] === 0 && product > 0)) addNeuron(i, 1);
      else if (negativeSlope > 0) addNeuron(i, negativeSlope);
      if ((c[i] > 0 && product < 0) || (c[i] < 0 && product > 0)) {
        const kink = -c[i] / product;
        // A product that is nearly 0 may put the kink beyond all numbers.
        if (kink > 0 && kink < Infinity) {
          kinks[kinked] = kink;
          neuronOf[kinked] = i;
          kinked += 1;
        }
      }
    }
    sorter.sort(kinks, kinked, order);
    return kinked;
  }

  const bundle: RayBundle = {
    count,
    capacity: (m1 + 1) * (m2 + 1),
    centredPieces: null,
    valuesAt: (nodes) => (ray, out) => {
      const kinked = startRay(ray);
      let place = 0;
      for (let node = 0; node < nodes.length; node += 1) {
        const radius = nodes[node];
        for (; place < kinked && kinks[order[place]] <= radius; place += 1) {
          const i = neuronOf[order[place]];
          addNeuron(i, c[i] > 0 ? -change : change);
        }
        let sum = 0;
        for (let j = 0; j < m2; j += 1) {
          const value = slopes[j] * radius + intercepts[j];
          sum += (value > 0 ? a[j] : negativeSlope * a[j]) * value;
        }
        out[node] = sum / m2;
      }
    },
    pieces(ray, into) {
      const kinked = startRay(ray);
      let at = 0;
      let start = 0;
      for (let interval = 0; interval <= kinked; interval += 1) {
        const end = interval < kinked ? kinks[order[interval]] : Infinity;
        if (start < end) {
          // Whether H_j is on is asked anew in every interval, so that rounding in its sums never stays behind as a wrong sign.
          crossings.clear();
          let slope = 0;
          let intercept = 0;
          for (let j = 0; j < m2; j += 1) {
            const value = slopes[j] * start + intercepts[j];
            let isOn = value > 0 || (value === 0 && slopes[j] > 0);
            if (isOn ? slopes[j] < 0 : slopes[j] > 0) {
              const crossing = -intercepts[j] / slopes[j];
              if (!(crossing > start)) isOn = !isOn;
              else if (crossing < end) crossings.add(crossing, j);
            }
            const factor = isOn ? a[j] : negativeSlope * a[j];
            slope += factor * slopes[j];
            intercept += factor * intercepts[j];
          }
          into.starts[at] = start;
          into.slopes[at] = slope / m2;
          into.intercepts[at] = intercept / m2;
          at += 1;
          crossings.sort();
          for (let place = 0; place < crossings.count; place += 1) {
            const j = crossings.unitAt(place);
            const factor = (slopes[j] > 0 ? change : -change) * a[j];
            slope += factor * slopes[j];
            intercept += factor * intercepts[j];
            into.starts[at] = crossings.radiusAt(place);
            into.slopes[at] = slope / m2;
            into.intercepts[at] = intercept / m2;
            at += 1;
          }
          start = end;
        }
        if (interval < kinked) {
          const i = neuronOf[order[interval]];
          addNeuron(i, c[i] > 0 ? -change : change);
        }
      }
      into.count = at;
    },
  };
  return bundle;
}

/** Radii at which second-layer neurons switch within one interval, sorted on demand; allocates nothing after its making. */
function createCrossings(capacity: number) {
  const radii = new Float64Array(capacity);
  const units = new Uint32Array(capacity);
  const order = new Uint32Array(capacity);
  const sorter = createPositiveSorter(capacity);
  return {
    count: 0,
    clear(): void {
      this.count = 0;
    },
    add(radius: number, unit: number): void {
      radii[this.count] = radius;
      units[this.count] = unit;
      this.count += 1;
    },
    sort(): void {
      if (this.count > fewCrossings) {
        sorter.sort(radii, this.count, order);
        return;
      }
      for (let at = 0; at < this.count; at += 1) {
        let place = at;
        for (; place > 0 && radii[order[place - 1]] > radii[at]; place -= 1) order[place] = order[place - 1];
        order[place] = at;
      }
    },
    radiusAt: (place: number): number => radii[order[place]],
    unitAt: (place: number): number => units[order[place]],
  };
}
