import { MeanfieldError } from "../errors.ts";

/** Does file work; what the system says about a failure becomes `file-failed`. */
export function fileWork<Value>(path: string, verb: string, work: () => Value): Value {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof Error) || !("code" in error)) throw error;
    const suggestion = "check that the folder exists, can be written and has space";
    throw new MeanfieldError(
      "file-failed",
      `${path}: could not ${verb} (${error.message}); ${suggestion}`,
      { path, suggestion },
      { cause: error },
    );
  }
}
