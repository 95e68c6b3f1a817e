import {
  type DBSnapshot,
  DBSnapshotNotFoundFault,
  DeleteDBSnapshotCommand,
  DescribeDBSnapshotsCommand,
} from '@aws-sdk/client-rds';
import { clientsOf } from '../../fixtures/stages/clients.ts';
import type { MadeBy } from './made-by.ts';
import { untilGone } from './until-gone.ts';

/** Deletes a snapshot that the run has taken, and waits until it is gone; one that is still being taken is waited for. */
export async function deleteSnapshot(place: MadeBy, region: string, id: string): Promise<void> {
  const { rds } = clientsOf(place.stage, region);
  await untilGone(
    place,
    `snapshot ${id}`,
    () => describeSnapshot(place, region, id),
    () => rds.send(new DeleteDBSnapshotCommand({ DBSnapshotIdentifier: id })),
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
