import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { makeHome, removeHomeIfEmpty } from '../fixtures/stages/home.ts';
import { startOfProcess } from '../fixtures/stages/process-identity.ts';
import { benchFailover } from '../fixtures/twin/rds/failover.bench.ts';
import { MachineHost } from '../fixtures/twin/twin-host.ts';
import { atMost, type BenchPart, seconds } from './bench-row.ts';

const RATIO_MAX = 2;

/** What the twin adds to the time that Postgres itself needs after a kill. */
export const failoverBench: BenchPart = {
  name: 'failover',
  async measure() {
    const directory = mkdtempSync(join(makeHome(), 'stage-'));
    // By this `kunren sweep` knows whose it is.
    const maker = { pid: process.pid, start: startOfProcess(process.pid), owned: true };
    writeFileSync(join(directory, 'maker.json'), JSON.stringify(maker));
    const host = new MachineHost({
      accountId: '123456789012',
      directory,
      pace: 'fast',
      spoil: undefined,
      lagOverrides: {},
    });
    try {
      const { twinMs, bareMs } = await benchFailover(host);
      return [
        { name: 'bare Postgres: kill to first write (median)', measured: seconds(bareMs) },
        { name: 'failover of the twin: kill to first write (median)', measured: seconds(twinMs) },
        atMost('failover of the twin / bare Postgres', twinMs / bareMs, RATIO_MAX, (ratio) => `${ratio.toFixed(2)} ×`),
      ];
    } finally {
      await host.close();
      rmSync(directory, { recursive: true, force: true });
      removeHomeIfEmpty();
    }
  },
};
