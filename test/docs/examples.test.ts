import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it, vi } from "vitest";
import { docsFolder, markedBlocks } from "./pages.ts";

/** What each example prints when it runs; a scenario file prints nothing. */
const examples: Readonly<Record<string, () => Promise<unknown>>> = {
  "activation.ts": () => import("../../docs/examples/activation.ts"),
  "arrays.ts": () => import("../../docs/examples/arrays.ts"),
  "check-parts.ts": () => import("../../docs/examples/check-parts.ts"),
  "deep-network.ts": () => import("../../docs/examples/deep-network.ts"),
  "digits.ts": () => import("../../docs/examples/digits.ts"),
  "error-bars.ts": () => import("../../docs/examples/error-bars.ts"),
  "errors.ts": () => import("../../docs/examples/errors.ts"),
  "first-simulation.ts": () => import("../../docs/examples/first-simulation.ts"),
  "go-on-longer.ts": () => import("../../docs/examples/go-on-longer.ts"),
  "infinite-width-kernels.ts": () => import("../../docs/examples/infinite-width-kernels.ts"),
  "kernel-matrix.ts": () => import("../../docs/examples/kernel-matrix.ts"),
  "langevin.ts": () => import("../../docs/examples/langevin.ts"),
  "limit-alone.ts": () => import("../../docs/examples/limit-alone.ts"),
  "observe-and-stop.ts": () => import("../../docs/examples/observe-and-stop.ts"),
  "output-scale.ts": () => import("../../docs/examples/output-scale.ts"),
  "own-target.ts": () => import("../../docs/examples/own-target.ts"),
  "replicas.ts": () => import("../../docs/examples/replicas.ts"),
  "resume.ts": () => import("../../docs/examples/resume.ts"),
  "run-a-file.ts": () => import("../../docs/examples/run-a-file.ts"),
  "start-comparison.ts": () => import("../../docs/examples/start-comparison.ts"),
  "step-by-tolerance.ts": () => import("../../docs/examples/step-by-tolerance.ts"),
};

const blocks = markedBlocks();
const files = readdirSync(join(docsFolder, "examples")).sort();

describe("the examples of the manual", () => {
  it("are all run by this test", () => {
    expect(files).toEqual(Object.keys(examples).sort());
  });

  it("are only shown where a file of that name exists", () => {
    expect(blocks.map(({ name }) => name).filter((name) => !files.includes(name))).toEqual([]);
  });

  for (const [name, load] of Object.entries(examples)) {
    it(`${name} is shown word for word on some page`, () => {
      const text = readFileSync(join(docsFolder, "examples", name), "utf8").trimEnd();
      const shown = blocks.filter((block) => block.kind === "example" && block.name === name);
      expect(shown.length).toBeGreaterThan(0);
      for (const { content } of shown) expect(content).toBe(text);
    });

    it(`${name} prints what its page says`, async () => {
      const log = vi.spyOn(console, "log").mockImplementation(() => {});
      try {
        await load();
        const printed = log.mock.calls.map((words) => words.join(" ")).join("\n");
        const shown = blocks.filter((block) => block.kind === "output" && block.name === name);
        if (printed !== "") expect(shown.length).toBeGreaterThan(0);
        for (const { content } of shown) expect(content).toBe(printed);
      } finally {
        log.mockRestore();
      }
    });
  }
});
