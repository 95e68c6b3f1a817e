import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { paginateDescribeSubnets } from '@aws-sdk/client-ec2';
import { CreateDBSnapshotCommand } from '@aws-sdk/client-rds';
import { paginateGetResources } from '@aws-sdk/client-resource-groups-tagging-api';
import { ParameterAlreadyExists, PutParameterCommand } from '@aws-sdk/client-ssm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { awaitWhole } from '../../drills/kit/await-whole.ts';
import { lockName, lockValue, removeLock } from '../../drills/kit/guard/lock-parameter.ts';
import { taggedThings } from '../../drills/kit/tagged/tagged-things.ts';
import { deleteSnapshot, describeSnapshot } from '../../drills/procedures/delete-snapshot.ts';
import { tagsOf } from '../../drills/procedures/made-by.ts';
import type { Field } from '../../fixtures/core/fault.ts';
import { patienceOf } from '../../fixtures/core/patience.ts';
import type { Stage } from '../../fixtures/core/stage.ts';
import { until } from '../../fixtures/core/until.ts';
import { allPages } from '../../fixtures/stages/all-pages.ts';
import { clientsOf } from '../../fixtures/stages/clients.ts';
import { describeDatabase, describeInstance } from '../../fixtures/stages/describe.ts';
import { attachLocalstack } from '../../fixtures/stages/localstack.ts';
import { attachTwin } from '../../fixtures/stages/twin.ts';
import { startTwinStage } from '../../fixtures/stages/twin-process.ts';
import { loadSystem } from '../../fixtures/system-file.ts';
import { machineClock } from '../../probes/clock.ts';
import { startEmulator } from './emulator.ts';
import { provisionOn } from './provisioned.ts';

/** The first start may have to install it. */
const START_MS_MAX = 240_000;

const CONFIG = 'kunren.config.ts';
const { system, directory: configDirectory } = await loadSystem(CONFIG);
const region = system.regions.primary;

/** The sample system, built through the AWS API; or why it cannot be. */
type Built = { readonly stage: Stage; stop(): Promise<void> } | { readonly missing: string };

async function onTwin(): Promise<Built> {
  const home = mkdtempSync(join(tmpdir(), 'kunren-same-'));
  chmodSync(home, 0o755); // The user that Postgres runs as must be able to enter.
  process.env['KUNREN_HOME'] = join(home, 'stages');
  const twin = await startTwinStage({ system, configDirectory, seed: 1, owned: true });
  const stop = async (): Promise<void> => {
    await twin.stop();
    rmSync(home, { recursive: true, force: true });
  };
  return { stage: attachTwin(twin.handle), stop };
}

async function onMoto(): Promise<Built> {
  const moto = await startEmulator('moto');
  if ('missing' in moto) return moto;
  const { endpoint, stop } = moto;
  await provisionOn(endpoint, CONFIG).catch(async (error: unknown) => {
    await stop();
    throw error;
  });
  return { stage: attachLocalstack({ kind: 'localstack', endpoint, hosts: {} }), stop };
}

// What an AWS account is read by, against two that nobody made alike: what holds on both is not the twin's own idea.
describe.each([
  ['the twin', onTwin],
  ['moto', onMoto],
] as const)('on %s', (_name, build) => {
  let built: Built;
  let field: Field;

  beforeAll(async () => {
    built = await build();
    if ('missing' in built) return;
    const { stage } = built;
    const patience = patienceOf(stage.kind);
    const given = { runId: 'run-1', drillId: 'a-drill', system, stage, clock: machineClock, patience };
    field = { ...given, signal: AbortSignal.timeout(START_MS_MAX), random: () => 0 } as unknown as Field;
  }, START_MS_MAX);
  afterAll(async () => {
    if (built !== undefined && 'stop' in built) await built.stop();
  });

  /** A claim about either; skipped with the reason where one cannot be had. */
  const claim = (title: string, check: () => Promise<void>): void =>
    test(title, async ({ skip }) => {
      if ('missing' in built) return skip(built.missing);
      await check();
    });

  claim('the database is described, and one that is not there is told apart', async () => {
    const database = await describeDatabase(field);
    expect(database).toMatchObject({ DBInstanceIdentifier: system.database.id, MultiAZ: true });
    expect(system.availabilityZones).toContain(database.AvailabilityZone);
    expect(database.DBInstanceArn).toMatch(`:${region}:`);
    expect(await describeInstance(field.stage, region, 'no-such-database')).toBeUndefined();
    const nowhere = { ...system, database: { ...system.database, id: 'no-such-database' } };
    await expect(describeDatabase({ ...field, system: nowhere })).rejects.toThrow('describes no instance');
  });

  claim('a whole system has no gap, and a task that is missing is one', async () => {
    expect(await awaitWhole(field)).toEqual({ whole: true });
    const [service, ...others] = system.services;
    const more = { ...system, services: [{ ...service!, desiredCount: service!.desiredCount + 1 }, ...others] };
    const patience = { ...field.patience, manualMs: 0 };
    const seen = await awaitWhole({ ...field, system: more, patience });
    const { name, desiredCount: n } = service!;
    expect(seen).toMatchObject({ gaps: expect.arrayContaining([`${name} runs ${n} of ${n + 1} tasks`]) });
  });

  claim('what carries a tag is found by it, and nothing else', async () => {
    const { tagging, ec2 } = clientsOf(field.stage, region);
    const { key: Key, value } = system.guardRails.optInTag!;
    const found = async (Value: string): Promise<string[]> => {
      const asked = { TagFilters: [{ Key, Values: [Value] }], ResourceTypeFilters: ['ec2:subnet'] };
      const pages = await allPages(paginateGetResources({ client: tagging }, asked));
      return pages.flatMap(({ ResourceTagMappingList = [] }) => ResourceTagMappingList.map((one) => one.ResourceARN!));
    };
    const Filters = [{ Name: 'availability-zone', Values: [...system.availabilityZones] }];
    const subnets = (await allPages(paginateDescribeSubnets({ client: ec2 }, { Filters }))).flatMap((page) =>
      page.Subnets!.map(({ SubnetArn }) => SubnetArn!),
    );
    expect(subnets.length).toBeGreaterThan(0);
    expect((await found(value)).sort()).toEqual(subnets.sort());
    expect(await found('of-nobody')).toEqual([]);
  });

  claim('a snapshot is taken, found by its run, and deleted', async () => {
    const { rds } = clientsOf(field.stage, region);
    const DBSnapshotIdentifier = 'kunren-snapshot';
    const asked = { DBInstanceIdentifier: system.database.id, DBSnapshotIdentifier, Tags: tagsOf(field) };
    await rds.send(new CreateDBSnapshotCommand(asked));
    const wait = { name: 'the snapshot', limitMs: 30_000, everyMs: 100, remedy: 'look at its status.' };
    await until(machineClock, wait, async () => {
      const seen = await describeSnapshot(field, region, DBSnapshotIdentifier);
      return seen?.Status === 'available' && seen.SnapshotCreateTime !== undefined ? seen : undefined;
    });
    const { things, unseen } = await taggedThings(field);
    expect(unseen).toEqual([]);
    const ours = { name: `snapshot ${DBSnapshotIdentifier} in ${region}`, runId: field.runId };
    expect(things).toMatchObject([ours]);
    await deleteSnapshot(field, region, DBSnapshotIdentifier);
    expect(await describeSnapshot(field, region, DBSnapshotIdentifier)).toBeUndefined();
    expect((await taggedThings(field)).things).toEqual([]);
  });

  claim('the parameter that is the lock is taken once, and given back', async () => {
    const { ssm } = clientsOf(field.stage, region);
    const Name = lockName(system);
    const take = (Value: string) =>
      ssm.send(new PutParameterCommand({ Name, Value, Type: 'String', Overwrite: false }));
    expect(await lockValue(field.stage, region, Name)).toBeUndefined();
    await take('mine');
    await expect(take('theirs')).rejects.toBeInstanceOf(ParameterAlreadyExists);
    expect(await lockValue(field.stage, region, Name)).toBe('mine');
    await removeLock(field.stage, region, Name);
    await removeLock(field.stage, region, Name);
    expect(await lockValue(field.stage, region, Name)).toBeUndefined();
  });
});
