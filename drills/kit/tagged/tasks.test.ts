import { afterEach, expect, test } from 'vitest';
import { type Script, type TestAccount, testAccount } from '../../../fixtures/stages/test-account.ts';
import { taggedThings } from './tagged-things.ts';
import { taggedTasks } from './tasks.ts';

let account: TestAccount;
afterEach(() => account.close());

const ours = { taskArn: 'arn:a', lastStatus: 'RUNNING', startedBy: 'kunren/run-1/a-drill' };
const services = { taskArn: 'arn:b', lastStatus: 'RUNNING', startedBy: 'ecs-svc/1' };
const missing = { tasks: [], failures: [{ arn: 'arn:a', reason: 'MISSING' }] };
const both = { taskArns: ['arn:a', 'arn:b'] };

const listing = (DescribeTasks: Script, waits: 'for what comes' | 'in vain') =>
  testAccount({ ecs: { ListTasks: [both], DescribeTasks } }, waits);

test.each<{ what: string; script: Script; found: string[] }>([
  { what: 'described', script: [{ tasks: [ours, services] }], found: ['run-1'] },
  { what: 'MISSING twice', script: [missing, { ...missing, tasks: [services] }, { tasks: [ours] }], found: ['run-1'] },
  { what: 'stopped', script: [{ tasks: [{ ...ours, lastStatus: 'STOPPED' }, services] }], found: [] },
])('of a run’s task that is $what the runs $found are found', async ({ script, found }) => {
  account = await listing(script, 'for what comes');
  expect((await taggedTasks(account.field, 'r')).map(({ runId }) => runId)).toEqual(found);
});

test('a task that is MISSING for ever makes the tasks unseen, never none', async () => {
  account = await listing([{ ...missing, tasks: [services] }], 'in vain');
  await expect(taggedTasks(account.field, 'r')).rejects.toThrow('ECS to describe every task that it lists');
  const { things, unseen } = await taggedThings(account.field);
  expect(things).toEqual([]);
  expect(unseen).toContainEqual(expect.stringContaining('ECS to describe every task that it lists'));
});
