// Builds the native addon: five compilations (instruction set x arithmetic) of the one source and a link, by direct calls of the C++ compiler.
// Run by `npm ci`; without a compiler, or if it fails, a sentence says so and the exit code is 0: the WebAssembly engine takes over.
import { spawn, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { dirname, join } from "node:path";
import { addonDigestFile, addonFailureFile, addonFile, kernelFolder, sourceDigest } from "./sources.cjs";

const flags = [
  "-O3",
  "-std=c++17",
  "-fPIC",
  // A multiply-add is fused where the source says so, nowhere else.
  "-ffp-contract=off",
  "-fno-math-errno",
  "-fno-trapping-math",
  "-fno-exceptions",
  "-fno-rtti",
  "-fvisibility=hidden",
  "-Wall",
  "-Wno-psabi",
  "-Wno-ignored-attributes",
  "-Wno-unknown-pragmas",
];
const avx2 = ["-mavx2", "-mfma"];
const avx512 = [...avx2, "-mavx512f", "-mavx512dq", "-mavx512bw", "-mavx512vl", "-mprefer-vector-width=512"];
const variants = [
  { name: "avx512_fused", isFused: 1, instructions: avx512 },
  { name: "avx512_plain", isFused: 0, instructions: avx512 },
  { name: "avx2_fused", isFused: 1, instructions: avx2 },
  { name: "avx2_plain", isFused: 0, instructions: avx2 },
  { name: "sse2_plain", isFused: 0, instructions: [] },
];

/** Why no addon can be built here; null if one can. */
function obstacle(compiler) {
  if (process.arch !== "x64") return `the processor is ${process.arch}, and the native kernels are for x64`;
  if (process.platform === "win32") return "the native kernels are not built on Windows";
  if (compiler === null) return "no C++ compiler was found (looked for $CXX, c++, g++, clang++)";
  if (nodeApiHeaders() === null) return "the package node-api-headers is not installed";
  return null;
}

function findCompiler() {
  const candidates = process.env.CXX ? [process.env.CXX] : ["c++", "g++", "clang++"];
  return candidates.find((name) => spawnSync(name, ["--version"], { stdio: "ignore" }).status === 0) ?? null;
}

function nodeApiHeaders() {
  for (let folder = kernelFolder; folder !== dirname(folder); folder = dirname(folder)) {
    const include = join(folder, "node_modules", "node-api-headers", "include");
    if (existsSync(join(include, "node_api.h"))) return include;
  }
  return null;
}

/** Runs one compiler call; rejects with what it printed. */
function call(compiler, parameters) {
  return new Promise((resolve, reject) => {
    const child = spawn(compiler, parameters, { cwd: kernelFolder, stdio: ["ignore", "pipe", "pipe"] });
    let printed = "";
    for (const stream of [child.stdout, child.stderr]) stream.on("data", (data) => { printed += data; });
    child.on("error", reject);
    child.on("close", (code) => (code === 0 ? resolve() : reject(new Error(printed.slice(0, 4000).trim() || `exit code ${code}`))));
  });
}

async function build(compiler) {
  // Taken first: sources that change while they are compiled must not pass for what was built.
  const digest = sourceDigest();
  const folder = dirname(addonFile);
  mkdirSync(folder, { recursive: true });
  const own = (name) => join(folder, `${name}.${process.pid}`);
  const objects = ["addon", ...variants.map(({ name }) => name)].map((name) => `${own(name)}.o`);
  const calls = [
    ...variants.map(({ name, isFused, instructions }) => [
      ...flags,
      ...instructions,
      `-DMEANFIELD_VARIANT=${name}`,
      `-DMEANFIELD_FUSED=${isFused}`,
      "-c",
      "kernels.cpp",
      "-o",
      `${own(name)}.o`,
    ]),
    [...flags, "-isystem", nodeApiHeaders(), "-c", "addon.cpp", "-o", `${own("addon")}.o`],
  ];
  try {
    const compile = async () => {
      for (let next = calls.shift(); next !== undefined; next = calls.shift()) {
        try {
          await call(compiler, next);
        } catch (error) {
          // Nothing is begun any more; what is under way is waited for, so that its object is removed too.
          calls.length = 0;
          throw error;
        }
      }
    };
    const compiled = await Promise.allSettled(Array.from({ length: Math.min(availableParallelism(), calls.length) }, compile));
    for (const { status, reason } of compiled) if (status === "rejected") throw reason;
    const linked = own("meanfield.node");
    const undefinedSymbols = process.platform === "darwin" ? ["-undefined", "dynamic_lookup"] : ["-Wl,-s"];
    await call(compiler, ["-shared", ...objects, "-o", linked, ...undefinedSymbols]);
    // A process that has the old addon open keeps it.
    renameSync(linked, addonFile);
    writeFileSync(addonDigestFile, `${digest}\n`);
    rmSync(addonFailureFile, { force: true });
  } finally {
    for (const object of objects) rmSync(object, { force: true });
  }
}

function isUpToDate() {
  return (
    existsSync(addonFile) &&
    existsSync(addonDigestFile) &&
    readFileSync(addonDigestFile, "utf8").trim() === sourceDigest()
  );
}

/** Keeps the reason for `meanfield doctor`, if the folder can be written to. */
function keepReason(reason) {
  try {
    mkdirSync(dirname(addonFailureFile), { recursive: true });
    writeFileSync(addonFailureFile, `${reason}\n`);
  } catch {
    // The sentence was printed, and that must do.
  }
}

if (!process.argv.includes("--force") && isUpToDate()) {
  console.log("meanfield: the native engine is up to date");
} else {
  const compiler = findCompiler();
  const reason = obstacle(compiler);
  if (reason !== null) {
    console.log(`meanfield: no native engine: ${reason}. The WebAssembly engine is used instead.`);
    keepReason(reason);
  } else {
    const start = Date.now();
    try {
      await build(compiler);
      console.log(`meanfield: native engine built with ${compiler} in ${((Date.now() - start) / 1000).toFixed(1)} s`);
    } catch (error) {
      console.log(`meanfield: the native engine could not be built; the WebAssembly engine is used instead.\n${error.message}`);
      keepReason(`${compiler} failed: ${error.message.split("\n")[0].slice(0, 200)}`);
      if (process.argv.includes("--strict")) process.exitCode = 1;
    }
  }
}
