import type { ScratchSize, VelocityMemory } from "../engine.ts";

/** Adds up the arrays that a kernel shares between threads, and hands out views in the same order. */
export interface ScratchPlan {
  readonly doubles: Readonly<Record<string, number>>;
  readonly bytes: Readonly<Record<string, number>>;
}

/** Lengths of the shared scratch that a plan needs. */
export function scratchSizeOf(plan: ScratchPlan): ScratchSize {
  return { doubles: total(plan.doubles), bytes: total(plan.bytes) };
}

/** The plan's arrays as views of the shared scratch. */
export function scratchViews<Plan extends ScratchPlan>(
  plan: Plan,
  memory: VelocityMemory,
): { [Name in keyof Plan["doubles"]]: Float64Array } & { [Name in keyof Plan["bytes"]]: Uint8Array } {
  const views: Record<string, Float64Array | Uint8Array> = {};
  let offset = 0;
  for (const [name, length] of Object.entries(plan.doubles)) {
    views[name] = memory.doubles.subarray(offset, offset + length);
    offset += length;
  }
  offset = 0;
  for (const [name, length] of Object.entries(plan.bytes)) {
    views[name] = memory.bytes.subarray(offset, offset + length);
    offset += length;
  }
  return views as { [Name in keyof Plan["doubles"]]: Float64Array } & { [Name in keyof Plan["bytes"]]: Uint8Array };
}

function total(lengths: Readonly<Record<string, number>>): number {
  return Object.values(lengths).reduce((sum, length) => sum + length, 0);
}
