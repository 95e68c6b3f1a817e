import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { RunTaskCommand } from '@aws-sdk/client-ecs';
import { ListExperimentsCommand, ListExperimentTemplatesCommand } from '@aws-sdk/client-fis';
import {
  CreateDBInstanceCommand,
  CreateDBSnapshotCommand,
  DeleteDBInstanceCommand,
  DescribeDBInstanceAutomatedBackupsCommand,
  DescribeDBInstancesCommand,
  DescribeDBSnapshotsCommand,
  RestoreDBInstanceToPointInTimeCommand,
} from '@aws-sdk/client-rds';
import { PutParameterCommand } from '@aws-sdk/client-ssm';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { patienceOf } from '../../fixtures/core/patience.ts';
import type { StageNote } from '../../fixtures/core/stage.ts';
import type { System } from '../../fixtures/core/system.ts';
import { until } from '../../fixtures/core/until.ts';
import { attachStage } from '../../fixtures/stages/attach-stage.ts';
import { clientsOf } from '../../fixtures/stages/clients.ts';
import type { RunningTwin } from '../../fixtures/stages/twin-process.ts';
import { run, type TestFis } from '../../fixtures/twin/fis/test-fis.ts';
import { machineClock } from '../../probes/clock.ts';
import { startedByOf, tagsOf } from '../procedures/made-by.ts';
import { Journal } from './journal.ts';
import { knownRuns, writeRunNote } from './run-note.ts';
import { type SweptAccount, sweepAccount } from './sweep-account.ts';
import { sweepAccounts } from './sweep-accounts.ts';
import { taggedThings } from './tagged/tagged-things.ts';
import { startTestTwin } from './test-twin.ts';

let home: string;
let runs: string;
let twin: RunningTwin;
let close: (() => Promise<void>) | undefined;
let system: System;
let configPath: string;
let account: SweptAccount;

beforeAll(async () => {
  ({ home, system, configPath, twin, close } = await startTestTwin());
  const { endpoint, hosts } = twin.handle;
  account = { stage: { kind: 'localstack', endpoint, hosts }, system };
});
afterAll(async () => await close?.());
beforeEach(() => {
  runs = mkdtempSync(join(home, 'runs-'));
});

/** A process id that no process has: above what Linux gives out (pid_max is 4194304 at most). */
const DEAD_PID = 5_000_000;

async function noteRun(runId: string, lives: boolean, stage = account.stage, drilled = system): Promise<string> {
  const folder = join(runs, runId);
  mkdirSync(folder);
  if (lives) await writeRunNote(folder, { stage, configPath, system });
  else writeFileSync(join(folder, 'stage.json'), JSON.stringify({ stage, configPath, system: drilled, pid: DEAD_PID }));
  return folder;
}

const clients = (region = system.regions.primary) => clientsOf(attachStage(account.stage), region);

type Tags = { Key: string; Value: string }[];

const patiently = { limitMs: 20_000, everyMs: 50, remedy: 'look at its state.' };

async function snapshot(name: string, tags: Tags, of = system.database.id, region?: string): Promise<void> {
  const parameters = { DBInstanceIdentifier: of, DBSnapshotIdentifier: name, Tags: tags };
  // While one snapshot is being taken RDS takes no other.
  const wait = { ...patiently, name: 'the database to be free' };
  await until(machineClock, wait, () => clients(region).rds.send(new CreateDBSnapshotCommand(parameters)));
}

const tags = (runId: string) => tagsOf({ runId, drillId: 'd' }) as Tags;
const expired = (runId: string) => [
  { Key: 'kunren:run', Value: runId },
  { Key: 'kunren:expires', Value: '2026-01-01T00:00:00Z' },
];

async function names(): Promise<string[]> {
  const place = {
    ...{ system, clock: machineClock },
    patience: patienceOf('localstack'),
    signal: AbortSignal.timeout(30_000),
  };
  const { things, unseen } = await taggedThings({ ...place, stage: attachStage(account.stage) });
  expect(unseen).toEqual([]);
  return things.map(({ name }) => name.replace(` in ${system.regions.primary}`, '')).sort();
}

async function snapshots(): Promise<string[]> {
  const { DBSnapshots = [] } = await clients().rds.send(new DescribeDBSnapshotsCommand({ SnapshotType: 'manual' }));
  return DBSnapshots.map(({ DBSnapshotIdentifier = '' }) => DBSnapshotIdentifier).sort();
}

test('only what a dead or expired run has made is removed; the rest is named, and the sweep fails', async () => {
  await noteRun('run-dead', false);
  await noteRun('run-living', true);
  await snapshot('staff-snapshot-dead', tags('run-dead'));
  await snapshot('staff-snapshot-bare', [{ Key: 'Kunren:Run', Value: 'run-dead' }]);
  await snapshot('staff-snapshot-living', tags('run-living'));
  await snapshot('staff-snapshot-foreign', tags('run-foreign'));
  await snapshot('staff-snapshot-expired', expired('run-elsewhere'));

  const first = await sweepAccount(account, { known: knownRuns(runs), named: [] });
  expect(first.left).toEqual([expect.stringMatching(/^snapshot staff-snapshot-foreign .*run-foreign/)]);
  const decoys = ['staff-snapshot-bare', 'staff-snapshot-living'];
  expect(await snapshots()).toEqual([...decoys, 'staff-snapshot-foreign'].sort());

  const second = await sweepAccount(account, { known: knownRuns(runs), named: ['run-foreign'] });
  expect(second.left).toEqual([]);
  expect(await snapshots()).toEqual(decoys);
});

test('a protected database that is being created, a task and a lock of a dead run are found without its journal', async () => {
  const runId = 'run-silent';
  const folder = await noteRun(runId, false);
  // It drilled another system in the same account.
  await noteRun('run-neighbour', false, account.stage, { ...system, name: 'another' });
  await snapshot('staff-snapshot-neighbour', tags('run-neighbour'));
  const { rds, ecs, ssm } = clients();
  await rds.send(
    new RestoreDBInstanceToPointInTimeCommand({
      SourceDBInstanceIdentifier: system.database.id,
      TargetDBInstanceIdentifier: 'staff-restored-silent',
      UseLatestRestorableTime: true,
      // As one that somebody has protected since: it is only deleted once the protection is off.
      DeletionProtection: true,
      Tags: tags(runId),
    }),
  );
  const startedBy = startedByOf({ runId, drillId: 'd' });
  await ecs.send(
    new RunTaskCommand({ cluster: system.cluster, taskDefinition: system.services[0]!.name, startedBy, count: 1 }),
  );
  const holder = {
    runId,
    drillId: 'd',
    who: 'arn',
    host: 'elsewhere',
    pid: DEAD_PID,
    expiresAt: '2099-01-01T00:00:00Z',
  };
  await ssm.send(
    new PutParameterCommand({ Name: `/kunren/lock/${system.name}`, Type: 'String', Value: JSON.stringify(holder) }),
  );
  const made = (await names()).filter((name) => !name.includes('living'));
  expect(made).toEqual([
    'database staff-restored-silent',
    `lock /kunren/lock/${system.name}`,
    'snapshot staff-snapshot-neighbour',
    `tasks started by ${startedBy}`,
  ]);
  const swept = await sweepAccounts(knownRuns(runs), { named: [] });
  expect(swept.flatMap(({ left }) => left).filter((line) => !line.includes('living'))).toEqual([]);
  expect((await names()).filter((name) => !name.includes('living'))).toEqual([]);
  expect(knownRuns(runs).find((run) => run.folder === folder)?.isClosed).toBe(true);
});

/** Makes an instance in the recovery region. One that is not kept is deleted again, but for its automated backups. */
async function instanceIn(region: string, id: string, Tags: Tags, isKept: boolean): Promise<void> {
  const { rds } = clients(region);
  const kind = { Engine: 'postgres', DBInstanceClass: 'db.t4g.medium', AllocatedStorage: 20, DBName: 'd', Tags };
  const user = { MasterUsername: 'master', MasterUserPassword: 'a-password' };
  await rds.send(new CreateDBInstanceCommand({ ...kind, ...user, DBInstanceIdentifier: id }));
  const named = { DBInstanceIdentifier: id };
  const isThere = async (status: string): Promise<true | undefined> => {
    const { DBInstances = [] } = await rds.send(new DescribeDBInstancesCommand(named));
    return DBInstances[0]?.DBInstanceStatus === status ? true : undefined;
  };
  await until(machineClock, { ...patiently, name: `${id} to be available` }, () => isThere('available'));
  if (isKept) return;
  await rds.send(new DeleteDBInstanceCommand({ ...named, SkipFinalSnapshot: true, DeleteAutomatedBackups: false }));
  const isGone = () =>
    isThere('deleting').then(
      () => undefined,
      () => true as const,
    );
  await until(machineClock, { ...patiently, name: `${id} to be gone` }, isGone);
}

/** All that costs money or breaks things, whoever has made it. */
async function everythingIn(region: string): Promise<string[]> {
  const { rds, fis } = clients(region);
  const { DBInstances = [] } = await rds.send(new DescribeDBInstancesCommand({}));
  const { DBSnapshots = [] } = await rds.send(new DescribeDBSnapshotsCommand({ SnapshotType: 'manual' }));
  const { DBInstanceAutomatedBackups = [] } = await rds.send(new DescribeDBInstanceAutomatedBackupsCommand({}));
  const { experimentTemplates = [] } = await fis.send(new ListExperimentTemplatesCommand({}));
  const { experiments = [] } = await fis.send(new ListExperimentsCommand({}));
  const retained = DBInstanceAutomatedBackups.filter(({ Status }) => Status === 'retained');
  const isRunning = (id?: string) =>
    experiments.some((one) => one.experimentTemplateId === id && one.state?.status === 'running');
  return [
    ...DBInstances.map((one) => `database ${one.DBInstanceIdentifier}`),
    ...DBSnapshots.map((one) => `snapshot ${one.DBSnapshotIdentifier}`),
    ...retained.map((one) => `backups of ${one.DBInstanceIdentifier}`),
    ...experimentTemplates.map(({ id, description }) => `template ${description}${isRunning(id) ? ', running' : ''}`),
  ].sort();
}

test('an experiment, retained backups and what is in the recovery region go; the like of no run stays', async () => {
  const { primary, recovery = '' } = system.regions;
  await noteRun('run-costly', false);
  await noteRun('run-living', true);
  const marks = [
    { whose: 'dead', list: tags('run-costly') },
    { whose: 'bare', list: [{ Key: 'kunren', Value: 'run-costly' }] },
  ];
  const actions = { pause: { actionId: 'aws:fis:wait', parameters: { duration: 'PT12H' } } };
  const before = await everythingIn(primary);
  const made = marks.map(({ whose, list }) => instanceIn(recovery, `osaka-${whose}`, list, false));
  await Promise.all([...made, instanceIn(recovery, 'osaka-db', [], true)]);
  for (const { whose, list } of marks) {
    await snapshot(`osaka-snapshot-${whose}`, list, 'osaka-db', recovery);
    const marked = Object.fromEntries(list.map(({ Key, Value }) => [Key, Value]));
    const fis = { client: clients().fis } as unknown as TestFis;
    await run(fis, { actions, description: whose, tags: marked }, { tags: marked });
  }
  const swept = await sweepAccount(account, { known: knownRuns(runs), named: [] });
  expect(swept.left).toEqual([]);
  expect(swept.done.map((line) => line.replace(/(experiment|template) EXT?\w+/, '$1')).sort()).toEqual([
    `automated backups of osaka-dead in ${recovery}, made by run run-costly`,
    `experiment in ${primary}, made by run run-costly`,
    `experiment template in ${primary}, made by run run-costly`,
    `snapshot osaka-snapshot-dead in ${recovery}, made by run run-costly`,
  ]);
  expect(await everythingIn(recovery)).toEqual([
    'backups of osaka-bare',
    'database osaka-db',
    'snapshot osaka-snapshot-bare',
  ]);
  expect(await everythingIn(primary)).toEqual([...before, 'template bare, running'].sort());
});

test('an endpoint that is gone fails the sweep only when the journal knows of something there', async () => {
  const gone: StageNote = { kind: 'localstack', endpoint: 'http://127.0.0.1:1', hosts: {} };
  const folder = await noteRun('run-gone', false, gone);
  const [clean] = await sweepAccounts(knownRuns(runs), { named: [] });
  expect(clean).toMatchObject({ left: [], done: [expect.stringContaining('127.0.0.1:1 could not be swept')] });
  const undo = { call: 'rds:DeleteDBSnapshot', parameters: { DBSnapshotIdentifier: 'x' } };
  const intent = { call: 'rds:CreateDBSnapshot', region: system.regions.primary, parameters: {}, undo };
  await new Journal(join(folder, 'journal.jsonl')).change('d', intent, async () => {});
  const [failed] = await sweepAccounts(knownRuns(runs), { named: [] });
  expect(failed?.left).toEqual([expect.stringContaining('127.0.0.1:1 could not be swept')]);
});

test('another account than the one that was meant is not looked at', async () => {
  const endpoint = twin.handle.endpoint;
  const env = { AWS_ENDPOINT_URL: endpoint, AWS_ACCESS_KEY_ID: 'any', AWS_SECRET_ACCESS_KEY: 'any' };
  Object.assign(process.env, env);
  try {
    const aws = { system, stage: { kind: 'aws', account: '999999999999' } as const };
    await expect(sweepAccount(aws, { known: [], named: [] })).rejects.toThrow(
      'and account 999999999999 is to be swept',
    );
  } finally {
    for (const name of Object.keys(env)) delete process.env[name];
  }
});
