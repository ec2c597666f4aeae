import type { DynamicsSpec } from "../dynamics/index.ts";
import { MeanfieldError } from "../errors.ts";

/** Throws `unsupported-combination` for dynamics under which no limit is built in. */
export function requireLimitDynamics({ kind, temperature, weightDecay }: DynamicsSpec): void {
  if (temperature > 0 || weightDecay > 0) {
    const expected = "none, since the limits describe the gradient flow without noise and decay";
    const what = temperature > 0 ? `temperature ${temperature}` : `weightDecay ${weightDecay}`;
    const got = `one beside ${what}`;
    const suggestion = "use no limit";
    throw new MeanfieldError("unsupported-combination", `limit: expected ${expected}, got ${got}; ${suggestion}`, {
      path: "limit",
      expected,
      got,
      suggestion,
    });
  }
  if (kind !== "adam") return;
  const expected =
    "none, since Adam is no mean-field dynamics: it divides coordinate by coordinate, so that a spherically symmetric first layer does not stay one";
  const suggestion = "use no limit, limits.wideCoupling, or gradientDescent";
  throw new MeanfieldError("unsupported-combination", `limit: expected ${expected}, got one; ${suggestion}`, {
    path: "limit",
    expected,
    got: "a limit",
    suggestion,
  });
}
