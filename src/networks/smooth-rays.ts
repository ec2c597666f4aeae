import type { Activation } from "./activation.ts";
import type { Particles } from "./particles.ts";
import type { RayBundle } from "./ray.ts";

/**
 * A network of a smooth activation along rays: values at given radii, no pieces. On the ray through u a neuron is sigma(r w.u + b), so the products
 * w.u are formed once a ray.
 */
function smoothRays(count: number, startRay: (ray: number) => void, valueAt: (radius: number) => number): RayBundle {
  return {
    count,
    capacity: 0,
    pieces: null,
    centredPieces: null,
    valuesAt: (nodes) => (ray, out) => {
      startRay(ray);
      for (let node = 0; node < nodes.length; node += 1) out[node] = valueAt(nodes[node]);
    },
  };
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

/** f(r u) = (1/m) sum_i a_i sigma(r w_i.u + b_i). */
export function smoothTwoLayerRays(
  { arrays: { w, b, a } }: Particles,
  activation: Activation,
  directions: Float64Array,
  count: number,
): RayBundle {
  const products = new Float64Array(b.length);
  return smoothRays(
    count,
    (ray) => multiplyRows(w, directions, ray, products),
    (radius) => {
      let sum = 0;
      for (let i = 0; i < b.length; i += 1) sum += a[i] * activation.value(radius * products[i] + b[i]);
      return sum / b.length;
    },
  );
}

/** y(r u) from the first layer's activations at r w_i.u + c_i; `output` is the rest of the network. */
export function smoothDenseRays(
  { arrays: { w, c } }: Particles,
  activation: Activation,
  output: (hidden: Float64Array) => number,
  directions: Float64Array,
  count: number,
): RayBundle {
  const products = new Float64Array(c.length);
  const hidden = new Float64Array(c.length);
  return smoothRays(
    count,
    (ray) => multiplyRows(w, directions, ray, products),
    (radius) => {
      for (let i = 0; i < c.length; i += 1) hidden[i] = activation.value(radius * products[i] + c[i]);
      return output(hidden);
    },
  );
}
