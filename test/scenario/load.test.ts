import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { publishBundle } from "../../src/runs/publish-bundle.ts";
import { bundleScenario, type ScenarioBundle } from "../../src/scenario/bundle.ts";
import { builtInNames, loadBuiltIn } from "../../src/scenario/library.ts";
import { bundleFiles, installationEntry, loadScenario, readBundle } from "../../src/scenario/load.ts";

const fixtures = new URL("fixtures/", import.meta.url).pathname;
let folder = "";

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "load-test-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

function file(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

const start = `import { defineScenario } from "meanfield";\n`;
const rest = `version: 1, title: "t", sources: [], parameters: {}, short: {}, headline: "x", run: async () => ({}), summarise: () => ({}), claims: () => []`;

describe("loadScenario", () => {
  it("loads a TypeScript file with its local imports", async () => {
    const { scenario, bundle } = await loadScenario(join(fixtures, "waves.ts"));
    expect(scenario.name).toBe("waves");
    expect(bundle?.text).toContain("waveSum");
    expect(Object.keys(bundle?.packages ?? {})).toEqual(["meanfield"]);
  });

  it("gives a code hash that depends on the code and not on where it lies", async () => {
    const [one, two] = [join(folder, "one"), join(folder, "two", "deep")];
    for (const place of [one, two]) cpSync(fixtures, place, { recursive: true });
    const hash = async (place: string) => (await loadScenario(join(place, "waves.ts"))).codeHash;
    expect(await hash(one)).toBe(await hash(two));
    const wave = readFileSync(join(two, "wave.ts"), "utf8");
    writeFileSync(join(two, "wave.ts"), wave.replace("/ term", "/ (term + 1)"));
    expect(await hash(one)).not.toBe(await hash(two));
  });

  it("keeps everything of this machine out of the bundle's text", async () => {
    const { text } = await bundleScenario(join(fixtures, "waves.ts"), installationEntry());
    expect(text).not.toContain(fixtures);
    expect(text).not.toContain("file:");
  });

  it("lets a scenario use packages, default export and all, from where the file lies", async () => {
    const home = join(folder, "node_modules", "little-package");
    mkdirSync(home, { recursive: true });
    writeFileSync(join(home, "package.json"), `{"name":"little-package","main":"index.cjs"}`);
    writeFileSync(join(home, "index.cjs"), "module.exports = () => 7; module.exports.eight = 8;");
    const path = file(
      "packaged.ts",
      `${start}import seven, { eight } from "little-package"; export default defineScenario({ name: "packaged", ${rest}, version: seven() * eight });`,
    );
    const { scenario, bundle } = await loadScenario(path);
    expect(scenario.version).toBe(56);
    expect(Object.keys(bundle?.packages ?? {})).toEqual(["little-package", "meanfield"]);
    const gone = { ...(bundle as ScenarioBundle), packages: { "little-package": "file:///gone/index.cjs" } };
    await expect(bundleFiles(gone)).rejects.toThrow("little-package: this package could not be loaded");
  });

  it("reads a written bundle back with the same hash", async () => {
    const bundle = await bundleScenario(join(fixtures, "waves.ts"), installationEntry());
    const place = join(folder, "written");
    await publishBundle(place, bundle);
    const text = readFileSync(join(place, "scenario.mjs"), "utf8");
    expect(readBundle(text, bundle.packages)).toEqual(bundle);
  });

  it.each([
    ["syntax.ts", "export default {\n  name: 3,,\n};", "syntax.ts:2:11: "],
    [
      "missing.ts",
      `import { a } from "./gone.ts"; export default a;`,
      'missing.ts:1:19: Could not resolve "./gone.ts"',
    ],
    [
      "no-package.ts",
      `import a from "no-such-package-here"; export default a;`,
      "no-package.ts:1:15: Could not resolve",
    ],
    [
      "nothing.ts",
      "export const a = 1;",
      "nothing.ts: it has no default export; write `export default defineScenario({ ... })`",
    ],
    ["number.ts", "export default 3;", "number.ts: scenario: expected what defineScenario returns, got 3"],
    ["throws.ts", `throw new Error("at load");`, "throws.ts: at load"],
    [
      "name.ts",
      `${start}export default defineScenario({ name: "A b", ${rest} });`,
      "name.ts: name: expected lower case",
    ],
  ])("%s is refused with what is wrong", async (name, text, message) => {
    await expect(loadScenario(file(name, text))).rejects.toThrow(
      expect.objectContaining({ code: "scenario-invalid", message: expect.stringContaining(message) }),
    );
  });

  it("tells a missing file from a missing name, and suggests a name", async () => {
    await expect(loadScenario("./gone.ts")).rejects.toThrow("./gone.ts: no such file");
    await expect(loadScenario("no-such-scenario-at-all")).rejects.toThrow(
      expect.objectContaining({ code: "unknown-scenario" }),
    );
  });
});

describe("the library", () => {
  it("holds scenarios whose names are their files'", async () => {
    for (const name of builtInNames()) expect((await loadBuiltIn(name)).name).toBe(name);
  });
});
