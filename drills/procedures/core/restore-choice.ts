import { KunrenError } from '../../../probes/core/error.ts';

/** When rows were deleted, as far as a log can say: the statement began and ended within. */
export interface DeletionTime {
  readonly notBefore: Date;
  readonly notAfter: Date;
}

/** What RDS can restore to. */
export interface RestoreWindow {
  readonly earliest: Date;
  readonly latest: Date;
}

export interface ManualSnapshot {
  readonly id: string;
  readonly takenAt: Date;
}

/** Where to restore to, and what that loses of what was written to the deleted rows, in milliseconds. */
export type RestoreChoice =
  | { readonly kind: 'time'; readonly at: Date; readonly lostMsMax: number }
  | { readonly kind: 'snapshot'; readonly snapshot: ManualSnapshot; readonly lostMsMax: number };

/**
 * How far the clocks of a log's writer and of the database may lie apart, in milliseconds. Assumed: both are kept by
 * the Amazon Time Sync Service within far less.
 */
export const CLOCK_SKEW_MS = 1_000;

/** The last whole second (RDS takes no finer one for sure) that lies before the deletion whatever the clocks' skew. */
export const lastSecondBefore = ({ notBefore }: DeletionTime): Date =>
  new Date(Math.floor((notBefore.getTime() - CLOCK_SKEW_MS) / 1_000) * 1_000);

/**
 * Chooses the state to restore. One older than what automated backups hold is taken from the newest manual snapshot
 * before it. Throws when there is none, and for a wish that lies in the future of what is archived: such a restore
 * must not even be asked for.
 */
export function chooseRestore(
  at: Date,
  deletedBy: Date,
  window: RestoreWindow,
  snapshots: readonly ManualSnapshot[],
): RestoreChoice {
  if (at > window.latest) throw tooLate(at, window);
  if (at >= window.earliest) return { kind: 'time', at, lostMsMax: deletedBy.getTime() - at.getTime() };
  const before = snapshots.filter(({ takenAt }) => takenAt <= at);
  const newest = before.toSorted((a, b) => b.takenAt.getTime() - a.takenAt.getTime())[0];
  if (newest === undefined) throw nothingSoOld(at, window);
  return { kind: 'snapshot', snapshot: newest, lostMsMax: deletedBy.getTime() - newest.takenAt.getTime() };
}

const tooLate = (at: Date, { latest }: RestoreWindow): KunrenError =>
  new KunrenError(
    'restore-time-too-late',
    `The restore time ${at.toISOString()} is later than the latest restorable time ${latest.toISOString()}.`,
    'wait until the log of that instant is archived, and check the offset: 09:00 in Tokyo is 00:00 in UTC.',
  );

const nothingSoOld = (at: Date, { earliest }: RestoreWindow): KunrenError =>
  new KunrenError(
    'nothing-to-restore-from',
    `The restore time ${at.toISOString()} is older than the oldest automated backup (${earliest.toISOString()}), and no manual snapshot was taken before it.`,
    'look for snapshots in other regions and accounts; from now on take manual ones that outlive the retention.',
  );
