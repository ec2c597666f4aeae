/** What became of an item: done; to be tried later, since another process has it; or left undone. */
export type Handled = "done" | "later" | "left";

/** Work on items, as much at a time as fits; see `createQueue`. */
export interface Queue<Item> {
  /** Works on all items; resolves when none is left, or when it was stopped and what ran has come back. */
  work(handle: (item: Item, thread: Lease) => Promise<Handled>): Promise<void>;
  /** Starts nothing more. */
  stop(): void;
  isStopped(): boolean;
  running(): readonly Item[];
  waiting(): readonly Item[];
}

/** The part of the capacity that an item holds. */
export interface Lease {
  /** Gives one task of the item's back before the item is done. */
  giveBack(): void;
}

/**
 * A queue that starts its items in their order, the next one as soon as fewer than `capacity` tasks run: an item of many tasks may thus start on
 * the last free thread, and the rest of its tasks wait in the pool, so that no thread is idle.
 *
 * @param tasksOf tasks that an item brings, >= 1
 * @param laterMs pause before an item is tried that was put off
 */
export function createQueue<Item>(
  items: readonly Item[],
  { capacity, tasksOf, laterMs }: { capacity: number; tasksOf: (item: Item) => number; laterMs: number },
): Queue<Item> {
  const waiting = [...items];
  const running = new Set<Item>();
  const failures: unknown[] = [];
  let isStopped = false;
  let tasks = 0;
  let wake = () => {};
  const stop = () => {
    isStopped = true;
    wake();
  };

  async function begin(item: Item, handle: (item: Item, lease: Lease) => Promise<Handled>): Promise<void> {
    let held = tasksOf(item);
    tasks += held;
    running.add(item);
    const giveBack = () => {
      if (held === 0) return;
      held -= 1;
      tasks -= 1;
      wake();
    };
    let handled: Handled = "left";
    try {
      handled = await handle(item, { giveBack });
    } catch (error) {
      failures.push(error);
    } finally {
      tasks -= held;
      held = 0;
      running.delete(item);
      if (handled === "later" && !isStopped) waiting.push(item);
      wake();
    }
  }

  return {
    async work(handle) {
      // An item that was put off is not asked for again and again while others have work to do.
      const putOff = new Set<Item>();
      for (;;) {
        while (!isStopped && failures.length === 0 && waiting.length > 0 && tasks < capacity) {
          const next = waiting.findIndex((item) => !putOff.has(item));
          if (next === -1) break;
          const [item] = waiting.splice(next, 1);
          void begin(item, async (each, lease) => {
            const handled = await handle(each, lease);
            if (handled === "later") {
              putOff.add(each);
              setTimeout(() => {
                putOff.delete(each);
                wake();
              }, laterMs);
            }
            return handled;
          });
        }
        if (running.size === 0 && (isStopped || failures.length > 0 || waiting.length === 0)) break;
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
      if (failures.length > 0) throw failures[0];
    },
    stop,
    isStopped: () => isStopped,
    running: () => [...running],
    waiting: () => waiting,
  };
}
