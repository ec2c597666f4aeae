// CommonJS, so that both the build scripts and the engine can load it at once.
const { createHash } = require("node:crypto");
const { readdirSync, readFileSync } = require("node:fs");
const { join } = require("node:path");

/** The folder of the kernels' sources. */
exports.kernelFolder = __dirname;

/** Where the native addon is built, and the digest of the sources that it was built from. */
exports.addonFile = join(__dirname, "build", "meanfield.node");
exports.addonDigestFile = join(__dirname, "build", "digest.txt");

/** Why the last attempt to build the addon failed: one clause. Not there if none was made, or the addon was built. */
exports.addonFailureFile = join(__dirname, "build", "failure.txt");

/** The committed WebAssembly of one arithmetic, and the digests of what it was built from. */
exports.wasmFile = (arithmetic) => join(__dirname, "wasm", `${arithmetic}.wasm`);
exports.wasmDigestFile = join(__dirname, "wasm", "digest.json");

/**
 * SHA-256 over names and contents of the C++ sources: what a build is made from.
 *
 * @param {readonly string[]} except files that do not count
 */
exports.sourceDigest = (except = []) => {
  const hash = createHash("sha256");
  for (const name of readdirSync(__dirname).sort()) {
    if (!/\.(h|cpp)$/.test(name) || except.includes(name)) continue;
    hash.update(`${name}\n${readFileSync(join(__dirname, name), "utf8")}\n`);
  }
  return hash.digest("hex");
};
