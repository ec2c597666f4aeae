import { angleShare, arcCosineTail } from "../../networks/index.ts";
import type { DualActivation } from "./dual-activation.ts";

/**
 * ReLU (a = 0) and leaky ReLU, phi(z) = max(z, 0) + a min(z, 0), with the arc-cosine kernels k0, k1 (Cho, Saul 2009):
 *
 *     E phi phi = sqrt(q1 q2) ((1 - a)^2 k1(c)/2 + a c),   E phi' phi' = (1 - a)^2 k0(c)/2 + a.
 */
export function reluDual(negativeSlope: number): DualActivation {
  const a = negativeSlope;
  const bent = ((1 - a) * (1 - a)) / 2;
  const moment = (1 + a * a) / 2;
  return Object.freeze({
    secondMoment: (variance: number) => variance * moment,
    derivativeMoment: () => moment,
    pair(_first: number, _second: number, halfSine: number, halfCosine: number, out: Float64Array) {
      const gap = 2 * halfSine * halfSine;
      const cogap = 2 * halfCosine * halfCosine;
      if (halfSine <= halfCosine) {
        const tail = arcCosineTail(gap);
        out[0] = (bent * (gap - tail) + a * gap) / moment;
        out[1] = 2 - out[0];
        out[2] = bent * (1 - angleShare(gap)) + a;
      } else {
        const tail = arcCosineTail(cogap);
        out[0] = (bent * (1 - tail) + a * gap) / moment;
        // 1 + chat is (bent (1 + k1) + a (1 + c)) / moment, and moment = bent + a.
        out[1] = (bent * (1 + tail) + a * cogap) / moment;
        out[2] = bent * angleShare(cogap) + a;
      }
    },
    error: 4e-15,
  });
}
