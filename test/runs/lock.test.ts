import { spawn, spawnSync } from "node:child_process";
import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { checkLock, lockFolder } from "../../src/runs/lock.ts";
import { keepTouched, touch } from "../../src/runs/touch-locks.ts";
import { sha256 } from "../../src/scenario/index.ts";
import { installationRoot } from "../../src/threads/index.ts";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "lock-test-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

const write = (owner: unknown) =>
  writeFileSync(join(folder, "lock"), typeof owner === "string" ? owner : JSON.stringify(owner));

describe("a folder's lock", () => {
  it("lets one in at a time, and leaves nothing behind", () => {
    const lock = lockFolder(folder);
    expect(() => lockFolder(folder)).toThrow(
      expect.objectContaining({
        code: "run-locked",
        message: expect.stringContaining(
          `process ${process.pid} on ${hostname()} is writing this run; wait for it to end`,
        ),
      }),
    );
    lock.release();
    lockFolder(folder).release();
    expect(readdirSync(folder)).toEqual([]);
  });

  it("of a process that has died is taken over", () => {
    const { pid } = spawnSync(process.execPath, ["-e", ""]);
    write({ pid, host: hostname(), started: null });
    lockFolder(folder).release();
    expect(existsSync(join(folder, "lock"))).toBe(false);
  });

  it.runIf(existsSync("/proc/self/stat"))("of a number that another process has got since is taken over", () => {
    write({ pid: process.pid, host: hostname(), started: "1" });
    lockFolder(folder).release();
  });

  it("of another machine counts while it is touched, and not after two silent minutes", () => {
    write({ pid: 1, host: "another-machine", started: "1" });
    expect(() => lockFolder(folder)).toThrow("process 1 on another-machine");
    const silent = new Date(Date.now() - 130_000);
    utimesSync(join(folder, "lock"), silent, silent);
    lockFolder(folder).release();
  });

  it("that was torn by a crash is taken over", () => {
    write('{"pid":');
    lockFolder(folder).release();
  });

  it("of a machine that was started again is taken over, though a process of that number lives there", () => {
    const { text, release } = lockFolder(folder);
    release();
    const owner = JSON.parse(text);
    write({ ...owner, started: `another-start ${owner.started?.split(" ")[1]}` });
    lockFolder(folder).release();
  });

  it("of a dead owner goes to one of many that find it at once", async () => {
    const { pid } = spawnSync(process.execPath, ["-e", ""]);
    write({ pid, host: hostname(), started: null });
    const url = JSON.stringify(join(installationRoot(), "dist/src/runs/lock.js"));
    const script = `
      const { lockFolder } = await import(${url});
      const at = Number(process.argv[1]);
      while (Date.now() < at);
      try { lockFolder(${JSON.stringify(folder)}); console.log("taken"); } catch (error) { console.log(error.code); }
      process.stdin.resume();`;
    const at = String(Date.now() + 1500);
    const children = Array.from({ length: 6 }, () =>
      spawn(process.execPath, ["--input-type=module", "-e", script, at], { stdio: ["pipe", "pipe", "inherit"] }),
    );
    // Whoever holds it lives until all have said what they got, however late some were.
    const ends = await Promise.all(
      children.map(async ({ stdout }) => {
        for await (const text of stdout) return String(text).trim();
        return "nothing";
      }),
    );
    for (const { stdin } of children) stdin.end();
    expect(ends.sort()).toEqual([...Array(5).fill("run-locked"), "taken"]);
  });

  it("that another process is taking over is left to it, and one that died in the middle of that does not keep it for ever", () => {
    const { pid } = spawnSync(process.execPath, ["-e", ""]);
    const dead = JSON.stringify({ pid, host: hostname(), started: null });
    write(dead);
    const guard = join(folder, `lock.${sha256(dead).slice(0, 16)}`);
    writeFileSync(guard, JSON.stringify({ pid: process.pid, host: hostname(), started: null }));
    expect(() => lockFolder(folder)).toThrow(expect.objectContaining({ code: "run-locked" }));
    expect(readFileSync(join(folder, "lock"), "utf8")).toBe(dead);
    writeFileSync(guard, dead);
    lockFolder(folder).release();
    expect(readdirSync(folder)).toEqual([]);
  });

  it("tells its holder when another has taken it", () => {
    const { text, release } = lockFolder(folder);
    checkLock(folder, text);
    write({ pid: 1, host: "another-machine", started: "1" });
    expect(() => checkLock(folder, text)).toThrow("process 1 on another-machine holds it now");
    rmSync(join(folder, "lock"));
    expect(() => checkLock(folder, text)).toThrow("nobody holds it now");
    release();
  });

  it("is touched while its holder computes without a look at its events", async () => {
    const { text, release } = lockFolder(folder);
    const path = join(folder, "lock");
    const long = new Date(Date.now() - 1_000_000);
    const stop = keepTouched(path, text, 20);
    // The thread that touches has to start first.
    utimesSync(path, long, long);
    while (statSync(path).mtimeMs < Date.now() - 900_000) await new Promise((resolve) => setTimeout(resolve, 10));
    utimesSync(path, long, long);
    for (const until = Date.now() + 500; Date.now() < until; );
    expect(statSync(path).mtimeMs).toBeGreaterThan(Date.now() - 10_000);
    expect(readFileSync(path, "utf8")).toBe(text);
    stop();
    release();
  });

  it("of another is not touched", () => {
    write({ pid: 1, host: "another-machine", started: "1" });
    const path = join(folder, "lock");
    const long = new Date(1_000_000_000_000);
    utimesSync(path, long, long);
    touch(path, "mine");
    expect(statSync(path).mtimeMs).toBe(1_000_000_000_000);
  });

  it("taken over by another is not released", () => {
    const lock = lockFolder(folder);
    write({ pid: 1, host: "another-machine", started: "1" });
    lock.release();
    expect(existsSync(join(folder, "lock"))).toBe(true);
  });
});
