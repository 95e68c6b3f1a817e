import type { Tag } from '@aws-sdk/client-rds';
import { tryUntil } from '../../fixtures/core/until.ts';
import { wasRefused } from '../../fixtures/stages/send-once.ts';
import { checkMadeBy, type MadeBy } from './made-by.ts';

/**
 * Has something made under a name that is the drill's alone. When that name is taken, or nobody answered, an earlier
 * request may have made it: then it is looked for, and counts as made when it carries the run's tag. Another's is refused.
 */
export async function madeOnce<Made extends { readonly TagList?: Tag[] | undefined }>(
  place: MadeBy,
  what: string,
  make: () => Promise<unknown>,
  find: () => Promise<Made | undefined>,
): Promise<void> {
  try {
    await make();
  } catch (error) {
    if (wasRefused(error) && !isTaken(error)) throw error;
    const { clock, patience, signal } = place;
    const wait = { name: what, limitMs: patience.noticeMs, everyMs: patience.pollMs, signal };
    const made = await tryUntil(clock, wait, find);
    if (made === undefined) throw error;
    checkMadeBy(place, what, made.TagList);
  }
}

/** RDS's faults for a name that is in use: DBInstanceAlreadyExists, DBSnapshotAlreadyExists. */
const isTaken = (error: unknown): boolean => error instanceof Error && /AlreadyExists/.test(error.name);
