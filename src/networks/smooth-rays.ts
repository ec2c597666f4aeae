import type { Activation } from "./activation.ts";
import { multiply } from "./neuron-sums.ts";
import type { Particles } from "./particles.ts";
import type { RayBundle } from "./ray.ts";

/** A network of a smooth activation along rays: values at given radii, no pieces. */
function smoothRays(count: number, valuesAt: RayBundle["valuesAt"]): RayBundle {
  return { count, capacity: 0, pieces: null, centredPieces: null, valuesAt };
}

/** Writes w_i.u of one ray for all rows w_i. */
function multiplyRows(w: Float64Array, directions: Float64Array, ray: number, products: Float64Array): void {
  const dimension = w.length / products.length;
  const direction = ray * dimension;
  for (let i = 0, row = 0; i < products.length; i += 1) {
    let product = 0;
    for (let k = 0; k < dimension; k += 1, row += 1) product += w[row] * directions[direction + k];
    products[i] = product;
  }
}

/** f(r u) = (1/m) sum_i a_i sigma(r w_i.u + b_i): the products w_i.u are formed once a ray. */
export function smoothTwoLayerRays(
  { arrays: { w, b, a } }: Particles,
  activation: Activation,
  directions: Float64Array,
  count: number,
): RayBundle {
  const products = new Float64Array(b.length);
  return smoothRays(count, (nodes) => (ray, out) => {
    multiplyRows(w, directions, ray, products);
    for (let node = 0; node < nodes.length; node += 1) {
      const radius = nodes[node];
      let sum = 0;
      for (let i = 0; i < b.length; i += 1) sum += a[i] * activation.value(radius * products[i] + b[i]);
      out[node] = sum / b.length;
    }
  });
}

/** Radii looked at together, so that a row of U is read once for all of them. */
const block = 8;

/** y(r u) = (1/m2) sum_j a_j sigma(e_j + (1/m1) sum_i U_ji sigma(r w_i.u + c_i)), summed in the order of `evaluate`. */
export function smoothDenseRays(
  { arrays: { w, c, u, e, a } }: Particles,
  activation: Activation,
  directions: Float64Array,
  count: number,
): RayBundle {
  const m1 = c.length;
  const m2 = e.length;
  const products = new Float64Array(m1);
  const hidden = new Float64Array(m1 * block);
  const inner = new Float64Array(block);
  const sums = new Float64Array(block);
  return smoothRays(count, (nodes) => (ray, out) => {
    multiplyRows(w, directions, ray, products);
    for (let first = 0; first < nodes.length; first += block) {
      const used = Math.min(block, nodes.length - first);
      for (let i = 0; i < m1; i += 1) {
        for (let s = 0; s < used; s += 1) {
          hidden[i * block + s] = activation.value(nodes[first + s] * products[i] + c[i]);
        }
      }
      sums.fill(0);
      for (let j = 0; j < m2; j += 1) {
        multiply(u, j * m1, hidden, inner);
        for (let s = 0; s < used; s += 1) sums[s] += a[j] * activation.value(e[j] + inner[s] / m1);
      }
      for (let s = 0; s < used; s += 1) out[first + s] = sums[s] / m2;
    }
  });
}
