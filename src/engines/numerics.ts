import type { Arithmetic, Engine, EngineName } from "./engine.ts";
import type { Precision } from "./reals.ts";

/**
 * What decides the bits of a velocity, besides the precision: engines of equal numerics give equal bits. The native and the WebAssembly engine
 * add up in one order, so that only their arithmetic tells them apart; the reference engine's order is its own, plain arithmetic or not.
 */
export type Numerics = Arithmetic | "reference";

/** The engine that a simulation really used, as data. */
export interface EngineUse {
  readonly name: EngineName;
  /** The instruction set in words, such as "AVX-512". */
  readonly instructions: string;
  /** Whether a multiply-add rounds once (`fused`) or twice (`plain`). */
  readonly arithmetic: Arithmetic;
  /** Uses of equal numerics and precision give equal bits. */
  readonly numerics: Numerics;
  readonly precision: Precision;
}

/** The numerics of an engine. */
export function numericsOf({ name, arithmetic }: Pick<Engine, "name" | "arithmetic">): Numerics {
  return name === "reference" ? "reference" : arithmetic;
}

/** An engine at one precision, as data. */
export function engineUse(engine: Engine, precision: Precision): EngineUse {
  const { name, instructions, arithmetic } = engine;
  return { name, instructions, arithmetic, numerics: numericsOf(engine), precision };
}

/** `native (AVX-512), fused multiply-add`; the precision is named where it is not float64. */
export function engineText({ name, instructions, arithmetic, precision }: EngineUse): string {
  return `${name} (${instructions}), ${arithmetic} multiply-add${precision === "float64" ? "" : `, ${precision}`}`;
}
