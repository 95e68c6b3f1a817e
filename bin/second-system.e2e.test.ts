import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { RunDocument } from '../reports/core/run-document.ts';
import { kunren, testFolder } from './run-kunren.ts';

// Another system, named and shaped otherwise: two services, another region, one zone more, another
// health path, an authorization header and a body rule. The drills must know nothing of the first.

let home: string;
beforeEach(() => {
  home = testFolder();
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

test('the drills run on a second system by its config alone', { timeout: 300_000 }, async () => {
  const env = { KUNREN_HOME: join(home, 'stages'), KUNREN_RUNS: join(home, 'runs') };
  // Exercises must not be noticed, which a machine shared with other tests cannot promise.
  const chosen = ['no-fault', 'task-kill', 'database-failover', 'accidental-delete', 'az-outage'];
  const config = 'fixtures/app/second-system/kunren.config.ts';
  const ended = await kunren(['rehearse', ...chosen, '--config', config, '--json'], env);
  expect(ended.code, ended.stderr).toBe(0);
  const { drills } = JSON.parse(ended.stdout) as { drills: { id: string; verdict: string }[] };
  expect(drills.map(({ id, verdict }) => `${id} ${verdict}`)).toEqual([
    'no-fault met',
    'accidental-delete met',
    'az-outage met',
    'database-failover met',
    'task-kill met',
  ]);
  const document = JSON.parse(readFileSync(join(home, 'runs/latest/run.json'), 'utf8')) as RunDocument;
  const probed = new Set(document.drills.flatMap(({ evidence }) => evidence.probes.map((probe) => probe.service)));
  expect(probed.size).toBeGreaterThanOrEqual(2);
});
