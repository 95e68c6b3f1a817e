import { readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, onTestFinished, test } from 'vitest';
import { callsOf, type Plan } from '../drills/kit/plan/core/plan.ts';
import type { Policy } from '../drills/kit/plan/core/policy.ts';
import type { ApiCall } from '../fixtures/core/api-call.ts';
import { kunren, rehearsed, testFolder } from './run-kunren.ts';

// What a drill is allowed to do, what its plan says and what it really does must be the same: a policy that lacks an
// action ends a drill half-way, and one that has more than it needs is a danger.

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

const isChange = (action: string): boolean => !/:(Describe|List|Get|Filter)/.test(action);

test('policy and plan of a drill say what it calls on the twin, in its order, and no other change', async () => {
  const run = await rehearsed(DRILLS, home);
  for (const id of DRILLS) await compare(run, id, []);
});

test('so they do where faults go through AWS FIS, and the drills are met that way too', async () => {
  const env = { KUNREN_HOME: `${home}/stages`, KUNREN_RUNS: `${home}/runs` };
  const ended = await kunren(['rehearse', 'task-kill', 'database-failover', '--via', 'fis'], env);
  expect(ended.code, ended.stderr).toBe(0);
  for (const id of ['task-kill', 'database-failover']) {
    const made = await compare(`${home}/runs/latest`, id, ['--via', 'fis']);
    expect(made).toContain('fis:StartExperiment');
    expect(made).not.toContain(id === 'task-kill' ? 'ecs:StopTask' : 'rds:RebootDBInstance');
  }
});

/** Resolves to the actions that were really made, in the order in which each was made first. */
async function compare(run: string, id: string, flags: readonly string[]): Promise<readonly string[]> {
  const policy = await kunren(['iam-policy', id, ...flags]);
  expect(policy.code, policy.stderr).toBe(0);
  const allowed = new Set((JSON.parse(policy.stdout) as Policy).Statement.flatMap(({ Action }) => Action));
  const made = actionsMade(`${run}/drills/${id}/calls.jsonl`);
  const lacking = made.filter((action) => !allowed.has(action));
  expect(lacking, `${id} calls what its policy lacks`).toEqual([]);
  const changes = [...allowed].filter(isChange);
  const idle = changes.filter((one) => !BESIDE.test(one) && !CONDITIONAL.test(one) && !made.includes(one));
  expect(idle, `${id} never calls`).toEqual([]);
  const printed = await kunren(['plan', id, '--stage', 'twin', '--json', ...flags]);
  expect(printed.code, printed.stderr).toBe(0);
  const planned = callsOf(JSON.parse(printed.stdout) as Plan).map(({ call }) => call);
  const inOrder = [...new Set(planned)].filter((call) => isChange(call) && made.includes(call));
  expect(made.filter(isChange), `the plan of ${id} is in another order`).toEqual(inOrder);
  return made;
}

function actionsMade(path: string): string[] {
  const lines = readFileSync(path, 'utf8').trimEnd().split('\n');
  const calls = lines.map((line) => JSON.parse(line) as ApiCall);
  expect(calls.length).toBeGreaterThan(10);
  // Whatever was answered can be asked about at AWS.
  expect(calls.filter(({ status, requestId }) => status !== undefined && requestId === undefined)).toEqual([]);
  return [...new Set(calls.map(({ service, operation }) => `${service}:${operation}`))];
}

test('a plan asks nobody, and says by its exit when a drill would not be run there', async () => {
  let asked = 0;
  const server = createServer((_, answer) => {
    asked++;
    answer.end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  const AWS_ENDPOINT_URL = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const env = { AWS_ENDPOINT_URL, AWS_ACCESS_KEY_ID: 'x', AWS_SECRET_ACCESS_KEY: 'y' };
  const plan = await kunren(['plan', 'az-outage', '--stage', 'aws', '--account', '123456789012'], env);
  expect(plan.stdout, plan.stderr).toMatch(
    /ssm:PutParameter .*[\s\S]*fis:StartExperiment .*skip-all[\s\S]*may break: /,
  );
  expect(plan.code).toBe(0);
  const unrun = await kunren(['plan', 'backup-restore', '--stage', 'aws'], env);
  expect(unrun.stdout).toMatch(/NOT RUN on stage aws: /);
  expect([unrun.code, asked]).toEqual([2, 0]);
});
