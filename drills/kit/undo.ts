import type { ArmedFault, Field } from '../../fixtures/core/fault.ts';
import { tryEach } from './carry-out.ts';
import { REMOVE_ROWS } from './guard/clean-canaries.ts';
import { openIntents, readJournal } from './journal.ts';
import type { DrillNotes } from './record.ts';
import { replayJournal } from './replay-journal.ts';
import type { DrillContext, Running } from './running.ts';
import { isOfLock, LOCK_KEPT, undoIntent } from './undo-calls.ts';

/**
 * Takes back all that a drill has done: its own clean-up, the fault if its injection began, and whatever the journal
 * still holds open. Each is tried even when another fails, but for the lock. What fails makes the run red; what is left stays open in
 * the journal.
 */
export async function undo(running: Running, armed: ArmedFault): Promise<void> {
  const enough = new AbortController();
  const { field, record } = running;
  try {
    // The drill may have been ended early: its own signal has fired then, and would end every wait at once.
    await Promise.race([undoAll(running, armed, { ...field, signal: enough.signal }), tooLong(field, enough.signal)]);
  } catch (error) {
    record.fail(`undo failed: ${error instanceof Error ? error.message : String(error)}`);
  } finally {
    enough.abort();
  }
}

/**
 * Takes back what a drill has begun that never got under way: its lock, also one whose call was denied, and its rows.
 * Left open it would keep every later drill of the run away.
 */
export async function undoBegun(
  { journal, drillId }: DrillContext,
  field: Field,
  record: Pick<DrillNotes, 'fail'>,
): Promise<void> {
  try {
    const place = { ...field, signal: AbortSignal.timeout(field.patience.undoMs) };
    const failures = await replayJournal(journal.path, place, drillId);
    if (failures.length > 0) throw new Error(`${failures.join('; ')}. Run kunren sweep.`);
  } catch (error) {
    record.fail(`undo failed: ${error instanceof Error ? error.message : String(error)}`);
  }
}

async function undoAll(running: Running, armed: ArmedFault, field: Field): Promise<void> {
  const failures: string[] = [];
  const attempt = async (what: string, work: () => Promise<void>): Promise<boolean> => {
    try {
      await work();
      return true;
    } catch (error) {
      failures.push(`${what}: ${error instanceof Error ? error.message : String(error)}`);
      return false;
    }
  };
  await attempt('clean-up', () => tryEach(running, running.spec.cleanUp ?? [], field));
  if (hasBegun(running)) await attempt('the fault', () => armed.undo());
  const { journal, drillId } = running.context;
  for (const open of openIntents(readJournal(journal.path))) {
    if (open.drillId !== drillId) continue;
    // The oldest, so all else was tried before.
    if (isOfLock(open.intent) && failures.length > 0) {
      failures.push(`${open.intent.call}: ${LOCK_KEPT}`);
      continue;
    }
    const gone = await attempt(open.intent.call, async () => {
      // What is still being written could not be removed.
      if (open.intent.undo?.call === REMOVE_ROWS) await running.prober.stop();
      await undoIntent(field, open.intent, journal.path);
    });
    if (gone) journal.undone(open.id, 'undone by the drill');
  }
  if (failures.length > 0) throw new Error(failures.join('; '));
}

/** Whether the injection has begun, though it may have failed half-way: what never began has nothing to be taken back. */
const hasBegun = ({ record }: Running): boolean => record.fault.injectedAtMs !== undefined;

/** Rejects when undoing has taken too long; goes away quietly when it is no longer wanted. */
async function tooLong({ clock, patience }: Field, enough: AbortSignal): Promise<never> {
  await clock.sleep(patience.undoMs, enough).catch(() => new Promise<never>(() => {}));
  throw new Error(`it did not end within ${patience.undoMs} ms`);
}
