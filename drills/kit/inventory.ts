import {
  paginateDescribeDBInstanceAutomatedBackups,
  paginateDescribeDBInstances,
  paginateDescribeDBSnapshots,
  type Tag,
} from '@aws-sdk/client-rds';
import type { Field } from '../../fixtures/core/fault.ts';
import { allPages } from '../../fixtures/stages/all-pages.ts';
import { clientsOf } from '../../fixtures/stages/clients.ts';
import { isMadeBy, startedByOf } from '../procedures/made-by.ts';
import { tasksStartedBy } from '../procedures/stop-task.ts';
import { openIntents, readJournal } from './journal.ts';
import type { Running } from './running.ts';

/**
 * Looks for what the drill has left behind: what its journal still holds open, and whatever carries its run's tag in
 * either region, whether or not the journal knows of it. Anything found makes the run red.
 */
export async function takeInventory({ context, field, record }: Running): Promise<void> {
  const open = openIntents(readJournal(context.journal.path)).filter((one) => one.drillId === context.drillId);
  const left = open.map(({ intent }) => `${intent.call} ${JSON.stringify(intent.parameters)}`);
  try {
    left.push(...(await leftovers(field)));
  } catch (error) {
    record.fail(`the inventory could not be taken: ${error instanceof Error ? error.message : String(error)}`);
  }
  if (left.length > 0) record.fail(`left behind: ${left.join('; ')}. Run kunren sweep.`);
}

/** What carries the run's tag, by name. */
async function leftovers(field: Field): Promise<string[]> {
  const { primary, recovery } = field.system.regions;
  const regions = recovery === undefined ? [primary] : [primary, recovery];
  const databases = await Promise.all(regions.map((region) => databasesLeft(field, region)));
  const tasks = await tasksStartedBy(field, primary, startedByOf(field));
  return [...databases.flat(), ...tasks.map((arn) => `task ${arn}`)];
}

async function databasesLeft({ stage, runId }: Field, region: string): Promise<string[]> {
  const { rds: client } = clientsOf(stage, region);
  const isOurs = ({ TagList }: { TagList?: Tag[] | undefined }): boolean => isMadeBy({ runId }, TagList);
  // Every page: what lies behind the first hundred is left behind no less.
  const [databases, snapshots, backups] = await Promise.all([
    allPages(paginateDescribeDBInstances({ client }, {})),
    allPages(paginateDescribeDBSnapshots({ client }, {})),
    allPages(paginateDescribeDBInstanceAutomatedBackups({ client }, {})),
  ]);
  const left = [
    ...databases
      .flatMap(({ DBInstances = [] }) => DBInstances.filter(isOurs))
      .map(({ DBInstanceIdentifier }) => `database ${DBInstanceIdentifier}`),
    ...snapshots
      .flatMap(({ DBSnapshots = [] }) => DBSnapshots.filter(isOurs))
      .map(({ DBSnapshotIdentifier }) => `snapshot ${DBSnapshotIdentifier}`),
    ...backups
      .flatMap(({ DBInstanceAutomatedBackups = [] }) => DBInstanceAutomatedBackups.filter(isOurs))
      .map(({ DBInstanceIdentifier }) => `automated backups of ${DBInstanceIdentifier}`),
  ];
  return left.map((what) => `${what} in ${region}`);
}
