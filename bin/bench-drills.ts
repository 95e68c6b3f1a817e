import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { machineClock } from '../probes/clock.ts';
import { KunrenError } from '../probes/core/error.ts';
import { type Memory, peakMemory, type RehearsalMemory } from './bench-memory.ts';
import { atMost, type BenchPart, type BenchRow, mebibytes, notMeasured, seconds } from './bench-row.ts';
import { MAIN_JOB } from './drill-ids.ts';
import { KUNREN } from './run-kunren.ts';

const DRILLS_MS_MAX = 60_000;
const STAGE_BYTES_MAX = 2 ** 30;

/** The main job as a user runs it, and what it holds in memory meanwhile. */
export const drillsBench: BenchPart = {
  name: 'drills',
  async *measure() {
    const { tookMs, memory } = await rehearse();
    yield* [
      atMost(`the ${MAIN_JOB.length} drills of the main job, from start to report`, tookMs, DRILLS_MS_MAX, seconds),
      ...memoryRows(memory),
    ];
  },
};

async function rehearse(): Promise<{ tookMs: number; memory: RehearsalMemory | undefined }> {
  // Not among the user's own runs, of which it would be the latest.
  const runs = mkdtempSync(join(tmpdir(), 'kunren-bench-'));
  const ended = new AbortController();
  try {
    const [tookMs, memory] = await Promise.all([
      runMs(runs).finally(() => ended.abort()),
      existsSync('/proc/self/smaps_rollup') ? peakMemory(ended.signal) : undefined,
    ]);
    return { tookMs, memory };
  } finally {
    rmSync(runs, { recursive: true, force: true });
  }
}

async function runMs(runs: string): Promise<number> {
  const fromMs = machineClock.nowMs();
  const command = spawn(process.execPath, [KUNREN, 'rehearse'], {
    env: { ...process.env, KUNREN_RUNS: runs },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const [said, [code]] = await Promise.all([text(command.stderr), once(command, 'exit')]);
  const tookMs = machineClock.nowMs() - fromMs;
  if (code === 0) return tookMs;
  process.stderr.write(said);
  // A rehearsal that broke off early would be a fast one.
  throw new KunrenError(
    'bench-drills-not-met',
    `kunren rehearse ended with ${code}, so its time means nothing.`,
    'see what it said.',
  );
}

function memoryRows(memory: RehearsalMemory | undefined): BenchRow[] {
  const stage = 'memory of the stage: twin, Postgres, tasks (peak ';
  if (memory === undefined) return [notMeasured(`${stage}PSS)`, 'no /proc/<pid>/smaps_rollup here')];
  return [
    atMost(`${stage}${means(memory.stage)})`, memory.stage.bytes, STAGE_BYTES_MAX, mebibytes),
    {
      name: `memory of the command and its worker (peak ${means(memory.command)})`,
      measured: mebibytes(memory.command.bytes),
    },
  ];
}

const means = ({ byRss }: Memory): string => (byRss === 0 ? 'PSS' : `PSS, ${byRss} by RSS`);
