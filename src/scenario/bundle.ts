import { isBuiltin } from "node:module";
import { basename, dirname } from "node:path";
import { pathToFileURL } from "node:url";
import type { BuildFailure, Message, Plugin } from "esbuild";
import { MeanfieldError } from "../errors.ts";
import { sha256 } from "./hash.ts";

/** A user's scenario file with its own imports as one module, apart from the packages it uses. */
export interface ScenarioBundle {
  /** The module's text. It imports packages as `./imports/NAME.mjs`, so that neither this text nor its hash knows where anything lies. */
  readonly text: string;
  readonly sourceMap: string;
  /** SHA-256 of `text`. */
  readonly hash: string;
  /** Names under ./imports of the packages used, `meanfield` among them, with the file URL of each. */
  readonly packages: Readonly<Record<string, string>>;
}

/**
 * Bundles the scenario file at the absolute path `file` with the local modules it imports.
 * Throws `scenario-invalid` with file:line:column for a syntax error or an import that is not found.
 */
export async function bundleScenario(file: string, meanfield: URL): Promise<ScenarioBundle> {
  const packages: Record<string, string> = {};
  // Loaded here, since workers and built-in scenarios never need it.
  const { build } = await import("esbuild");
  try {
    const built = await build({
      entryPoints: [file],
      absWorkingDir: dirname(file),
      outdir: dirname(file),
      bundle: true,
      write: false,
      format: "esm",
      platform: "node",
      target: "node20",
      sourcemap: "external",
      legalComments: "none",
      logLevel: "silent",
      plugins: [packageImports(packages, meanfield)],
    });
    const text = contentOf(built.outputFiles, ".js");
    return {
      text,
      sourceMap: contentOf(built.outputFiles, ".map"),
      hash: sha256(text),
      packages: sortedByName(packages),
    };
  } catch (error) {
    if (!isBuildFailure(error)) throw error;
    const text = error.errors.map((message) => messageText(message, file)).join("\n");
    throw new MeanfieldError("scenario-invalid", text, { path: basename(file) }, { cause: error });
  }
}

/** Leaves packages outside of the bundle, behind names that are the same on every machine. */
function packageImports(packages: Record<string, string>, meanfield: URL): Plugin {
  const isOurOwn = Symbol("asked by this plugin");
  return {
    name: "package-imports",
    setup(build) {
      build.onResolve({ filter: /^meanfield$/ }, () => {
        packages.meanfield = meanfield.href;
        return { path: "./imports/meanfield.mjs", external: true };
      });
      build.onResolve({ filter: /^[^./]/ }, async ({ path, resolveDir, kind, importer, pluginData }) => {
        if (pluginData === isOurOwn || kind === "entry-point" || isBuiltin(path) || path.includes(":"))
          return undefined;
        const found = await build.resolve(path, { resolveDir, kind, importer, pluginData: isOurOwn });
        if (found.errors.length > 0) return { errors: found.errors };
        if (!/[\\/]node_modules[\\/]/.test(found.path)) return undefined;
        const name = path.replaceAll("/", "+");
        packages[name] = pathToFileURL(found.path).href;
        return { path: `./imports/${name}.mjs`, external: true };
      });
    },
  };
}

function contentOf(files: readonly { readonly path: string; readonly text: string }[], ending: string): string {
  return files.find((file) => file.path.endsWith(ending))?.text ?? "";
}

function sortedByName(packages: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(packages).sort(([left], [right]) => (left < right ? -1 : 1)));
}

function isBuildFailure(error: unknown): error is BuildFailure {
  return error instanceof Error && "errors" in error && Array.isArray(error.errors);
}

function messageText({ location, text }: Message, file: string): string {
  if (location === null) return `${basename(file)}: ${text}`;
  return `${location.file}:${location.line}:${location.column + 1}: ${text}`;
}
