/** Verdict of a claim: it holds, it fails, or the measurement cannot tell. */
export type Verdict = "holds" | "fails" | "inconclusive";

/** A statement with its source, the measured value with its interval, what was expected, and a verdict. */
export interface Claim {
  /** Lower case and hyphens, unique in the scenario. */
  readonly id: string;
  readonly statement: string;
  /** Where the statement comes from: a theorem with its paper, "our derivation", or "observation". */
  readonly source: string;
  readonly measured: number | null;
  readonly low: number | null;
  readonly high: number | null;
  /** The expected value in words and numbers, such as `2.09 +- 4 standard errors` or `<= 0.5`. */
  readonly expected: number | string | null;
  readonly tolerance: number | string | null;
  readonly verdict: Verdict;
}
