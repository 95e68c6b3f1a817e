import {
  type DBInstance,
  RestoreDBInstanceFromDBSnapshotCommand,
  RestoreDBInstanceToPointInTimeCommand,
} from '@aws-sdk/client-rds';
import type { Client } from 'pg';
import type { Field } from '../../fixtures/core/fault.ts';
import { until } from '../../fixtures/core/until.ts';
import { clientsOf } from '../../fixtures/stages/clients.ts';
import { describeInstance } from '../../fixtures/stages/describe.ts';
import { knownDatabase } from '../../fixtures/stages/known.ts';
import { KunrenError } from '../../probes/core/error.ts';
import { askDatabase } from '../../probes/sql-connection.ts';
import type { Step } from '../kit/spec.ts';
import type { Restored } from './book.ts';
import type { RestoreChoice } from './core/restore-choice.ts';
import { inBothZones } from './core/zoned-instant.ts';
import { tagsOf } from './made-by.ts';
import { madeOnce } from './made-once.ts';
import { callsToRestore } from './planned-calls.ts';
import { drillName } from './restored-name.ts';

/** One question to a database that may not answer, in milliseconds. Assumed. */
const ASK_MS = 2_000;

/**
 * Runbook: restores into a new instance beside the source and waits until it takes a write. What a restore does not
 * inherit (security groups, subnet group, parameter group, public access) is taken from the source.
 */
export const restoreDatabase: Step = {
  id: 'restored',
  name: { en: 'The database is restored beside the running one', ja: '稼働中のDBとは別に復元した' },
  calls: callsToRestore,
  async run(field, book) {
    const source = await knownDatabase(field);
    const id = drillName(field.system.database.id, 'restored', field.runId + field.drillId);
    const startedAtMs = field.clock.nowMs();
    const choice = book.need('choice');
    await requestRestore(field, source, id, choice);
    book.restored = await awaitWrites(field, id);
    const state = inBothZones(choice.kind === 'time' ? choice.at : choice.snapshot.takenAt, field.system.timeZone);
    return `${id}, of ${state}, was open to writes after ${Math.round(field.clock.nowMs() - startedAtMs)} ms`;
  },
};

async function requestRestore(field: Field, source: DBInstance, id: string, choice: RestoreChoice): Promise<void> {
  const region = field.system.regions.primary;
  const { rds } = clientsOf(field.stage, region);
  const undo = { call: 'rds:DeleteDBInstance', parameters: { DBInstanceIdentifier: id } };
  const restore = (make: () => Promise<unknown>): Promise<void> =>
    madeOnce(field, `database ${id}`, make, () => describeInstance(field.stage, region, id));
  const wishes = { ...inheritNot(source), Tags: tagsOf(field) };
  if (choice.kind === 'time') {
    const { DBInstanceIdentifier: SourceDBInstanceIdentifier } = source;
    const parameters = {
      ...wishes,
      SourceDBInstanceIdentifier,
      TargetDBInstanceIdentifier: id,
      RestoreTime: choice.at,
    };
    await field.change({ call: 'rds:RestoreDBInstanceToPointInTime', region, parameters, undo }, () =>
      restore(() => rds.send(new RestoreDBInstanceToPointInTimeCommand(parameters))),
    );
  } else {
    const parameters = { ...wishes, DBInstanceIdentifier: id, DBSnapshotIdentifier: choice.snapshot.id };
    await field.change({ call: 'rds:RestoreDBInstanceFromDBSnapshot', region, parameters, undo }, () =>
      restore(() => rds.send(new RestoreDBInstanceFromDBSnapshotCommand(parameters))),
    );
  }
}

/**
 * The settings that a restored instance would not have, and two on purpose: it is not protected from being deleted,
 * and in one zone, as nobody's work depends on it.
 */
const inheritNot = (source: DBInstance) => ({
  DBInstanceClass: source.DBInstanceClass,
  VpcSecurityGroupIds: source.VpcSecurityGroups?.flatMap(({ VpcSecurityGroupId }) => VpcSecurityGroupId ?? []),
  DBSubnetGroupName: source.DBSubnetGroup?.DBSubnetGroupName,
  DBParameterGroupName: source.DBParameterGroups?.[0]?.DBParameterGroupName,
  PubliclyAccessible: source.PubliclyAccessible,
  DeletionProtection: false,
  MultiAZ: false,
});

/**
 * Waits by what the instance does: every status it passes through is noted, and it is usable when it takes a write.
 * That comes before `available` when a first backup follows the restore.
 */
async function awaitWrites(field: Field, id: string): Promise<Restored> {
  const { patience, clock, signal, system } = field;
  let status: string | undefined;
  const restored = await until(
    clock,
    {
      name: `${id} to take a write`,
      limitMs: patience.restoreMs,
      everyMs: patience.pollMs,
      signal,
      remedy: 'look at its status and events, and whether its security groups let this machine in.',
    },
    async () => {
      const instance = await describeInstance(field.stage, system.regions.primary, id);
      if (instance?.DBInstanceStatus !== status) {
        status = instance?.DBInstanceStatus;
        field.note('rds', `${id}: ${status ?? 'not described'}`);
      }
      if (status === 'failed') return 'failed' as const;
      const address = instance?.Endpoint?.Address;
      if (address === undefined) return undefined;
      const url = urlAt(field, address, instance?.Endpoint?.Port ?? 5432);
      await askDatabase(url, ASK_MS, mustBeOpen);
      return { id, url };
    },
  );
  if (restored !== 'failed') return restored;
  throw new KunrenError('restore-failed', `RDS failed to restore ${id}.`, 'look at its events.');
}

/** A transaction id is refused while the server recovers; where transactions only read, it is given out all the same. */
async function mustBeOpen(client: Client): Promise<void> {
  const { rows } = await client.query("SELECT pg_current_xact_id(), current_setting('transaction_read_only') AS only");
  if (rows[0]?.only === 'off') return;
  throw new KunrenError('read-only', 'Its transactions only read.', 'look at default_transaction_read_only.');
}

/** The master user and his password are in the data; with a restore they are those of the source. */
function urlAt({ stage }: Field, address: string, port: number): string {
  const url = new URL(stage.abilities.databaseUrl ?? '');
  url.hostname = address;
  url.port = String(port);
  return url.toString();
}
