import type { PlannedPoint } from "../../files.ts";

export interface ChunkOptions {
  /** Threads of a task, which all should have work. */
  readonly cpus: number;
  /** True if the points' costs are seconds on one thread, false if they only compare points. */
  readonly isInSeconds: boolean;
  /** Time limit of a task in seconds, or null. */
  readonly limit: number | null;
  /** Most points of a chunk, if that was asked for. */
  readonly mostPoints: number | null;
}

/** A task of less is mostly its own start; of more it is long lost when its node fails, and waits long for a place in the queue. */
const leastSeconds = 60;
const mostSeconds = 3600;
/** Tasks that a sweep is cut into where its costs leave the choice. */
const usualTasks = 200;

/**
 * Cuts points into the parts that are one task each, of about the same cost: as many as a sensible time of a task and the work for all its threads allow, or
 * as `mostPoints` says. Each part holds its costliest points first.
 *
 * @param points the costliest first
 */
export function cutIntoChunks(
  points: readonly PlannedPoint[],
  options: ChunkOptions,
): readonly (readonly PlannedPoint[])[] {
  if (points.length === 0) return [];
  const most = options.mostPoints ?? points.length;
  const count =
    options.mostPoints === null
      ? Math.min(points.length, usualCount(points, options))
      : Math.ceil(points.length / most);
  const chunks = Array.from({ length: count }, () => ({ cost: 0, points: [] as PlannedPoint[] }));
  for (const point of points) {
    // The costliest points come first, each into the chunk that has least so far: what is left at the end is small, and evens the chunks out.
    let least: (typeof chunks)[number] | null = null;
    for (const chunk of chunks) {
      if (chunk.points.length < most && (least === null || isLess(chunk, least))) least = chunk;
    }
    if (least === null) throw new Error("chunks have room for all points");
    least.points.push(point);
    least.cost += point.cost;
  }
  return chunks.map((chunk) => chunk.points);
}

type Chunk = { readonly cost: number; readonly points: readonly PlannedPoint[] };

function isLess(left: Chunk, right: Chunk): boolean {
  return left.cost < right.cost || (left.cost === right.cost && left.points.length < right.points.length);
}

function usualCount(points: readonly PlannedPoint[], { cpus, isInSeconds, limit }: ChunkOptions): number {
  const cost = points.reduce((sum, point) => sum + point.cost, 0);
  const members = points.reduce((sum, point) => sum + point.members, 0);
  // Every thread of a task has a member of its own to work on.
  const most = Math.max(1, Math.floor(members / cpus));
  if (!isInSeconds || !(cost > 0)) return Math.min(most, usualTasks);
  const seconds = cost / cpus;
  // Costs are rough: a task that is expected to take half of its time limit ends within it.
  const longest = limit === null ? mostSeconds : Math.min(mostSeconds, limit / 2);
  const each = Math.min(longest, Math.max(leastSeconds, seconds / usualTasks));
  return Math.min(most, Math.max(1, Math.ceil(seconds / each)));
}
