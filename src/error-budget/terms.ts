/** A measured number with its standard error (0 where it is exact given the state). */
export interface Measured {
  readonly value: number;
  readonly error: number;
}

/**
 * The split of the loss L = 1/2 E(f - f*)^2 at one time; a term is null where it was not measured.
 *
 * Static split, with fbar the spherical symmetrisation of the network's layer-1 measure: L = meanField + cross + discretization, exactly on the
 * points where the three are evaluated. Trajectory split, against the limit: see `trajectory`.
 */
export interface ErrorBudget {
  /** 1/2 E(fbar - f*)^2 */
  readonly meanField: Measured | null;
  /** E[(fbar - f*)(f - fbar)], raw: the term with which the three add up. */
  readonly cross: Measured | null;
  /** The cross term with the sample mean of F(u) - alpha over the evaluation directions removed: far less noise, and the same expectation up to O(1/directions) (docs/theory/error-budget.md). */
  readonly crossCentred: Measured | null;
  /** 1/2 E(f - fbar)^2 */
  readonly discretization: Measured | null;
  /** 1/2 E(f_(inf,eta) - f_(inf,0))^2: what the finite step size costs the limit. */
  readonly timeStep: Measured | null;
  /** Sampling part of the trajectory gap: null in the records of a simulation, since one run cannot tell it; `simulateReplicas` measures it. */
  readonly sampling: Measured | null;
  /**
   * 1/2 E(f - f_(inf,eta))^2, against the limit stepped with the same step size; beside a wide reference (`limits.wideCoupling`) 1/2 E(f - f_M)^2,
   * as it is.
   */
  readonly trajectoryGap: Measured | null;
  /**
   * Beside a wide reference trajectoryGap / (1 - m/M): to leading order the gap to infinite width, since f and f_M share m particles. Null beside an exact
   * limit, and where no such factor exists (M = m, or layers widened by different factors).
   */
  readonly correctedTrajectoryGap: Measured | null;
  /** All six terms of L over the brackets f - f_(inf,eta), f_(inf,eta) - f_(inf,0), f_(inf,0) - f*; they add up to L exactly. */
  readonly trajectory: TrajectoryTerms | null;
}

/** Squares carry the factor 1/2; products do not. */
export interface TrajectoryTerms {
  readonly gap: Measured;
  readonly timeStep: Measured;
  readonly meanField: Measured;
  readonly gapTimeStep: Measured;
  readonly gapMeanField: Measured;
  readonly timeStepMeanField: Measured;
}
