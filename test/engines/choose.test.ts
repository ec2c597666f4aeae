import { describe, expect, it } from "vitest";
import {
  chooseEngine,
  type EngineOffer,
  type EngineOffers,
  engineText,
  engineUse,
  findEngine,
  numericsOf,
  referenceEngine,
  resolvePreference,
  surveyEngines,
  withEnginePreference,
} from "../../src/engines/index.ts";
import { MeanfieldError } from "../../src/errors.ts";

/** Offers of engines that differ from the reference in what the choice looks at; those that are not listed say that they are not built. */
function offersOf(...available: readonly string[]): EngineOffers {
  return (name, arithmetic): EngineOffer => {
    if (!available.includes(`${name} ${arithmetic}`)) return { reason: `no ${name} ${arithmetic} here` };
    const precisions = name === "reference" ? (["float64"] as const) : (["float64", "float32"] as const);
    return { engine: { ...referenceEngine, name, arithmetic, precisions, instructions: "fake" } };
  };
}

const everything = ["native fused", "wasm fused", "native plain", "wasm plain", "reference plain"];

/** `native fused`, or the code and the sentence of the error. */
function chosen(...given: Parameters<typeof chooseEngine>): string {
  try {
    const { name, arithmetic } = chooseEngine(...given);
    return `${name} ${arithmetic}`;
  } catch (error) {
    if (!(error instanceof MeanfieldError)) throw error;
    return `${error.code}: ${error.message}`;
  }
}

const choose = (request: Parameters<typeof chooseEngine>[0], ...available: readonly string[]) =>
  chosen(request, undefined, offersOf(...available));

describe("the choice of an engine", () => {
  it("falls in one order as engines go missing", () => {
    const taken = everything.map((_, index) => choose({}, ...everything.slice(index)));
    expect(taken).toEqual(everything);
  });

  it.each([
    [{ arithmetic: "plain" }, ["native plain", "wasm plain", "reference plain"]],
    [{ arithmetic: "fused" }, ["native fused", "wasm fused"]],
    [{ engine: "native" }, ["native fused", "native plain"]],
    [{ engine: "wasm" }, ["wasm fused", "wasm plain"]],
    [{ engine: "reference" }, ["reference plain"]],
    [{ engine: "wasm", arithmetic: "plain" }, ["wasm plain"]],
    [{ precision: "float32" }, ["native fused", "wasm fused", "native plain", "wasm plain"]],
    [{ engine: "wasm", precision: "float32" }, ["wasm fused", "wasm plain"]],
  ] as const)("for %j takes these in turn and then refuses", (request, expected) => {
    const left = new Set<string>(everything);
    const taken: string[] = [];
    for (let next = choose(request, ...left); left.has(next); next = choose(request, ...left)) {
      taken.push(next);
      left.delete(next);
    }
    expect(taken).toEqual(expected);
    expect(choose(request, ...left)).toMatch(/^engine-unavailable: /);
  });

  it.each([
    [
      { engine: "native" },
      ["reference plain"],
      "engine: expected an engine that works here, got native (native: fused: no native fused here, plain: no native plain here); leave it at auto for the fastest that does; meanfield doctor shows what works on this machine",
    ],
    [
      { engine: "native", arithmetic: "fused" },
      ["native plain"],
      "engine: expected an engine that works here in fused arithmetic, got native (native: no native fused here); ",
    ],
    [
      { precision: "float32" },
      ["reference plain"],
      "precision: expected an engine that works here in float32, got float32 (native: fused: no native fused here, plain: no native plain here; wasm: fused: no wasm fused here, plain: no wasm plain here; reference: it has no float32); take precision=float64; ",
    ],
    [
      { engine: "reference", precision: "float32" },
      ["reference plain"],
      "engine: expected an engine that works here in float32, got reference (",
    ],
    [
      { arithmetic: "fused" },
      ["native plain", "reference plain"],
      "arithmetic: expected an engine that works here, got fused (",
    ],
  ] as const)("says of %j what is missing and why", (request, available, message) => {
    expect(choose(request, ...available)).toContain(`engine-unavailable: ${message}`);
  });

  it.each([
    [{ engine: "nativ" }, 'engine: expected one of auto, native, wasm, reference, got "nativ"; did you mean "native"?'],
    [{ arithmetic: "exact" }, 'arithmetic: expected one of auto, fused, plain, got "exact"'],
    [{ precision: "float16" }, 'precision: expected one of float64, float32, got "float16"'],
  ])("refuses %j", (request, message) => {
    expect(choose(request as object, ...everything)).toContain(`invalid-value: ${message}`);
  });

  it("passes an engine by that meets an obstacle, unless it is asked for by name", () => {
    const offers = offersOf(...everything);
    const cannot = new MeanfieldError("unsupported-combination", "it knows no hinge");
    const hinder = (engine: { readonly name: string }) => (engine.name === "native" ? cannot : null);
    expect(chosen({}, hinder, offers)).toBe("wasm fused");
    expect(chosen({ engine: "native" }, hinder, offers)).toContain(
      "engine-unavailable: engine: expected an engine that works here, got native (native: it knows no hinge); ",
    );
    const large = new MeanfieldError("out-of-memory", "it is too large");
    expect(chosen({ arithmetic: "plain" }, () => large, offers)).toBe("out-of-memory: it is too large");
  });

  it("never gives the reference engine for float32, and no fused arithmetic in JavaScript", () => {
    const own = chosen({ precision: "float32" });
    expect(own).not.toContain("reference plain");
    expect(chosen({ engine: "reference" })).toBe("reference plain");
    expect(chosen({ engine: "reference", arithmetic: "fused" })).toContain("JavaScript has no fused multiply-add");
  });
});

describe("a preference", () => {
  const environment = { MEANFIELD_ENGINE: "wasm", MEANFIELD_ARITHMETIC: "plain" };

  it("is what is given, else what surrounds, else the environment", async () => {
    const of = (...given: Parameters<typeof resolvePreference>) => {
      const { engine, arithmetic } = resolvePreference(...given);
      return [engine, arithmetic];
    };
    expect(of({}, {})).toEqual(["auto", "auto"]);
    expect(of({ engine: "auto" }, environment)).toEqual(["wasm", "plain"]);
    expect(of({ engine: "native" }, environment)).toEqual(["native", "plain"]);
    expect(of({}, { MEANFIELD_ENGINE: "", MEANFIELD_ARITHMETIC: "auto" })).toEqual(["auto", "auto"]);
    await withEnginePreference({ engine: "reference", arithmetic: "auto" }, async () => {
      expect(of({ engine: "auto" }, environment)).toEqual(["reference", "plain"]);
      await new Promise((resolve) => setTimeout(resolve, 1));
      expect(of({}, environment)).toEqual(["reference", "plain"]);
      expect(of({ engine: "native" }, environment)).toEqual(["native", "plain"]);
    });
    expect(of({}, environment)).toEqual(["wasm", "plain"]);
  });

  it("reaches the choice, and an error names the variable that it came from", () => {
    process.env.MEANFIELD_ENGINE = "wasm";
    try {
      expect(choose({}, ...everything)).toBe("wasm fused");
      expect(choose({}, "native fused")).toContain(
        "engine-unavailable: MEANFIELD_ENGINE: expected an engine that works here, got wasm (",
      );
      process.env.MEANFIELD_ENGINE = "WASM";
      expect(choose({}, ...everything)).toBe(
        'invalid-value: MEANFIELD_ENGINE: expected one of auto, native, wasm, reference, got "WASM"; did you mean "wasm"?',
      );
      expect(choose({ engine: "native" }, ...everything)).toBe("native fused");
    } finally {
      delete process.env.MEANFIELD_ENGINE;
    }
  });
});

describe("an engine on another thread", () => {
  it("is the very one, or none", () => {
    const offers = offersOf("native plain", "wasm fused");
    expect(findEngine({ name: "native", arithmetic: "plain" }, offers)).toMatchObject({
      name: "native",
      arithmetic: "plain",
    });
    expect(() => findEngine({ name: "native", arithmetic: "fused" }, offers)).toThrow(
      "threads: expected the simulation's engine on each of them, got none on this one (native in fused arithmetic: no native fused here)",
    );
  });
});

describe("an engine's use", () => {
  it("tells by its numerics which others give the same bits", () => {
    const numerics = everything.map((text) => {
      const [name, arithmetic] = text.split(" ") as ["native", "fused"];
      return numericsOf({ name, arithmetic });
    });
    expect(numerics).toEqual(["fused", "fused", "plain", "plain", "reference"]);
  });

  it("reads as a sentence's part", () => {
    const engine = { ...referenceEngine, name: "native", arithmetic: "fused", instructions: "AVX-512" } as const;
    expect(engineText(engineUse(engine, "float64"))).toBe("native (AVX-512), fused multiply-add");
    expect(engineText(engineUse(engine, "float32"))).toBe("native (AVX-512), fused multiply-add, float32");
  });
});

describe("the survey", () => {
  it("has a row for each engine in each arithmetic", () => {
    expect(surveyEngines(offersOf("wasm plain"))).toEqual([
      ...["native fused", "native plain", "wasm fused"].map((text) => {
        const [name, arithmetic] = text.split(" ");
        const reason = `no ${text} here`;
        return { name, arithmetic, available: false, instructions: null, precisions: [], reason };
      }),
      {
        name: "wasm",
        arithmetic: "plain",
        available: true,
        instructions: "fake",
        precisions: ["float64", "float32"],
        reason: null,
      },
      ...["reference fused", "reference plain"].map((text) => {
        const [name, arithmetic] = text.split(" ");
        const reason = `no ${text} here`;
        return { name, arithmetic, available: false, instructions: null, precisions: [], reason };
      }),
    ]);
  });
});
