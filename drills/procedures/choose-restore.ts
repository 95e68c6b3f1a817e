import {
  type DBSnapshot,
  paginateDescribeDBInstanceAutomatedBackups,
  paginateDescribeDBSnapshots,
} from '@aws-sdk/client-rds';
import type { Field } from '../../fixtures/core/fault.ts';
import { tryUntil } from '../../fixtures/core/until.ts';
import { allPages } from '../../fixtures/stages/all-pages.ts';
import { clientsOf } from '../../fixtures/stages/clients.ts';
import { knownDatabase } from '../../fixtures/stages/known.ts';
import { KunrenError } from '../../probes/core/error.ts';
import type { Step } from '../kit/spec.ts';
import type { Book } from './book.ts';
import { chooseRestore, lastSecondBefore, type ManualSnapshot, type RestoreWindow } from './core/restore-choice.ts';
import { inBothZones } from './core/zoned-instant.ts';
import { callsToChooseState } from './planned-calls.ts';

/**
 * Chooses the state to restore (the one that is wanted, else the last second before the deletion), waits until the log
 * of that instant is archived, and says what will be lost. Nothing has been created yet when it refuses.
 */
export const chooseState: Step = {
  id: 'restore-time-chosen',
  name: {
    en: 'The state to restore is chosen, and what it will lose is said',
    ja: '復元する時点を選び、失われる範囲を示した',
  },
  calls: callsToChooseState,
  async run(field, book) {
    const at = book.restoreTo ?? lastSecondBefore(book.need('deletion'));
    const deletedBy = book.deletion?.notAfter ?? at;
    const { earliest, latest } = await windowReaching(field, at);
    const choice = chooseRestore(at, deletedBy, { earliest, latest }, await manualSnapshots(field));
    book.choice = choice;
    const state = choice.kind === 'time' ? choice.at : choice.snapshot.takenAt;
    book.restoredState = book.calendar.instantOf(state);
    const what = choice.kind === 'time' ? 'the state of' : `snapshot ${choice.snapshot.id} of`;
    return `${what} ${inBothZones(state, field.system.timeZone)}; ${whatIsLost(choice.lostMsMax, book)}`;
  },
};

const whatIsLost = (lostMsMax: number, { deletion }: Book): string =>
  deletion === undefined
    ? 'it is what the database held then'
    : `what was written to the deleted rows in the ${lostMsMax} ms before the deletion is lost`;

/** Throws for a state that no waiting makes restorable: not yet lived through, or older than all that is kept. */
export async function refuseImpossible(field: Field, at: Date): Promise<void> {
  const window = await restoreWindow(field);
  if (window === undefined) return;
  // What was lived through can still be archived.
  const latest = at.getTime() > Date.now() ? window.latest : at;
  chooseRestore(at, at, { ...window, latest }, await manualSnapshots(field));
}

/** The window once it reaches to `at`, or as far as it came within the stage's patience. */
async function windowReaching(field: Field, at: Date): Promise<RestoreWindow> {
  const { patience, clock, signal } = field;
  let window: RestoreWindow | undefined;
  // A date that even the wall clock has not reached will not be archived by waiting.
  const limitMs = at.getTime() > Date.now() ? 0 : patience.archiveMs;
  const wait = { name: 'the log of that instant to be archived', limitMs, everyMs: patience.pollMs, signal };
  await tryUntil(clock, wait, async () => {
    window = await restoreWindow(field);
    return window !== undefined && window.latest >= at ? window : undefined;
  });
  if (window !== undefined) return window;
  throw new KunrenError(
    'no-backup',
    `RDS shows no automated backup of ${field.system.database.id} that could be restored.`,
    'turn automated backups on (BackupRetentionPeriod), and wait for the first one.',
  );
}

/** `undefined` as long as there is no backup to restore from. */
async function restoreWindow(field: Field): Promise<RestoreWindow | undefined> {
  const { rds: client } = clientsOf(field.stage, field.system.regions.primary);
  const instance = await knownDatabase(field);
  const asked = { DbiResourceId: instance.DbiResourceId };
  const pages = await allPages(paginateDescribeDBInstanceAutomatedBackups({ client }, asked));
  const [backup] = pages.flatMap(({ DBInstanceAutomatedBackups = [] }) => DBInstanceAutomatedBackups);
  const earliest = backup?.RestoreWindow?.EarliestTime;
  const latest = instance.LatestRestorableTime;
  return earliest === undefined || latest === undefined ? undefined : { earliest, latest };
}

async function manualSnapshots({ stage, system }: Field): Promise<ManualSnapshot[]> {
  const { rds } = clientsOf(stage, system.regions.primary);
  const asked = { DBInstanceIdentifier: system.database.id, SnapshotType: 'manual' };
  const pages = await allPages(paginateDescribeDBSnapshots({ client: rds }, asked));
  return pages.flatMap(({ DBSnapshots = [] }) => DBSnapshots.flatMap(asManual));
}

function asManual({ DBSnapshotIdentifier: id, SnapshotCreateTime: takenAt, Status }: DBSnapshot): ManualSnapshot[] {
  return id === undefined || takenAt === undefined || Status !== 'available' ? [] : [{ id, takenAt }];
}
