/** One property of a part, and whether it holds. */
export interface Property {
  /** A sentence that can be false. */
  readonly property: string;
  readonly holds: boolean;
  /** The worst that was found, with its bound; or the error that the part threw. */
  readonly detail: string;
}

/** The worst number found and the bound that it must not pass; a part's own error counts as a failure. */
export function propertyOf(
  property: string,
  measure: () => { readonly worst: number; readonly bound: number },
): Property {
  try {
    const { worst, bound } = measure();
    return { property, holds: worst <= bound, detail: `worst ${worst.toPrecision(3)}, bound ${bound}` };
  } catch (error) {
    return { property, holds: false, detail: `it threw: ${error instanceof Error ? error.message : String(error)}` };
  }
}

/** The largest of the numbers; NaN where one of them is, so that no comparison holds. */
export function worstOf(numbers: Iterable<number>): number {
  let worst = 0;
  for (const number of numbers) if (!(number <= worst)) worst = number;
  return worst;
}
