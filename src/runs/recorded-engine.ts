import { existsSync } from "node:fs";
import { join } from "node:path";
import { type EnginePreference, type EngineUse, engineText, type Numerics } from "../engines/index.ts";
import { MeanfieldError } from "../errors.ts";
import type { RunProvenance } from "./files.ts";
import { membersFolder } from "./member-files.ts";
import { readJson } from "./store.ts";

/** The engines of several uses, each once, in the order of their first use. */
export function distinctUses(uses: readonly EngineUse[]): readonly EngineUse[] {
  const key = (use: EngineUse) => `${engineText(use)} ${use.precision}`;
  return uses.filter((use, index) => uses.findIndex((other) => key(other) === key(use)) === index);
}

/**
 * An unfinished run goes on only with the numerics that it was begun with: else it would leave bits that no uninterrupted run gives.
 *
 * @param engine that the run would go on with
 * @throws MeanfieldError `unsupported-combination` with the options to take; nothing has been touched then
 */
export function checkGoesOn(dir: string, engine: EngineUse): void {
  if (!existsSync(join(dir, membersFolder))) return;
  const begun = readJson<RunProvenance>(join(dir, "provenance.json"))?.engine ?? null;
  if (begun === null || begun.numerics === engine.numerics) return;
  const expected = `the bits that it was begun with (${engineText(begun)})`;
  const suggestion = `add ${optionsFor(begun.numerics)} to go on, or --force to start it again`;
  throw new MeanfieldError(
    "unsupported-combination",
    `${dir}: expected to go on with ${expected}, got ${engineText(engine)}, which would not give those of an uninterrupted run; ${suggestion}`,
    { path: dir, expected, got: engineText(engine), suggestion },
  );
}

/** The options of a command that lead to these numerics. */
export function optionsFor(numerics: Numerics): string {
  return numerics === "reference" ? "--engine reference" : `--arithmetic ${numerics}`;
}

/**
 * The numerics that a repetition of this run needs; null where its simulations took none of the run's engine: there were none, or its author
 * named another.
 */
export function neededNumerics({ engine, used }: RunProvenance): Numerics | null {
  return used.some(({ numerics }) => numerics === engine.numerics) ? engine.numerics : null;
}

/** What to ask for so that the choice falls on an engine of these numerics, if one works here. */
export function preferenceFor(
  numerics: Numerics | null,
  engine: EnginePreference["engine"] = "auto",
): EnginePreference {
  if (numerics === null) return { engine, arithmetic: "auto" };
  if (numerics === "reference") return { engine: engine === "auto" ? "reference" : engine, arithmetic: "plain" };
  return { engine, arithmetic: numerics };
}

/** The error `engine-unavailable` of a run that cannot be repeated here, with the reason. */
export function cannotRepeat(dir: string, { engine }: RunProvenance, reason: string): MeanfieldError {
  const expected = `the bits of ${engineText(engine)}`;
  const suggestion = "repeat it on a machine that has it; meanfield doctor shows what works on this one";
  return new MeanfieldError(
    "engine-unavailable",
    `${dir}: expected to repeat ${expected}, which cannot be had here: ${reason}; ${suggestion}`,
    { path: dir, expected, got: reason, suggestion },
  );
}
