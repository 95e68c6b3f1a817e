import {
  type DBSnapshot,
  DBSnapshotNotFoundFault,
  DeleteDBSnapshotCommand,
  DescribeDBSnapshotsCommand,
} from '@aws-sdk/client-rds';
import { until } from '../../fixtures/core/until.ts';
import { clientsOf } from '../../fixtures/stages/clients.ts';
import { checkMadeBy, type MadeBy } from './made-by.ts';

/** Deletes a snapshot that the run has taken, and waits until it is gone; one that is still being taken is waited for. */
export async function deleteSnapshot(place: MadeBy, region: string, id: string): Promise<void> {
  const { rds } = clientsOf(place.stage, region);
  const made = await describeSnapshot(place, region, id);
  if (made === undefined) return;
  checkMadeBy(place, `snapshot ${id}`, made.TagList);
  await until(
    place.clock,
    {
      name: `snapshot ${id} to be gone`,
      limitMs: place.patience.deleteMs,
      everyMs: place.patience.pollMs,
      signal: place.signal,
      remedy: 'look at its status; delete it by hand when it allows it.',
    },
    async () => {
      if ((await describeSnapshot(place, region, id)) === undefined) return true;
      await rds.send(new DeleteDBSnapshotCommand({ DBSnapshotIdentifier: id }));
      return undefined;
    },
  );
}

/** A snapshot as RDS describes it; `undefined` when there is none of that name. */
export async function describeSnapshot(
  { stage }: Pick<MadeBy, 'stage'>,
  region: string,
  id: string,
): Promise<DBSnapshot | undefined> {
  try {
    const { rds } = clientsOf(stage, region);
    const answer = await rds.send(new DescribeDBSnapshotsCommand({ DBSnapshotIdentifier: id }));
    return answer.DBSnapshots?.[0];
  } catch (error) {
    if (error instanceof DBSnapshotNotFoundFault) return undefined;
    throw error;
  }
}
