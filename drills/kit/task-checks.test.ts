import { afterEach, expect, test } from 'vitest';
import { type Script, type TestAccount, testAccount } from '../../fixtures/stages/test-account.ts';
import type { Facts } from './spec.ts';
import { taskIsReplaced } from './task-checks.ts';

let account: TestAccount;
afterEach(() => account.close());

const task = (taskArn: string, lastStatus = 'RUNNING', group = 'service:s') => ({ taskArn, lastStatus, group });
/** What ECS says of the service whose task `arn:hurt` was hurt and which should run two. */
const ecs = (...tasks: readonly { taskArn: string; lastStatus: string }[]): { [operation: string]: Script } => ({
  ListTasks: [{ taskArns: tasks.map(({ taskArn }) => taskArn) }],
  DescribeTasks: [{ tasks }],
});

test.each([
  ['another runs in its place', ecs(task('arn:a'), task('arn:b')), true, 'yes', /running now: arn:a, arn:b/],
  ['it still runs itself', ecs(task('arn:a'), task('arn:hurt')), true, 'no', /running now: arn:a, arn:hurt/],
  ['only others of before run', ecs(task('arn:a'), task('arn:c')), true, 'no', /running now: arn:a, arn:c/],
  [
    'another runs for another service',
    ecs(task('arn:a'), task('arn:b', 'RUNNING', 'service:t')),
    ...([true, 'no', /running now: arn:a;/] as const),
  ],
  ['none came in its place', ecs(task('arn:a')), true, 'no', /running now: arn:a;/],
  ['the other is not up', ecs(task('arn:a'), task('arn:b', 'PENDING')), true, 'no', /running now: arn:a;/],
  ['ECS leaves one out', { ...ecs(task('arn:a')), DescribeTasks: [{ tasks: [] }] }, true, 'unknown', /0 of 1 tasks/],
  ['it is not back by itself', ecs(task('arn:a'), task('arn:b')), false, 'no', /not within/],
] as const)('a hurt task of which ECS shows that %s', async (_, answers, recovered, outcome, seen) => {
  account = await testAccount({ ecs: answers }, outcome === 'yes' ? 'for what comes' : 'in vain');
  const system = { ...account.field.system, services: [{ name: 's', desiredCount: 2 }] };
  const recoveries = [{ kind: 'automatic', recovered, detail: recovered ? 'after 5 ms' : 'not within 9 ms' }];
  const hits = { targets: ['arn:hurt'], besides: ['arn:a', 'arn:c'], tasks: 1, zones: [], instances: [] };
  const facts = { field: { ...account.field, system }, recoveries, hits } as unknown as Facts;
  const check = taskIsReplaced('task-replaced', { en: 'it is replaced', ja: '補充された' });
  expect(await check(facts)).toMatchObject({ outcome, seen: expect.stringMatching(seen) });
});
