import { readFileSync } from 'node:fs';
import { stageFolders } from '../fixtures/stages/home.ts';
import { childrenOf } from '../fixtures/twin/postgres/process-tree.ts';
import { processesOf } from '../fixtures/twin/processes.ts';
import { machineClock } from '../probes/clock.ts';

/** What processes hold together, in bytes. */
export interface Memory {
  /** Sum of the PSS: each shared page is counted once in all. */
  readonly bytes: number;
  /** Processes that let nobody read their PSS; counted with their RSS, which is more. */
  readonly byRss: number;
}

export interface RehearsalMemory {
  /** Twin, Postgres and tasks. */
  readonly stage: Memory;
  /** The command and vitest's worker. */
  readonly command: Memory;
}

/** Far apart enough to take little from the drills beside it: a look costs some 30 ms. */
const LOOK_EVERY_MS = 1_000;

/** Looks at this process's descendants until `ended`; gives the largest sums seen. Linux only. */
export async function peakMemory(ended: AbortSignal): Promise<RehearsalMemory> {
  const others = new Set(stageFolders());
  let peak: RehearsalMemory = { stage: { bytes: 0, byRss: 0 }, command: { bytes: 0, byRss: 0 } };
  while (!ended.aborted) {
    const stages = stageFolders().filter((folder) => !others.has(folder));
    const staged = new Set(stages.flatMap(processesOf).map(({ pid }) => pid));
    const rest = descendantsOf(process.pid).filter((pid) => !staged.has(pid));
    peak = { stage: larger(peak.stage, memoryOf([...staged])), command: larger(peak.command, memoryOf(rest)) };
    await machineClock.sleep(LOOK_EVERY_MS, ended).catch(() => {}); // Cut short by the end.
  }
  return peak;
}

const larger = (one: Memory, other: Memory): Memory => (other.bytes > one.bytes ? other : one);

const descendantsOf = (pid: number): number[] => childrenOf(pid).flatMap((child) => [child, ...descendantsOf(child)]);

function memoryOf(pids: readonly number[]): Memory {
  let bytes = 0;
  let byRss = 0;
  for (const pid of pids) {
    const pss = kibibytes(`/proc/${pid}/smaps_rollup`, /^Pss:\s+(\d+) kB$/m);
    // A server of another user shows it only to a root that may trace it.
    const rss = pss === undefined ? kibibytes(`/proc/${pid}/status`, /^VmRSS:\s+(\d+) kB$/m) : undefined;
    if (rss !== undefined) byRss++;
    bytes += (pss ?? rss ?? 0) * 1_024;
  }
  return { bytes, byRss };
}

/** `undefined` when it may not be read, or the process is gone. */
function kibibytes(path: string, line: RegExp): number | undefined {
  try {
    const found = line.exec(readFileSync(path, 'utf8'))?.[1];
    return found === undefined ? undefined : Number(found);
  } catch {
    return undefined;
  }
}
