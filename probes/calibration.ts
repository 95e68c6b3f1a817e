import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { machineClock } from './clock.ts';
import { KunrenError } from './core/error.ts';
import { summarizeOutages } from './core/outage.ts';
import type { HttpProbeSpec } from './core/probe-spec.ts';
import type { RangeMs } from './core/sample.ts';
import type { OutageOrder, OutageTruth } from './loopback-server.ts';
import { ownModule } from './own-module.ts';
import { type Prober, startProber } from './prober.ts';

const OUTAGE_MS = 500;
const STABLE_ANSWERS = 5;
/** Many times what so few answers take, in ms. Assumed. */
const ANSWERS_LIMIT_MS = 10_000;
/** A range wider than this measures nothing, even when it contains the truth. */
const WIDTH_MS_MAX = OUTAGE_MS / 2;

/** One outage of known length, as the same prober measured it. */
export interface KnownOutage {
  readonly trueMs: number;
  readonly measured: RangeMs;
  /** The range contains the truth, is narrow, and no other outage was seen. */
  readonly holds: boolean;
}

/** Makes an outage of about half a second on a server of its own and measures it. Takes about a second. */
export async function calibrate(): Promise<KnownOutage> {
  const directory = mkdtempSync(join(tmpdir(), 'kunren-calibration-'));
  const server = new Worker(ownModule('./loopback-server.ts', import.meta.url), { name: 'calibration server' });
  try {
    const [port] = (await once(server, 'message')) as [number];
    return await measureOutage(server, port, directory);
  } finally {
    await server.terminate();
    rmSync(directory, { recursive: true, force: true });
  }
}

async function measureOutage(server: Worker, port: number, directory: string): Promise<KnownOutage> {
  const spec: HttpProbeSpec = {
    kind: 'http',
    name: 'calibration',
    connection: 'fresh',
    request: { method: 'GET', url: `http://127.0.0.1:${port}/` },
    expectStatus: 200,
    intervalMs: 20,
    deadlineMs: 500,
    slowMs: 500,
  };
  const prober = await startProber({ probes: [spec], directory });
  try {
    await goodInARow(prober, STABLE_ANSWERS);
    const truth = once(server, 'message') as Promise<[OutageTruth]>;
    server.postMessage({ outageForMs: OUTAGE_MS } satisfies OutageOrder);
    const [{ fromMs, toMs }] = await truth;
    await goodInARow(prober, STABLE_ANSWERS + 1);
    await prober.stop();
    const summary = summarizeOutages(prober.samples(spec.name), { stableAnswers: STABLE_ANSWERS });
    const trueMs = toMs - fromMs;
    const measured = summary.downtime;
    return { trueMs, measured, holds: !summary.flapping && narrowlyContains(measured, trueMs) };
  } finally {
    await prober.stop();
  }
}

/** Waits for so many good answers in a row. Throws when they do not come, or the prober dies. */
async function goodInARow(prober: Prober, count: number): Promise<void> {
  let inARow = 0;
  const seen = new Promise<void>((resolve) => {
    const end = prober.onSample((_, sample) => {
      inARow = sample.outcome === 'good' ? inARow + 1 : 0;
      if (inARow < count) return;
      end();
      resolve();
    });
  });
  const waiting = new AbortController();
  const expired = machineClock.sleep(ANSWERS_LIMIT_MS, waiting.signal).then(
    () => Promise.reject(tooSlow(count)),
    () => {},
  );
  try {
    await Promise.race([seen, prober.failed, expired]);
  } finally {
    waiting.abort();
  }
}

function narrowlyContains({ msMin, msMax }: RangeMs, trueMs: number): boolean {
  return msMax !== null && msMin <= trueMs && trueMs <= msMax && msMax - msMin <= WIDTH_MS_MAX;
}

const tooSlow = (count: number): KunrenError =>
  new KunrenError(
    'calibration-failed',
    `The calibration server did not give ${count} good answers in a row within ${ANSWERS_LIMIT_MS} ms.`,
    'Free the machine of other load, and see that connections to 127.0.0.1 are allowed.',
  );
