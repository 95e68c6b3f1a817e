import { existsSync } from 'node:fs';
import { attachTwin, type TwinHandle, twinLives } from '../../fixtures/stages/twin.ts';
import { Journal, type OpenIntent, openIntents, readJournal } from './journal.ts';

/**
 * Undoes what a run's journal still holds open, newest first, each tried even when one fails. On a
 * twin that no longer lives there is nothing left to undo.
 */
export async function replayJournal(path: string, twin: TwinHandle | undefined): Promise<string[]> {
  if (!existsSync(path)) return [];
  const journal = new Journal(path);
  const failures: string[] = [];
  for (const open of openIntents(readJournal(path))) {
    if (twin === undefined || !twinLives(twin)) {
      journal.undone(open.id, 'the stage is gone');
      continue;
    }
    try {
      await undoOnTwin(open, twin);
      journal.undone(open.id, `replayed ${open.intent.undo?.call}`);
    } catch (error) {
      failures.push(`${open.intent.undo?.call}: ${error instanceof Error ? error.message : error}`);
    }
  }
  return failures;
}

async function undoOnTwin({ intent }: OpenIntent, twin: TwinHandle): Promise<void> {
  if (intent.undo?.call !== 'stage:thaw') throw new Error(`no way is known to call ${intent.undo?.call}`);
  await attachTwin(twin).abilities.taskControl?.thaw(String(intent.undo.parameters['task']));
}
