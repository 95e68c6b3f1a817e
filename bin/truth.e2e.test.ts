import { rmSync, writeFileSync } from 'node:fs';
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

const SQL = ['schema.sql', 'rows.sql'].map((name) => new URL(`../fixtures/app/data/${name}`, import.meta.url).pathname);

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
  await judgedAgain(env);
});

/** Stored evidence gives the same verdict again, and another one by a stricter objective. */
async function judgedAgain(env: { [name: string]: string }): Promise<void> {
  const same = await kunren(['judge', 'latest', '--json'], env);
  expect(same.code, same.stderr).toBe(0);
  writeFileSync(
    `${home}/strict.config.ts`,
    `import facility from ${JSON.stringify(new URL('../kunren.config.ts', import.meta.url).pathname)};
     const scenarios = facility.scenarios.map((one) => (one.downtime ? { ...one, downtime: { ms: 1 } } : one));
     const sql = ${JSON.stringify(SQL)};
     export default { ...facility, scenarios, twin: { sql } };`,
  );
  const stricter = await kunren(['judge', 'latest', '--json', '--config', `${home}/strict.config.ts`], env);
  expect([1, 2], stricter.stderr).toContain(stricter.code);
  const verdictOf = (text: string) => (JSON.parse(text) as { drills: DrillResult[] }).drills[0]!.verdict;
  expect(verdictOf(same.stdout)).toBe('met');
  expect(verdictOf(stricter.stdout)).not.toBe('met');
}
