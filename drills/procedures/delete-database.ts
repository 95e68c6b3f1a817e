import {
  type DBInstance,
  DeleteDBInstanceCommand,
  ModifyDBInstanceCommand,
  paginateDescribeDBInstances,
} from '@aws-sdk/client-rds';
import { allPages } from '../../fixtures/stages/all-pages.ts';
import { clientsOf } from '../../fixtures/stages/clients.ts';
import { describeInstance } from '../../fixtures/stages/describe.ts';
import type { MadeBy } from './made-by.ts';
import { untilGone } from './until-gone.ts';

/**
 * Deletes an instance that the run has made, without a final snapshot and with its automated backups, and waits until
 * it is gone. One in a state that allows no deletion (it is being created, or backed up) is asked for again; one that
 * is protected from being deleted first has its protection taken off.
 */
export async function deleteDatabase(place: MadeBy, region: string, id: string): Promise<void> {
  const { rds } = clientsOf(place.stage, region);
  await untilGone(
    place,
    `database ${id}`,
    () => findInstance(place, region, id),
    async ({ DBInstanceStatus, DeletionProtection }) => {
      if (DBInstanceStatus === 'deleting') return;
      const named = { DBInstanceIdentifier: id };
      if (DeletionProtection) {
        await rds.send(new ModifyDBInstanceCommand({ ...named, DeletionProtection: false, ApplyImmediately: true }));
        return; // It is deleted when it is described without it.
      }
      await rds.send(new DeleteDBInstanceCommand({ ...named, SkipFinalSnapshot: true, DeleteAutomatedBackups: true }));
    },
  );
}

/** An instance that RDS describes by its name or, when it denies that there is one, in the list of all. */
async function findInstance({ stage }: MadeBy, region: string, id: string): Promise<DBInstance | undefined> {
  const named = await describeInstance(stage, region, id);
  if (named !== undefined) return named;
  const { rds: client } = clientsOf(stage, region);
  const pages = await allPages(paginateDescribeDBInstances({ client }, {}));
  return pages.flatMap(({ DBInstances = [] }) => DBInstances).find((one) => one.DBInstanceIdentifier === id);
}
