import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { machineClock } from '../probes/clock.ts';
import { KunrenError } from '../probes/core/error.ts';
import type { RunDocument } from '../reports/core/run-document.ts';
import { type Memory, peakMemory, type RehearsalMemory } from './bench-memory.ts';
import { atMost, type BenchPart, type BenchRow, mebibytes, notMeasured, seconds } from './bench-row.ts';
import { MAIN_JOB } from './drill-ids.ts';
import { KUNREN } from './run-kunren.ts';

const DRILLS_MS_MAX = 200_000;
/** Those of which each is promised a length of its own. */
const ZONE_DRILLS = ['az-outage', 'standby-outage'];
const ZONE_DRILL_MS_MAX = 40_000;
const PLAN_MS_MAX = 1_000;
const STAGE_BYTES_MAX = 2 ** 30;

/** The main job as a user runs it, and what it holds in memory meanwhile. */
export const drillsBench: BenchPart = {
  name: 'drills',
  async *measure() {
    const { tookMs, drills, memory } = await rehearse();
    yield* [
      atMost(`the ${MAIN_JOB.length} drills of the main job, from start to report`, tookMs, DRILLS_MS_MAX, seconds),
      ...ZONE_DRILLS.map((id) => drillRow(id, drills)),
      ...memoryRows(memory),
    ];
    yield atMost('kunren plan az-outage', await endMs(['plan', 'az-outage']), PLAN_MS_MAX, seconds);
  },
};

interface Rehearsal {
  readonly tookMs: number;
  readonly drills: RunDocument['drills'];
  readonly memory: RehearsalMemory | undefined;
}

async function rehearse(): Promise<Rehearsal> {
  // Not among the user's own runs, of which it would be the latest.
  const runs = mkdtempSync(join(tmpdir(), 'kunren-bench-'));
  const ended = new AbortController();
  try {
    const [tookMs, memory] = await Promise.all([
      endMs(['rehearse'], { KUNREN_RUNS: runs }).finally(() => ended.abort()),
      existsSync('/proc/self/smaps_rollup') ? peakMemory(ended.signal) : undefined,
    ]);
    const { drills } = JSON.parse(readFileSync(join(runs, 'latest/run.json'), 'utf8')) as RunDocument;
    return { tookMs, drills, memory };
  } finally {
    rmSync(runs, { recursive: true, force: true });
  }
}

/** How long a command takes that ends well; a rehearsal that broke off early would be a fast one. */
async function endMs(args: readonly string[], env: { readonly [name: string]: string } = {}): Promise<number> {
  const fromMs = machineClock.nowMs();
  const command = spawn(process.execPath, [KUNREN, ...args], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const [said, [code]] = await Promise.all([text(command.stderr), once(command, 'exit')]);
  const tookMs = machineClock.nowMs() - fromMs;
  if (code === 0) return tookMs;
  process.stderr.write(said);
  throw new KunrenError(
    'bench-drills-not-met',
    `kunren ${args.join(' ')} ended with ${code}, so its time means nothing.`,
    'see what it said.',
  );
}

function drillRow(id: string, drills: RunDocument['drills']): BenchRow {
  const clock = drills.find(({ result }) => result.id === id)?.evidence.clock;
  if (clock === undefined) return notMeasured(id, 'it is not in run.json');
  return atMost(
    `${id}, from its preflight to its inventory`,
    clock.endedAtMs - clock.startedAtMs,
    ZONE_DRILL_MS_MAX,
    seconds,
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
