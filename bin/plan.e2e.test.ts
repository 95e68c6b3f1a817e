import { readFileSync, rmSync } from 'node:fs';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Policy } from '../drills/kit/plan/core/policy.ts';
import type { ApiCall } from '../fixtures/core/api-call.ts';
import { kunren, rehearsed, testFolder } from './run-kunren.ts';

// What a drill is allowed to do and what it really does must be the same: a policy that lacks an action ends a drill
// half-way, and one that has more than it needs is a danger.

let home: string;
beforeEach(() => {
  home = testFolder();
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

const DRILLS = ['task-kill', 'database-failover', 'az-outage', 'backup-restore', 'accidental-delete'];

/** AWS asks for these beside another call; they are no calls of their own. */
const BESIDE = /^(iam:PassRole|iam:CreateServiceLinkedRole|[a-z]+:(AddTagsTo|Tag)Resource)$/;

/** Made only where something does not come back by itself, or where the other one of two restores is. */
const CONDITIONAL = /^(ecs:UpdateService|rds:Restore|rds:ModifyDBInstance|fis:StopExperiment)/;

test('the policy of a drill allows what it calls on the twin, and no other change', async () => {
  const run = await rehearsed(DRILLS, home);
  for (const id of DRILLS) {
    const policy = await kunren(['iam-policy', id]);
    expect(policy.code, policy.stderr).toBe(0);
    const statements = (JSON.parse(policy.stdout) as Policy).Statement;
    const allowed = new Set(statements.flatMap(({ Action }) => Action));
    const made = actionsMade(`${run}/drills/${id}/calls.jsonl`);
    expect(
      [...made].filter((action) => !allowed.has(action)),
      `${id} calls what its policy lacks`,
    ).toEqual([]);
    const changes = [...allowed].filter((action) => !/:(Describe|List|Get|Filter)/.test(action));
    const idle = changes.filter((one) => !BESIDE.test(one) && !CONDITIONAL.test(one) && !made.has(one));
    expect(idle, `${id} never calls`).toEqual([]);
  }
});

function actionsMade(path: string): Set<string> {
  const lines = readFileSync(path, 'utf8').trimEnd().split('\n');
  const calls = lines.map((line) => JSON.parse(line) as ApiCall);
  expect(calls.length).toBeGreaterThan(10);
  return new Set(calls.map(({ service, operation }) => `${service}:${operation}`));
}
