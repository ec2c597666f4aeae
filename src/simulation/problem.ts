import type { LawSpec } from "../laws/law.ts";
import type { TargetSpec } from "../targets/target.ts";

/** What to learn: inputs from the law, values of the target. */
export interface Problem {
  readonly law: LawSpec;
  readonly target: TargetSpec;
}
