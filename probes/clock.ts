import { setTimeout as delay } from 'node:timers/promises';
import type { Clock } from './core/clock.ts';

/** The machine's clock. The only file of the project that sleeps. */
export const machineClock: Clock = {
  nowMs: () => Number(process.hrtime.bigint()) / 1e6,
  sleep: async (ms, signal) => {
    await delay(ms, undefined, signal === undefined ? {} : { signal });
  },
};
