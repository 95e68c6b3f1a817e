import { CreateDBSnapshotCommand } from '@aws-sdk/client-rds';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Field } from '../../fixtures/core/fault.ts';
import { patienceOf } from '../../fixtures/core/patience.ts';
import type { Stage } from '../../fixtures/core/stage.ts';
import type { System } from '../../fixtures/core/system.ts';
import { forceFailover } from '../../fixtures/faults/force-failover.ts';
import { stopTask } from '../../fixtures/faults/stop-task.ts';
import { clientsOf } from '../../fixtures/stages/clients.ts';
import { attachTwin } from '../../fixtures/stages/twin.ts';
import type { RunningTwin } from '../../fixtures/stages/twin-process.ts';
import { machineClock } from '../../probes/clock.ts';
import { deleteSnapshot, describeSnapshot } from '../procedures/delete-snapshot.ts';
import { madeOnce } from '../procedures/made-once.ts';
import { awaitWhole } from './await-whole.ts';
import { failoverIsOnRecord } from './checks.ts';
import type { Facts } from './spec.ts';
import { taggedThings } from './tagged/tagged-things.ts';
import { startTestTwin } from './test-twin.ts';

let home: string;
let system: System;
let twin: RunningTwin;
let close: (() => Promise<void>) | undefined;
let stage: Stage;
let field: Field;

beforeAll(async () => {
  ({ home, system, twin, close } = await startTestTwin({ weather: 'rough' }));
  stage = attachTwin(twin.handle);
  field = {
    ...{ runId: 'run-1', drillId: 'weather', directory: home, system, stage, clock: machineClock },
    ...{ patience: patienceOf('twin'), signal: new AbortController().signal, random: () => 0 },
    ...{ note: () => {}, noteExperiment: () => {}, warn: () => {}, sawBadAnswer: () => false },
    change: (_, make) => make(),
  };
});
afterAll(async () => await close?.());

test('in rough weather every inventory finds what a run has left, and only that run deletes it', async () => {
  const region = system.regions.primary;
  const DBSnapshotIdentifier = 'left-behind';
  const Tags = [{ Key: 'kunren:run', Value: field.runId }];
  const asked = { DBInstanceIdentifier: system.database.id, DBSnapshotIdentifier, Tags };
  const look = () => describeSnapshot(field, region, DBSnapshotIdentifier);
  const { rds } = clientsOf(stage, region);
  await madeOnce(field, DBSnapshotIdentifier, () => rds.send(new CreateDBSnapshotCommand(asked)), look);
  for (let looks = 0; looks < 5; looks++) {
    const { things, unseen, notOffered } = await taggedThings(field);
    expect(things.map(({ name }) => name)).toEqual([`snapshot ${DBSnapshotIdentifier} in ${region}`]);
    expect({ unseen, notOffered }).toEqual({ unseen: [], notOffered: [] });
  }
  const another = { ...field, runId: 'run-2' };
  await expect(deleteSnapshot(another, region, DBSnapshotIdentifier)).rejects.toThrow('not this run');
  await deleteSnapshot(field, region, DBSnapshotIdentifier);
  expect((await taggedThings(field)).things).toEqual([]);
});

test('in rough weather faults are proved, the system is seen whole again, and each kind of weather was met', async () => {
  const struck = async (fault: ReturnType<typeof stopTask>) => {
    const armed = await fault.arm(field);
    await armed.inject();
    return await armed.prove();
  };
  const injectedWallAt = new Date();
  expect(await struck(stopTask())).toMatchObject({ proved: true });
  const proof = await struck(forceFailover());
  expect(proof).toMatchObject({ proved: true });
  const record = failoverIsOnRecord('on-record', { en: 'It is on record', ja: '記録がある' });
  expect(await record({ field, proof, injectedWallAt } as Facts)).toMatchObject({ outcome: 'yes' });
  expect(await awaitWhole(field)).toEqual({ whole: true });
  const strokes = (await stage.abilities.truth!()).filter(({ what }) => what === 'weather');
  const kinds = new Set(strokes.map(({ subject }) => subject));
  expect([...kinds].sort()).toEqual([
    ...['dropped-connection', 'empty-page', 'lag', 'late-event', 'late-zones'],
    ...['lost-answer', 'lost-event', 'not-found', 'server-error', 'throttle'],
  ]);
});
