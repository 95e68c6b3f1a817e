import {
  type DBInstance,
  DBInstanceNotFoundFault,
  DeleteDBInstanceCommand,
  DescribeDBInstancesCommand,
} from '@aws-sdk/client-rds';
import { until } from '../../fixtures/core/until.ts';
import { clientsOf } from '../../fixtures/stages/clients.ts';
import { checkMadeBy, type MadeBy } from './made-by.ts';

/**
 * Deletes an instance that the run has made, without a final snapshot and with its automated backups, and waits until
 * it is gone. One in a state that allows no deletion (it is being created, or backed up) is asked for again.
 */
export async function deleteDatabase(place: MadeBy, region: string, id: string): Promise<void> {
  const { rds } = clientsOf(place.stage, region);
  const made = await describeInstance(place, region, id);
  if (made === undefined) return;
  checkMadeBy(place, `database ${id}`, made.TagList);
  await until(
    place.clock,
    {
      name: `database ${id} to be gone`,
      limitMs: place.patience.deleteMs,
      everyMs: place.patience.pollMs,
      signal: place.signal,
      remedy: 'look at its status; delete it by hand when it allows it.',
    },
    async () => {
      const instance = await describeInstance(place, region, id);
      if (instance === undefined) return true;
      if (instance.DBInstanceStatus === 'deleting') return undefined;
      await rds.send(
        new DeleteDBInstanceCommand({
          DBInstanceIdentifier: id,
          SkipFinalSnapshot: true,
          DeleteAutomatedBackups: true,
        }),
      );
      return undefined;
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
