import type { Machine } from "./machine.ts";
import { findPython, type PeerHello, type PeerProcess, type Python, startPeer } from "./peer-process.ts";
import { type Contender, fastestRounds } from "./rounds.ts";

/** What a peer is asked to prepare; the fields are those of bench/peers/server.py. */
export type PeerItem = Readonly<Record<string, string | number>>;

/** A prepared item as a contender. */
export interface PeerContender extends Contender {
  readonly process: PeerProcess;
  /** The form that was fastest, in words; empty where there is only one. */
  readonly form: string;
  drop(): Promise<void>;
}

/** All peers' processes of one number of threads. */
export interface Peers {
  readonly python: Python;
  readonly processes: readonly PeerProcess[];
  readonly hello: PeerHello;
  readonly clock: "thread" | "wall";
  close(): void;
}

/**
 * Cores that OpenBLAS may be told to be: its own guess, and what the machine can run. Debian's 0.3.21 takes CPUs that it does not know for ones
 * without AVX, three times slower; and on some AVX-512 machines its AVX2 kernels are the faster ones.
 */
function blasCores({ instructions }: Machine): readonly (string | null)[] {
  if (instructions === "AVX-512") return [null, "SkylakeX", "Haswell"];
  return instructions === "AVX2" ? [null, "Haswell"] : [null];
}

/** Starts one process for each core; null without a Python that has NumPy. */
export async function openPeers(machine: Machine, threads: number): Promise<Peers | null> {
  const python = findPython();
  if (python === null) return null;
  const processes = blasCores(machine).map((core) =>
    startPeer(python, threads, core ?? "as detected", core === null ? {} : { OPENBLAS_CORETYPE: core }),
  );
  const [hello] = await Promise.all(processes.map((peer) => peer.ask<PeerHello>({ command: "hello" })));
  return {
    python,
    processes,
    hello,
    clock: threads === 1 ? "thread" : "wall",
    close: () => {
      for (const peer of processes) peer.close();
    },
  };
}

/** Prepares an item in one process. */
export async function prepareItem(
  { clock }: Peers,
  process: PeerProcess,
  name: string,
  item: PeerItem,
): Promise<PeerContender> {
  const { id, form } = await process.ask<{ id: number; form: string }>({ command: "prepare", item });
  return {
    name,
    process,
    form,
    async round(repeat) {
      const { seconds } = await process.ask<{ seconds: number }>({ command: "round", id, repeat, clock });
      return seconds;
    },
    async drop() {
      await process.ask({ command: "drop", id });
    },
  };
}

/** Prepares an item in every process and keeps the one where it runs fastest; `rounds` in each after a first one. */
export async function prepareOnFastest(peers: Peers, name: string, item: PeerItem, rounds = 4): Promise<PeerContender> {
  const candidates: PeerContender[] = [];
  for (const process of peers.processes) {
    candidates.push(await prepareItem(peers, process, process.label, item));
  }
  const best = await fastestRounds(candidates, { rounds, budgetSeconds: 0.3 });
  const seconds = (candidate: PeerContender): number => best.get(candidate.name) ?? Infinity;
  const [fastest, ...others] = candidates.toSorted((left, right) => seconds(left) - seconds(right));
  for (const other of others) await other.drop();
  return { ...fastest, name };
}
