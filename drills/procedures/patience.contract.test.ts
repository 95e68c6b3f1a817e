import { afterEach, expect, test } from 'vitest';
import { proveTaskStopped } from '../../fixtures/faults/victim-task.ts';
import { type Script, type TestAccount, testAccount } from '../../fixtures/stages/test-account.ts';
import { ApiFault } from '../../fixtures/twin/wire/action.ts';
import { LostAnswer } from '../../fixtures/twin/wire/lost-answer.ts';
import { deleteDatabase } from './delete-database.ts';
import { deleteSnapshot } from './delete-snapshot.ts';
import { forceNewDeployment } from './force-new-deployment.ts';
import { madeOnce } from './made-once.ts';
import { stopTasks } from './stop-task.ts';

let account: TestAccount;
afterEach(() => account.close());

const ours = [{ Key: 'kunren:run', Value: 'run-1' }];
const instance = (DBInstanceStatus: string, more: object = {}) => ({
  DBInstances: [{ DBInstanceIdentifier: 'x', DBInstanceStatus, TagList: ours, ...more }],
});
const fault =
  (code: string, status = 400) =>
  () => {
    throw new ApiFault(code, code, status);
  };
const protectedOne = instance('available', { DeletionProtection: true });
const notFound = fault('DBInstanceNotFound', 404);
const wrongState = fault('InvalidDBInstanceState');
const lost = () => {
  throw new LostAnswer();
};
const none = { DBInstances: [] };

/** Denied by name, and not in the list of all. */
const gone: Script[number] = ({ DBInstanceIdentifier }) => (DBInstanceIdentifier === undefined ? none : notFound());

const changes = ({ asked }: TestAccount): string[] => asked.filter((operation) => !/^(Describe|List)/.test(operation));

test.each<{ what: string; sees: Script; answers: Script; asked: string[] }>([
  { what: 'gone', sees: [gone], answers: [{}], asked: [] },
  {
    what: 'denied by name and listed',
    sees: [notFound, instance('available'), gone],
    answers: [{}],
    asked: ['Delete'],
  },
  {
    what: 'neither named nor listed once',
    sees: [gone, gone, instance('available'), gone],
    answers: [{}],
    asked: ['Delete'],
  },
  {
    what: 'on the second page of the list',
    sees: [notFound, { ...none, Marker: 'm' }, instance('available'), gone],
    answers: [{}],
    asked: ['Delete'],
  },
  {
    what: 'created, backed up and modified first',
    sees: [instance('creating'), instance('backing-up'), instance('modifying'), instance('available'), gone],
    answers: [wrongState, wrongState, wrongState, {}],
    asked: ['Delete', 'Delete', 'Delete', 'Delete'],
  },
  { what: 'stopped', sees: [instance('stopped'), gone], answers: [{}], asked: ['Delete'] },
  { what: 'being deleted by another', sees: [instance('deleting'), gone], answers: [{}], asked: [] },
  {
    what: 'protected, until the change is applied',
    sees: [protectedOne, protectedOne, instance('available'), gone],
    answers: [{}],
    asked: ['Modify', 'Modify', 'Delete'],
  },
])('an instance that is $what is deleted', async ({ sees, answers, asked }) => {
  const inputs: object[] = [];
  const modify = (input: object) => {
    inputs.push(input);
    return {};
  };
  account = await testAccount({
    rds: { DescribeDBInstances: sees, DeleteDBInstance: answers, ModifyDBInstance: [modify] },
  });
  await deleteDatabase(account.field, 'r', 'x');
  expect(changes(account)).toEqual(asked.map((verb) => `${verb}DBInstance`));
  // Nothing else of it is changed, and not in the next maintenance window.
  const unprotected = { DBInstanceIdentifier: 'x', DeletionProtection: false, ApplyImmediately: true };
  expect(inputs).toEqual(asked.filter((verb) => verb === 'Modify').map(() => unprotected));
});

const snapshot = (Status: string) => ({ DBSnapshots: [{ DBSnapshotIdentifier: 's', Status, TagList: ours }] });
const noSnapshot = fault('DBSnapshotNotFound', 404);
const unready = fault('InvalidDBSnapshotState');
const noSnapshots: Script[number] = ({ DBSnapshotIdentifier }) =>
  DBSnapshotIdentifier === undefined ? { DBSnapshots: [] } : noSnapshot();

test.each<{ what: string; sees: Script; answers: Script; times: number }>([
  { what: 'gone', sees: [noSnapshots], answers: [{}], times: 0 },
  {
    what: 'still being taken',
    sees: [snapshot('creating'), snapshot('creating'), snapshot('available'), noSnapshots],
    answers: [unready, unready, {}],
    times: 3,
  },
  {
    what: 'gone by the time that it is deleted',
    sees: [snapshot('available'), noSnapshots],
    answers: [noSnapshot],
    times: 1,
  },
])('a snapshot that is $what is deleted, asked for $times times', async ({ sees, answers, times }) => {
  account = await testAccount({ rds: { DescribeDBSnapshots: sees, DeleteDBSnapshot: answers } });
  await deleteSnapshot(account.field, 'r', 's');
  expect(changes(account)).toHaveLength(times);
});

test('a snapshot that is never ready to be deleted is an error at the deadline, by its name', async () => {
  const stuck = { DescribeDBSnapshots: [snapshot('creating')], DeleteDBSnapshot: [unready] };
  account = await testAccount({ rds: stuck }, 'in vain');
  await expect(deleteSnapshot(account.field, 'r', 's')).rejects.toThrow(
    'snapshot s to be gone (InvalidDBSnapshotState',
  );
});

test('an instance whose state never allows it is an error at the deadline, by its name', async () => {
  const stuck = { DescribeDBInstances: [instance('creating')], DeleteDBInstance: [wrongState] };
  account = await testAccount({ rds: stuck }, 'in vain');
  await expect(deleteDatabase(account.field, 'r', 'x')).rejects.toThrow(
    'database x to be gone (InvalidDBInstanceState',
  );
});

test.each([
  { what: 'no tags', TagList: [] },
  { what: 'another run’s tag', TagList: [{ Key: 'kunren:run', Value: 'run-2' }] },
])('an instance with $what is left alone, protected or not', async ({ TagList }) => {
  const foreign = [true, false].map((DeletionProtection) => instance('available', { TagList, DeletionProtection }));
  for (const seen of foreign) {
    account = await testAccount({
      rds: { DescribeDBInstances: [seen], DeleteDBInstance: [{}], ModifyDBInstance: [{}] },
    });
    await expect(deleteDatabase(account.field, 'r', 'x')).rejects.toThrow('not this run');
    expect(changes(account)).toEqual([]);
    if (seen !== foreign.at(-1)) await account.close();
  }
});

const taken = () =>
  Promise.reject(
    Object.assign(new Error('taken'), { name: 'DBSnapshotAlreadyExistsFault', $metadata: { httpStatusCode: 400 } }),
  );
const broken = () => Promise.reject(new Error('socket hang up'));
const badInput = () =>
  Promise.reject(Object.assign(new Error('bad input'), { name: 'X', $metadata: { httpStatusCode: 400 } }));
const mine = { TagList: ours };
const theirs = { TagList: [{ Key: 'kunren:run', Value: 'run-2' }] };

test.each([
  { what: 'whose name is taken by this run is made', make: taken, found: mine },
  { what: 'whose answer was lost, and that is there, is made', make: broken, found: mine },
  { what: 'whose name is taken by another run is refused', make: taken, found: theirs, error: 'not this run' },
  {
    what: 'whose answer was lost, and that is not there, is an error',
    make: broken,
    found: undefined,
    error: 'hang up',
  },
  { what: 'that is refused is not looked for', make: badInput, found: mine, error: 'bad input' },
])('a thing $what', async ({ make, found, error }) => {
  account = await testAccount({}, 'in vain');
  const made = madeOnce(account.field, 'snapshot s', make, async () => found);
  if (error === undefined) await made;
  else await expect(made).rejects.toThrow(error);
});

const described = (lastStatus: string, more: object = {}) => ({
  tasks: [{ taskArn: 'arn:t', lastStatus, ...more }],
  failures: [],
});
const missing = { tasks: [], failures: [{ arn: 'arn:t', reason: 'MISSING' }] };

test('a task is stopped only when it was described as stopped, and when none is listed twice', async () => {
  account = await testAccount({
    ecs: {
      ListTasks: [{ taskArns: [] }, { taskArns: [], nextToken: 'n' }, { taskArns: ['arn:t'] }, { taskArns: [] }],
      StopTask: [lost, {}],
      DescribeTasks: [missing, described('RUNNING'), described('STOPPED')],
    },
  });
  await stopTasks(account.field, 'r', 'kunren/run-1/a-drill');
  expect(changes(account)).toEqual(['StopTask', 'StopTask']);
  expect(account.asked.filter((operation) => operation === 'DescribeTasks')).toHaveLength(3);
});

test('a task that is MISSING for ever was not seen to stop', async () => {
  const ecs = { ListTasks: [{ taskArns: ['arn:t'] }, { taskArns: [] }], StopTask: [{}], DescribeTasks: [missing] };
  account = await testAccount({ ecs }, 'in vain');
  await expect(stopTasks(account.field, 'r', 'kunren/run-1/a-drill')).rejects.toThrow('to stop');
});

test.each([
  { what: 'MISSING twice and then stopped', script: [missing, missing, described('STOPPED')], proved: true },
  { what: 'MISSING for ever', script: [missing], proved: false },
])('the proof of a stopped task that is $what: $proved', async ({ script, proved }) => {
  account = await testAccount({ ecs: { DescribeTasks: script } });
  const proof = await proveTaskStopped(account.field, 'arn:t', () => true, proved ? 5_000 : 300);
  expect(proof.proved).toBe(proved);
  if (!proved) expect(proof.why).toContain('never described');
});

const deployments = (...all: object[]) => ({
  services: [{ serviceName: 'web', runningCount: 2, desiredCount: 2, deployments: all }],
  failures: [],
});
const old = { id: 'old', status: 'PRIMARY', rolloutState: 'COMPLETED', rolloutStateReason: 'rolled back to old' };
const stillOld = { ...old, status: 'ACTIVE' };
const own = (rolloutState: string, more: object = {}) => ({ id: 'own', status: 'PRIMARY', rolloutState, ...more });
const undescribed = { services: [], failures: [{ reason: 'MISSING' }] };
const web = { name: 'web' } as Parameters<typeof forceNewDeployment>[1];

/** An account in which the new deployment is `own`, and the service looks so afterwards. */
const deploying = (after: Script, waits: 'for what comes' | 'in vain' = 'for what comes') => {
  const [service] = deployments(own('IN_PROGRESS'), stillOld).services;
  return testAccount({ ecs: { DescribeServices: [deployments(old), ...after], UpdateService: [{ service }] } }, waits);
};

test.each<{ what: string; after: Script; error: string }>([
  { what: 'rolled back', after: [deployments(old)], error: 'own of web was rolled back: old is in its place' },
  {
    what: 'failed beside the one that it is rolled back to',
    after: [
      deployments(own('IN_PROGRESS'), stillOld),
      deployments(own('FAILED', { status: 'ACTIVE', rolloutStateReason: 'tasks failed to start' }), old),
    ],
    error: 'own of web failed ("tasks failed to start")',
  },
  { what: 'failed alone', after: [deployments(own('FAILED'))], error: 'own of web failed.' },
])('a forced deployment that is $what is an error at once, whatever runs', async ({ after, error }) => {
  account = await deploying(after);
  const startedAtMs = account.field.clock.nowMs();
  await expect(forceNewDeployment(account.field, web)).rejects.toThrow(error);
  expect(account.field.clock.nowMs() - startedAtMs).toBeLessThan(account.field.patience.manualMs / 2);
});

test('a forced deployment is waited for through answers that are older than it, and ones that lack it', async () => {
  const stale = [deployments(old), deployments(old), undescribed, deployments(old)];
  const young = deployments(own('IN_PROGRESS'), stillOld);
  account = await deploying([...stale, young, ...stale, young, ...stale, deployments(own('COMPLETED'))]);
  await forceNewDeployment(account.field, web);
});

test.each<{ what: string; after: Script }>([
  { what: 'while another drains beside it', after: [deployments(own('COMPLETED'), stillOld)] },
  { what: 'while another is rolled out in its place', after: [deployments({ ...old, rolloutState: 'IN_PROGRESS' })] },
])('a forced deployment is not complete $what', async ({ after }) => {
  account = await deploying(after, 'in vain');
  await expect(forceNewDeployment(account.field, web)).rejects.toThrow('own of web to complete');
});

test('a deployment is not complete because neither it nor the service can be seen', async () => {
  const unnamed = [deployments({ id: 'd', status: 'PRIMARY' }), undescribed];
  account = await testAccount({ ecs: { DescribeServices: unnamed, UpdateService: [{}] } }, 'in vain');
  await expect(forceNewDeployment(account.field, web)).rejects.toThrow('of web');
});
