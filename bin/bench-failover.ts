import { benchFailover } from '../fixtures/twin/rds/failover.bench.ts';
import { openBenchHost } from './bench-host.ts';
import { atMost, type BenchPart, seconds, times } from './bench-row.ts';

const RATIO_MAX = 2;

/** What the twin adds to the time that Postgres itself needs after a kill. */
export const failoverBench: BenchPart = {
  name: 'failover',
  async *measure() {
    const { host, remove } = openBenchHost();
    try {
      const { twinMs, bareMs } = await benchFailover(host);
      yield { name: 'bare Postgres: kill to first write (median)', measured: seconds(bareMs) };
      yield { name: 'failover of the twin: kill to first write (median)', measured: seconds(twinMs) };
      yield atMost('failover of the twin / bare Postgres', twinMs / bareMs, RATIO_MAX, times);
    } finally {
      await remove();
    }
  },
};
