import { existsSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { openIntents, readJournal } from '../drills/kit/journal.ts';
import { requestStop } from '../drills/kit/kill-switch.ts';
import { type Holder, runInProgress } from '../drills/kit/lock.ts';
import { tryUntil } from '../fixtures/core/until.ts';
import { homeFolder } from '../fixtures/stages/home.ts';
import { machineClock } from '../probes/clock.ts';
import { KunrenError } from '../probes/core/error.ts';
import type { RunDocument } from '../reports/core/run-document.ts';
import { runFolder } from '../reports/run-folder.ts';
import { EXIT } from './exit.ts';

/** How long the run may take to undo, in milliseconds: above every stage's `undoMs`. */
const UNDO_LIMIT_MS = 5_400_000;
const LOOK_MS = 250;

/** Ends the run of this user that is in progress and waits until it has undone. Exit 0; 2 when there is none. */
export async function stop(): Promise<number> {
  const home = homeFolder();
  const running = runInProgress(home);
  if (running === undefined) {
    process.stdout.write('no run is in progress\n');
    return EXIT.notRun;
  }
  const { runId } = running;
  process.stderr.write(`run ${runId} is asked to end and to undo …\n`);
  requestStop(home, runId);
  const wait = { name: 'the run to end', limitMs: UNDO_LIMIT_MS, everyMs: LOOK_MS };
  const ended = await tryUntil(machineClock, wait, () => runInProgress(home)?.runId !== runId || undefined);
  if (ended === undefined) throw left(running, `has not ended within ${UNDO_LIMIT_MS} ms`);
  return outcome(running);
}

/** Says what came of the run: its verdicts, and that nothing is left. */
function outcome(running: Holder): number {
  const { journal, document } = filesOf(running);
  const open = openIntents(readJournal(journal));
  if (open.length > 0) {
    throw left(running, `ended and left: ${open.map(({ intent }) => `${intent.call} in ${intent.region}`).join('; ')}`);
  }
  if (!existsSync(document)) throw left(running, 'died before it could say what came of it');
  const { drills } = JSON.parse(readFileSync(document, 'utf8')) as RunDocument;
  // What the inventory has found need not be in the journal.
  const broken = drills.flatMap(({ evidence }) => evidence.harnessFailed ?? []);
  if (broken.length > 0) throw left(running, `ended, and not all is well: ${broken.join('; ')}`);
  const lines = drills.map(({ result }) => `${result.id}: ${result.verdict}: ${result.why}`);
  process.stdout.write([`run ${running.runId} has ended, all is undone`, ...lines, ''].join('\n'));
  return 0;
}

const filesOf = ({ folder, runId }: Holder) => runFolder(dirname(folder), runId);

const left = (running: Holder, what: string): KunrenError =>
  new KunrenError(
    'not-stopped',
    `Run ${running.runId} ${what}.`,
    `run kunren sweep (journal: ${filesOf(running).journal}).`,
  );
