import { invalidValue, MeanfieldError } from "../errors.ts";
import { type Arithmetic, type Engine, type EngineName, engineNames } from "./engine.ts";
import { type EngineOffers, installedOffers } from "./offers.ts";
import { type EnginePreference, type NamedPreference, resolvePreference } from "./preference.ts";
import { type Precision, precisions } from "./reals.ts";

/** Which engine a simulation asks for; `auto` takes the fastest that works here. */
export interface EngineRequest extends EnginePreference {
  readonly precision: Precision;
}

/** An engine as data, to be found again on another thread. */
export interface EngineIdentity {
  readonly name: EngineName;
  readonly arithmetic: Arithmetic;
}

/** Why an engine that works here cannot do this piece of work: a clause for people, with `out-of-memory` as the code where that is it; null if it can. */
export type Obstacle = (engine: Engine) => MeanfieldError | null;

/**
 * The order of `auto`. Fused comes before plain on either engine: where the processor has fused multiply-add, an installation with the addon and one
 * without then give the same bits.
 */
const order: readonly EngineIdentity[] = [
  { name: "native", arithmetic: "fused" },
  { name: "wasm", arithmetic: "fused" },
  { name: "reference", arithmetic: "fused" },
  { name: "native", arithmetic: "plain" },
  { name: "wasm", arithmetic: "plain" },
  { name: "reference", arithmetic: "plain" },
];

/**
 * The engine that a request gets: the one asked for, and for `auto` the first that works here, knows the precision and meets no obstacle.
 * An option that is `auto` is looked up in the surrounding preference and in the environment first (`resolvePreference`).
 *
 * @param obstacle asked of each engine in turn
 * @throws MeanfieldError `engine-unavailable` where none is left, with the reason of each; an obstacle's own error where that is all there is;
 *   `invalid-value` for an option or variable that is none of the choices
 */
export function chooseEngine(
  request: Partial<EngineRequest>,
  obstacle: Obstacle = () => null,
  offers: EngineOffers = installedOffers,
): Engine {
  const precision = request.precision ?? "float64";
  if (!precisions.includes(precision)) throw invalidValue("precision", `one of ${precisions.join(", ")}`, precision);
  const preference = resolvePreference(request);
  const refusals: Refusal[] = [];
  for (const { name, arithmetic } of order) {
    if (preference.engine !== "auto" && preference.engine !== name) continue;
    if (preference.arithmetic !== "auto" && preference.arithmetic !== arithmetic) continue;
    const offer = offers(name, arithmetic);
    if ("reason" in offer) {
      refusals.push({ name, arithmetic, reason: offer.reason, kind: "offer" });
      continue;
    }
    const { engine } = offer;
    if (!engine.precisions.includes(precision)) {
      refusals.push({ name, arithmetic, reason: `it has no ${precision}`, kind: "precision" });
      continue;
    }
    const error = obstacle(engine);
    if (error === null) return engine;
    refusals.push({ name, arithmetic, reason: error.message, kind: "obstacle", error });
  }
  throw refused({ ...preference, precision }, refusals);
}

/**
 * The engine that another thread of this process has chosen.
 *
 * @throws MeanfieldError `engine-unavailable` where this thread does not have it: another one's bits would differ
 */
export function findEngine({ name, arithmetic }: EngineIdentity, offers: EngineOffers = installedOffers): Engine {
  const offer = offers(name, arithmetic);
  if ("engine" in offer) return offer.engine;
  const got = `${name} in ${arithmetic} arithmetic`;
  throw new MeanfieldError(
    "engine-unavailable",
    `threads: expected the simulation's engine on each of them, got none on this one (${got}: ${offer.reason}); use one thread, or another engine`,
    { path: "threads", expected: got, got: offer.reason },
  );
}

interface Refusal extends EngineIdentity {
  readonly reason: string;
  readonly kind: "offer" | "precision" | "obstacle";
  readonly error?: MeanfieldError;
}

/** The error where no engine is left. It blames the narrowest part of what was asked. */
function refused(asked: NamedPreference & { readonly precision: Precision }, refusals: readonly Refusal[]) {
  const memory = refusals.find(({ error }) => error?.code === "out-of-memory")?.error;
  if (memory !== undefined) return memory;
  const { engine, arithmetic, precision } = asked;
  const isPrecision = refusals.some(({ kind }) => kind === "precision");
  const [path, got, way] =
    engine !== "auto"
      ? [asked.engineFrom, engine, "leave it at auto for the fastest that does"]
      : isPrecision
        ? ["precision", precision, "take precision=float64"]
        : arithmetic !== "auto"
          ? [asked.arithmeticFrom, arithmetic, "leave it at auto"]
          : [asked.engineFrom, engine, "change what the reasons name"];
  const wanted = [
    ...(engine !== "auto" && arithmetic !== "auto" ? [`in ${arithmetic} arithmetic`] : []),
    ...(precision !== "float64" ? [`in ${precision}`] : []),
  ];
  const expected = ["an engine that works here", ...wanted].join(" ");
  const suggestion = `${way}; meanfield doctor shows what works on this machine`;
  return new MeanfieldError(
    "engine-unavailable",
    `${path}: expected ${expected}, got ${got} (${reasons(refusals)}); ${suggestion}`,
    { path, expected, got, suggestion },
  );
}

/** `native: not built; wasm: fused: no relaxed SIMD, plain: no SIMD`. */
function reasons(refusals: readonly Refusal[]): string {
  return engineNames
    .flatMap((name) => {
      const all = refusals.filter((refusal) => refusal.name === name);
      // What an engine that works lacks says more than that it does not work in the other arithmetic.
      const lacking = all.filter(({ kind }) => kind !== "offer");
      const own = lacking.length === 0 ? all : lacking;
      if (own.length === 0) return [];
      const isOne = own.every(({ reason }) => reason === own[0].reason);
      const text = isOne ? own[0].reason : own.map(({ arithmetic, reason }) => `${arithmetic}: ${reason}`).join(", ");
      return [`${name}: ${text}`];
    })
    .join("; ");
}
