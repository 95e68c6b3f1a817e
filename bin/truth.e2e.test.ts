import { rmSync } from 'node:fs';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { DrillResult } from '../reports/core/result.ts';
import { kunren, testFolder } from './run-kunren.ts';

// The twin logs its own truth, independently of the prober: when the database was killed and took its
// first write again, and how long no task behind the balancer could write. The measurement must hold it.

let home: string;
beforeEach(() => {
  home = testFolder();
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

/** Probe interval and deadline of the health probes, and the longest answer seen here; milliseconds. */
const INTERVAL_MS = 100;
const DEADLINE_MS = 2_000;
const ANSWER_MS = 500;

test.each([11, 12, 13])('the measured downtime of a failover contains the truth (seed %i)', async (seed) => {
  const env = { KUNREN_HOME: `${home}/stages`, KUNREN_RUNS: `${home}/runs` };
  const ended = await kunren(['rehearse', 'database-failover', '--json', '--seed', String(seed)], env);
  expect(ended.code, ended.stderr).toBe(0);
  const { drills } = JSON.parse(ended.stdout) as { drills: DrillResult[] };
  const { measured, truth } = drills[0]!;
  const { downtimeMsMin, downtimeMsMax, recoveryTimeMsMax } = measured;
  expect(truth?.serviceDowntimeMs).toBeGreaterThan(0);
  expect(truth?.serviceDowntimeMs).toBeGreaterThanOrEqual(downtimeMsMin!);
  expect(truth?.serviceDowntimeMs).toBeLessThanOrEqual(downtimeMsMax!);
  expect(truth?.databaseRecoveryMs).toBeLessThan(recoveryTimeMsMax!);
  expect(downtimeMsMax! - downtimeMsMin!).toBeLessThanOrEqual(2 * INTERVAL_MS + ANSWER_MS + DEADLINE_MS);
  expect(truth).toMatchObject({ azSwapped: true, postmasterStartTimeChanged: true });
  expect(measured.writesLost).toBe(0);
});
