import type { ErrorDetails } from "../errors.ts";
import type { RunOutcome } from "../runs/index.ts";

/** Writes the one JSON document of a command to standard output. */
export function writeDocument(document: unknown): void {
  process.stdout.write(`${JSON.stringify(document)}\n`);
}

/** The document of a run, as `--json` prints it. */
export function runDocument(outcome: RunOutcome) {
  const { status, scenario, id, dir, parameters, seed, engines, summary, error } = outcome;
  const claims = outcome.claims.map(
    ({ statement, source, measured, low, high, expected, tolerance, verdict, pass, ...rest }) => ({
      id: rest.id,
      statement,
      source,
      measured,
      low,
      high,
      expected,
      tolerance,
      verdict,
      pass,
    }),
  );
  return {
    status,
    scenario,
    id,
    dir,
    parameters,
    seed,
    engines,
    summary,
    claims,
    ...(error === null ? {} : { error }),
  };
}

/** The document of a command that could not start or broke off. */
export function errorDocument(status: "invalid" | "failed", code: string, message: string, details: ErrorDetails) {
  const { path = null, expected = null, got = null, suggestion = null } = details;
  return { status, error: { code, message, path, expected, got, suggestion } };
}
