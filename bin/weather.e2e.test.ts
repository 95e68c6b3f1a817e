import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { DrillEvidence } from '../reports/core/evidence.ts';
import { rehearsed, testFolder } from './run-kunren.ts';

let home: string;
beforeEach(() => {
  home = testFolder();
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

/** What may befall any call. */
const ALWAYS = ['dropped-connection', 'empty-page', 'lag', 'lost-answer', 'not-found', 'server-error', 'throttle'];

/** Events are asked for where a database fails over, and only then its zones change. */
const OF_FAILOVERS = ['late-event', 'late-zones', 'lost-event'];

test('in rough weather each drill meets every kind that there is for it, and is met', async () => {
  const run = await rehearsed(['task-kill', 'database-failover', '--weather', 'rough'], home);
  const drills = readdirSync(`${run}/drills`);
  expect(drills).toEqual(expect.arrayContaining(['database-failover', 'task-kill']));
  for (const id of drills) {
    const evidence = JSON.parse(readFileSync(`${run}/drills/${id}/evidence.json`, 'utf8')) as DrillEvidence;
    const met = Object.keys(evidence.truth?.weather ?? {});
    const due = id === 'database-failover' || id === 'az-outage' ? [...ALWAYS, ...OF_FAILOVERS] : ALWAYS;
    expect(met, id).toEqual(expect.arrayContaining(due));
  }
});
