import { existsSync, renameSync, rmSync } from 'node:fs';
import { startTwinStage } from '../fixtures/stages/twin-process.ts';
import { type LoadedSystem, loadSystem } from '../fixtures/system-file.ts';
import { findPostgresBinaries } from '../fixtures/twin/postgres/binaries.ts';
import { templateCache } from '../fixtures/twin/postgres/template.ts';
import { machineClock } from '../probes/clock.ts';
import { KunrenError } from '../probes/core/error.ts';
import { atMost, type BenchPart, seconds } from './bench-row.ts';

const COLD_MS_MAX = 5_000;
const WARM_MS_MAX = 3_000;
const WARM_ROUNDS = 3;

/** How long it takes until the whole system answers on a new twin. */
export const stageBench: BenchPart = {
  name: 'stage',
  async *measure() {
    const loaded = await loadSystem();
    const coldMs = await withoutTemplate(() => readyMs(loaded));
    const warmMs: number[] = [];
    for (let round = 0; round < WARM_ROUNDS; round++) warmMs.push(await readyMs(loaded));
    yield* [
      atMost('stage ready, cold (makes the database template)', coldMs, COLD_MS_MAX, seconds),
      atMost(`stage ready, warm (slowest of ${WARM_ROUNDS})`, Math.max(...warmMs), WARM_MS_MAX, seconds),
    ];
  },
};

async function readyMs({ system, directory }: LoadedSystem): Promise<number> {
  const fromMs = machineClock.nowMs();
  const twin = await startTwinStage({ system, configDirectory: directory, seed: 1, owned: true });
  const tookMs = machineClock.nowMs() - fromMs;
  await twin.stop();
  return tookMs;
}

/** Runs `work` with no cached template. That it was cold is proved by the template that it left. */
async function withoutTemplate<T>(work: () => Promise<T>): Promise<T> {
  const cache = templateCache(findPostgresBinaries());
  const aside = `${cache}.aside`;
  rmSync(aside, { recursive: true, force: true });
  // By one rename: a twin that starts meanwhile finds a whole template or none.
  if (existsSync(cache)) renameSync(cache, aside);
  try {
    const result = await work();
    if (existsSync(cache)) return result;
    throw new KunrenError(
      'bench-not-cold',
      `The stage left no template in ${cache}: it may have used another one.`,
      'make that folder writable.',
    );
  } finally {
    rmSync(aside, { recursive: true, force: true });
  }
}
