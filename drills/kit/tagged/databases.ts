import {
  DBInstanceAutomatedBackupNotFoundFault,
  DeleteDBInstanceAutomatedBackupCommand,
  paginateDescribeDBInstanceAutomatedBackups,
  paginateDescribeDBInstances,
  paginateDescribeDBSnapshots,
} from '@aws-sdk/client-rds';
import { allPages } from '../../../fixtures/stages/all-pages.ts';
import { clientsOf } from '../../../fixtures/stages/clients.ts';
import { deleteDatabase } from '../../procedures/delete-database.ts';
import { deleteSnapshot } from '../../procedures/delete-snapshot.ts';
import { claimed } from './claimed.ts';
import { type Account, type Tagged, tagRecord } from './tagged.ts';

export async function taggedDatabases({ stage }: Account, region: string): Promise<Tagged[]> {
  const { rds: client } = clientsOf(stage, region);
  const pages = await allPages(paginateDescribeDBInstances({ client }, {}));
  return pages
    .flatMap(({ DBInstances = [] }) => DBInstances)
    .flatMap(({ DBInstanceIdentifier: id = '', TagList }) =>
      claimed(tagRecord(TagList), {
        name: `database ${id} in ${region}`,
        remove: (place) => deleteDatabase(place, region, id),
      }),
    );
}

export async function taggedSnapshots({ stage }: Account, region: string): Promise<Tagged[]> {
  const { rds: client } = clientsOf(stage, region);
  const pages = await allPages(paginateDescribeDBSnapshots({ client }, { SnapshotType: 'manual' }));
  return pages
    .flatMap(({ DBSnapshots = [] }) => DBSnapshots)
    .flatMap(({ DBSnapshotIdentifier: id = '', TagList }) =>
      claimed(tagRecord(TagList), {
        name: `snapshot ${id} in ${region}`,
        remove: (place) => deleteSnapshot(place, region, id),
      }),
    );
}

/** Of instances that are gone: those of one that is there go with it. */
export async function taggedBackups({ stage }: Account, region: string): Promise<Tagged[]> {
  const { rds: client } = clientsOf(stage, region);
  const pages = await allPages(paginateDescribeDBInstanceAutomatedBackups({ client }, {}));
  return pages
    .flatMap(({ DBInstanceAutomatedBackups = [] }) => DBInstanceAutomatedBackups)
    .filter(({ Status }) => Status === 'retained')
    .flatMap(({ DBInstanceIdentifier: id, DbiResourceId, TagList }) =>
      claimed(tagRecord(TagList), {
        name: `automated backups of ${id} in ${region}`,
        remove: async () => {
          try {
            await client.send(new DeleteDBInstanceAutomatedBackupCommand({ DbiResourceId }));
          } catch (error) {
            if (!(error instanceof DBInstanceAutomatedBackupNotFoundFault)) throw error;
          }
        },
      }),
    );
}
