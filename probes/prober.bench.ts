import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { machineClock } from './clock.ts';
import { coverage, paceOf } from './core/coverage.ts';
import { startProber } from './prober.ts';

export interface ProberBench {
  /** Probes sent / due. */
  readonly sentRatio: number;
  /** 99 of 100 probes were sent within this time of being due. */
  readonly p99LagMs: number;
  /** Processor time of this process, without the server's, per probe. */
  readonly cpuMsPerProbe: number;
}

/** Probes a trivial local server over kept-alive connections at `ratePerS` for `forMs`. */
export async function benchProber(load: { readonly ratePerS: number; readonly forMs: number }): Promise<ProberBench> {
  const directory = mkdtempSync(join(tmpdir(), 'kunren-bench-'));
  const server = new Worker(new URL('./loopback-server.ts', import.meta.url), { name: 'bench server' });
  try {
    const [port] = (await once(server, 'message')) as [number];
    return await measure(server, port, directory, load);
  } finally {
    await server.terminate();
    rmSync(directory, { recursive: true, force: true });
  }
}

async function measure(
  server: Worker,
  port: number,
  directory: string,
  { ratePerS, forMs }: { readonly ratePerS: number; readonly forMs: number },
): Promise<ProberBench> {
  const name = 'bench';
  const intervalMs = 1_000 / ratePerS;
  const before = { own: process.cpuUsage(), server: await server.cpuUsage() };
  const prober = await startProber({
    directory,
    probes: [
      {
        kind: 'http',
        name,
        connection: 'kept-alive',
        request: { method: 'GET', url: `http://127.0.0.1:${port}/` },
        expectStatus: 200,
        intervalMs,
        deadlineMs: 1_000,
        slowMs: 1_000,
      },
    ],
  });
  await Promise.race([machineClock.sleep(forMs), prober.failed]);
  await prober.stop();
  const own = process.cpuUsage(before.own);
  const served = await server.cpuUsage(before.server);
  const cpuMs = (own.user + own.system - served.user - served.system) / 1_000;
  const samples = prober.samples(name);
  const pace = paceOf(prober.slots(name), intervalMs)!;
  const watched = coverage(prober.slots(name), pace, pace.t0Ms, prober.slots(name).at(-1)!.dueAtMs);
  const lagsMs = samples.map((sample) => sample.sentAtMs - sample.dueAtMs).sort((a, b) => a - b);
  return {
    sentRatio: watched.sent / watched.due,
    p99LagMs: lagsMs[Math.floor(lagsMs.length * 0.99)]!,
    cpuMsPerProbe: cpuMs / samples.length,
  };
}
