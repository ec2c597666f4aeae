/** A flag that all threads of a run see: 0 while it goes on, 1 when it is to stop. */
export type StopFlag = SharedArrayBuffer;

/** A flag that all threads of a run can see, not raised. */
export function createStopFlag(): StopFlag {
  return new SharedArrayBuffer(4);
}

/** Raises the flag: members stop at their next look. */
export function raise(flag: StopFlag): void {
  Atomics.store(new Int32Array(flag), 0, 1);
}

/** Whether the flag is up. */
export function isRaised(flag: StopFlag): boolean {
  return Atomics.load(new Int32Array(flag), 0) === 1;
}

const pollMs = 50;

/** An AbortSignal that follows the flag; `close` ends the watching. */
export function watchStopFlag(flag: StopFlag): { readonly signal: AbortSignal; close(): void } {
  const controller = new AbortController();
  const { signal } = controller;
  const look = () => {
    if (!signal.aborted && isRaised(flag)) controller.abort();
  };
  // A computation that never returns to the event loop would never see the poll, so reading the signal reads the flag.
  const isAborted = () => Reflect.get(AbortSignal.prototype, "aborted", signal) as boolean;
  Object.defineProperty(signal, "aborted", {
    configurable: true,
    get() {
      if (!isAborted() && isRaised(flag)) controller.abort();
      return isAborted();
    },
  });
  const poll = setInterval(look, pollMs);
  poll.unref();
  return { signal, close: () => clearInterval(poll) };
}
