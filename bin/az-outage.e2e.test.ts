import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { DrillResult } from '../reports/core/result.ts';
import { kunren, testFolder } from './run-kunren.ts';

// What the loss of a zone must find out: an experiment that hits nothing, a database that stays where it was, a zone
// whose standby never comes back. That both drills are met is shown by the main job.

let home: string;
beforeEach(() => {
  home = testFolder();
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

const CONTROLS = 'fixtures/app/controls/kunren.config.ts';
const UNTAGGED = 'fixtures/app/controls/untagged/kunren.config.ts';

test.each([
  {
    what: 'a template whose tag matches nothing',
    drill: 'az-outage',
    config: UNTAGGED,
    spoil: [],
    code: 2,
    verdict: 'unknown',
    why: /^fault not observed: experiment EXP\w+, a dry run, resolved no targets for nets/,
  },
  {
    what: 'a primary that stays in the lost zone',
    drill: 'az-outage',
    config: CONTROLS,
    spoil: ['--spoil', 'zone-without-failover'],
    code: 2,
    verdict: 'unknown',
    why: /^fault not observed: the database was restarted and shows no other AZ/,
  },
  {
    what: 'a standby that is never rebuilt',
    drill: 'standby-outage',
    config: CONTROLS,
    spoil: ['--spoil', 'zone-never-back'],
    code: 1,
    verdict: 'missed',
    why: /not so: the system is whole again.*database has no standby zone/,
  },
  {
    what: 'an experiment whose role lacks a permission',
    drill: 'task-kill',
    config: CONTROLS,
    spoil: ['--via', 'fis', '--spoil', 'fis-lacks-permission'],
    code: 2,
    verdict: 'unknown',
    why: /^fault not observed: experiment EXP\w+, a dry run, was failed: .* to perform logs:CreateLogDelivery/,
  },
  {
    what: 'a failover that RDS abandons',
    drill: 'database-failover',
    config: CONTROLS,
    spoil: ['--spoil', 'abandoned-failover'],
    code: 2,
    verdict: 'unknown',
    why: /^fault not observed: nothing changed/,
  },
])('$what is found out by $drill', { timeout: 180_000 }, async ({ drill, config, spoil, code, verdict, why }) => {
  const env = { KUNREN_HOME: home, KUNREN_RUNS: join(home, 'runs') };
  const ended = await kunren(['rehearse', drill, ...spoil, '--config', config, '--json'], env);
  expect(ended.stdout, ended.stderr).toMatch(/^\{/);
  const { drills } = JSON.parse(ended.stdout) as { drills: DrillResult[] };
  expect(drills[0]).toMatchObject({ id: drill, verdict });
  expect(drills[0]?.why).toMatch(why);
  // What was not caused has no recovery time.
  if (verdict === 'unknown') expect(drills[0]?.measured).toMatchObject({ recoveryTimeMsMax: null });
  expect(ended.code, ended.stderr).toBe(code);
});
