import { AsyncLocalStorage } from "node:async_hooks";
import { invalidValue, nearestName } from "../errors.ts";
import { type Arithmetic, arithmetics, type EngineName, engineNames } from "./engine.ts";

/** What is asked of the choice of an engine; `auto` leaves it to the machine. */
export interface EnginePreference {
  readonly engine: EngineName | "auto";
  readonly arithmetic: Arithmetic | "auto";
}

/** A preference with the names under which its parts were given, for the sentences of errors. */
export interface NamedPreference extends EnginePreference {
  /** `engine`, or `MEANFIELD_ENGINE` where the environment decided. */
  readonly engineFrom: string;
  /** `arithmetic`, or `MEANFIELD_ARITHMETIC`. */
  readonly arithmeticFrom: string;
}

const engineChoices = ["auto", ...engineNames] as const;
const arithmeticChoices = ["auto", ...arithmetics] as const;

const scope = new AsyncLocalStorage<EnginePreference>();

/**
 * Does `work` so that simulations in it, also after awaits, follow `preference` where their own options say `auto`: how a command line's choice
 * reaches the simulations of a scenario, whose author knows nothing of it.
 */
export function withEnginePreference<Value>(preference: EnginePreference, work: () => Value): Value {
  return scope.run(preference, work);
}

/**
 * The preference that holds: what is given, else that of the surrounding `withEnginePreference`, else the environment's `MEANFIELD_ENGINE` and
 * `MEANFIELD_ARITHMETIC`; each of these counts as not given where it says `auto` (or, in the environment, nothing).
 *
 * @throws MeanfieldError `invalid-value` for a word that is none of the choices, naming the option or the variable
 */
export function resolvePreference(
  given: Partial<EnginePreference>,
  environment: Readonly<Record<string, string | undefined>> = process.env,
): NamedPreference {
  const around = scope.getStore();
  const engine = firstChoice(engineChoices, [
    ["engine", given.engine],
    ["engine", around?.engine],
    ["MEANFIELD_ENGINE", environment.MEANFIELD_ENGINE],
  ]);
  const arithmetic = firstChoice(arithmeticChoices, [
    ["arithmetic", given.arithmetic],
    ["arithmetic", around?.arithmetic],
    ["MEANFIELD_ARITHMETIC", environment.MEANFIELD_ARITHMETIC],
  ]);
  return {
    engine: engine.value,
    arithmetic: arithmetic.value,
    engineFrom: engine.from,
    arithmeticFrom: arithmetic.from,
  };
}

/** The first word that is not `auto`; words behind it are not looked at. */
function firstChoice<const Choice extends string>(
  choices: readonly Choice[],
  words: readonly (readonly [from: string, word: string | undefined])[],
): { readonly value: Choice | "auto"; readonly from: string } {
  for (const [from, word] of words) {
    if (word === undefined || word === "" || word === "auto") continue;
    const value = choices.find((choice) => choice === word);
    if (value !== undefined) return { value, from };
    const nearest = typeof word === "string" ? nearestName(word, choices) : null;
    throw invalidValue(
      from,
      `one of ${choices.join(", ")}`,
      word,
      nearest === null ? undefined : `did you mean "${nearest}"?`,
    );
  }
  return { value: "auto", from: words[0][0] };
}
