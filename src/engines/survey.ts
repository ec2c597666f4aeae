import { chooseEngine } from "./choose.ts";
import { type Arithmetic, arithmetics, type EngineName, engineNames } from "./engine.ts";
import { type EngineUse, engineUse } from "./numerics.ts";
import { type EngineOffers, installedOffers } from "./offers.ts";
import { type Precision, precisions } from "./reals.ts";

/** What one engine offers in one arithmetic. */
export interface EngineState {
  readonly name: EngineName;
  readonly arithmetic: Arithmetic;
  readonly available: boolean;
  /** The instruction set in words; null where it is not available. */
  readonly instructions: string | null;
  readonly precisions: readonly Precision[];
  /** Why it is not available; null where it is. */
  readonly reason: string | null;
}

/** Every engine in every arithmetic: whether it works here, and why not. */
export function surveyEngines(offers: EngineOffers = installedOffers): readonly EngineState[] {
  return engineNames.flatMap((name) =>
    arithmetics.map((arithmetic) => {
      const offer = offers(name, arithmetic);
      return "engine" in offer
        ? {
            name,
            arithmetic,
            available: true,
            instructions: offer.engine.instructions,
            precisions: offer.engine.precisions,
            reason: null,
          }
        : { name, arithmetic, available: false, instructions: null, precisions: [], reason: offer.reason };
    }),
  );
}

/** What `auto` takes in each precision, or the sentence that says why it takes none. */
export function automaticChoices(
  offers: EngineOffers = installedOffers,
): readonly { readonly precision: Precision; readonly choice: EngineUse | null; readonly error: string | null }[] {
  return precisions.map((precision) => {
    try {
      return { precision, choice: engineUse(chooseEngine({ precision }, undefined, offers), precision), error: null };
    } catch (error) {
      return { precision, choice: null, error: error instanceof Error ? error.message : String(error) };
    }
  });
}
