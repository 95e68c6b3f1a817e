import { CreateDBSnapshotCommand } from '@aws-sdk/client-rds';
import { until } from '../../fixtures/core/until.ts';
import { clientsOf } from '../../fixtures/stages/clients.ts';
import { KunrenError } from '../../probes/core/error.ts';
import type { Step } from '../kit/spec.ts';
import { inBothZones } from './core/zoned-instant.ts';
import { describeSnapshot } from './delete-snapshot.ts';
import { tagsOf } from './made-by.ts';
import { madeOnce } from './made-once.ts';
import { callsToTakeSnapshot } from './planned-calls.ts';
import { drillName } from './restored-name.ts';

/** Runbook, drill 1: takes a manual snapshot and waits until it can be restored: one that is being taken cannot. */
export const takeSnapshot: Step = {
  id: 'snapshot-taken',
  name: { en: 'A snapshot is taken', ja: 'スナップショットを取得した' },
  calls: callsToTakeSnapshot,
  async run(field, book) {
    const { system, stage, patience, clock, signal } = field;
    const region = system.regions.primary;
    const id = drillName(system.database.id, 'snapshot', field.runId + field.drillId);
    const parameters = { DBInstanceIdentifier: system.database.id, DBSnapshotIdentifier: id, Tags: tagsOf(field) };
    const undo = { call: 'rds:DeleteDBSnapshot', parameters: { DBSnapshotIdentifier: id } };
    book.restoredState = new Date();
    await field.change({ call: 'rds:CreateDBSnapshot', region, parameters, undo }, () =>
      madeOnce(
        field,
        `snapshot ${id}`,
        () => clientsOf(stage, region).rds.send(new CreateDBSnapshotCommand(parameters)),
        () => describeSnapshot(field, region, id),
      ),
    );
    const taken = await until(
      clock,
      {
        name: `snapshot ${id} to be available`,
        limitMs: patience.restoreMs,
        everyMs: patience.pollMs,
        signal,
        remedy: 'look at its status and at the events of the database.',
      },
      async () => {
        const snapshot = await describeSnapshot(field, region, id);
        if (snapshot?.Status === 'failed') return snapshot;
        return snapshot?.Status === 'available' ? snapshot : undefined;
      },
    );
    const takenAt = taken.SnapshotCreateTime;
    if (taken.Status === 'failed' || takenAt === undefined) {
      throw new KunrenError(
        'snapshot-failed',
        `RDS failed to take snapshot ${id}.`,
        'look at the events of the database.',
      );
    }
    book.choice = { kind: 'snapshot', snapshot: { id, takenAt }, lostMsMax: 0 };
    return `${id} of ${inBothZones(takenAt, system.timeZone)}`;
  },
};
