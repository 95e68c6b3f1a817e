import {
  type DBInstance,
  DBInstanceNotFoundFault,
  DeleteDBInstanceCommand,
  DescribeDBInstancesCommand,
} from '@aws-sdk/client-rds';
import { clientsOf } from '../../fixtures/stages/clients.ts';
import type { MadeBy } from './made-by.ts';
import { untilGone } from './until-gone.ts';

/**
 * Deletes an instance that the run has made, without a final snapshot and with its automated backups, and waits until
 * it is gone. One in a state that allows no deletion (it is being created, or backed up) is asked for again.
 */
export async function deleteDatabase(place: MadeBy, region: string, id: string): Promise<void> {
  const { rds } = clientsOf(place.stage, region);
  await untilGone(
    place,
    `database ${id}`,
    () => describeInstance(place, region, id),
    async ({ DBInstanceStatus }) => {
      if (DBInstanceStatus === 'deleting') return;
      const parameters = { DBInstanceIdentifier: id, SkipFinalSnapshot: true, DeleteAutomatedBackups: true };
      await rds.send(new DeleteDBInstanceCommand(parameters));
    },
  );
}

/** An instance as RDS describes it; `undefined` when there is none of that name. */
export async function describeInstance(
  { stage }: Pick<MadeBy, 'stage'>,
  region: string,
  id: string,
): Promise<DBInstance | undefined> {
  try {
    const { rds } = clientsOf(stage, region);
    const answer = await rds.send(new DescribeDBInstancesCommand({ DBInstanceIdentifier: id }));
    return answer.DBInstances?.[0];
  } catch (error) {
    if (error instanceof DBInstanceNotFoundFault) return undefined;
    throw error;
  }
}
