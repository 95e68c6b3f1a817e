import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { RunTaskCommand } from '@aws-sdk/client-ecs';
import {
  CreateDBSnapshotCommand,
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

const clients = () => clientsOf(attachStage(account.stage), system.regions.primary);

async function snapshot(name: string, tags: { Key: string; Value: string }[]): Promise<void> {
  const parameters = { DBInstanceIdentifier: system.database.id, DBSnapshotIdentifier: name, Tags: tags };
  const wait = { name: 'the database to be free', limitMs: 10_000, everyMs: 50, remedy: 'look at its state.' };
  // While one snapshot is being taken RDS takes no other.
  await until(machineClock, wait, () => clients().rds.send(new CreateDBSnapshotCommand(parameters)));
}

const tags = (runId: string) => tagsOf({ runId, drillId: 'd' }) as { Key: string; Value: string }[];
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

test('a database that is being created, a task and a lock of a dead run are found without its journal', async () => {
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
