import { existsSync } from 'node:fs';
import { benchProber } from '../probes/prober.bench.ts';
import { AUTOCANNON, clientCost, WRK } from './bench-client.ts';
import { atMost, type BenchPart, type BenchRow, milliseconds, notMeasured } from './bench-row.ts';

const RATE_PER_S = 1_000;
const FOR_S = 30;
const SENT_RATIO_MIN = 0.999;
const P99_LAG_MS_MAX = 5;

/** Whether the prober keeps its pace, and what that costs beside two generators of load. */
export const proberBench: BenchPart = {
  name: 'prober',
  async *measure() {
    const { sentRatio, p99LagMs, cpuMsPerProbe } = await benchProber({ ratePerS: RATE_PER_S, forMs: FOR_S * 1_000 });
    yield* [
      {
        name: `prober at ${RATE_PER_S} probes/s for ${FOR_S} s: sent of due`,
        measured: percent(sentRatio),
        target: `≥ ${percent(SENT_RATIO_MIN)}`,
        met: sentRatio >= SENT_RATIO_MIN,
      },
      atMost('… sent after being due, 99th percentile', p99LagMs, P99_LAG_MS_MAX, milliseconds),
      { name: '… processor time per probe', measured: milliseconds(cpuMsPerProbe) },
      ...(await clientRows()),
    ];
  },
};

/** Rounded down: 99.8999 % is not 99.9 %. */
const percent = (ratio: number): string => `${(Math.floor(ratio * 1e5) / 1e3).toFixed(3)} %`;

async function clientRows(): Promise<BenchRow[]> {
  const rows: BenchRow[] = [];
  for (const client of [AUTOCANNON, WRK]) {
    const name = `${client.name}: processor time per request`;
    if (!existsSync('/proc/self/stat')) rows.push(notMeasured(name, 'no /proc/<pid>/stat here'));
    else {
      const cost = await clientCost(client, { ratePerS: RATE_PER_S, forS: FOR_S });
      if ('skipped' in cost) rows.push(notMeasured(name, cost.skipped));
      else rows.push({ name, measured: `${milliseconds(cost.cpuMs)} at ${Math.round(cost.perS)} requests/s` });
    }
  }
  return rows;
}
