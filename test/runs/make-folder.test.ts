import { chmodSync, existsSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { checkOut, makeFolder } from "../../src/runs/make-folder.ts";

let root = "";
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), "folder test-"));
  writeFileSync(join(root, "file"), "");
  symlinkSync("nowhere", join(root, "dangling"));
  symlinkSync(".", join(root, "link"));
});
afterAll(() => rmSync(root, { recursive: true }));

describe("makeFolder", () => {
  it("makes a folder with those above it, through links, and is content with one that is there", () => {
    makeFolder(join(root, "link", "a b", "ü"));
    makeFolder(join(root, "link", "a b", "ü"));
    expect(existsSync(join(root, "a b", "ü"))).toBe(true);
  });

  it.each(["file", "file/x", "dangling/x"])("says that %s could not be made", (name) => {
    expect(() => makeFolder(join(root, name))).toThrow("could not make");
  });

  it.runIf(existsSync("/proc/self"))("comes back where the system allows no folder", () => {
    expect(() => makeFolder("/proc/none/x")).toThrow("could not make");
  });
});

describe("checkOut", () => {
  it("allows what is there or could be made, and makes nothing", () => {
    expect(() => checkOut(root, join(root, "new", "run"))).not.toThrow();
    expect(existsSync(join(root, "new"))).toBe(false);
  });

  it.each(["file", "dangling", "y".repeat(300)])("refuses %s", (name) => {
    const out = join(root, name);
    expect(() => checkOut(out, join(out, "scenario", "id"))).toThrow(/^out: expected a folder .* is not a folder/);
  });

  it.skipIf(process.getuid?.() === 0)("refuses a folder that cannot be written", () => {
    const out = join(root, "locked");
    makeFolder(out);
    chmodSync(out, 0o500);
    expect(() => checkOut(out, join(out, "x"))).toThrow("cannot be written");
  });
});
