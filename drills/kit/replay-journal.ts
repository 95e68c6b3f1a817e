import { existsSync } from 'node:fs';
import type { MadeBy } from '../procedures/made-by.ts';
import { Journal, openIntents, readJournal } from './journal.ts';
import { isOfLock, LOCK_KEPT, undoIntent } from './undo-calls.ts';

/**
 * Undoes what a run's journal still holds open, newest first, each tried even when one fails, but for the lock; of one
 * drill where it is named. Without a place the stage is gone, and with it all there was to undo. Resolves to what failed.
 */
export async function replayJournal(path: string, place: MadeBy | undefined, ofDrill?: string): Promise<string[]> {
  if (!existsSync(path)) return [];
  const journal = new Journal(path);
  const failures: string[] = [];
  for (const { id, drillId, intent } of openIntents(readJournal(path))) {
    if (ofDrill !== undefined && drillId !== ofDrill) continue;
    if (place === undefined) {
      journal.undone(id, 'the stage is gone');
      continue;
    }
    if (isOfLock(intent) && failures.length > 0) {
      failures.push(`${intent.undo?.call}: ${LOCK_KEPT}`);
      continue;
    }
    try {
      await undoIntent(place, intent, path);
      journal.undone(id, `replayed ${intent.undo?.call}`);
    } catch (error) {
      failures.push(`${intent.undo?.call}: ${error instanceof Error ? error.message : error}`);
    }
  }
  return failures;
}
