import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { DrillResult } from '../reports/core/result.ts';
import { kunren, testFolder } from './run-kunren.ts';

// A drill that has never failed is not known to work: each spoilt system must be found out, with the
// true reason. A crash, a time-out or any other reason fails the test.

let home: string;
beforeEach(() => {
  home = testFolder();
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

const CONTROLS = 'fixtures/app/controls/kunren.config.ts';

interface Spoilt {
  readonly spoil: string;
  readonly drill: string;
  readonly code: number;
  readonly verdict: string;
  readonly why: RegExp;
  /** A control must fail in bad weather too, and for the same reason. */
  readonly weather?: 'rough';
}

test.each<Spoilt>([
  {
    spoil: 'lossy-commits',
    drill: 'database-failover',
    weather: 'rough',
    code: 1,
    verdict: 'missed',
    why: /acknowledged writes? (was|were) lost/,
  },
  {
    spoil: 'reboot-without-failover',
    drill: 'database-failover',
    code: 2,
    verdict: 'unknown',
    why: /fault not observed.*reboot without failover/,
  },
  {
    spoil: 'ignored-reboot',
    drill: 'database-failover',
    weather: 'rough',
    code: 2,
    verdict: 'unknown',
    why: /fault not observed/,
  },
  { spoil: 'no-reconnect', drill: 'database-failover', code: 1, verdict: 'missed', why: /by itself/ },
  { spoil: 'no-replacement', drill: 'task-kill', code: 1, verdict: 'missed', why: /by itself/ },
  { spoil: 'old-primary-reads', drill: 'database-failover', code: 1, verdict: 'missed', why: /stale read/ },
  { spoil: 'slow-failover', drill: 'database-failover', code: 1, verdict: 'missed', why: /downtime/ },
  {
    spoil: 'restore-misses-minutes',
    drill: 'accidental-delete',
    code: 1,
    verdict: 'missed',
    why: /not so: what was written just before the restored instant is there.*\d+ of \d+ canaries from before/,
  },
  {
    spoil: 'restore-wrong-database',
    drill: 'accidental-delete',
    code: 1,
    verdict: 'missed',
    why: /not so: The application works on the restored database/,
  },
  {
    spoil: 'shifted-column',
    drill: 'backup-restore',
    code: 1,
    verdict: 'missed',
    why: /public\.\w+: other content in \d+ rows \(id=1 in \w+;/,
  },
  {
    spoil: 'meddling-writer',
    drill: 'accidental-delete',
    code: 1,
    verdict: 'missed',
    why: /public\.orders: other content in 10 rows \(id=\d+ in /,
  },
])('$spoil is found out by $drill', { timeout: 180_000 }, async ({ spoil, drill, code, verdict, why, weather }) => {
  const env = { KUNREN_HOME: home, KUNREN_RUNS: join(home, 'runs') };
  const ended = await kunren(
    ['rehearse', drill, '--spoil', spoil, '--weather', weather ?? 'fair', '--config', CONTROLS, '--json'],
    env,
  );
  expect(ended.stdout, ended.stderr).toMatch(/^\{/);
  const { drills } = JSON.parse(ended.stdout) as { drills: DrillResult[] };
  expect(drills[0]).toMatchObject({ id: drill, verdict });
  expect(drills[0]?.why).toMatch(why);
  expect(ended.code).toBe(code);
  expect(existsSync(join(home, 'runs', 'latest', 'report.html'))).toBe(true);
});
