import {
  DBInstanceAutomatedBackupNotFoundFault,
  paginateDescribeDBInstanceAutomatedBackups,
  paginateDescribeDBSnapshots,
} from '@aws-sdk/client-rds';
import { durationMs } from '../../fixtures/core/duration.ts';
import { allPages } from '../../fixtures/stages/all-pages.ts';
import { clientsOf } from '../../fixtures/stages/clients.ts';
import type { Place } from '../../fixtures/stages/describe.ts';
import { missing, type Need } from './need.ts';

/** The newest data in the recovery region is no older than the config's schedule of copies promises. */
export function copyNeeds(place: Place, nowMs = Date.now()): Need[] {
  const { regions, database } = place.system;
  const { recovery } = regions;
  if (recovery === undefined) return [];
  const name = `copies in ${recovery}`;
  const { copyInterval, copyDuration } = database.backup ?? {};
  if (copyInterval === undefined) {
    const unsaid = missing('the config does not say how often one is made.', 'add database.backup.copyInterval.');
    return [{ name, find: () => Promise.reject(unsaid) }];
  }
  const ageMsMax = durationMs(copyInterval) + durationMs(copyDuration ?? { ms: 0 });
  return [{ name, find: async () => judgeAge(await newestCopyAtMs(place, recovery), nowMs, ageMsMax) }];
}

/** How old the newest copy is, or that it is too old for its schedule. Lengths in milliseconds. */
export function judgeAge(newestAtMs: number | undefined, nowMs: number, ageMsMax: number): string {
  const remedy = 'look why the last copy is missing, or correct database.backup.copyInterval and copyDuration.';
  if (newestAtMs === undefined) throw missing('there is no snapshot or replicated backup of the database.', remedy);
  const age = `the newest holds data of ${hours(nowMs - newestAtMs)} ago (${new Date(newestAtMs).toISOString()})`;
  if (nowMs - newestAtMs > ageMsMax) throw missing(`${age}; ${hours(ageMsMax)} is due.`, remedy);
  return `${age}; ${hours(ageMsMax)} is due`;
}

const hours = (ms: number): string => `${(ms / 3_600_000).toFixed(1)} h`;

/** AWS says so of an instance of which no automated backup is replicated to the region. */
function noBackup(error: unknown): [] {
  if (error instanceof DBInstanceAutomatedBackupNotFoundFault) return [];
  throw error;
}

/** The instant up to which the newest copy holds data: a snapshot's copy keeps the time of the original. */
async function newestCopyAtMs({ stage, system }: Place, recovery: string): Promise<number | undefined> {
  const { rds: client } = clientsOf(stage, recovery);
  const DBInstanceIdentifier = system.database.id;
  const snapshots = await allPages(paginateDescribeDBSnapshots({ client }, { DBInstanceIdentifier }));
  const backups = await allPages(
    paginateDescribeDBInstanceAutomatedBackups({ client }, { DBInstanceIdentifier }),
  ).catch(noBackup);
  const instants = [
    ...snapshots
      .flatMap(({ DBSnapshots = [] }) => DBSnapshots)
      .filter(({ Status }) => Status === 'available')
      .map((snapshot) => snapshot.OriginalSnapshotCreateTime ?? snapshot.SnapshotCreateTime),
    ...backups
      .flatMap(({ DBInstanceAutomatedBackups = [] }) => DBInstanceAutomatedBackups)
      .map(({ RestoreWindow }) => RestoreWindow?.LatestTime),
  ].flatMap((instant) => instant?.getTime() ?? []);
  return instants.length === 0 ? undefined : Math.max(...instants);
}
