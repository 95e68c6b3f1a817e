import {
  type DBSnapshot,
  DBSnapshotNotFoundFault,
  DeleteDBSnapshotCommand,
  DescribeDBSnapshotsCommand,
  paginateDescribeDBSnapshots,
} from '@aws-sdk/client-rds';
import { allPages } from '../../fixtures/stages/all-pages.ts';
import { clientsOf } from '../../fixtures/stages/clients.ts';
import type { MadeBy } from './made-by.ts';
import { untilGone } from './until-gone.ts';

/** Deletes a snapshot that the run has taken, and waits until it is gone; one that is still being taken is waited for. */
export async function deleteSnapshot(place: MadeBy, region: string, id: string): Promise<void> {
  const { rds } = clientsOf(place.stage, region);
  await untilGone(
    place,
    `snapshot ${id}`,
    () => findSnapshot(place, region, id),
    () => rds.send(new DeleteDBSnapshotCommand({ DBSnapshotIdentifier: id })),
  );
}

/** A snapshot as RDS describes it now; `undefined` when it says that there is none of that name. One look. */
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

/** A snapshot that RDS describes by its name or, when it denies that there is one, in the list of all. */
async function findSnapshot(place: MadeBy, region: string, id: string): Promise<DBSnapshot | undefined> {
  const named = await describeSnapshot(place, region, id);
  if (named !== undefined) return named;
  const { rds: client } = clientsOf(place.stage, region);
  const pages = await allPages(paginateDescribeDBSnapshots({ client }, {}));
  return pages.flatMap(({ DBSnapshots = [] }) => DBSnapshots).find((one) => one.DBSnapshotIdentifier === id);
}
