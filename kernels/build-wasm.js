// Builds the WebAssembly kernels with Debian's clang-19: plain SIMD, and SIMD with relaxed multiply-adds. The results are committed, so that
// nobody needs this compiler but who changes the kernels; `--check` builds them anew and compares.
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { kernelFolder, sourceDigest, wasmDigestFile, wasmFile } from "./sources.cjs";

const compiler = process.env.WASM_CXX ?? "clang++-19";
const flags = [
  "--target=wasm32",
  "-nostdlib",
  "-ffreestanding",
  "-fno-exceptions",
  "-fno-rtti",
  "-std=c++17",
  "-O3",
  // A multiply-add is fused where the source says so, nowhere else.
  "-ffp-contract=off",
  "-fno-math-errno",
  "-msimd128",
  "-matomics",
  "-mbulk-memory",
  "-mmutable-globals",
  "-Wall",
  "-Wno-unused-function",
  // The memory is the caller's, shared between threads, and each thread sets a stack of its own.
  "-Wl,--no-entry,--import-memory,--shared-memory,--max-memory=4294967296,--initial-memory=1048576",
  "-Wl,--export=__stack_pointer,--export=__heap_base,--strip-all,-z,stack-size=65536",
];

function compile(isFused, out) {
  const relaxed = isFused ? ["-mrelaxed-simd"] : [];
  execFileSync(compiler, [...flags, ...relaxed, `-DMEANFIELD_FUSED=${isFused ? 1 : 0}`, "kernels.cpp", "-o", out], {
    cwd: kernelFolder,
    stdio: ["ignore", "inherit", "inherit"],
  });
}

const sha256 = (bytes) => createHash("sha256").update(bytes).digest("hex");
const isCheck = process.argv.includes("--check");
const folder = mkdtempSync(join(tmpdir(), "meanfield-wasm-"));
try {
  const version = execFileSync(compiler, ["--version"], { encoding: "utf8" }).split("\n")[0];
  const digests = { sources: sourceDigest(["addon.cpp"]), compiler: version };
  for (const arithmetic of ["plain", "fused"]) {
    const built = join(folder, `${arithmetic}.wasm`);
    compile(arithmetic === "fused", built);
    const bytes = readFileSync(built);
    digests[arithmetic] = sha256(bytes);
    if (isCheck) {
      if (sha256(readFileSync(wasmFile(arithmetic))) === digests[arithmetic]) continue;
      console.error(`kernels: ${wasmFile(arithmetic)} is not what ${version} builds from these sources; run npm run build:wasm`);
      process.exitCode = 1;
    } else {
      mkdirSync(join(kernelFolder, "wasm"), { recursive: true });
      writeFileSync(wasmFile(arithmetic), bytes);
    }
  }
  if (!isCheck) writeFileSync(wasmDigestFile, `${JSON.stringify(digests, null, 2)}\n`);
  if (process.exitCode === undefined) console.log(`kernels: WebAssembly ${isCheck ? "equals what is committed" : "built"} (${version})`);
} finally {
  rmSync(folder, { recursive: true });
}
