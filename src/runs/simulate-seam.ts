import { MeanfieldError } from "../errors.ts";
import type { Simulate } from "./member-context.ts";

/** Stands for the simulation room's `simulate` until that exists. */
export const simulate: Simulate = () => {
  throw new MeanfieldError("unsupported-combination", "simulate: not available in this installation");
};
