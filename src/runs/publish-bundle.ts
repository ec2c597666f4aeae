import { join } from "node:path";
import { bundleFiles, type ScenarioBundle } from "../scenario/index.ts";
import { publishFile } from "./store.ts";

/** Publishes the bundle of a user's scenario in `folder`, the scenario itself last. Throws `scenario-invalid`, `file-failed`. */
export async function publishBundle(folder: string, bundle: ScenarioBundle): Promise<void> {
  for (const { path, text } of await bundleFiles(bundle)) publishFile(join(folder, path), text);
}
