import { spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { DescribeLogGroupsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { ListExperimentsCommand, ListExperimentTemplatesCommand } from '@aws-sdk/client-fis';
import {
  CreateDBSnapshotCommand,
  DescribeDBInstanceAutomatedBackupsCommand,
  DescribeDBInstancesCommand,
  DescribeDBSnapshotsCommand,
} from '@aws-sdk/client-rds';
import { GetResourcesCommand } from '@aws-sdk/client-resource-groups-tagging-api';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { randomFrom } from '../fixtures/core/random.ts';
import { clientsOf } from '../fixtures/stages/clients.ts';
import { attachLocalstack } from '../fixtures/stages/localstack.ts';
import { loadSystem } from '../fixtures/system-file.ts';
import { machineClock } from '../probes/clock.ts';
import { KUNREN, kunren, testFolder } from './run-kunren.ts';
import { type StageUp, stageUp } from './stage-up.ts';

const home = testFolder();
const env = { KUNREN_HOME: join(home, 'stages'), KUNREN_RUNS: join(home, 'runs-0') };
let stage: StageUp;
let before: string[];
/** How long the drill takes when nobody kills it, in milliseconds. Only measured where points are spread over it. */
let lengthMs = 0;

beforeAll(async () => {
  stage = await stageUp(env);
  await takeDecoy();
  before = await inventory();
  if (POINTS <= EDGES.length) return;
  const startedAtMs = machineClock.nowMs();
  const { ended, said } = rehearse('backup-restore');
  await ended;
  expect(said()).toContain('inventory: done');
  lengthMs = machineClock.nowMs() - startedAtMs;
}, 120_000);
afterAll(async () => {
  await kunren(['stage', 'down'], env);
  rmSync(home, { recursive: true, force: true });
}, 30_000);

/** Looks like what a drill makes, and nobody has tagged it. */
async function takeDecoy(): Promise<void> {
  const { system } = await loadSystem('kunren.config.ts');
  const name = `${system.database.id}-snapshot-0123456789`;
  const { rds } = await clients(system.regions.primary);
  const parameters = { DBInstanceIdentifier: system.database.id, DBSnapshotIdentifier: name };
  await rds.send(new CreateDBSnapshotCommand(parameters));
}

const clients = async (region: string) =>
  clientsOf(attachLocalstack({ kind: 'localstack', endpoint: stage.endpoint, hosts: {} }), region);

/** Of experiments; one that has not begun yet would still strike. */
const ENDED = new Set(['completed', 'stopped', 'failed', 'cancelled']);

/** All that costs money, stands in the way or does harm, in both regions, whoever has made it. */
async function inventory(): Promise<string[]> {
  const { system } = await loadSystem('kunren.config.ts');
  const { primary, recovery = primary } = system.regions;
  const found = [primary, recovery].map(async (region) => {
    const { rds, tagging, fis, logs } = await clients(region);
    const { DBInstances = [] } = await rds.send(new DescribeDBInstancesCommand({}));
    const { DBSnapshots = [] } = await rds.send(new DescribeDBSnapshotsCommand({ SnapshotType: 'manual' }));
    const backups = await rds.send(new DescribeDBInstanceAutomatedBackupsCommand({}));
    const { experimentTemplates = [] } = await fis.send(new ListExperimentTemplatesCommand({}));
    const { experiments = [] } = await fis.send(new ListExperimentsCommand({}));
    const { logGroups = [] } = await logs.send(new DescribeLogGroupsCommand({}));
    const tagged = await tagging.send(new GetResourcesCommand({ TagFilters: [{ Key: 'kunren:run' }] }));
    return [
      ...DBInstances.map(({ DBInstanceIdentifier: id }) => `database ${id}`),
      ...DBSnapshots.map(({ DBSnapshotIdentifier: id }) => `snapshot ${id}`),
      ...(backups.DBInstanceAutomatedBackups ?? []).map(({ DBInstanceIdentifier: id }) => `backups ${id}`),
      ...experimentTemplates.map(({ id }) => `template ${id}`),
      ...experiments.flatMap(({ id, state }) => (ENDED.has(state?.status ?? '') ? [] : `experiment ${id}`)),
      ...logGroups.map(({ logGroupName: name }) => `log group ${name}`),
      // An experiment that has ended cannot be deleted, and hurts nobody.
      ...(tagged.ResourceTagMappingList ?? []).flatMap(({ ResourceARN: arn = '' }) =>
        arn.includes(':experiment/') ? [] : `tagged ${arn}`,
      ),
    ].map((what) => `${what} in ${region}`);
  });
  return (await Promise.all(found)).flat().sort();
}

type Drill = 'backup-restore' | 'az-outage';

/** The command, and whatever it starts, in a process group of its own. */
function rehearse(drill: Drill) {
  const args = [KUNREN, 'rehearse', drill, '--stage', 'localstack', '--endpoint', stage.endpoint];
  const child = spawn(process.execPath, args, {
    env: { ...process.env, ...env, KUNREN_DATABASE_URL: stage.databaseUrl, VITEST: '' },
    stdio: ['ignore', 'ignore', 'pipe'],
    detached: true,
  });
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said += text;
  });
  const ended = new Promise<number | null>((resolve) => child.once('close', (code) => resolve(code)));
  return { pid: child.pid!, ended, said: () => said };
}

/** Each point has runs of its own: what is on record is on record of this one. */
beforeEach(({ task }) => {
  env.KUNREN_RUNS = join(home, `runs-${task.id}`);
});

/** Whether the run has on record that it means to make such a call, which it then makes. */
function intends(call: string): boolean {
  const runs = existsSync(env.KUNREN_RUNS) ? readdirSync(env.KUNREN_RUNS).filter((name) => name !== 'latest') : [];
  const journal = join(env.KUNREN_RUNS, runs.sort().at(-1) ?? '', 'journal.jsonl');
  return existsSync(journal) && readFileSync(journal, 'utf8').includes(`"call":"${call}"`);
}

interface Point {
  readonly name: string;
  readonly drill: Drill;
  /** Whether it has been reached, `sinceMs` after the start. */
  reached(said: string, sinceMs: number): boolean;
  /** How much later the run is ended, in milliseconds. */
  readonly laterMs: number;
  /** Reached by time alone: a drill that was quicker this time has ended by then. */
  readonly isTimed?: true;
}

const random = randomFrom(4);
const laterMs = (): number => Math.round(random() * 300);

const backup = (name: string, reached: Point['reached'], later: number): Point => ({
  ...{ name, drill: 'backup-restore', reached, laterMs: later },
});
const RESTORE = 'rds:RestoreDBInstanceFromDBSnapshot';
const RESTORING = backup('the database is being created', () => intends(RESTORE), laterMs());

/** Where most can go wrong: a call is under way, or its answer has just come. The worst to leave is a running fault. */
const EDGES: readonly Point[] = [
  backup('the snapshot is being asked for', () => intends('rds:CreateDBSnapshot'), 0),
  backup('the snapshot is being taken', () => intends('rds:CreateDBSnapshot'), laterMs()),
  RESTORING,
  backup('it is being undone', (said) => said.includes('undo …'), laterMs()),
  { name: 'the zone is lost', drill: 'az-outage', reached: () => intends('fis:StartExperiment'), laterMs: 1_000 },
];

/** KUNREN_KILL_POINTS: how many; the gate has time for a few. */
const POINTS = Number(process.env['KUNREN_KILL_POINTS'] ?? EDGES.length);

/** How much of the drill is killed in: one that is quicker next time has not ended by then. */
const KILLED_IN = 0.9;

/** The others lie one in each of as many equal parts of it, at a seeded place in it. */
const SPREAD: readonly Point[] = Array.from({ length: Math.max(0, POINTS - EDGES.length) }, (_, n) => {
  const part = (KILLED_IN * (n + random())) / (POINTS - EDGES.length);
  const reached: Point['reached'] = (_said, sinceMs) => sinceMs >= part * lengthMs;
  return { ...backup(`${Math.round(part * 100)} % of it have passed`, reached, 0), isTimed: true };
});

/** Runs the drill up to the point; whether it had ended by itself by then. */
async function runTo({ drill, reached, laterMs: later }: Point) {
  const startedAtMs = machineClock.nowMs();
  const run = rehearse(drill);
  let hasEnded = false;
  void run.ended.then(() => {
    hasEnded = true;
  });
  while (!hasEnded && !reached(run.said(), machineClock.nowMs() - startedAtMs)) await machineClock.sleep(5);
  await machineClock.sleep(later);
  return { run, hasEnded };
}

describe.skipIf(process.platform !== 'linux')('a drill on a stage that outlives it', { timeout: 120_000 }, () => {
  test.for(['SIGINT', 'SIGTERM'] as const)(
    'undoes all by itself after %s while the database is created',
    async (signal) => {
      const { run, hasEnded } = await runTo(RESTORING);
      expect(hasEnded, run.said()).toBe(false);
      process.kill(run.pid, signal);
      expect(await run.ended, run.said()).toBe(130);
      expect(await inventory(), run.said()).toEqual(before);
    },
  );

  test.for([...SPREAD, ...EDGES])(
    'that is killed with -9 when $name leaves what sweep takes away, and nothing else',
    async (point, { skip }) => {
      const { run, hasEnded } = await runTo(point);
      // A drill that has ended by itself leaves nothing to sweep, and would prove nothing.
      if (hasEnded && point.isTimed) skip('the drill had ended by then');
      expect(hasEnded, run.said()).toBe(false);
      process.kill(-run.pid, 'SIGKILL');
      await run.ended;
      const swept = await kunren(['sweep'], env);
      expect(swept.code, `${run.said()}\n${swept.stderr}`).toBe(0);
      expect(await inventory(), `${run.said()}\n${swept.stderr}`).toEqual(before);
    },
  );
});
